// The right of the review bench: one page of the applicant's package, large, with zoom, pan and rotation, and a strip of
// all pages. Rotation and zoom are view state; the package is never touched. Opening one is logged. Owned by
// ReviewPanel, UI thread only.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "panels/page_ahead.h"
#include "panels/page_pictures.h"

namespace sealdesk::panels {

class PageViewer {
public:
    // Whose scans are shown.
    struct Subject {
        std::string order_no;
        int revision = 1;
        std::string sha256, package_name;
        bool operator==(const Subject&) const = default;
    };
    void draw(desk::Desk& desk, const std::optional<Subject>& subject);
    // Turns to a page of what is shown, from 1; nothing when there is no such page.
    void show_page(int number) {
        if (package_ && number >= 1 && static_cast<size_t>(number) <= package_->pages.size())
            turn_to(static_cast<size_t>(number) - 1);
    }
    void recall(const desk::Memory& memory);
    void remember(desk::Memory& memory) const;

private:
    struct Opened {
        std::shared_ptr<const scans::Package> package;  // null: not there, or `error` says why not
        std::optional<Error> error;
    };
    void open(desk::Desk& desk);
    void follow(desk::Desk& desk, const std::optional<Subject>& subject);
    void turn_to(size_t page);
    void draw_bar(desk::Desk& desk);
    void draw_page(desk::Desk& desk);
    void draw_strip(desk::Desk& desk);
    void move_view(ImVec2 centre, float fit);
    bool wants_password() const;
    void draw_password(desk::Desk& desk);
    void draw_watermark(const desk::Desk& desk, ImDrawList* draw, ImVec2 from, ImVec2 to) const;
    ImTextureID best(desk::Desk& desk, size_t page);

    std::optional<Subject> subject_;
    jobs::Async<Opened> opening_;
    std::shared_ptr<const scans::Package> package_;
    std::optional<Error> error_;
    bool missing_ = false;  // still on its way from the portal
    double asked_at_ = 0;
    std::set<std::string> logged_;
    std::string password_;  // that the applicant gave for the archive; forgotten with the order
    bool focus_password_ = false;
    PagePictures pictures_;
    PageAhead ahead_;
    std::optional<PageAhead::Ready> decoded_;  // of this package, before it was on the bench

    size_t page_ = 0;
    float zoom_ = 0;  // screen px for each px of the page; 0: as the window allows
    bool fit_width_ = false;
    float pressed_zoom_ = 1;       // by keys, applied where the page is drawn
    ImVec2 pan_{0, 0};             // of the page's middle from the middle of the view, px
    std::map<size_t, int> turns_;  // quarter turns clockwise
    // How the package was looked at before the restart.
    struct Left {
        std::string sha256;  // "": nothing
        size_t page = 0;
        float zoom = 0;
        ImVec2 pan{0, 0};
        std::map<size_t, int> turns;
    };
    Left left_;
};

}  // namespace sealdesk::panels
