// Crops of faulted pages as textures: made when the reviewer draws one, made again from the package after a restart.
// Owned by ReviewItems, UI thread only; decoding runs in jobs.
#pragma once

#include <imgui.h>

#include <map>
#include <optional>
#include <set>
#include <string>

#include "desk/desk.h"
#include "review/items.h"
#include "scans/crop_picture.h"

namespace sealdesk::panels {

class CropPictures {
public:
    struct Shown {
        ImTextureID texture = ImTextureID_Invalid;
        float width = 0, height = 0;  // px of the picture
    };
    // What the PNG of the fault shows; nothing while it is being decoded, or when it cannot be.
    std::optional<Shown> show(desk::Desk& desk, const std::string& package_sha256, const review::Fault& fault);
    // One that was cut out just now.
    void put(const std::string& package_sha256, const review::Crop& crop, const scans::Pixels& pixels);

private:
    void follow(const std::string& package_sha256);
    struct Made {
        std::string key;
        Result<scans::CropPicture> picture;
    };
    jobs::Async<Made> making_;
    std::map<std::string, scans::Pixels> kept_;  // some, should the graphics card need them again
    std::string package_;                        // that they are of
    std::set<std::string> failed_;
};

}  // namespace sealdesk::panels
