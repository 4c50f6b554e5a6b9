// Invoices asked from a service: one ledger from asking to the stored files. Every request is written down before the service
// hears of it and has one reference for all repetitions, so that a crash or a lost answer gives one invoice. Verbs need a
// clerk; advance() talks to the service: worker threads only.
#pragma once

#include <filesystem>

#include "invoices/reversals.h"
#include "invoices/service.h"

namespace sealdesk::invoices {

enum class RequestState {
    asking,      // to be asked, or nobody knows whether the service has it
    waiting,     // the service is at it
    confirming,  // a red letter waits for the buyer
    failed,      // the service said no: somebody has to put something right
    lapsed,      // the buyer did not confirm the red letter in time
    fetching,    // issued; not all files are here
    issued,
    dropped  // given up by a person
};
const char* name_of(RequestState state);
RequestState request_state_of(const std::string& name);
const char* word_of(RequestState state);

struct Request {
    std::int64_t id = 0;
    std::string reference;
    std::string payment_no, order_no;
    std::string reverses, reason;  // of a red letter
    bool follow = false;           // after the red letter the payment is invoiced anew
    Invoice invoice;               // as asked for
    RequestState state = RequestState::asking;
    std::string number, said;
    std::map<std::string, std::string> files;  // still to fetch: "pdf" → address, "" while the service has not said it
    int attempts = 0;
    Instant next_try;
    staff::Actor asked_by;
    Instant asked_at, changed_at;
    Instant confirming_since;  // when it began to wait for the buyer
};
// So long a buyer may confirm a red letter.
constexpr std::int64_t kConfirmWithin = 72 * kHour;

// Idempotent: what is open already is given. Refused as issue() refuses.
Result<Request> request(storage::Database& database, const staff::Actor& actor, const Taxes& taxes, const std::string& payment_no,
                        const std::string& order_no = {});
// As red_letter() does, by the service. `follow`: ask for the payment's new invoice when it is there.
Result<Request> request_red(storage::Database& database, const staff::Actor& actor, const std::string& number, RedReason reason,
                            const std::vector<std::string>& order_nos = {}, std::optional<Fen> amount = {}, bool follow = false);
// The red letter of a mistake, and then the invoice with the right title.
Result<Request> request_title(storage::Database& database, const staff::Actor& actor, const std::string& number,
                              const orders::InvoiceTitle& title);

Result<std::vector<Request>> open_requests(storage::Database& database);  // oldest first
Result<Request> find_request(storage::Database& database, std::int64_t id);
// A failed one once more, with the title and amounts as they are now: under a new reference. A lapsed red letter likewise. The
// service is asked first what became of the old one: when it has it after all, that one goes on and is given (the same id).
// Talks to the service, as drop_request() does; fails as long as the service does not tell.
Result<Request> retry_request(storage::Database& database, const staff::Actor& actor, Service& service, const Taxes& taxes,
                              std::int64_t id, std::stop_token stop = {});
// A failed or lapsed one is not wanted any more. Refused without a reason; conflict when the service has it after all.
Result<> drop_request(storage::Database& database, const staff::Actor& actor, Service& service, const Taxes& taxes,
                      std::int64_t id, const std::string& reason, std::stop_token stop = {});
// What was asked for and became that invoice. Refused when there is none.
Result<Request> request_of(storage::Database& database, const std::string& number);
// Whether the PDF was fetched, as far as the requests tell; another machine may have it.
Result<bool> pdf_is_here(storage::Database& database, const std::string& number);
// Its PDF into the folder, at once.
Result<> fetch_pdf(storage::Database& database, Service& service, const std::string& number, const std::filesystem::path& folder,
                   std::stop_token stop = {});

// One step with the service, safe to repeat. Files go below `folder`, named by the invoice's number.
Result<Request> advance(storage::Database& database, Service& service, const Taxes& taxes, const std::filesystem::path& folder,
                        std::int64_t id, std::stop_token stop = {});
// All whose time has come; how many moved.
Result<int> advance_due(storage::Database& database, Service& service, const Taxes& taxes, const std::filesystem::path& folder,
                        std::stop_token stop = {});

}  // namespace sealdesk::invoices
