// ShippingPanel 发货, driven by a scanner: packing (what can be packed on the left, the chosen parcel in the middle, packed and
// handed over parcels on the right), hand-over, what waits for somebody, and the printers. UI thread.
#pragma once

#include "desk/papers.h"
#include "desk/shipping_settings.h"
#include "desk/shipping_worker.h"
#include "panels/kept.h"
#include "panels/shipping_handover.h"
#include "panels/shipping_label.h"
#include "panels/shipping_printers.h"
#include "panels/shipping_scanner.h"
#include "panels/shipping_troubles.h"
#include "panels/trouble.h"
#include "shipping/handover.h"
#include "shipping/packing.h"

namespace sealdesk::panels {

class ShippingPanel {
public:
    void draw(desk::Desk& desk);
    Scanner& scanner() { return scanner_; }

private:
    struct Parcels {
        std::vector<shipping::Proposal> proposals;
        std::vector<shipping::Refunded> refunded;
        std::vector<shipping::Shipment> packed, out;  // out: handed over today
        desk::ShippingSettings settings;
    };
    // What a scan turned out to be.
    struct Found {
        shipping::Scanned scanned;
        std::optional<Error> error;
    };
    enum class Tab { pack, hand_over, troubles, printers };
    enum class Places { open, apart, together };  // of a payment that has several: what the person chose
    // What a verb did: a sentence, and what went wrong behind it.
    struct Done {
        std::string sentence;
        std::optional<Error> error;
        std::int64_t shipment = 0;  // shown next; 0: the next proposal
    };

    void ask(desk::Desk& desk);
    void settle();
    void take_result(desk::Desk& desk);
    void draw_tabs(desk::Desk& desk);
    void pack(desk::Desk& desk, const shipping::Proposal& proposal);
    void wait_for_the_rest(desk::Desk& desk, const shipping::Proposal& proposal);
    void take_scans(desk::Desk& desk);
    void take(desk::Desk& desk, const Found& found);
    bool is_of_roll(const shipping::Proposal& proposal, const std::string& number) const;
    void take_key(desk::Desk& desk, const shipping::Scanned& scanned);
    void open(const shipping::Scanned& scanned);
    void choose(const shipping::Proposal& proposal);
    void read_keys(desk::Desk& desk);
    void take_read_keys(desk::Desk& desk);
    void ticked(desk::Desk& desk, shipping::Check::Verdict verdict, const std::string& serial);
    std::vector<shipping::Content> contents(const shipping::Proposal& proposal) const;
    // What the parcel would go without, as it is to be put together.
    const std::string& waits(const shipping::Proposal& proposal) const;
    std::string open_choice(const shipping::Proposal& proposal) const;
    std::string why_not_pack(const desk::Desk& desk, const shipping::Proposal& proposal);
    ImGuiKeyChord key(ImGuiKeyChord chord) const { return scanner_.quiet() ? 0 : chord; }
    void reprint(desk::Desk& desk, const shipping::Shipment& packed);
    void print_due(desk::Desk& desk, std::int64_t id);
    void hand_over(desk::Desk& desk, std::int64_t id);
    void hand_over_all(desk::Desk& desk);
    void unpack(desk::Desk& desk, const shipping::Shipment& packed);
    const shipping::Proposal* proposal() const;
    const shipping::Shipment* shipment() const;
    std::string shown() const;  // the parcel in the middle; "": none
    std::string why_not(const desk::Desk& desk) const;

    void draw_proposals(desk::Desk& desk);
    void draw_refunded(const std::vector<shipping::Refunded>& list);
    void draw_places(const shipping::Proposal& proposal);
    void draw_parcel(desk::Desk& desk);
    void draw_proposal(desk::Desk& desk, const shipping::Proposal& proposal);
    void draw_shipment(desk::Desk& desk, const shipping::Shipment& shipment);
    void draw_out(desk::Desk& desk);
    void draw_said();
    void draw_contents(const std::vector<shipping::Content>& contents, bool checking) const;

    Kept<Parcels> parcels_;
    std::string chosen_;       // first order of the chosen proposal, "" when a packed one is shown
    bool into_view_ = false;   // the list scrolls to it
    std::int64_t packed_ = 0;  // id of the shown parcel
    std::string opened_;       // what an order's, payment's or waybill's code opened, as shown() names it
    std::string waybill_;
    shipping::NumberFrom number_;
    CourierChoice courier_;  // of waybill_
    LabelCard label_;
    Places places_ = Places::open;
    shipping::Check check_;
    std::string check_of_;  // what check_ is for
    std::string reason_;    // of a reprint
    Tab tab_ = Tab::pack;
    Scanner scanner_;
    jobs::Async<Found> finding_;
    jobs::Async<Result<std::vector<shipping::Scanned>>> reading_;
    HandOverPane hand_over_;
    ShippingTroubles troubles_;
    PrintersPane printers_;
    jobs::Async<Done> working_;
    std::string said_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
