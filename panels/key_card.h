// KeyCard: one KEY with everything that is known of it: is it bound and active or why not, its certificate, the verdict
// on the seal that lies on it while it is plugged in, its history; and what can be done with it: report it lost, damaged,
// returned, suspended, set or unlock its PIN. Drawn by the bench and by the stock; UI thread, verbs in jobs.
#pragma once

#include <functional>
#include <utility>

#include "keys/incidents.h"
#include "keys/pin.h"
#include "keys/standing.h"
#include "panels/kept.h"
#include "panels/key_letter.h"
#include "panels/kit/kit.h"
#include "panels/seal_verdict.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

// How many tries the PIN has left, as far as a KEY tells; empty when nothing was ever wrong.
kit::Chip pin_chip(const keys::TokenInfo& token);

class KeyCard {
public:
    KeyCard() = default;
    ~KeyCard();
    KeyCard(const KeyCard&) = delete;
    KeyCard& operator=(const KeyCard&) = delete;
    // As soon as nothing about another KEY is asked, done or told any more.
    void show(const std::string& serial);
    const std::string& serial() const { return serial_; }  // the one that is shown
    void draw(desk::Desk& desk);                           // fills the pane
    void draw_dialogs(desk::Desk& desk);                   // once in every frame, outside panes
    void draw_file_check(desk::Desk& desk) { file_check_.draw(desk); }
    bool busy() { return doing_.running() || reading_.running() || file_check_.busy(); }
    // The order that somebody wants to see; "" if none. Once.
    std::string wanted_order() { return std::exchange(wanted_order_, {}); }
    // Where the bench stands behind it: the replacement order that waits for this KEY's subject, "" for none; and whether
    // somebody chose it. `replacement` is asked while the card is drawn.
    void offer_replacement(std::function<std::string(const certificates::Entry&)> replacement) {
        replacement_ = std::move(replacement);
    }
    std::optional<certificates::Entry> replaces() { return std::exchange(replaces_, std::nullopt); }

private:
    struct Facts {
        keys::Standing standing;
        std::optional<keys::TokenInfo> token;        // when it is plugged in
        orders::Subject subject;                     // of its order
        bool needs_identity = true;                  // for a random PIN
        std::optional<Result<seals::Verdict>> seal;  // of what was read from it
    };
    // What a verb came back with.
    struct Done {
        std::string said;
    };
    enum class Asking { nothing, incident, scrap, initial_pin, change_pin, unlock, erase };

    bool held() const { return asking_ != Asking::nothing || working_ || trouble_.in_dialog(); }
    bool turn();  // to the KEY that is wanted; true when it was another one
    void ask(desk::Desk& desk);
    void look(desk::Desk& desk);
    void read_seal(desk::Desk& desk);
    void take_result(desk::Desk& desk);
    void draw_facts(const Facts& facts);
    void draw_seal(const Facts& facts);
    void draw_order(const Facts& facts);
    void draw_actions(desk::Desk& desk, const Facts& facts);
    void draw_history(const Facts& facts);
    void draw_incident(desk::Desk& desk);
    void draw_pin(desk::Desk& desk);
    void draw_tries(const Facts& facts);
    void open(Asking what);
    void close();
    void run(desk::Desk& desk);
    bool same_twice();
    bool asks_who_it_is() const;
    void draw_identity();
    bool by_administrator() const { return asking_ == Asking::unlock || asking_ == Asking::erase; }
    std::string why_not(const desk::Desk& desk) const;

    std::string serial_, wanted_;
    Kept<Facts> facts_;
    jobs::Async<std::optional<keys::TokenInfo>> look_;  // at its port
    double next_look_ = 0;                              // ImGui::GetTime()
    int changes_ = 0;                                   // seen there
    // The seal as it lies on the KEY (DER; nothing: it has none), read once for each time that it is plugged in or written.
    jobs::Async<Result<std::optional<std::string>>> reading_;
    std::optional<Result<std::optional<std::string>>> on_key_;
    std::string read_for_;
    SealFileCheck file_check_;
    Asking asking_ = Asking::nothing;
    bool open_ = false;
    keys::Incident incident_ = keys::Incident::lost;
    jobs::Async<Result<keys::Plan>> plan_;
    std::string note_, pin_, new_pin_, again_, refused_;
    keys::IdentityCheck seen_;
    bool last_try_ = false, focus_ = false;
    bool waiting_ = false;  // for the seal to be read: a KEY has one session
    jobs::Async<Result<Done>> doing_;
    bool working_ = false;  // a verb runs, or nobody has heard yet what came of it
    KeyLetter letter_;
    Trouble trouble_;
    std::string wanted_order_;
    std::function<std::string(const certificates::Entry&)> replacement_;
    std::optional<certificates::Entry> replaces_;
};

}  // namespace sealdesk::panels
