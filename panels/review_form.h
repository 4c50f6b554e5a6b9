// The middle of the review bench: what the applicant filled in with a verdict on each field, earlier decisions, reasons
// by digit, and the buttons that decide. Owned by ReviewPanel, UI thread only.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "desk/desk.h"
#include "keys/standing.h"
#include "panels/findings.h"
#include "panels/review_items.h"
#include "panels/review_preview.h"

namespace sealdesk::panels {

// An order with what stands beside it, loaded in one job.
struct OpenedOrder {
    orders::DeskOrder desk;
    std::string claimer;  // name to desk.claimed_by
    std::vector<review::Decision> decisions;
    std::vector<review::Round> earlier;  // before it was sent again
    int paid_together = 1;
    Fen together;  // of all orders that were paid together, without freight and handling fee
    std::vector<keys::Standing> keys;
};
Result<OpenedOrder> load_opened(storage::Database& database, const std::string& no);

class ReviewForm {
public:
    enum class Wish { none, claim, approve, reject, release };
    // `busy`: why nothing can be decided now (a verb is running), "" when something can.
    Wish draw(desk::Desk& desk, const OpenedOrder& order, const std::string& busy);
    // Another order, or the same one after it changed: what was chosen does not belong to it.
    void clear();
    // The verb's sentence, shown at the reasons until something there changes.
    void refuse(std::string sentence) {
        refused_ = std::move(sentence);
        items_.leave();
    }

    // A half-written rejection survives a restart, and comes back when its submission does.
    void recall(const desk::Desk& desk, const desk::Memory& memory);
    void remember(const desk::Desk& desk, desk::Memory& memory, const orders::DeskOrder* order) const;
    void take_draft(const orders::DeskOrder& order);

    // Page of the package that a finding points at, from 1; 0: none. Once for each wish.
    int wanted_page() { return std::exchange(wanted_page_, 0); }

    // A value that was clicked, to be shown on the scans; "": none. Once for each wish.
    std::string wanted_place() { return std::exchange(wanted_place_, {}); }
    // A KEY that was clicked, to be shown on its card; "": none. Once for each wish.
    std::string wanted_key() { return std::exchange(wanted_key_, {}); }

    std::vector<review::Reason> chosen(const desk::Desk& desk) const;
    ReviewItems& items() { return items_; }
    const std::string& note() const { return note_; }

private:
    void draw_findings(desk::Desk& desk, const orders::DeskOrder& order, bool deciding);
    void draw_fields(const desk::Desk& desk, const OpenedOrder& order);
    void draw_keys(const OpenedOrder& order);
    void draw_decisions(const OpenedOrder& order);
    void draw_reasons(const desk::Desk& desk);
    Wish draw_foot(const desk::Desk& desk, const OpenedOrder& order, const std::string& busy);

    // A half-written rejection: what was chosen on which submission ("" when nothing was).
    struct Draft {
        std::string submission, note;
        std::set<size_t> reasons;
    };
    Draft left_;  // before the restart
    std::set<size_t> reasons_;
    std::string note_, refused_;
    Findings findings_;
    ReviewItems items_;
    ReviewPreview preview_;
    int wanted_page_ = 0;
    std::string wanted_place_, wanted_key_;
    float reasons_high_ = 0;  // px, in the frame before
};

}  // namespace sealdesk::panels
