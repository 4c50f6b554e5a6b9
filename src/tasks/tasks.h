// Tasks: what no verb can settle and a person has to, a refund after a KEY was written for example. Raised inside the
// verb's transaction, closed by a supervisor with a note of what was done, or by the verb that does it. Worker threads.
#pragma once

#include <string>
#include <vector>

#include "staff/staff.h"
#include "storage/database.h"

namespace sealdesk::tasks {

struct Task {
    std::int64_t id = 0;
    std::string kind;                  // refund_after_writing, rewrite_after_issue
    std::string order_no, key_serial;  // either may be empty
    std::string sentence;              // for the person who does it
    Instant created_at, done_at;
    std::string done_by, note;  // done_by: name of the person
};

// Once for the same kind, order and KEY while it is open; true when it was not.
bool raise(storage::Tx& tx, const std::string& kind, const std::string& order_no, const std::string& key_serial,
           const std::string& sentence);
bool is_open(storage::Tx& tx, const std::string& kind, const std::string& order_no, const std::string& key_serial);
// What the tasks ask for was done by a verb, in its transaction. An empty order or KEY stands for any.
void settle(storage::Tx& tx, const std::string& by, const std::string& kind, const std::string& order_no,
            const std::string& key_serial, const std::string& note);
Result<std::vector<Task>> open(storage::Database& database);                                   // oldest first
Result<std::vector<Task>> of_order(storage::Database& database, const std::string& order_no);  // done ones too
// Supervisors. Refused without a note; conflict when somebody has closed it already.
Result<> done(storage::Database& database, const staff::Actor& actor, std::int64_t id, const std::string& note);

}  // namespace sealdesk::tasks
