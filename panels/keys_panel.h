// KeysPanel 制证: the orders to write on the left, the chosen one with the plugged KEYs and the eight steps in the
// middle, certificates and revocation list on the right. UI thread; the KEY is only touched in jobs.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "panels/kept.h"
#include "panels/keys_questions.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

// How far a running write is; written by the job, read by the bench.
class WriteProgress {
public:
    void begins(keys::Step step) {
        const std::lock_guard lock(mutex_);
        step_ = step;
    }
    std::optional<keys::Step> step() const {
        const std::lock_guard lock(mutex_);
        return step_;
    }

private:
    mutable std::mutex mutex_;
    std::optional<keys::Step> step_;
};

class KeysPanel {
public:
    KeysPanel();
    void draw(desk::Desk& desk);

    // Shows this order as soon as it is in the list: the search box comes this way.
    void open(const std::string& order_no);

private:
    void ask(desk::Desk& desk);
    void take_result(desk::Desk& desk);
    void settle();  // what is chosen still exists, and something is chosen when there is something
    const OrderToWrite* chosen() const;
    std::string why_not(const desk::Desk& desk) const;
    void write(desk::Desk& desk);

    void draw_orders(desk::Desk& desk);
    void draw_bench(desk::Desk& desk);
    void draw_keys();
    void draw_pin(desk::Desk& desk, const std::string& reason, bool* entered);
    void draw_steps();
    void draw_register();

    Kept<std::vector<OrderToWrite>> orders_;
    Kept<Register> register_;
    jobs::Async<Result<std::vector<PluggedKey>>> look_;
    std::vector<PluggedKey> plugged_;
    std::optional<Error> look_error_;
    double next_look_ = 0;  // ImGui::GetTime()

    std::string order_no_, key_serial_;
    bool key_by_hand_ = false;  // somebody clicked a KEY: it is not chosen anew
    std::string pin_;
    std::string pin_refused_;

    jobs::Async<Result<keys::Job>> writing_;
    std::shared_ptr<WriteProgress> progress_;
    std::optional<keys::Step> failed_at_;
    std::optional<keys::Job> written_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
