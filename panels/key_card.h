// KeyCard: one KEY with everything that is known of it: is it bound and active or why not, its certificate, its history;
// and what can be done with it: report it lost, damaged, returned, suspended, set or unlock its PIN. Drawn by the bench
// and by the stock; UI thread, verbs in jobs.
#pragma once

#include "keys/incidents.h"
#include "keys/pin.h"
#include "keys/standing.h"
#include "panels/kept.h"
#include "panels/key_letter.h"
#include "panels/kit/kit.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

// How many tries the PIN has left, as far as a KEY tells; empty when nothing was ever wrong.
kit::Chip pin_chip(const keys::TokenInfo& token);

class KeyCard {
public:
    void show(const std::string& serial);
    const std::string& serial() const { return serial_; }
    void draw(desk::Desk& desk);          // fills the pane
    void draw_dialogs(desk::Desk& desk);  // once in every frame, outside panes
    bool busy() { return doing_.running(); }

private:
    struct Facts {
        keys::Standing standing;
        std::optional<keys::TokenInfo> token;  // when it is plugged in
    };
    // What a verb came back with.
    struct Done {
        std::string said;
        std::shared_ptr<keys::PinLetter> letter;
    };
    enum class Asking { nothing, incident, scrap, initial_pin, change_pin, unlock, erase };

    void ask(desk::Desk& desk);
    void take_result(desk::Desk& desk);
    void draw_facts(const Facts& facts);
    void draw_actions(desk::Desk& desk, const Facts& facts);
    void draw_history(const Facts& facts);
    void draw_incident(desk::Desk& desk);
    void draw_pin(desk::Desk& desk);
    void draw_tries(const Facts& facts);
    void open(Asking what);
    void close();
    void run(desk::Desk& desk);
    std::string why_not(const desk::Desk& desk) const;

    std::string serial_;
    Kept<Facts> facts_;
    Asking asking_ = Asking::nothing;
    bool open_ = false;
    keys::Incident incident_ = keys::Incident::lost;
    jobs::Async<Result<keys::Plan>> plan_;
    std::string note_, pin_, new_pin_, again_, refused_;
    keys::IdentityCheck seen_;
    bool last_try_ = false, focus_ = false;
    jobs::Async<Result<Done>> doing_;
    KeyLetter letter_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
