#include "invoices/invoice_json.h"

#include "base/translate.h"

namespace sealdesk::invoices {

using nlohmann::json;

json to_json(const Invoice& invoice) {
    json lines = json::array();
    for (const auto& line : invoice.lines)
        lines.push_back({{"item", name_of(line.item)},
                         {"order_no", line.order_no},
                         {"printed", line.printed},
                         {"spec", line.spec},
                         {"unit", line.unit},
                         {"code", line.code},
                         {"quantity", line.quantity},
                         {"gross", line.gross.value},
                         {"net", line.net.value},
                         {"tax", line.tax.value},
                         {"rate_per_mille", line.rate_per_mille},
                         {"discount", line.discount}});
    return {{"number", invoice.number},
            {"payment_no", invoice.payment_no},
            {"order_no", invoice.order_no},
            {"reverses", invoice.reverses},
            {"seller", {{"name", invoice.seller.name}, {"tax_number", invoice.seller.tax_number}}},
            {"title",
             {{"kind", name_of(invoice.title.kind)}, {"name", invoice.title.name}, {"tax_number", invoice.title.tax_number}}},
            {"orders", invoice.order_nos},
            {"lines", lines},
            {"net", invoice.net.value},
            {"tax", invoice.tax.value},
            {"total", invoice.total.value},
            {"remark", invoice.remark},
            {"issued_by", invoice.issued_by},
            {"issued_at", invoice.issued_at.ms}};
}

namespace {

Line line_from(const json& from) {
    Line line;
    const std::string item = from.at("item");
    for (const Item known : {Item::key, Item::freight, Item::handling_fee})
        if (item == name_of(known)) line.item = known;
    from.at("order_no").get_to(line.order_no);
    from.at("printed").get_to(line.printed);
    from.at("spec").get_to(line.spec);
    from.at("unit").get_to(line.unit);
    line.code = from.value("code", "");  // older ones have none
    from.at("quantity").get_to(line.quantity);
    from.at("gross").get_to(line.gross.value);
    from.at("net").get_to(line.net.value);
    from.at("tax").get_to(line.tax.value);
    from.at("rate_per_mille").get_to(line.rate_per_mille);
    line.discount = from.value("discount", false);  // older ones have none
    return line;
}

}  // namespace

Result<Invoice> invoice_from_json_text(const std::string& text) try {
    const json from = json::parse(text);
    Invoice invoice;
    from.at("number").get_to(invoice.number);
    from.at("payment_no").get_to(invoice.payment_no);
    invoice.order_no = from.value("order_no", "");  // neither of these stands in older ones
    invoice.reverses = from.value("reverses", "");
    from.at("seller").at("name").get_to(invoice.seller.name);
    from.at("seller").at("tax_number").get_to(invoice.seller.tax_number);
    invoice.title.kind = from.at("title").at("kind") == name_of(orders::SubjectKind::person) ? orders::SubjectKind::person
                                                                                             : orders::SubjectKind::unit;
    from.at("title").at("name").get_to(invoice.title.name);
    from.at("title").at("tax_number").get_to(invoice.title.tax_number);
    from.at("orders").get_to(invoice.order_nos);
    for (const auto& line : from.at("lines")) invoice.lines.push_back(line_from(line));
    from.at("net").get_to(invoice.net.value);
    from.at("tax").get_to(invoice.tax.value);
    from.at("total").get_to(invoice.total.value);
    from.at("remark").get_to(invoice.remark);
    from.at("issued_by").get_to(invoice.issued_by);
    from.at("issued_at").get_to(invoice.issued_at.ms);
    return invoice;
} catch (const json::exception& error) {
    return fail(ErrorKind::corrupt, tr("发票的存档已损坏，不能重新打印"), error.what());
}

}  // namespace sealdesk::invoices
