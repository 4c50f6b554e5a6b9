// Pages of one package as textures: asks the sandboxed decoder in jobs, hands finished pixels to the graphics card, and
// forgets what belongs to a package that is no longer shown. Owned by PageViewer, UI thread only.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "desk/desk.h"
#include "panels/kit/pictures.h"

namespace sealdesk::panels {

// Shrink at which a page is kept as a whole: 1, more when it would not fit on the graphics card or take too much of it.
int full_shrink(const scans::Page& page, int largest_side = 8192);
// A quarter of that: there at once.
inline int rough_shrink(const scans::Page& page) { return full_shrink(page) * 4; }
constexpr int kThumbShrink = 8;

class PagePictures {
public:
    // `key` tells packages apart (their SHA-256). What is still being decoded for the package before is dropped.
    void use(std::string key, std::shared_ptr<const scans::Package> package);
    void clear() { use({}, {}); }
    // Takes finished jobs; once a frame, before the others.
    void poll();
    // The texture, or ImTextureID_Invalid: then it is asked for. At most two are decoded at once, so the calls of a
    // frame come in the order of what is needed first.
    ImTextureID want(desk::Desk& desk, size_t page, int shrink);
    // The best there is of a page: a quarter at once, then the whole page in its place.
    ImTextureID best(desk::Desk& desk, size_t page);
    // Pixels that were decoded ahead.
    void give(size_t page, int shrink, const scans::Pixels& pixels);
    // Why the page cannot be shown; nullptr when it can, or is not known yet.
    const std::string* trouble(size_t page) const;
    bool busy() const { return !pending_.empty(); }

private:
    struct Pending {
        std::string key;
        size_t page = 0;
        jobs::Async<Result<scans::Pixels>> job;
    };
    std::string key_of(size_t page, int shrink) const;

    std::string key_;
    std::shared_ptr<const scans::Package> package_;
    std::shared_ptr<std::atomic<bool>> dropped_;
    std::vector<std::unique_ptr<Pending>> pending_;
    std::map<size_t, std::string> troubles_;
};

}  // namespace sealdesk::panels
