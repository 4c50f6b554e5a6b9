// What the applicant will read when the order is sent back now, line by line with the pictures. Owned by ReviewForm, UI
// thread only.
#pragma once

#include <string>
#include <vector>

#include "panels/crop_pictures.h"

namespace sealdesk::panels {

class ReviewPreview {
public:
    void open() { open_ = true; }
    // Draws nothing until opened. The lines are made by the same function as those of the act.
    void draw(desk::Desk& desk, const orders::DeskOrder& order, const std::vector<review::Item>& items,
              const std::vector<review::Reason>& reasons, const std::string& note, CropPictures& pictures);

private:
    bool open_ = false;
};

}  // namespace sealdesk::panels
