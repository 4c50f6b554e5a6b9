// What can still be put right about a packed parcel's label: another address, by which the printed label becomes stale, or
// another number, by which it is voided. Below the parcel in the shipping panel; UI thread.
#pragma once

#include <optional>

#include "desk/desk.h"
#include "panels/shipping_courier.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

class LabelCard {
public:
    // Nothing for what is out of the house or picked up. `off`: why nothing can be done just now.
    void draw(desk::Desk& desk, const shipping::Shipment& parcel, const std::string& off);

private:
    enum class Open { nothing, place, number };
    struct Done {
        std::string sentence;
        std::optional<Error> error;
    };
    void take_result(desk::Desk& desk);
    void draw_place(desk::Desk& desk, const shipping::Shipment& parcel, const std::string& off);
    void draw_number(desk::Desk& desk, const shipping::Shipment& parcel, const std::string& off);
    template <class Job>
    void start(desk::Desk& desk, Job job);

    std::int64_t of_ = 0;  // the parcel whose values stand in the fields
    Open open_ = Open::nothing;
    orders::Delivery place_;
    shipping::NumberFrom from_;
    bool asked_courier_ = false;  // for what is typed, in the frame before
    std::string typed_, reason_;
    CourierChoice courier_;
    jobs::Async<Done> working_;
    std::string said_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
