#include "desk/document_folder.h"

#include <mutex>
#include <utility>

namespace sealdesk::desk {

struct DocumentFolder::Kept {
    std::mutex mutex;
    std::shared_ptr<const reports::Fonts> fonts;
};

DocumentFolder::DocumentFolder(std::filesystem::path path) : path_(std::move(path)), kept_(std::make_shared<Kept>()) {}

Result<std::shared_ptr<const reports::Fonts>> DocumentFolder::fonts() const {
    const std::lock_guard lock(kept_->mutex);
    if (!kept_->fonts) {
        SEALDESK_LET(found, reports::Fonts::find());
        kept_->fonts = std::make_shared<const reports::Fonts>(std::move(found));
    }
    return kept_->fonts;
}

}  // namespace sealdesk::desk
