// SealProof: the seal of an order before it is made, drawn from the approved text and lifted from the scan of the impression
// sheet, side by side; the officer says of which shape and size it is, or on which page, and takes one of them. A pane that a
// panel places. UI thread; drawing, lifting and the store are asked in jobs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/impression_sheet.h"
#include "desk/seal_pictures.h"
#include "orders/order.h"
#include "panels/back_office_ids.h"
#include "panels/kept.h"
#include "panels/trouble.h"
#include "scans/scanbox.h"
#include "seals/seals.h"

namespace sealdesk::panels {

class SealProof {
public:
    // The order whose seal is looked at: from the beginning when it is another one, or was corrected meanwhile. Its impression
    // sheet is looked for among its papers, unless a page is given; without one only the drawn seal is shown.
    void open(const orders::Order& order, std::shared_ptr<const scans::Package> package = {}, size_t page = 0);
    // Fills what is left of the pane. Nothing before open(). True in the frame in which a picture was taken.
    bool draw(desk::Desk& desk);
    bool busy() { return sheet_.running() || drawing_.running() || lifting_.running() || taking_.running(); }

private:
    struct Drawn {
        seals::Impression impression;
        seals::SealPicture picture;
        std::string description;
    };
    struct Found {
        desk::LiftedFrom from;
        seals::SealText as;  // of those that were looked for
        std::string title;
    };
    seals::SealText text() const;
    std::vector<desk::WantedSeal> on_sheet() const;
    void ask(desk::Desk& desk);
    bool take_answers(desk::Desk& desk);
    void take_measured(const Found& found);
    void take(desk::Desk& desk, const seals::SealPicture& picture, seals::PictureSource source, const std::string& description);
    std::string why_not(const desk::Desk& desk);
    void draw_shapes(float width);
    void draw_drawn(desk::Desk& desk, const std::string& reason);
    void draw_pages();
    void draw_lifted(desk::Desk& desk, const std::string& reason);

    std::string order_no_;
    int revision_ = 0;
    orders::Subject subject_;
    std::shared_ptr<const scans::Package> package_;
    std::optional<size_t> page_;                // that is lifted from; nothing: none is known as the sheet, none chosen
    bool chosen_ = false;                       // shape or size by a person; else those of the sheet are taken
    size_t shape_ = 0;                          // of a unit's seal, in the order of the choices
    std::string width_ = "20", height_ = "20";  // mm, of a person's
    size_t ending_ = 0;                         // of a person's, in the order of the choices
    std::string centre_, number_, asked_text_, asked_seal_;
    Kept<desk::ImpressionSheet> sheet_;
    jobs::Async<Result<Drawn>> drawing_;
    jobs::Async<Result<Found>> lifting_;
    jobs::Async<Result<>> taking_;
    Kept<std::optional<seals::AcceptedPicture>> accepted_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
