// IPP (RFC 8011) through libcups, straight to the printer's or the queue's address: no cupsd is needed between. Every call
// blocks for at most its timeout; worker threads only.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "printing/printer.h"

namespace sealdesk::printing::ipp {

constexpr std::chrono::milliseconds kPatience{10'000};

enum class JobState { pending, held, processing, stopped, cancelled, aborted, completed };

struct JobStatus {
    JobState state = JobState::pending;
    std::vector<std::string> reasons;  // of the job
    std::string message;
    int documents = 0;
    int pages = 0;                             // impressions that came out
    bool printer_stopped = false;              // the printer, not the job
    std::vector<std::string> printer_reasons;  // why nothing comes out
};

// Queues of cupsd and printers that announce themselves (DNS-SD), looked for that long. One that was heard of and
// cannot be reached has no address and says so. Unavailable only when libcups fails.
Result<std::vector<Printer>> find_printers(std::chrono::milliseconds patience);

Result<Printer> look(const Address& address, std::chrono::milliseconds patience = kPatience);

// How a job is to be printed.
struct Ticket {
    int copies = 1;
    Media media;            // of media.h
    bool unscaled = false;  // as large as the document says
};
// A job without a document: nothing can come out of it. `name` is found again in the printer's list. Unavailable while the
// printer is away or busy with another job.
Result<int> create_job(const Address& address, const std::string& name, const std::string& user, const Ticket& ticket,
                       std::chrono::milliseconds patience = kPatience);
// A job with that name that the printer has not ended; 0 when there is none.
Result<int> find_job(const Address& address, const std::string& name, const std::string& user,
                     std::chrono::milliseconds patience = kPatience);
// The document of that job, its only one. `type` is a MIME type.
Result<> send_document(const Address& address, int job, const std::string& type, const std::string& bytes,
                       const std::string& user, std::chrono::milliseconds patience = kPatience);
// Refused when the printer does not know the job (any more).
Result<JobStatus> job_status(const Address& address, int job, std::chrono::milliseconds patience = kPatience);
// Cancelling what has ended already is no failure.
Result<> cancel_job(const Address& address, int job, const std::string& user, std::chrono::milliseconds patience = kPatience);

}  // namespace sealdesk::printing::ipp
