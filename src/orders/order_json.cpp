#include "orders/order_json.h"

#include "base/translate.h"

namespace sealdesk::orders {

using nlohmann::json;

json to_json(const Order& order) {
    json submissions = json::array();
    for (const auto& s : order.submissions)
        submissions.push_back({{"revision", s.revision},
                               {"package_sha256", s.package_sha256},
                               {"package_name", s.package_name},
                               {"package_bytes", s.package_bytes},
                               {"submitted_at", s.submitted_at.ms}});
    return {{"no", order.no},
            {"kind", name_of(order.kind)},
            {"cause", name_of(order.cause)},
            {"replaced_certificate", order.replaced_certificate},
            {"subject",
             {{"kind", name_of(order.subject.kind)},
              {"name", order.subject.name},
              {"document_kind", name_of(order.subject.document_kind)},
              {"document_number", order.subject.document_number},
              {"role", name_of(order.subject.role)},
              {"enterprise", order.subject.enterprise},
              {"handler", order.subject.handler},
              {"mobile", order.subject.mobile}}},
            {"years", order.years},
            {"quantity", order.quantity},
            {"amounts", {{"certificate", order.amounts.certificate.value}, {"key", order.amounts.key.value}}},
            {"payment",
             {{"no", order.payment.no},
              {"channel", name_of(order.payment.channel)},
              {"trade_no", order.payment.trade_no},
              {"freight", order.payment.freight.value},
              {"handling_fee", order.payment.handling_fee.value},
              {"total", order.payment.total.value},
              {"orders", order.payment.orders},
              {"paid_at", order.payment.paid_at.ms}}},
            {"invoice_title",
             {{"kind", name_of(order.invoice_title.kind)},
              {"name", order.invoice_title.name},
              {"tax_number", order.invoice_title.tax_number}}},
            {"delivery",
             {{"method", name_of(order.delivery.method)},
              {"recipient", order.delivery.recipient},
              {"mobile", order.delivery.mobile},
              {"address", order.delivery.address}}},
            {"submissions", submissions}};
}

namespace {

template <class Enum>
Enum word(const json& object, const char* field) {
    const auto text = object.at(field).get<std::string>();
    const auto value = from_name<Enum>(text);
    if (!value) throw std::invalid_argument(std::string(field) + ": " + text);
    return *value;
}

void read(const json& in, Subject& out) {
    out.kind = word<SubjectKind>(in, "kind");
    out.name = in.at("name");
    out.document_kind = word<DocumentKind>(in, "document_kind");
    out.document_number = in.at("document_number");
    out.role = word<PersonRole>(in, "role");
    out.enterprise = in.at("enterprise");
    out.handler = in.at("handler");
    out.mobile = in.at("mobile");
}

void read(const json& in, Payment& out) {
    out.no = in.at("no");
    out.channel = word<Channel>(in, "channel");
    out.trade_no = in.at("trade_no");
    out.freight.value = in.at("freight");
    out.handling_fee.value = in.at("handling_fee");
    out.total.value = in.at("total");
    out.orders = in.at("orders");
    out.paid_at.ms = in.at("paid_at");
}

}  // namespace

Result<Order> order_from_json(const json& in) try {
    Order order;
    order.no = in.at("no");
    order.kind = word<OrderKind>(in, "kind");
    order.cause = word<ReplacementCause>(in, "cause");
    order.replaced_certificate = in.at("replaced_certificate");
    read(in.at("subject"), order.subject);
    order.years = in.at("years");
    order.quantity = in.at("quantity");
    order.amounts.certificate.value = in.at("amounts").at("certificate");
    order.amounts.key.value = in.at("amounts").at("key");
    read(in.at("payment"), order.payment);
    order.invoice_title = {word<SubjectKind>(in.at("invoice_title"), "kind"), in.at("invoice_title").at("name"),
                           in.at("invoice_title").at("tax_number")};
    const json& delivery = in.at("delivery");
    order.delivery = {word<DeliveryMethod>(delivery, "method"), delivery.at("recipient"), delivery.at("mobile"),
                      delivery.at("address")};
    for (const json& s : in.at("submissions"))
        order.submissions.push_back({s.at("revision"), s.at("package_sha256"), s.at("package_name"), s.at("package_bytes"),
                                     Instant{s.at("submitted_at").get<std::int64_t>()}});
    SEALDESK_TRY(check_form(order));
    return order;
} catch (const std::exception& error) {
    return fail(ErrorKind::corrupt, tr("门户给的订单数据不完整或格式不对"), error.what());
}

Result<Order> order_from_json_text(std::string_view text) {
    const auto parsed = json::parse(text, nullptr, false);
    if (parsed.is_discarded()) return fail(ErrorKind::corrupt, tr("门户给的订单数据不是 JSON"), std::string(text.substr(0, 200)));
    return order_from_json(parsed);
}

}  // namespace sealdesk::orders
