// The checklist of the order on the bench, item by item: open, accepted or faulted, with keys for each. What is said about
// an item is kept at once, one save at a time. Owned by ReviewForm, UI thread only.
#pragma once

#include <string>
#include <vector>

#include "panels/review_fault.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

// Something that was said and is not in the database yet.
struct ItemEdit {
    std::string item;
    review::ItemVerdict verdict = review::ItemVerdict::open;
    review::Fault fault;
};
// Runs in a job: all of them, in their order.
Result<review::Items> save_items(storage::Database& database, const staff::Actor& actor, const review::Seen& seen,
                                 const std::vector<review::ItemWanted>& wanted, const std::vector<ItemEdit>& edits);

class ReviewItems {
public:
    // Once a frame. `deciding`: the reviewer holds the order.
    void follow(desk::Desk& desk, const orders::DeskOrder& order, bool deciding);
    // One line until an item is chosen or something was said about one; then the list. Returns the page that shows the item, from
    // 1; 0: none.
    int draw(bool deciding);
    // What is wrong with the chosen item, in the place of the reasons for the whole order; nothing when none is chosen.
    bool chosen() const;
    void leave() { chosen_.clear(); }
    void draw_chosen(desk::Desk& desk, const orders::DeskOrder& order);
    void draw_trouble();

    // For the verb that decides: what it has to save first, and whether a save is still on its way.
    bool saving() { return saving_.running(); }
    std::vector<ItemEdit> unsaved() const { return unsaved_; }
    const std::vector<review::ItemWanted>& wanted() const { return wanted_; }
    const std::vector<review::Item>& list() const { return items_.list; }
    CropPictures& pictures() { return pictures_; }
    // The verb has run: what was said up to it is in the database, or is what the verb refused.
    void reload() { asked_generation_ = 0; }

    // A part of a page is to be marked in the viewer; once for each wish. `cropping`: the viewer is at it.
    bool wants_crop(bool cropping);
    void cut(desk::Desk& desk, const orders::DeskOrder& order, const review::Crop& crop,
             std::shared_ptr<const scans::Package> package);

private:
    struct Cut {
        std::string item;
        review::Crop crop;
        Result<scans::CropPicture> picture;
    };
    review::Item* find(const std::string& code);
    void take(desk::Desk& desk, const orders::DeskOrder& order);
    void save(desk::Desk& desk, const orders::DeskOrder& order);
    void say(const review::Item& item);
    void set(review::Item& item, review::ItemVerdict verdict);
    int choose(int step);
    void choose_next_open();
    void draw_keys(bool deciding, int& page);
    bool in_use() const;
    void draw_head(bool deciding, bool shown);
    void draw_said(const review::Item& item);
    static void draw_fault(const review::Item& item);

    std::string key_;  // of the submission that is shown
    std::vector<review::ItemWanted> wanted_;
    review::Items items_;
    bool loaded_ = false;
    std::uint64_t asked_generation_ = 0;
    jobs::Async<Result<review::Items>> asking_, saving_;
    jobs::Async<Cut> cutting_;
    std::vector<ItemEdit> unsaved_, on_its_way_;
    std::string chosen_, crop_for_, refused_;
    bool wants_crop_ = false, cropping_ = false, scroll_ = false, show_all_ = false;
    ReviewFault fault_;
    CropPictures pictures_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
