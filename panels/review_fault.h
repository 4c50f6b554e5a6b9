// What is wrong with one item of the checklist: reasons by digit, their blanks, a note, a crop of the page. Owned by
// ReviewItems, UI thread only.
#pragma once

#include <string>
#include <vector>

#include "panels/crop_pictures.h"

namespace sealdesk::panels {

// What is written so far; a blank that is still empty stays in sight as it stands in the file.
std::string sentence_so_far(const review::Cited& cited);

class ReviewFault {
public:
    struct Wish {
        bool changed = false;  // of the fault; it is written to `item`
        bool crop = false;     // a part of the page is to be cut out
        bool leave = false;    // back to the order as a whole
    };
    // `item` is faulted by the first reason that is chosen. `refused`: why it could not be kept, "" when it could.
    Wish draw(desk::Desk& desk, const orders::DeskOrder& order, review::Item& item, const std::string& refused,
              CropPictures& pictures);

private:
    bool draw_reasons(const std::vector<review::Reason>& reasons, review::Item& item);
    bool draw_blanks(review::Item& item);
    bool draw_crop(desk::Desk& desk, const orders::DeskOrder& order, review::Item& item, CropPictures& pictures, Wish& wish);

    std::string focus_;  // blank that takes the keyboard in the next frame: its control's name
};

}  // namespace sealdesk::panels
