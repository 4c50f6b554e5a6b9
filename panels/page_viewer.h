// The right of the review bench: pages of the applicant's package, large, with zoom, pan and rotation, and a strip of all
// pages. How a page is looked at is view state; the package is never touched. Opening one is logged. Owned by ReviewPanel,
// UI thread only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "panels/page_ahead.h"
#include "panels/page_compare.h"
#include "panels/page_crop.h"
#include "panels/page_detail.h"
#include "panels/page_found.h"
#include "panels/page_package.h"
#include "panels/page_password.h"
#include "panels/page_save.h"
#include "panels/page_view.h"

namespace sealdesk::panels {

class PageViewer {
public:
    using Subject = PageSubject;
    void draw(desk::Desk& desk, const std::optional<Subject>& subject);
    // Turns to a page of what is shown, from 1; nothing when there is no such page.
    void show_page(int number) {
        if (number >= 1 && static_cast<size_t>(number) <= current_.count()) turn_to(static_cast<size_t>(number) - 1);
    }
    // Turns to where that value of the form stands, if it was read somewhere; again for the same value: to its next place.
    void show_value(desk::Desk& desk, const std::string& value) { found_.look_for(desk, current_, value); }
    // Lets the person mark a part of a page for the applicant; take_crop() gives it once, Esc leaves.
    void begin_crop() { crop_.begin(); }
    bool cropping() const { return crop_.active(); }
    std::optional<PageMark> take_crop();
    // What is shown, with the password that opened it; null when nothing is.
    const std::shared_ptr<const scans::Package>& package() const { return current_.package(); }
    // Marks that were made before: drawn on their pages.
    void show_marks(std::vector<PageMark> marks) { marks_ = std::move(marks); }
    // The submission before, of the same order, to compare with; nothing: there is none. The same every frame costs nothing.
    void compare(const std::optional<Subject>& previous) { compare_.wish(previous); }
    void recall(const desk::Memory& memory);
    void remember(desk::Memory& memory) const;

private:
    // A page and where it is shown.
    struct Pane {
        PagePackage* package = nullptr;
        std::optional<size_t> page;  // nothing: that submission has no such page
        Room room;
        int turns = 0;
        std::string label;  // drawn above it
        bool unchanged = false;
    };
    void follow(desk::Desk& desk, const std::optional<Subject>& subject);
    void turn_to(size_t page);
    std::string kind_of(size_t page) const;
    void draw_bar();
    void draw_canvas(desk::Desk& desk);
    void draw_pages(desk::Desk& desk);
    void draw_contents(desk::Desk& desk);
    void draw_away();
    void draw_pane(desk::Desk& desk, const Pane& pane);
    std::vector<Pane> panes(desk::Desk& desk, const Room& room);
    int turns_of(size_t page) const;

    PagePackage current_;
    PageAhead ahead_;
    PageCompare compare_;
    PagePassword password_;
    PageCrop crop_;
    std::vector<PageMark> marks_;
    PageFound found_;
    PageSave save_;
    PageDetail detail_;

    size_t page_ = 0;
    PageView view_;
    std::map<size_t, int> turns_;                   // quarter turns clockwise of a page
    std::map<std::string, PageView::State> kinds_;  // how each kind of paper was looked at last
    bool fit_width_ = false;                        // what was chosen last, for a kind that is new
    bool double_ = false;                           // two pages side by side
    bool detached_ = false;                         // shown in a window of its own
    std::array<int, 4> window_{};                   // where that window was, px on the desktop; width 0: not known
    float bar_keys_ = 0;                            // width of the bar's keys, px, in the frame before
    bool inverted_ = false, contrast_ = false;      // while their keys are down
    // How the package was looked at before the restart.
    struct Left {
        std::string sha256;  // "": nothing
        size_t page = 0;
        PageView::State state;
        std::map<size_t, int> turns;
    };
    Left left_;
};

}  // namespace sealdesk::panels
