// A reviewer's crop as a picture, through the sandboxed decoder. Tenths of a second, so never on the UI thread.
#pragma once

#include "review/crop.h"
#include "scans/crop_picture.h"
#include "scans/package_store.h"

namespace sealdesk::desk {

// Corrupt when the page cannot be decoded, refused when the package has no such page.
Result<scans::CropPicture> picture_of(const scans::Scanbox& scanbox, const scans::Package& package, const review::Crop& crop);
// Opens the stored package first: a draft of before a restart. Not for an archive that needs a password.
Result<scans::CropPicture> picture_of(const scans::Scanbox& scanbox, const scans::PackageStore& packages,
                                      const std::string& package_sha256, const review::Crop& crop);

}  // namespace sealdesk::desk
