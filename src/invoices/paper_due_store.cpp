#include "invoices/paper_due.h"

#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/text.h"
#include "base/translate.h"
#include "invoices/ledger.h"
#include "storage/rows.h"

namespace sealdesk::invoices {

using nlohmann::json;
using storage::Database;
using storage::Tx;

std::vector<PaperDue> papers_due(Tx& tx) {
    std::vector<PaperDue> list;
    PaperDue row;
    std::string state, files;
    storage::for_each_row(
        tx,
        "SELECT r.number, r.payment_no, r.order_no, r.asked_by, r.state, r.files, r.paper_trouble FROM invoice_requests r JOIN "
        "invoices i ON i.number = r.number WHERE r.paper_due = 1 AND i.state = 'live' ORDER BY r.id",
        std::tie(row.number, row.payment_no, row.order_no, row.asked_by, state, files, row.trouble), [&] {
            const json left = json::parse(files, nullptr, false);
            row.fetched = state == "issued" || !left.is_object() || !left.contains("pdf");
            list.push_back(row);
        });
    return list;
}

bool is_paper_due(Tx& tx, const std::string& number) {
    return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM invoice_requests WHERE paper_due = 1 AND number = :number", 0,
                                      number) > 0;
}

void paper_printed(Tx& tx, const std::string& number) {
    storage::change(tx, "UPDATE invoice_requests SET paper_due = 0, paper_trouble = '' WHERE paper_due = 1 AND number = :number",
                    number);
}

Result<> paper_failed(Database& database, const std::string& number, const std::string& why) {
    return database.write([&](Tx& tx) -> Result<> {
        storage::change(tx, "UPDATE invoice_requests SET paper_trouble = :why WHERE paper_due = 1 AND number = :number", why,
                        number);
        return {};
    });
}

Result<> settle_paper(Database& database, const staff::Actor& actor, const std::string& number, const std::string& note) {
    SEALDESK_TRY(staff::require(actor, staff::Role::clerk));
    if (trimmed(note).empty()) return refused(tr("请写下发票是怎样交给申请人的"));
    return database.write([&](Tx& tx) -> Result<> {
        SEALDESK_LET(invoice, load_invoice(tx, number));
        if (!is_paper_due(tx, number)) return fail(ErrorKind::conflict, trf("发票 {} 已经打印或处理过", number));
        paper_printed(tx, number);
        for (const auto& no : invoice.order_nos)
            audit::append(tx, actor.login, "invoice.given", no, json{{"number", number}, {"note", trimmed(note)}}.dump());
        return {};
    });
}

}  // namespace sealdesk::invoices
