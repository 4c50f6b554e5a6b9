// A part of a page with an ellipse around what is wrong on it, drawn with the mouse for the applicant to see: first the part,
// then the ellipse inside it. Places are shares of the page as it was decoded, whatever way the view is turned. Owned by
// PageViewer, UI thread only.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "panels/page_view.h"

namespace sealdesk::panels {

struct PageMark {
    int page = 0;             // of the package, from 1
    std::string file_sha256;  // of the file in the package that the page comes from,
    int page_in_file = 0;     // and its page there, from 0
    PageBox area, ellipse;    // what is cut out, and what the ellipse touches on its four sides
    bool operator==(const PageMark&) const = default;
};

class PageCrop {
public:
    void begin() { *this = PageCrop(), step_ = Step::area; }
    void cancel() { *this = PageCrop(); }
    bool active() const { return step_ != Step::off; }
    // The page that is being marked, from 0, once the part is drawn.
    std::optional<size_t> page() const { return active() && !empty(area_) ? std::optional(page_) : std::nullopt; }

    // For the item that was drawn last, which covers the page.
    void move(const PagePlace& place, size_t page);
    void draw(ImDrawList* draw, const PagePlace& place, size_t page) const;
    // What to do now, with the buttons that end it; they stand at the bottom of the room.
    void draw_buttons(const Room& room);
    // Area and ellipse once the person is content, with the page from 0; the tool is off then.
    struct Made {
        size_t page = 0;
        PageBox area, ellipse;
    };
    std::optional<Made> take() { return std::exchange(made_, std::nullopt); }

private:
    enum class Step { off, area, ellipse };
    static bool empty(const PageBox& box) { return !(box.width > 0 && box.height > 0); }
    Step step_ = Step::off;
    size_t page_ = 0;
    std::optional<std::array<double, 2>> from_;  // where the drag began
    bool around_ = false;                        // the drag is the ellipse's
    PageBox area_, ellipse_;
    std::optional<Made> made_;
};

// Marks that were made before, on their page.
void draw_mark(ImDrawList* draw, const PagePlace& place, const PageBox& area, const PageBox& ellipse);

}  // namespace sealdesk::panels
