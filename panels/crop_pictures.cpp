#include "panels/crop_pictures.h"

#include <fmt/format.h>

#include "desk/crops.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

static std::string key_of(const std::string& package_sha256, const review::Crop& crop) {
    const auto& a = crop.area;
    const auto& e = crop.ellipse;
    return fmt::format("crop/{}/{}/{:.5f},{:.5f},{:.5f},{:.5f}/{:.5f},{:.5f},{:.5f},{:.5f}", package_sha256, crop.page, a.x, a.y,
                       a.width, a.height, e.x, e.y, e.width, e.height);
}

void CropPictures::put(const std::string& package_sha256, const review::Crop& crop, const scans::Pixels& pixels) {
    follow(package_sha256);
    const std::string key = key_of(package_sha256, crop);
    kept_[key] = pixels;
    failed_.erase(key);
}

void CropPictures::follow(const std::string& package_sha256) {
    if (package_ == package_sha256) return;
    package_ = package_sha256;
    making_.clear();
    kept_.clear();
    failed_.clear();
}

std::optional<CropPictures::Shown> CropPictures::show(desk::Desk& desk, const std::string& package_sha256,
                                                      const review::Fault& fault) {
    if (fault.crop.page == 0) return std::nullopt;
    follow(package_sha256);
    if (making_.arrived()) {
        auto& made = *making_.ready();
        if (made.picture)
            kept_[made.key] = made.picture->pixels;
        else
            failed_.insert(made.key);
    }
    const std::string key = key_of(package_sha256, fault.crop);
    auto* pictures = kit::frame().pictures;
    if (const auto found = kept_.find(key); found != kept_.end() && pictures != nullptr) {
        const auto& pixels = found->second;
        ImTextureID texture = pictures->find(key);
        if (texture == ImTextureID_Invalid) texture = pictures->show(key, pixels.width(), pixels.height(), pixels.rgba());
        return Shown{texture, static_cast<float>(pixels.width()), static_cast<float>(pixels.height())};
    }
    if (!making_.running() && !failed_.contains(key))
        making_.start(desk.jobs(), [&scanbox = desk.scanbox(), packages = desk.packages(), package_sha256, key, fault]() -> Made {
            auto picture = desk::picture_of(scanbox, packages, package_sha256, fault.crop);
            // Shown is what the applicant will see, or nothing.
            if (picture && picture->png != fault.picture)
                picture = fail(ErrorKind::corrupt, {}, "another picture than the one that is kept");
            return {key, std::move(picture)};
        });
    return std::nullopt;
}

}  // namespace sealdesk::panels
