// Invoices of a service that nobody has on paper yet: from their number on until they are printed, or a person says how the
// applicant got them. Red letters are not among them. Any thread.
#pragma once

#include "invoices/invoices.h"

namespace sealdesk::invoices {

struct PaperDue {
    std::string number, payment_no;
    std::string order_no;  // of an invoice for one order; "": for the whole payment
    std::string asked_by;  // login
    bool fetched = false;  // its PDF
    std::string trouble;   // why it could not be printed by itself, as told to the person; "": nothing was in the way
};
std::vector<PaperDue> papers_due(storage::Tx& tx);  // oldest first; without what was reversed
bool is_paper_due(storage::Tx& tx, const std::string& number);
// It is among the print jobs, or kept as a file where there is no printer.
void paper_printed(storage::Tx& tx, const std::string& number);
// It stays due, and waits for a person.
Result<> paper_failed(storage::Database& database, const std::string& number, const std::string& why);
// The applicant got it in another way. Clerks. Refused without a note; conflict when it is not due any more.
Result<> settle_paper(storage::Database& database, const staff::Actor& actor, const std::string& number, const std::string& note);

}  // namespace sealdesk::invoices
