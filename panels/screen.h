// Screen: the whole window of a desk. Nobody signed in: the sign-in card; else rail, top bar, one panel, status bar.
// Owned by whoever runs the frame loop (shell, test), UI thread only. Holds no business rule.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "desk/desk.h"
#include "panels/conflict_list.h"
#include "panels/finder.h"
#include "panels/kit/kit.h"
#include "panels/sign_in.h"
#include "panels/task_list.h"

namespace sealdesk::panels {

// What waits for somebody, as the rail counts it.
struct RailCounts {
    orders::Counts orders{};
    std::int64_t invoices = 0;
};

// One entry of the rail. `search` and `open` are empty for panels that have neither.
struct Panel {
    const char* id;
    const char* word;
    ImGuiKeyChord key;
    staff::Roles roles;                                    // any of them works here; others may look
    std::function<std::int64_t(const RailCounts&)> count;  // what waits; empty: no number
    std::function<void(desk::Desk&)> draw;
    std::function<void(const std::string&)> search;  // the search box changed
    std::function<void(const std::string&)> open;    // show this order
    // What survives a restart: recall once after sign-in, remember after each drawing.
    std::function<void(desk::Desk&, const desk::Memory&)> recall;
    std::function<void(const desk::Desk&, desk::Memory&)> remember;
    std::function<std::string()> wanted;      // the order that somebody wants to see elsewhere, once
    std::function<std::string()> wanted_key;  // the KEY whose card somebody wants to see, once
};

class Screen {
public:
    Screen();
    ~Screen();
    void draw(desk::Desk& desk);
    bool locked() const { return locked_; }

private:
    // What bars and badges show, asked anew when the data changed.
    struct Overview {
        RailCounts waiting;
        std::optional<review::Undoable> undoable;
        acts::Backlog backlog;
        std::vector<acts::Act> conflicts;
        std::vector<intake::Fault> faults;
        std::vector<tasks::Task> tasks;
        Instant heard_at;
        std::optional<Error> trouble;        // of the database
        std::vector<std::string> authority;  // what officers and supervisors should know of CA and revocation list
    };
    static Overview ask(storage::Database& database, const staff::Actor& actor,
                        const std::optional<certificates::CertificateFacts>& issuer);

    void enter(desk::Desk& desk, staff::Actor actor, desk::Memory memory);
    void leave(desk::Desk& desk);
    void lock();
    void keep_memory(desk::Desk& desk, bool now = false);
    void watch_idleness(desk::Desk& desk);
    void refresh(desk::Desk& desk);
    void draw_top(desk::Desk& desk);
    void draw_undo(desk::Desk& desk);
    void draw_untold(desk::Desk& desk);
    void draw_banners(desk::Desk& desk);
    void draw_rail(desk::Desk& desk);
    void draw_status(desk::Desk& desk);
    void draw_troubles(desk::Desk& desk);
    void open_order(const std::string& no);
    bool open_key(const std::string& serial);
    void open_found(desk::Desk& desk, const Finder::Outcome& found);
    const Overview& overview() { return overview_.ready() ? *overview_.ready() : nothing_; }

    std::unique_ptr<SignIn> sign_in_;
    std::vector<Panel> panels_;
    size_t shown_ = 0;
    Finder finder_;
    std::string search_;  // what stands in its box
    desk::Memory memory_;
    jobs::Async<Result<>> remembering_;
    double remember_at_ = 0;  // ImGui::GetTime()
    bool locked_ = false;
    Instant last_input_;
    Overview nothing_;
    jobs::Async<Overview> overview_;
    std::uint64_t asked_generation_ = 0;
    jobs::Async<Result<std::string>> undoing_;  // number of the order that is back
    jobs::Async<Result<>> settling_, leaving_;
    bool show_troubles_ = false;
    TaskList tasks_;
    ConflictList conflicts_;
    std::optional<Error> error_;
    bool show_error_ = false;
    bool out_ = false;  // sign-out was clicked; done after the frame, while the panels are not drawing
};

}  // namespace sealdesk::panels
