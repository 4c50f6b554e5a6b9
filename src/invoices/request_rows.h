// Rows of what a service was asked for, for the invoice room itself: read, written, begun. Inside a transaction.
#pragma once

#include "invoices/ledger.h"
#include "invoices/requests.h"

namespace sealdesk::invoices {

// Oldest first. `condition` is SQL over the columns of invoice_requests; `id`: only that one.
Result<std::vector<Request>> requests_where(storage::Tx& tx, const std::string& condition, std::int64_t id = 0);
Result<Request> load_request(storage::Tx& tx, std::int64_t id);
// How it stands, not what was asked for.
void save(storage::Tx& tx, const Request& row);
void note(storage::Tx& tx, const std::string& login, const char* verb, const Request& row);
// The blue invoice that is asked for, or that the red letter is for: what is open already is given.
Result<Request> begin_blue(storage::Tx& tx, const staff::Actor& actor, const Taxes& taxes, const Bill& bill);
Result<Request> begin_red(storage::Tx& tx, const staff::Actor& actor, const std::string& number, RedReason reason,
                          const std::vector<std::string>& order_nos, std::optional<Fen> amount, bool follow);
// What the service knows now of a row that failed or lapsed, before anything is done about it: a row that it issued or works on
// after all goes on, and is given as it is then. Fails when the service does not tell.
Result<Request> look_again(storage::Database& database, Service& service, const Taxes& taxes, std::int64_t id,
                           std::stop_token stop);

}  // namespace sealdesk::invoices
