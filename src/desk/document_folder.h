// Where a desk writes its documents, and the fonts that it writes them with: found when the first document wants them (which
// takes longer than the document), then kept for all that follow. Copies share them. Any thread.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "reports/fonts.h"

namespace sealdesk::desk {

class DocumentFolder {
public:
    DocumentFolder(std::filesystem::path path);  // a path alone does for whoever writes one document
    operator const std::filesystem::path&() const { return path_; }
    std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

    // Unavailable when no font for documents is installed; asked again, it looks again.
    Result<std::shared_ptr<const reports::Fonts>> fonts() const;

private:
    struct Kept;
    std::filesystem::path path_;
    std::shared_ptr<Kept> kept_;
};

}  // namespace sealdesk::desk
