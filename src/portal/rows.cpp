#include "portal/rows.h"

#include "storage/rows.h"

namespace sealdesk::portal {

std::optional<OrderRow> read_row(storage::Tx& tx, const std::string& order_no) {
    OrderRow row;
    std::string state;
    row.no = order_no;
    tx.sql << "SELECT state, revision, waybill, reasons, document FROM orders WHERE no = :no", soci::into(state),
        soci::into(row.revision), soci::into(row.waybill), soci::into(row.reasons), soci::into(row.document), soci::use(order_no);
    if (!tx.sql.got_data()) return std::nullopt;
    row.state = orders::from_name<orders::State>(state).value_or(orders::State::paid);
    return row;
}

void update_row(storage::Tx& tx, const OrderRow& row) {
    const std::string state = orders::name_of(row.state);
    const std::string applicant_state = orders::name_of(orders::applicant_state(row.state));
    storage::change(tx,
                    "UPDATE orders SET state = :state, applicant_state = :applicant_state, revision = :revision, "
                    "waybill = :waybill, reasons = :reasons, document = :document, changed_at = :now WHERE no = :no",
                    state, applicant_state, row.revision, row.waybill, row.reasons, row.document, tx.now.ms, row.no);
}

nlohmann::json to_json(const OrderRow& row) {
    nlohmann::json json = nlohmann::json::parse(row.document);
    json["applicant_state"] = orders::name_of(orders::applicant_state(row.state));
    json["revision"] = row.revision;
    json["reasons"] = nlohmann::json::parse(row.reasons);
    json["waybill"] = row.waybill;
    return json;
}

}  // namespace sealdesk::portal
