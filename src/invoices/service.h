// An invoice service as the invoice room sees it: asked for a blue invoice or a red letter with a reference of ours, it answers
// later. Calls block; worker threads only. The same reference asked again is the same invoice.
#pragma once

#include <map>
#include <stop_token>
#include <string>

#include "invoices/invoices.h"

namespace sealdesk::invoices {

struct Wanted {
    std::string reference;  // at most 20 letters and digits
    Invoice invoice;        // without a number; of a red letter the amounts are negative and `reverses` names the blue one
    bool whole = true;      // of a red letter: everything that stands on the blue one
    Invoice blue;           // of a red letter
};

struct Progress {
    enum class Step {
        unknown,     // the service does not know the reference
        working,     // it is being issued
        confirming,  // a red letter waits for the buyer, 72 hours at most
        lapsed,      // the buyer did not confirm, or said no
        failed,      // with its words
        issued
    };
    Step step = Step::unknown;
    std::string number;      // of the invoice
    std::string service_no;  // the service's own number of it
    Instant issued_at;
    Fen total;                                 // as the service has it; 0: it does not say
    std::map<std::string, std::string> files;  // "pdf", "ofd", "xml" → address
    std::string said;
};

// Failures: refused is the service's no, with its words; denied is our account or signature; unavailable means that nobody
// knows whether it was taken, and look() tells.
class Service {
public:
    virtual ~Service() = default;
    virtual Result<> ask(const Wanted& wanted, std::stop_token stop) = 0;
    virtual Result<Progress> look(const Wanted& wanted, std::stop_token stop) = 0;
    virtual Result<std::string> fetch(const std::string& address, std::stop_token stop) = 0;
};

}  // namespace sealdesk::invoices
