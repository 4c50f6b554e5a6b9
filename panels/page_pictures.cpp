#include "panels/page_pictures.h"

#include <algorithm>

#include "base/translate.h"
#include "panels/kit/frame.h"

namespace sealdesk::panels {

int full_shrink(const scans::Page& page, int largest_side) {
    constexpr std::int64_t kPixels = 24'000'000;  // an A4 page of 600 dpi would be 35 million
    const int side = std::min(largest_side, 8192);
    int shrink = 1;
    while (std::int64_t{page.width / shrink} * (page.height / shrink) > kPixels || page.width / shrink > side ||
           page.height / shrink > side)
        shrink *= 2;
    return shrink;
}

void PagePictures::use(std::string key, std::shared_ptr<const scans::Package> package) {
    if (dropped_) *dropped_ = true;  // what waits in the pool ends at once
    dropped_ = std::make_shared<std::atomic<bool>>(false);
    pending_.clear();
    troubles_.clear();
    key_ = std::move(key);
    package_ = std::move(package);
}

std::string PagePictures::key_of(size_t page, int shrink) const {
    return key_ + "/" + std::to_string(page) + "@" + std::to_string(shrink);
}

void PagePictures::poll() {
    std::erase_if(pending_, [this](const std::unique_ptr<Pending>& each) {
        if (!each->job.arrived()) return false;
        const auto& answer = *each->job.ready();
        if (!answer)
            troubles_[each->page] = answer.error().message;
        else if (auto* pictures = kit::frame().pictures)
            if (pictures->show(each->key, answer->width(), answer->height(), answer->rgba()) == ImTextureID_Invalid)
                troubles_[each->page] = tr("显卡放不下这一页");
        return true;
    });
}

ImTextureID PagePictures::want(desk::Desk& desk, size_t page, int shrink) {
    auto* pictures = kit::frame().pictures;
    if (!pictures || !package_ || page >= package_->pages.size()) return ImTextureID_Invalid;
    const std::string key = key_of(page, shrink);
    if (const ImTextureID found = pictures->find(key); found != ImTextureID_Invalid) return found;
    if (pending_.size() >= 2 || troubles_.contains(page)) return ImTextureID_Invalid;
    if (std::any_of(pending_.begin(), pending_.end(), [&](const auto& each) { return each->key == key; }))
        return ImTextureID_Invalid;
    auto pending = std::make_unique<Pending>();
    pending->key = key;
    pending->page = page;
    pending->job.start(desk.jobs(),
                       [&box = desk.scanbox(), package = package_, dropped = dropped_, page, shrink]() -> Result<scans::Pixels> {
                           if (*dropped) return fail(ErrorKind::unavailable, "", "dropped");
                           return box.render(*package, package->pages[page], shrink);
                       });
    pending_.push_back(std::move(pending));
    return ImTextureID_Invalid;
}

ImTextureID PagePictures::best(desk::Desk& desk, size_t page) {
    if (!package_ || page >= package_->pages.size() || !kit::frame().pictures) return ImTextureID_Invalid;
    constexpr int kMostShrink = 64;  // what the decoder gives
    const int full = full_shrink(package_->pages[page], kit::frame().pictures->largest_side());
    const ImTextureID rough = want(desk, page, std::min(full * 4, kMostShrink));
    const ImTextureID fine = rough == ImTextureID_Invalid ? rough : want(desk, page, full);
    return fine != ImTextureID_Invalid ? fine : rough;
}

void PagePictures::give(size_t page, int shrink, const scans::Pixels& pixels) {
    if (auto* pictures = kit::frame().pictures; pictures && pixels.width() > 0)
        pictures->show(key_of(page, shrink), pixels.width(), pixels.height(), pixels.rgba());
}

const std::string* PagePictures::trouble(size_t page) const {
    const auto found = troubles_.find(page);
    return found == troubles_.end() ? nullptr : &found->second;
}

}  // namespace sealdesk::panels
