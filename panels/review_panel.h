// The review bench: queue, form, scans side by side, and the verbs between them. After a decision the next order is
// claimed at once. Owned by Screen, UI thread only; every verb runs in a job, one at a time.
#pragma once

#include <optional>
#include <string>

#include "panels/batch_dialog.h"
#include "panels/page_viewer.h"
#include "panels/review_form.h"
#include "panels/review_queue.h"

namespace sealdesk::panels {

class ReviewPanel {
public:
    void draw(desk::Desk& desk);
    void search(const std::string& text) { queue_.search(text); }
    // Shows the order as soon as nothing else is being saved.
    void open(const std::string& no) {
        wanted_ = no;
        resuming_.clear();
    }
    // The KEY whose card somebody wants to see; "" if none. Once.
    std::string wanted_key() { return form_.wanted_key(); }
    void recall(desk::Desk& desk, const desk::Memory& memory);
    void remember(const desk::Desk& desk, desk::Memory& memory);

private:
    enum class Verb { open, next, claim, approve, reject, release };
    struct Outcome {
        Verb verb = Verb::open;
        std::string no;                    // what it was about
        std::optional<OpenedOrder> order;  // what to show now
        std::optional<Error> error;
        bool done = false;  // the verb itself; an error may still come from what follows it
    };
    struct Request {
        Verb verb = Verb::open;
        review::Seen seen;
        std::vector<review::Reason> reasons;
        std::string note;
        std::vector<ItemEdit> edits;  // said about items of the checklist and not kept yet
        std::vector<review::ItemWanted> wanted;
    };
    static Outcome run(storage::Database& database, const staff::Actor& actor, const review::Rules& rules,
                       const Request& request);

    void start(desk::Desk& desk, Request request);
    void take_outcome(desk::Desk& desk);
    void take_resumed();
    void show(std::optional<OpenedOrder> order);
    void keep_current(desk::Desk& desk);
    void keep_claim(desk::Desk& desk);
    void mark_faults();
    void take_crop(desk::Desk& desk);
    void tell(Error error);
    std::string busy(const desk::Desk& desk);

    BatchDialog batch_;
    ReviewQueue queue_;
    ReviewForm form_;
    PageViewer viewer_;
    std::optional<OpenedOrder> order_;
    std::string wanted_;
    std::optional<Request> waiting_;  // a decision, until what was said about items is kept
    jobs::Async<Outcome> verb_;
    jobs::Async<Result<OpenedOrder>> refreshing_;
    jobs::Async<Result<std::optional<OpenedOrder>>> resuming_;  // after sign-in, until a verb is asked for
    jobs::Async<Result<orders::DeskOrder>> renewing_;
    std::uint64_t shown_generation_ = 0;
    Error told_;
    bool telling_ = false;
};

}  // namespace sealdesk::panels
