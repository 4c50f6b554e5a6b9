// The submission before, beside the one on the bench: opened quietly to tell which pages are unchanged, logged before a page
// of it is seen. Owned by PageViewer, UI thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "panels/page_package.h"
#include "scans/pairing.h"

namespace sealdesk::panels {

class PageCompare {
public:
    // off: only the new page. side_by_side: old left, new right. blinking: in one place, in turns.
    enum class Mode { off, side_by_side, blinking };

    // What to compare with; nothing: there is no submission before.
    void wish(const std::optional<PageSubject>& previous) { wished_ = previous; }
    // Once a frame, with what is on the bench.
    void follow(desk::Desk& desk, PagePackage& current);

    Mode mode() const { return there() ? mode_ : Mode::off; }
    void next_mode() {
        mode_ = mode_ == Mode::off ? Mode::side_by_side : mode_ == Mode::side_by_side ? Mode::blinking : Mode::off;
    }
    // While its key is down the old page stands in the place of the new one.
    void hold_earlier(bool down) { held_ = down; }
    // Whether the old page is the one to draw where only one is drawn.
    bool earlier_now() const;
    // Both packages are here.
    bool there() const { return !pairs_.empty(); }
    // Asks for the old pages to be seen; false until that is logged.
    bool reveal(desk::Desk& desk) { return previous_.reveal(desk); }

    PagePackage& previous() { return previous_; }
    scans::PagePair pair_of(size_t page) const { return page < pairs_.size() ? pairs_[page] : scans::PagePair{}; }
    const std::vector<bool>* unchanged() const { return there() ? &unchanged_ : nullptr; }
    static std::string label_of(const PageSubject& subject);

private:
    std::optional<PageSubject> wished_;
    PagePackage previous_;
    Mode mode_ = Mode::off;
    bool held_ = false;
    const scans::Package *paired_now_ = nullptr, *paired_before_ = nullptr;  // what pairs_ was made of
    std::vector<scans::PagePair> pairs_;                                     // by page of the current package
    std::vector<bool> unchanged_;
};

}  // namespace sealdesk::panels
