// Items of the checklist, judged one by one: accepted, or faulted with reasons, a note and a crop of a page. Kept in the
// database with every word, so that a half-done review survives a restart and a change of hands. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "review/crop.h"
#include "review/reasons.h"
#include "review/review.h"

namespace sealdesk::review {

// What an order must be held against: a paper of the checklist, or what was filled in.
struct ItemWanted {
    std::string code;   // of the material, or kFormItem
    std::string title;  // 营业执照
    bool required = true;
};
inline constexpr const char* kFormItem = "form";

enum class ItemVerdict { open, accepted, faulted };
const char* name_of(ItemVerdict verdict);

struct Fault {
    std::vector<Cited> reasons;
    std::string note;     // at most 200 characters
    Crop crop;            // page 0: none
    std::string picture;  // the crop as a PNG with the ellipse drawn in: what the applicant sees; at most 256 KB
    bool operator==(const Fault&) const = default;
};

// One line that the applicant reads: about an item of the checklist, or about the order as a whole (item "").
struct Told {
    std::string item, title;  // "licence", 营业执照
    std::string code;         // of the reason; "note" for what the reviewer wrote
    std::string text;
    std::string picture;  // PNG, with the first line of its item
    bool operator==(const Told&) const = default;
};

struct Item {
    ItemWanted wanted;
    ItemVerdict verdict = ItemVerdict::open;
    Fault fault;
    std::string staff;       // who judged it in this submission, "" nobody
    int carried = 0;         // accepted in that earlier submission, and nothing of it has changed; 0: not
    bool changed = false;    // was accepted before, but its pages or the form are others now
    std::vector<int> pages;  // of this package that were recognised as it, from 1
    std::vector<Told> said;  // what the applicant was told about it last time
    int said_page = 0;       // the page of the last package that the crop was of; 0: none
};

struct Items {
    std::vector<Item> list;
    // Somebody has judged one of them, in this submission or an earlier one: then approval needs all required ones.
    bool begun = false;
    int settled() const;  // accepted or faulted
};

// The items of the order's newest submission: what was judged, else what holds from the one before.
Result<Items> items(storage::Database& database, const std::string& no, const std::vector<ItemWanted>& wanted);
// Says what is so with an item of an order that the actor holds; `fault` counts for faulted and may be half-written. Late
// writes are conflicts as in review::approve.
Result<Items> judge(storage::Database& database, const staff::Actor& actor, const Seen& seen,
                    const std::vector<ItemWanted>& wanted, const std::string& item, ItemVerdict verdict, const Fault& fault = {});

// What the applicant reads, line by line: the faulted items in their order, then reasons for the order as a whole, then
// the note. The preview shows this and the act carries this. Refused when a fault says nothing, a blank is empty, or
// there is nothing to say at all.
Result<std::vector<Told>> compose(const std::vector<Item>& items, const std::vector<Reason>& reasons, const std::string& note);

// For the verbs that decide (review_store.cpp), inside their transaction.
Items items_in(storage::Tx& tx, const orders::DeskOrder& order, const std::vector<ItemWanted>& wanted = {});
void keep_items(storage::Tx& tx, const orders::DeskOrder& order, const Items& items);

}  // namespace sealdesk::review
