// What the checks found, on the review bench: chips beside the fields, a list with evidence, the answer with a reason.
// Owned by ReviewForm, UI thread only; examining and answering run in jobs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/checks.h"
#include "desk/desk.h"
#include "panels/kit/rows.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

class Findings {
public:
    struct Wish {
        int page = 0;        // of the package, from 1, to be shown; 0: none
        std::string reason;  // code of a reason for rejection to be chosen; "" for none
    };
    // Once a frame: asks for the findings of the order on the bench, and again when the data may have changed.
    void follow(desk::Desk& desk, const orders::DeskOrder& order);

    // The chip of a field; `otherwise` while there is no finding for it.
    kit::Chip chip(std::string_view field, kit::Chip otherwise = {}) const;
    // Bytes of the field's value that differ from the paper; length 0 when none do.
    std::pair<size_t, size_t> marked(std::string_view field) const;
    ~Findings() { stop_reading(); }
    Findings() = default;
    Findings(const Findings&) = delete;
    Findings& operator=(const Findings&) = delete;
    bool ready() const { return report_.has_value(); }

    // The list. `deciding`: the reviewer holds the order and may answer.
    Wish draw(desk::Desk& desk, const orders::DeskOrder& order, bool deciding);

private:
    using Which = std::pair<std::string, std::string>;  // rule and item
    void take(desk::Desk& desk);
    void read(desk::Desk& desk, const orders::DeskOrder& order);
    void stop_reading();
    void choose_next(Wish& wish);
    bool draw_finding(desk::Desk& desk, const orders::DeskOrder& order, const checks::Kept& kept, bool deciding, Wish& wish);
    void draw_quiet(Wish& wish);
    void draw_answer(desk::Desk& desk, const orders::DeskOrder& order);
    void answer(desk::Desk& desk, const orders::DeskOrder& order, const checks::Finding& finding,
                std::optional<std::string> reason);
    const checks::Kept* find(const Which& which) const;

    std::string key_;  // of the submission whose findings are shown
    jobs::Async<Result<checks::Report>> asking_;
    std::uint64_t asked_generation_ = 0;
    std::optional<checks::Report> report_;
    jobs::Async<Result<int>> reading_;
    std::shared_ptr<std::atomic<bool>> stop_;  // of the reading that runs or waits
    std::string read_;                         // the submission that was given to the reader
    std::string failed_;                       // why it could not be examined
    Which chosen_;
    bool show_all_ = false, scroll_ = false, looked_ = false, answered_ = false;

    bool answering_ = false, focus_ = false;
    std::string reason_, refused_;
    jobs::Async<Result<>> saving_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
