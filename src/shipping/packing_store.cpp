#include "base/text.h"
#include "base/translate.h"
#include "keys/leaving.h"
#include "shipping/packing.h"
#include "shipping/parcels.h"
#include "shipping/waybill.h"
#include "storage/rows.h"

namespace sealdesk::shipping {

using storage::Database;
using storage::Tx;

Check::Check(const std::vector<Content>& contents) {
    for (const auto& content : contents)
        for (const auto& serial : content.key_serials) expected_[folded_serial(serial)] = serial;
}

Check::Verdict Check::take(std::string_view serial, bool read) {
    const std::string folded = folded_serial(serial);
    if (!expected_.contains(folded)) return Verdict::wrong;
    const auto [there, fresh] = seen_.emplace(folded, read);
    if (!fresh) {
        there->second = there->second || read;
        return Verdict::again;
    }
    return complete() ? Verdict::last : Verdict::right;
}

bool Check::knows(std::string_view serial) const { return expected_.contains(folded_serial(serial)); }
bool Check::seen(std::string_view serial) const { return seen_.contains(folded_serial(serial)); }

std::vector<SeenKey> Check::seen_keys() const {
    std::vector<SeenKey> list;
    for (const auto& [folded, read] : seen_) list.push_back({expected_.at(folded), read});
    return list;
}

namespace {

std::string payment_of(Tx& tx, const std::string& order_no) {
    return storage::one<std::string>(tx, "SELECT payment_no FROM orders WHERE no = :no", "", order_no);
}

bool find_key(Tx& tx, const std::string& code, Scanned& found) {
    std::string serial, state;
    storage::for_each_row(
        tx, "SELECT serial, order_no, state FROM keys WHERE serial IN (:code, :upper, :folded)",
        std::tie(serial, found.order_no, state), [] {}, code, upper_ascii(code), folded_serial(code));
    if (serial.empty()) return false;
    found.what = Scanned::What::key;
    found.code = serial;
    if (state == "scrapped" || state == "returned")
        found.alarm = trf("KEY {} 已经{}，不能发出", serial, state == "scrapped" ? tr("报废") : tr("收回"));
    else if (found.order_no.empty())
        found.alarm = trf("KEY {} 是空白 KEY，不属于任何订单", serial);
    return true;
}

bool find_waybill(Tx& tx, const std::string& code, Scanned& found) {
    const std::string number = folded_waybill(code);
    if (number.empty()) return false;
    std::string state, reason;
    storage::for_each_row(
        tx, "SELECT shipment_id, state, reason FROM waybills WHERE waybill = :waybill", std::tie(found.shipment, state, reason),
        [] {}, number);
    if (found.shipment == 0) return false;
    found.what = Scanned::What::waybill;
    found.code = number;
    if (state != "live") found.alarm = trf("快递单号 {} 已作废（{}），请换上新面单", number, reason);
    return true;
}

// "ZQ", the first order and the parcel, as a pick-up's receipt has it; older ones have the order alone.
bool find_receipt(Tx& tx, const std::string& typed, Scanned& found) {
    if (!typed.starts_with("ZQ")) return false;
    const std::string rest = typed.substr(2);
    if (!payment_of(tx, rest).empty()) {
        found = {Scanned::What::order, rest, "", rest, 0, ""};
        return true;
    }
    const size_t hyphen = rest.rfind('-');
    if (hyphen == std::string::npos) return false;
    const std::string order_no = rest.substr(0, hyphen), id = rest.substr(hyphen + 1);
    if (id.empty() || id.size() > 18 || id.find_first_not_of("0123456789") != std::string::npos) return false;
    if (payment_of(tx, order_no).empty()) return false;
    found = {Scanned::What::order, order_no, "", order_no, 0, ""};
    if (shipment_of(tx, order_no).value_or(0) != std::stoll(id))
        found.alarm = trf("签收单 {} 的包裹已经拆开，请用新的签收单", typed);
    return true;
}

// The number itself, or the code on the paper: "01,32,,NUMBER,amount,day,".
bool find_invoice(Tx& tx, const std::string& typed, Scanned& found) {
    std::string number = typed;
    if (number.find(',') != std::string::npos) {
        for (int i = 0; i < 3; ++i) {
            const size_t comma = number.find(',');
            if (comma == std::string::npos) return false;
            number.erase(0, comma + 1);
        }
        number = number.substr(0, number.find(','));
    }
    std::string order_no;
    storage::for_each_row(
        tx,
        "SELECT o.no FROM invoices i JOIN orders o ON o.payment_no = i.payment_no AND (i.order_no = '' OR i.order_no = o.no) "
        "WHERE i.number = :number AND o.state <> 'refunded' ORDER BY o.no DESC",  // the first one stays
        std::tie(order_no), [] {}, number);
    if (order_no.empty()) return false;
    found = {Scanned::What::order, order_no, "", order_no, 0, ""};
    return true;
}

}  // namespace

Result<Scanned> identify(Database& database, const std::string& code) {
    return database.read([&](Tx& tx) -> Result<Scanned> {
        Scanned found;
        const std::string typed = upper_ascii(half_width(code));
        if (typed.empty()) return found;
        if (const auto payment = payment_of(tx, typed); !payment.empty()) {
            found = {Scanned::What::order, typed, payment, typed, 0, ""};
        } else if (storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM payments WHERE no = :no", 0, typed) > 0) {
            found = {Scanned::What::payment, typed, typed, "", 0, ""};
        } else if (!find_key(tx, trimmed(code), found) && !find_waybill(tx, typed, found) && !find_receipt(tx, typed, found)) {
            find_invoice(tx, typed, found);
        }
        if (!found.order_no.empty()) {
            found.payment_no = payment_of(tx, found.order_no);
            found.shipment = shipment_of(tx, found.order_no).value_or(0);
            if (found.alarm.empty()) found.alarm = refund_of(tx, found.order_no);
        }
        if (found.what == Scanned::What::key && found.alarm.empty()) {
            SEALDESK_LET(stays, keys::why_it_stays(tx, found.code));
            found.alarm = std::move(stays);
        }
        if (found.shipment != 0) {
            SEALDESK_LET(shipment, load_shipment(tx, found.shipment));
            found.payment_no = shipment.payment_no;
            if (found.alarm.empty()) found.alarm = shipment.blocked;
            if (found.what == Scanned::What::waybill && found.alarm.empty()) found.alarm = shipment.stale;
        }
        return found;
    });
}

std::string wrong_key_sentence(const Scanned& scanned, std::string_view serial) {
    if (!scanned.alarm.empty()) return scanned.alarm;
    if (scanned.what == Scanned::What::key && !scanned.order_no.empty())
        return trf("KEY {} 属于订单 {}，不能放进这个包裹", serial, scanned.order_no);
    return trf("不认识 {}：不是这个包裹的 KEY", serial);
}

}  // namespace sealdesk::shipping
