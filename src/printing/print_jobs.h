// Print jobs: what a desk gave to its printers, how that stands, and why something was printed again. The rows outlive the
// program, so that after a crash it is known what a printer has. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "printing/printer.h"
#include "staff/staff.h"
#include "storage/database.h"

namespace sealdesk::printing {

enum class Kind { label, invoice, slip, receipt, manifest, report };
const char* name_of(Kind kind);
const char* word_of(Kind kind);  // 面单, 发票, 装箱单 …
Use use_of(Kind kind);

enum class State {
    waiting,     // not at the printer yet
    sending,     // the printer made a job for it and may have got the document
    printing,    // the printer has it
    stopped,     // the printer has it and waits for a person: paper, jam, pause
    cancelling,  // somebody wants it back; the printer does not know yet
    done,
    failed,     // the printer gave up or refused it
    cancelled,  // nothing more comes out
    unsure      // it broke off: a person must look whether it came out
};
const char* name_of(State state);
const char* word_of(State state);
bool is_over(State state);

struct PrintJob {
    std::int64_t id = 0;
    std::string desk, batch;
    Kind kind = Kind::label;
    std::string subject;  // "parcel 12", an invoice's number
    std::string title;    // for people
    int copy_no = 1;
    std::string reason;  // of a reprint
    std::string printer;
    Format format = Format::pdf;
    std::filesystem::path file;
    std::string sha256;
    int copies = 1;
    State state = State::waiting;
    std::int64_t printer_job = 0;
    std::string said;  // why it waits or failed
    int attempts = 0;
    Instant next_try;
    std::string asked_by;  // name of the person
    Instant asked_at, changed_at;
};

struct Document {
    std::string desk;   // whose printers
    std::string batch;  // printed together, in the order in which they are asked for
    Kind kind = Kind::label;
    std::string subject, title;
    std::string printer;  // address
    Format format = Format::pdf;
    std::filesystem::path file;  // from keep()
    int copies = 1;
};

// Writes the bytes below `spool`, named by their digest: a file that is there already is the same document.
Result<std::filesystem::path> keep(const std::filesystem::path& spool, Format format, const std::string& bytes);

// The first print of a document. Asking again gives the job that is there: nothing is printed twice by a crash or an
// impatient click. Refused without a printer.
Result<PrintJob> print_once(storage::Tx& tx, const staff::Actor& actor, const Document& document);
// One more print of it. Refused without a reason; conflict while the one before is still on its way.
Result<PrintJob> print_again(storage::Tx& tx, const staff::Actor& actor, const Document& document, const std::string& reason);
// A job that is over once more, on `printer` when one is named, else where it was: counts as a reprint.
Result<PrintJob> repeat(storage::Database& database, const staff::Actor& actor, std::int64_t id, const std::string& reason,
                        const std::string& printer = {});
// A waiting or failed job is to go to another printer: nothing of it came out. Conflict when it is at a printer, or when the
// document was asked for again meanwhile; refused when that printer cannot print such a file.
Result<> redirect(storage::Database& database, const staff::Actor& actor, std::int64_t id, const std::string& printer);
// Waiting: at once. At the printer: the printer is told.
Result<> cancel(storage::Database& database, const staff::Actor& actor, std::int64_t id);
// The printer that has it does not answer any more: nobody waits for it longer, the job is unsure. Conflict when it is not at
// a printer.
Result<> give_up(storage::Database& database, const staff::Actor& actor, std::int64_t id);
// A person looked: it came out.
Result<> came_out(storage::Database& database, const staff::Actor& actor, std::int64_t id);

Result<PrintJob> find(storage::Database& database, std::int64_t id);
// How often the document has been asked for; 0 when never.
int prints_of(storage::Tx& tx, Kind kind, const std::string& subject);
std::optional<PrintJob> newest(storage::Tx& tx, Kind kind, const std::string& subject);
// What was asked for together, in its order: of each document the newest print.
std::vector<PrintJob> jobs_of_batch(storage::Tx& tx, const std::string& desk, const std::string& batch);
// What the desk still has to print or to decide, oldest first.
Result<std::vector<PrintJob>> open_jobs(storage::Database& database, const std::string& desk);
// Newest first, those that are over too.
Result<std::vector<PrintJob>> recent_jobs(storage::Database& database, const std::string& desk, int limit);

// For the queue only: a change of state with what was said; audited when it is the last one.
struct Change {
    State state = State::waiting;
    std::string said = {};
    std::optional<std::int64_t> printer_job = {};
    std::int64_t wait_ms = 0;  // until the next try
    bool tried = false;
};
// Conflict when the row is not in the state any more that `job` has: a person was faster, or another process of this desk.
Result<> change_state(storage::Database& database, const PrintJob& job, const Change& change);

}  // namespace sealdesk::printing
