#include "desk/crops.h"

#include "base/translate.h"

namespace sealdesk::desk {

static scans::Share part(const review::Area& area) { return {area.x, area.y, area.width, area.height}; }

Result<scans::CropPicture> picture_of(const scans::Scanbox& scanbox, const scans::Package& package, const review::Crop& crop) {
    if (crop.page < 1 || static_cast<size_t>(crop.page) > package.pages.size())
        return refused(trf("材料包没有第 {} 页", crop.page));
    SEALDESK_LET(pixels, scanbox.render(package, package.pages[static_cast<size_t>(crop.page) - 1]));
    return scans::cut_out(pixels, part(crop.area), part(crop.ellipse));
}

Result<scans::CropPicture> picture_of(const scans::Scanbox& scanbox, const scans::PackageStore& packages,
                                      const std::string& package_sha256, const review::Crop& crop) {
    SEALDESK_LET(path, packages.path_of(package_sha256));
    SEALDESK_LET(package, scanbox.open(path));
    return picture_of(scanbox, package, crop);
}

}  // namespace sealdesk::desk
