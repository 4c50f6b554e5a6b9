// SealProof: the seal of an order before it is made, drawn from the approved text and lifted from the scan of the impression
// sheet, side by side; the officer takes one of them. A pane that a panel places. UI thread; drawing, lifting and the store
// are asked in jobs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "orders/order.h"
#include "panels/kept.h"
#include "panels/trouble.h"
#include "scans/scanbox.h"
#include "seals/lifting.h"
#include "seals/seals.h"

namespace sealdesk::panels {

namespace ids {
inline constexpr const char* kSealCentre = "seal.centre";
inline constexpr const char* kSealNumber = "seal.number";
inline constexpr const char* kSealDrawn = "seal.take_drawn";
inline constexpr const char* kSealLifted = "seal.take_lifted";
}  // namespace ids

class SealProof {
public:
    // The order whose seal is looked at, and the page of its impression sheet; without a package only the drawn one is shown.
    void open(const std::string& order_no, const orders::Subject& subject, std::shared_ptr<const scans::Package> package = {},
              size_t page = 0);
    // Fills what is left of the pane. Nothing before open().
    void draw(desk::Desk& desk);
    bool busy() { return drawing_.running() || lifting_.running() || taking_.running(); }

private:
    struct Drawn {
        seals::Impression impression;
        seals::SealPicture picture;
        std::string description;
    };
    struct Found {
        seals::Lifted seal;
        scans::Pixels page;  // where it was lifted from
        seals::SealPicture picture;
        std::string title;
    };
    seals::SealText text() const;
    void ask(desk::Desk& desk);
    void take_answers(desk::Desk& desk);
    void take(desk::Desk& desk, const seals::SealPicture& picture, seals::PictureSource source, const std::string& description);
    std::string why_not(const desk::Desk& desk);
    void draw_drawn(desk::Desk& desk, const std::string& reason);
    void draw_lifted(desk::Desk& desk, const std::string& reason);

    std::string order_no_;
    orders::Subject subject_;
    std::shared_ptr<const scans::Package> package_;
    size_t page_ = 0;
    std::string centre_, number_, asked_text_;
    bool lift_asked_ = false;
    jobs::Async<Result<Drawn>> drawing_;
    jobs::Async<Result<Found>> lifting_;
    jobs::Async<Result<>> taking_;
    Kept<std::optional<seals::AcceptedPicture>> accepted_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
