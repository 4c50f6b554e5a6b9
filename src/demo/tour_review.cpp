// The tour's review bench: queue, scans, undo, rejections with their places, corrections, a portal that goes away.
#include <X11/keysym.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/translate.h"
#include "demo/tour.h"
#include "panels/ids.h"

namespace sealdesk::demo {

namespace ids = panels::ids;

Result<> Tour::orders_arrive() {
    const auto planned_orders = static_cast<std::int64_t>(centre_.plan().orders.size());
    SEALDESK_TRY(until(tr("门户的全部订单"), [&]() -> Result<bool> {
        SEALDESK_LET(here, number("SELECT COUNT(*) FROM orders"));
        return here == planned_orders;
    }));
    SEALDESK_TRY(driver_.click(ids::rail_review));
    return shot("02-queue");
}

// The order on the bench: the one that is held already (also by a window that was killed), else the next.
Result<std::string> Tour::hold_one() {
    const std::string mine = fmt::format(
        "SELECT no FROM orders WHERE claimed_by = '{}' AND state = 'paid' ORDER BY claimed_until DESC LIMIT 1", login_);
    SEALDESK_TRY(driver_.idle());
    SEALDESK_LET(no, text(mine));
    if (no.empty()) {
        SEALDESK_TRY(driver_.press(XK_n));
        SEALDESK_TRY(until(tr("领取到订单"), [&]() -> Result<bool> {
            SEALDESK_LET(claimed, text(mine));
            no = claimed;
            return !no.empty();
        }));
    }
    // A list that loads anew under the pointer puts another row there: look, as a person would, and click again.
    for (int tries = 0;; ++tries) {
        SEALDESK_LET(may_decide, driver_.visible(ids::review_approve));
        SEALDESK_LET(right_one, driver_.says(no));
        if (may_decide && right_one) break;
        if (tries == 10) return fail(ErrorKind::internal, trf("订单 {} 没有打开", no));
        // A window killed a moment after a search opens with what was searched.
        SEALDESK_LET(listed, driver_.visible(ids::review_row(no)));
        if (!listed) SEALDESK_TRY(clear_search());
        SEALDESK_TRY(driver_.click(ids::review_row(no)));
    }
    SEALDESK_TRY(driver_.until_visible(ids::viewer_page, 60));
    return no;
}

Result<> Tour::look_at_scans() {
    SEALDESK_TRY(hold_one());
    SEALDESK_TRY(driver_.idle());
    SEALDESK_TRY(shot("03-review"));
    SEALDESK_TRY(driver_.press(XK_Right));
    for (int i = 0; i < 3; ++i) SEALDESK_TRY(driver_.press(XK_equal));
    SEALDESK_TRY(shot("04-review-zoomed"));
    SEALDESK_TRY(driver_.press(XK_bracketright));
    SEALDESK_TRY(shot("05-review-rotated"));
    SEALDESK_TRY(driver_.press(XK_bracketleft));
    SEALDESK_TRY(driver_.press(XK_f));
    SEALDESK_TRY(driver_.press(XK_question));
    SEALDESK_TRY(shot("06-keys"));
    SEALDESK_TRY(driver_.press(XK_Escape));
    return find_by_initials();
}

// 长 is read zhǎng and cháng: either initial finds the company.
Result<> Tour::find_by_initials() {
    SEALDESK_TRY(driver_.type_into(ids::search, "cgy"));
    SEALDESK_TRY(driver_.until_visible(ids::find_list));
    SEALDESK_TRY(driver_.idle());
    SEALDESK_TRY(shot("06-search"));
    return clear_search();
}

Result<> Tour::clear_search() {
    SEALDESK_TRY(driver_.click(ids::search));
    SEALDESK_TRY(driver_.press(XK_a, true));
    SEALDESK_TRY(driver_.press(XK_BackSpace));
    return driver_.press(XK_Escape);
}

namespace {

// Which of the reasons of data/reasons.toml fits what is wrong with a demo order: digits on the bench.
std::string reasons_for(const Plan::Entry& entry) {
    const auto has = [&](const char* trait) {
        return std::find(entry.traits.begin(), entry.traits.end(), trait) != entry.traits.end();
    };
    if (has("missing_licence")) return "3";
    if (has("missing_seal")) return "4";
    if (has("missing_identity_card")) return "9";
    if (has("wrong_check_digit")) return "17";
    if (has("seal_of_another")) return "27";
    return "7";
}

}  // namespace

Result<> Tour::undo_once() {
    SEALDESK_LET(taken_back, number("SELECT COUNT(*) FROM decisions WHERE undone = 1"));
    if (taken_back > 0) return {};
    // The window to undo in is short, a picture can outlast it on a busy machine: then once more, without one.
    for (int tries = 0; tries < 5; ++tries) {
        SEALDESK_LET(no, hold_one());
        const auto becomes = [&, no](const char* wanted, int seconds) {
            return until(
                trf("订单 {} 变成 {}", no, wanted),
                [&]() -> Result<bool> {
                    SEALDESK_LET(state, text("SELECT state FROM orders WHERE no = '" + no + "'"));
                    return state == wanted;
                },
                seconds);
        };
        SEALDESK_TRY(driver_.press(XK_a));
        SEALDESK_TRY(becomes("approved", 30));
        if (tries == 0) {
            SEALDESK_TRY(driver_.until_visible(ids::undo));
            SEALDESK_TRY(shot("07-undo"));
        }
        SEALDESK_TRY(driver_.press(XK_z));
        if (becomes("paid", 5)) return {};
    }
    return fail(ErrorKind::internal, tr("撤销一次结论，试了五次都没有赶上"));
}

Result<> Tour::review(int most) {
    SEALDESK_TRY(driver_.click(ids::rail_review));
    for (int i = 0; i < most; ++i) {
        SEALDESK_LET(left, number("SELECT COUNT(*) FROM orders WHERE state = 'paid'"));
        if (left == 0) return {};
        SEALDESK_LET(no, hold_one());
        SEALDESK_TRY(review_one(no));
    }
    return {};
}

Result<> Tour::review_one(const std::string& no) {
    const Plan::Entry* entry = planned(no);
    if (entry == nullptr) return fail(ErrorKind::internal, trf("订单 {} 不在演示计划里", no));
    const auto state_is = [this, no](const char* wanted) {
        return [this, no, wanted]() -> Result<bool> {
            SEALDESK_LET(state, text("SELECT state FROM orders WHERE no = '" + no + "'"));
            return state == wanted;
        };
    };
    if (entry->verdict == "refund") {
        // The applicant takes the money back while the reviewer is reading.
        SEALDESK_TRY(centre_.refund(no));
        SEALDESK_TRY(until(tr("退款到达"), state_is("refunded")));
        SEALDESK_TRY(driver_.until_visible("close"));  // the bench says what happened
        SEALDESK_TRY(shot("08-refunded"));
        return driver_.press(XK_Return);
    }
    SEALDESK_LET(revision, number("SELECT revision FROM orders WHERE no = '" + no + "'"));
    if (entry->verdict == "approve" || revision > 1) {
        SEALDESK_TRY(driver_.press(XK_a));
        return until(trf("订单 {} 通过", no), state_is("approved"));
    }
    SEALDESK_LET(subject, text("SELECT subject_kind FROM orders WHERE no = '" + no + "'"));
    const bool first = !has_shot("09-preview");
    if (first && subject == "unit" && reasons_for(*entry) == "17")  // differs from what its licence says
        SEALDESK_TRY(fault_a_paper());
    else
        for (const char digit : reasons_for(*entry)) SEALDESK_TRY(driver_.press(static_cast<KeySym>(digit)));
    SEALDESK_TRY(shot_once("09-reject"));
    SEALDESK_TRY(driver_.press(XK_r));
    return until(trf("订单 {} 退回", no), state_is("rejected"));
}

// What is wrong with one paper, with the place on it that the applicant will see.
Result<> Tour::fault_a_paper() {
    const std::string licence = ids::review_item("licence");
    SEALDESK_TRY(driver_.press(XK_j));
    SEALDESK_TRY(driver_.click(licence));
    SEALDESK_TRY(driver_.press(XK_1));
    SEALDESK_TRY(driver_.until_visible(ids::review_item_crop));
    SEALDESK_TRY(driver_.press(XK_g));
    SEALDESK_TRY(driver_.until_visible(ids::viewer_crop_leave));
    SEALDESK_TRY(driver_.drag(ids::viewer_page, 0.12, 0.34, 0.47, 0.46));
    SEALDESK_TRY(driver_.until_visible(ids::viewer_crop_use));
    SEALDESK_TRY(shot("09-crop"));
    SEALDESK_TRY(driver_.press(XK_Return));
    SEALDESK_TRY(driver_.until_visible(ids::review_item_no_crop));
    SEALDESK_TRY(shot("09-faulted-page"));
    SEALDESK_TRY(driver_.press(XK_p));
    SEALDESK_TRY(driver_.until_visible(ids::review_preview_close));
    SEALDESK_TRY(shot("09-preview"));
    SEALDESK_TRY(driver_.press(XK_Escape));
    return driver_.press(XK_Escape);
}

// The new submission beside the old one.
Result<> Tour::compare_submissions() {
    SEALDESK_TRY(hold_one());
    SEALDESK_TRY(driver_.until_visible(ids::viewer_compare));
    SEALDESK_TRY(driver_.press(XK_c));
    SEALDESK_TRY(driver_.idle());
    SEALDESK_TRY(shot("10-compared"));
    SEALDESK_TRY(driver_.press(XK_c));  // blinking
    return driver_.press(XK_c);
}

Result<> Tour::corrections() {
    for (const auto& entry : centre_.plan().orders) {
        if (!entry.resubmitted) continue;
        SEALDESK_LET(revision, number("SELECT revision FROM orders WHERE no = '" + entry.no + "'"));
        if (revision > 1) continue;
        // The applicant hears of the rejection first.
        SEALDESK_TRY(until(tr("退回已告知门户"), [&]() -> Result<bool> {
            return number("SELECT COUNT(*) FROM acts WHERE kind = 'rejected' AND state = 'sent' AND order_no = '" + entry.no +
                          "'")
                .map([](auto n) { return n > 0; });
        }));
        SEALDESK_TRY(centre_.resubmit(entry.no));
        SEALDESK_TRY(until(tr("重传到达"), [&]() -> Result<bool> {
            return number("SELECT revision FROM orders WHERE no = '" + entry.no + "'").map([](auto n) { return n > 1; });
        }));
    }
    SEALDESK_TRY(driver_.idle());
    SEALDESK_TRY(shot("10-resubmitted"));
    SEALDESK_LET(waiting, number("SELECT COUNT(*) FROM orders WHERE state = 'paid' AND revision > 1"));
    if (waiting > 0 && !has_shot("10-compared")) SEALDESK_TRY(compare_submissions());
    return review(1000);
}

Result<> Tour::portal_goes_away() {
    centre_.stop_portal();
    SEALDESK_TRY(driver_.until_visible(ids::portal_retry, 60));
    SEALDESK_TRY(shot("11-portal-away"));
    SEALDESK_TRY(driver_.click(ids::portal_retry));  // in vain; once the portal is back the desk notices by itself
    SEALDESK_TRY(centre_.start_portal());
    return until(
        tr("门户恢复"),
        [&]() -> Result<bool> { return driver_.visible(ids::portal_retry).map([](bool there) { return !there; }); }, 60);
}

}  // namespace sealdesk::demo
