// ShippingPanel 发货: what can be packed on the left, the chosen parcel in the middle, packed and handed over parcels on
// the right. UI thread.
#pragma once

#include "desk/documents.h"
#include "panels/kept.h"
#include "panels/trouble.h"
#include "shipping/shipping.h"

namespace sealdesk::panels {

class ShippingPanel {
public:
    void draw(desk::Desk& desk);

private:
    struct Parcels {
        std::vector<shipping::Proposal> proposals;
        std::vector<shipping::Shipment> packed, out;  // out: handed over today
    };
    // What a verb did: a sentence, and what went wrong behind it.
    struct Done {
        std::string sentence;
        std::optional<Error> error;
        std::int64_t shipment = 0;  // shown next; 0: the next proposal
    };

    void ask(desk::Desk& desk);
    void settle();
    void take_result(desk::Desk& desk);
    void pack(desk::Desk& desk, const shipping::Proposal& proposal);
    void reprint(desk::Desk& desk, std::int64_t id);
    void hand_over(desk::Desk& desk, const std::vector<std::int64_t>& ids);
    const shipping::Proposal* proposal() const;
    const shipping::Shipment* shipment() const;
    std::string why_not(const desk::Desk& desk) const;

    void draw_proposals(desk::Desk& desk);
    void draw_parcel(desk::Desk& desk);
    void draw_proposal(desk::Desk& desk, const shipping::Proposal& proposal);
    void draw_shipment(desk::Desk& desk, const shipping::Shipment& shipment);
    void draw_out(desk::Desk& desk);
    void draw_said();

    Kept<Parcels> parcels_;
    std::string chosen_;       // first order of the chosen proposal, "" when a packed one is shown
    std::int64_t packed_ = 0;  // id of the shown parcel
    std::string waybill_;
    jobs::Async<Done> working_;
    std::string said_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
