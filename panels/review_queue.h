// The list on the left of the review bench: tabs, rows of any number (only those in sight are made), the button that
// claims the next order. Owned by ReviewPanel, UI thread only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "desk/desk.h"

namespace sealdesk::panels {

class ReviewQueue {
public:
    enum class Tab { waiting, mine, rejected, all };
    enum class Only { all, resubmitted, overdue };
    struct Wish {
        std::string open;    // number of the row that was clicked or reached with ↑ ↓; "" if none
        bool next = false;   // claim the next order
        bool batch = false;  // approve those that are all green
    };
    // `shown`: number of the order on the bench. `busy`: why no order can be claimed now, "" when one can.
    Wish draw(desk::Desk& desk, const std::string& shown, const std::string& busy);
    void search(const std::string& text);
    void recall(const desk::Memory& memory);
    void remember(desk::Memory& memory) const;

private:
    struct Answer {
        std::vector<orders::Row> rows;
        std::map<std::string, checks::Open> findings;               // by order, where the checks found something
        std::map<std::string, std::vector<review::Round>> earlier;  // by order, where it was sent back before
        bool more = false;                                          // there may be rows after these
        bool appended = false;                                      // goes behind what is there, else replaces it
        std::int64_t mine = 0;
        orders::Counts counts{};
        std::optional<Error> error;
    };
    orders::Filter filter(const desk::Desk& desk) const;
    void ask(desk::Desk& desk, bool append);
    void take();
    void tell_lost(desk::Desk& desk);
    void draw_tabs();
    void draw_filters();
    void draw_row(const desk::Desk& desk, const orders::Row& row, const std::string& shown, bool into_view, Wish& wish);
    std::ptrdiff_t index_of(const std::string& no) const;  // -1: not among the rows

    Tab tab_ = Tab::waiting;
    std::string text_;
    std::vector<orders::Row> rows_;
    std::map<std::string, checks::Open> findings_;
    std::map<std::string, std::vector<review::Round>> earlier_;
    Only only_ = Only::all;
    std::optional<orders::OrderKind> kind_;
    bool newest_first_ = false;
    std::int64_t mine_ = 0;
    orders::Counts counts_{};
    std::optional<Error> error_;
    bool more_ = false, loaded_ = false, stale_ = true, to_top_ = false;
    std::string seen_;  // was on the bench in the frame before
    std::uint64_t asked_generation_ = 0, lost_generation_ = 0;
    jobs::Async<Result<std::vector<review::LostClaim>>> losing_;
    jobs::Async<Answer> asking_;
};

}  // namespace sealdesk::panels
