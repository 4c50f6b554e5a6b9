// KeysPanel 制证: the orders to write on the left, the chosen one with the plugged KEYs and the nine steps in the
// middle, certificates and revocation list on the right, or the KEY that came in or was clicked; the proof of a seal in place of
// both, until a written KEY comes in. UI thread; KEYs are only touched in jobs, one for each that is being written.
#pragma once

#include <memory>
#include <optional>

#include "panels/kept.h"
#include "panels/key_card.h"
#include "panels/key_writers.h"
#include "panels/keys_questions.h"
#include "panels/seal_proof.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

class KeysPanel {
public:
    KeysPanel();
    ~KeysPanel();  // wipes what was typed
    KeysPanel(const KeysPanel&) = delete;
    KeysPanel& operator=(const KeysPanel&) = delete;
    void draw(desk::Desk& desk);

    // Shows this order as soon as it is in the list: the search box comes this way.
    void open(const std::string& order_no);
    // The order that somebody wants to see elsewhere; "" if none. Once.
    std::string wanted_order() { return card_.wanted_order(); }

private:
    void ask(desk::Desk& desk);
    void take_results(desk::Desk& desk);
    void take_result(const WriteEnd& end);
    void choose_order(const desk::Desk& desk, const std::string& order_no);
    void settle();  // what is chosen still exists, and something is chosen when there is something
    const OrderToWrite* chosen() const;
    std::string why_not(const desk::Desk& desk) const;
    bool needs_proof(const desk::Desk& desk) const;
    const PluggedKey* plugged(const std::string& serial) const;
    const PluggedKey* chosen_key() const { return plugged(key_serial_); }
    void choose_key(const std::string& serial);
    void take_plugged(std::vector<PluggedKey> now);
    void take_card(desk::Desk& desk);
    std::string replacement_for(const certificates::Entry& certificate) const;
    std::vector<Assignment> to_write_now(const desk::Desk& desk);  // every KEY that could be started with one press
    void write(desk::Desk& desk, const std::vector<Assignment>& list);

    void draw_orders(desk::Desk& desk);
    void draw_bench(desk::Desk& desk);
    void draw_facts(const OrderToWrite& order);
    void draw_replaced_fact(const OrderToWrite& order);
    void draw_replaced(desk::Desk& desk, const OrderToWrite& order);
    void draw_keys(desk::Desk& desk);
    void draw_pin(desk::Desk& desk, const std::string& reason, bool* entered);
    void draw_missing_key();
    void draw_steps(const desk::Desk& desk);
    void draw_written();
    void draw_passphrase(desk::Desk& desk);
    void draw_proof(desk::Desk& desk, const OrderToWrite& order);
    void draw_card(desk::Desk& desk, bool over_proof);
    void draw_register(desk::Desk& desk);
    void draw_list(desk::Desk& desk, const std::optional<certificates::StoredCrl>& list);

    Kept<std::vector<OrderToWrite>> orders_;
    Kept<Register> register_;
    Kept<keys::Ledger> ledger_;
    jobs::Async<Result<std::vector<PluggedKey>>> look_;
    std::vector<PluggedKey> plugged_;
    std::optional<Error> look_error_;
    double next_look_ = 0;  // ImGui::GetTime()

    std::string order_no_, key_serial_;
    bool into_view_ = false;  // the list scrolls to the chosen order
    std::string wanted_;      // somebody came for this order: the list has it, however long it is
    bool wanted_seen_ = false;
    std::string seen_key_;       // the list of KEYs has scrolled to it
    bool key_by_hand_ = false;   // somebody clicked a KEY: it is not chosen anew
    std::string card_serial_;    // the KEY whose card is wanted: a written one came in, or somebody asked for it
    std::string pin_, pin_for_;  // what is being typed, and the order that it is typed for
    std::string pin_refused_;
    bool focus_pin_ = false;

    KeyWriters writers_;
    std::optional<bool> random_pin_;  // each KEY gets a PIN of its own when it is written; nothing: as the settings say
    bool last_try_ = false;           // the person agreed to use the last try of a PIN
    std::optional<keys::Job> written_;
    jobs::Async<Result<>> naming_;
    bool name_again_ = false;  // the list of certificates is open although one is named
    SealProof proof_;
    bool proof_open_ = false;  // somebody wants to see it, also when it was accepted before
    std::string passphrase_, passphrase_refused_;
    jobs::Async<Result<>> unlocking_;
    jobs::Async<Result<certificates::StoredCrl>> renewing_;
    KeyCard card_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
