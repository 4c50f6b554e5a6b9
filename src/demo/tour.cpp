#include "demo/tour.h"

#include <X11/keysym.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "base/files.h"
#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/ids.h"
#include "panels/shipping_ids.h"

namespace sealdesk::demo {

namespace ids = panels::ids;
using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

std::vector<Tour::Step> Tour::steps() {
    std::vector<Step> list;
    const auto add = [&](std::string name, std::function<Result<>()> run) { list.push_back({std::move(name), std::move(run)}); };
    add(tr("审核员登录"), [this] { return sign_in("wangmin"); });
    add(tr("已支付订单到达"), [this] { return orders_arrive(); });
    add(tr("查看扫描件"), [this] { return look_at_scans(); });
    add(tr("撤销一次结论"), [this] { return undo_once(); });
    for (int i = 1; i <= 6; ++i) add(trf("审核 {}/6", i), [this, i] { return review(i == 6 ? 1000 : 12); });
    add(tr("重传的材料"), [this] { return corrections(); });
    add(tr("门户断开再恢复"), [this] { return portal_goes_away(); });
    add(tr("换制证员"), [this] { return change_to("zhaoqiang"); });
    for (int i = 1; i <= 6; ++i) add(trf("写 KEY {}/6", i), [this, i] { return write_keys(i == 6 ? 1000 : 12); });
    add(tr("换发货员"), [this] { return change_to("sunli"); });
    for (int i = 1; i <= 3; ++i) add(trf("开票 {}/3", i), [this, i] { return invoices(i == 3 ? 1000 : 20); });
    for (int i = 1; i <= 3; ++i) add(trf("打包 {}/3", i), [this, i] { return pack(i == 3 ? 1000 : 20); });
    add(tr("交寄"), [this] { return hand_over(); });
    add(tr("全部告知门户"), [this] { return acts_are_sent(); });
    add(tr("换主管"), [this] { return change_to("zhoubo"); });
    add(tr("日报"), [this] { return daily_report(); });
    add(tr("审计与设置"), [this] { return audit_and_settings(); });
    return list;
}

Result<std::vector<StepTime>> Tour::run() {
    std::vector<StepTime> times;
    SEALDESK_TRY(make_folder(options_.out / "screens"));
    SEALDESK_TRY(driver_.start());
    const auto all = steps();
    for (size_t i = 0; i < all.size(); ++i) {
        const auto began = Steady::now();
        const auto done = all[i].run();
        const double seconds = std::chrono::duration<double>(Steady::now() - began).count();
        std::printf("[%2zu/%zu] %-30s %6.1f s%s\n", i + 1, all.size(), all[i].name.c_str(), seconds, done ? "" : "  ✗");
        std::fflush(stdout);
        if (!done) {
            (void)shot("failed");
            return tl::unexpected(done.error());
        }
        times.push_back({all[i].name, seconds});
        if (options_.kill_between_steps && i + 1 < all.size()) {
            driver_.kill();
            SEALDESK_TRY(driver_.start());
            const std::string again = login_;
            login_.clear();
            SEALDESK_TRY(sign_in(again));
        }
    }
    return times;
}

Result<> Tour::shot(const std::string& name) { return driver_.screenshot(options_.out / "screens" / (name + ".png")); }

Result<> Tour::until(const std::string& what, const std::function<Result<bool>()>& condition, int seconds) {
    for (const auto end = Steady::now() + std::chrono::seconds(seconds); Steady::now() < end; std::this_thread::sleep_for(20ms)) {
        SEALDESK_LET(yes, condition());
        if (yes) return {};
    }
    return fail(ErrorKind::internal, trf("等了 {} 秒，没有等到：{}", seconds, what));
}

const Plan::Entry* Tour::planned(const std::string& no) const {
    for (const auto& entry : centre_.plan().orders)
        if (entry.no == no) return &entry;
    return nullptr;
}

// ---------------------------------------------------------------- people

Result<> Tour::sign_in(const std::string& login) {
    SEALDESK_TRY(driver_.until_visible(ids::sign_in_login));
    if (login_.empty() && !std::filesystem::exists(options_.out / "screens/01-sign-in.png")) SEALDESK_TRY(shot("01-sign-in"));
    SEALDESK_TRY(driver_.type_into(ids::sign_in_login, login));
    SEALDESK_TRY(driver_.type_into(ids::sign_in_password, kPassword));
    SEALDESK_TRY(driver_.press(XK_Return));
    SEALDESK_TRY(driver_.until_visible(ids::rail_review));
    login_ = login;
    return {};
}

Result<> Tour::change_to(const std::string& login) {
    if (login_ == login) return {};
    SEALDESK_TRY(driver_.click(ids::sign_out));
    return sign_in(login);
}

// ---------------------------------------------------------------- review

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
    const bool first = !std::filesystem::exists(options_.out / "screens/09-preview.png");
    if (first && subject == "unit" && reasons_for(*entry) == "17")  // differs from what its licence says
        SEALDESK_TRY(fault_a_paper());
    else
        for (const char digit : reasons_for(*entry)) SEALDESK_TRY(driver_.press(static_cast<KeySym>(digit)));
    if (!std::filesystem::exists(options_.out / "screens/09-reject.png")) SEALDESK_TRY(shot("09-reject"));
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
    if (waiting > 0 && !std::filesystem::exists(options_.out / "screens/10-compared.png")) SEALDESK_TRY(compare_submissions());
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

// ---------------------------------------------------------------- KEYs

// The bench shows the proof of the order's seal before its first KEY; afterwards the field for the PIN.
Result<> Tour::accept_seal() {
    SEALDESK_TRY(until(
        tr("印章校样或 PIN"),
        [&]() -> Result<bool> {
            SEALDESK_LET(proof, driver_.visible(ids::kSealDrawn));
            SEALDESK_LET(pin, driver_.visible(ids::kKeysPin));
            return proof || pin;
        },
        60));
    SEALDESK_LET(proof, driver_.visible(ids::kSealDrawn));
    if (!proof) return {};
    SEALDESK_TRY(driver_.idle());
    SEALDESK_LET(before, number("SELECT COUNT(*) FROM seal_pictures"));
    SEALDESK_LET(lifted, driver_.visible(ids::kSealLifted));
    const std::string picture = lifted ? "12-seal-proof-lifted" : "12-seal-proof";
    if (!std::filesystem::exists(options_.out / "screens" / (picture + ".png"))) SEALDESK_TRY(shot(picture));
    if (lifted)
        SEALDESK_TRY(driver_.press(XK_l));
    else
        SEALDESK_TRY(driver_.press(XK_Return));
    return until(tr("印章图片已确认"), [&]() -> Result<bool> {
        return number("SELECT COUNT(*) FROM seal_pictures").map([&](auto n) { return n > before; });
    });
}

Result<> Tour::write_keys(int most) {
    SEALDESK_TRY(driver_.click(ids::rail_keys));
    for (int i = 0; i < most; ++i) {
        SEALDESK_LET(left, number("SELECT COUNT(*) FROM orders WHERE state = 'approved'"));
        if (left == 0) return {};
        SEALDESK_LET(before, number("SELECT COUNT(*) FROM key_jobs WHERE step = 'bind'"));
        SEALDESK_TRY(accept_seal());
        SEALDESK_TRY(driver_.until_visible(ids::kKeysPin, 60));
        SEALDESK_TRY(driver_.type_into(ids::kKeysPin, kPin));
        if (!std::filesystem::exists(options_.out / "screens/12-keys.png")) SEALDESK_TRY(shot("12-keys"));
        SEALDESK_TRY(driver_.press(XK_Return));
        SEALDESK_TRY(until(tr("KEY 写好"), [&]() -> Result<bool> {
            return number("SELECT COUNT(*) FROM key_jobs WHERE step = 'bind'").map([&](auto n) { return n > before; });
        }));
        SEALDESK_TRY(driver_.idle());
        if (!std::filesystem::exists(options_.out / "screens/13-key-written.png")) SEALDESK_TRY(shot("13-key-written"));
    }
    return {};
}

// ---------------------------------------------------------------- paper and parcels

Result<> Tour::invoices(int most) {
    SEALDESK_TRY(driver_.click(ids::rail_invoices));
    for (int i = 0; i < most; ++i) {
        SEALDESK_LET(
            left, number("SELECT COUNT(*) FROM payments p WHERE NOT EXISTS (SELECT 1 FROM invoices i WHERE i.payment_no = p.no) "
                         "AND EXISTS (SELECT 1 FROM orders o WHERE o.payment_no = p.no AND o.state = 'issued')"));
        if (left == 0) break;
        SEALDESK_LET(before, number("SELECT COUNT(*) FROM invoices"));
        SEALDESK_TRY(driver_.idle());
        SEALDESK_LET(another, driver_.visible("invoices.next"));  // the last one still lies on the bench
        if (another) SEALDESK_TRY(driver_.press(XK_n));
        SEALDESK_TRY(driver_.until_visible(ids::kInvoicesIssue));
        SEALDESK_TRY(driver_.idle());
        if (!std::filesystem::exists(options_.out / "screens/14-invoices.png")) SEALDESK_TRY(shot("14-invoices"));
        SEALDESK_TRY(driver_.click(ids::kInvoicesIssue));
        SEALDESK_TRY(until(tr("发票开出"), [&]() -> Result<bool> {
            return number("SELECT COUNT(*) FROM invoices").map([&](auto n) { return n > before; });
        }));
        SEALDESK_TRY(driver_.idle());
    }
    return shot("15-invoiced");
}

// The first parcels of a round are packed with the scanner: an order opens its parcel, each KEY is ticked off, one of another
// parcel is refused. What the last scan leaves open is decided with the button, as are the other parcels.
Result<> Tour::pack(int most) {
    constexpr int kScanned = 3;
    SEALDESK_TRY(driver_.click(ids::rail_shipping));
    for (int i = 0; i < most; ++i) {
        SEALDESK_LET(left, number("SELECT COUNT(*) FROM orders WHERE state = 'issued'"));
        if (left == 0) break;
        if (i < kScanned) {
            SEALDESK_TRY(scan_parcel());
        } else {
            SEALDESK_TRY(driver_.click(ids::with(ids::kShippingProposal, "1")));
            SEALDESK_TRY(driver_.until_visible(ids::kShippingPack));
        }
        if (!std::filesystem::exists(options_.out / "screens/16-shipping.png")) SEALDESK_TRY(shot("16-shipping"));
        SEALDESK_LET(now, number("SELECT COUNT(*) FROM orders WHERE state = 'issued'"));
        if (now == left) {
            SEALDESK_LET(open, driver_.visible(ids::kShippingPack));
            if (!open) SEALDESK_TRY(driver_.click(ids::with(ids::kShippingProposal, "1")));
            SEALDESK_TRY(driver_.until_visible(ids::kShippingPack));
            SEALDESK_TRY(driver_.click(ids::kShippingPack));
        }
        SEALDESK_TRY(until(tr("打包"), [&]() -> Result<bool> {
            return number("SELECT COUNT(*) FROM orders WHERE state = 'issued'").map([&](auto n) { return n < left; });
        }));
        SEALDESK_TRY(driver_.idle());
    }
    return shot("17-packed");
}

Result<> Tour::scan_parcel() {
    SEALDESK_LET(no, text("SELECT MIN(no) FROM orders WHERE state = 'issued'"));
    SEALDESK_TRY(driver_.scan(no));
    SEALDESK_LET(opened, driver_.visible(ids::kShippingPack));
    if (!opened) SEALDESK_TRY(driver_.scan(no));  // as people do when it did not beep
    const std::string of_payment = fmt::format(
        "FROM keys k JOIN orders o ON o.no = k.order_no WHERE o.state = 'issued' AND o.payment_no = "
        "(SELECT payment_no FROM orders WHERE no = '{}') AND k.state = 'bound'",
        no);
    SEALDESK_LET(keys, number("SELECT COUNT(*) " + of_payment));
    for (std::int64_t i = 0; i < keys; ++i) {
        SEALDESK_LET(serial, text("SELECT k.serial " + of_payment + fmt::format(" ORDER BY k.serial LIMIT 1 OFFSET {}", i)));
        if (serial.empty()) break;  // the last one has packed it
        SEALDESK_TRY(driver_.scan(serial));
        if (std::filesystem::exists(options_.out / "screens/16-wrong-key.png") || keys < 2 || i > 0) continue;
        SEALDESK_TRY(shot("16-scanned"));
        SEALDESK_LET(other, text(fmt::format("SELECT k.serial FROM keys k JOIN orders o ON o.no = k.order_no WHERE k.state = "
                                             "'bound' AND o.state = 'issued' AND o.payment_no <> (SELECT payment_no FROM orders "
                                             "WHERE no = '{}') LIMIT 1",
                                             no)));
        if (other.empty()) continue;
        SEALDESK_TRY(driver_.scan(other));
        SEALDESK_TRY(shot("16-wrong-key"));
    }
    return driver_.idle();
}

// Two parcels by the courier's list, the others at once.
Result<> Tour::hand_over() {
    SEALDESK_TRY(driver_.click(ids::rail_shipping));
    SEALDESK_TRY(driver_.click(ids::kShippingTabPrinters));
    SEALDESK_TRY(driver_.until_visible(ids::kPrinterSave));
    SEALDESK_TRY(driver_.idle());
    SEALDESK_TRY(shot("18-printers"));
    SEALDESK_LET(closed, number("SELECT COUNT(*) FROM manifests WHERE state = 'closed'"));
    SEALDESK_LET(to_scan, number("SELECT COUNT(*) FROM shipments WHERE state = 'packed' AND waybill <> ''"));
    if (closed == 0 && to_scan > 0) {
        SEALDESK_TRY(driver_.click(ids::kShippingTabOut));
        SEALDESK_TRY(driver_.idle());
        for (int i = 0; i < 2; ++i) {
            SEALDESK_LET(waybill,
                         text("SELECT COALESCE(MIN(waybill), '') FROM shipments WHERE state = 'packed' AND waybill <> '' "
                              "AND manifest_id = 0"));
            if (!waybill.empty()) SEALDESK_TRY(driver_.scan(waybill));
        }
        SEALDESK_TRY(driver_.type_into(ids::kOutTakenBy, "Li Qiang"));
        SEALDESK_TRY(shot("18-manifest"));
        SEALDESK_LET(manifest, number("SELECT COALESCE(MIN(id), 0) FROM manifests WHERE state = 'open'"));
        SEALDESK_TRY(driver_.click(ids::with(ids::kOutClose, std::to_string(manifest))));
        SEALDESK_TRY(until(tr("交接完成"), [&]() -> Result<bool> {
            return number("SELECT COUNT(*) FROM manifests WHERE state = 'closed'").map([](auto n) { return n > 0; });
        }));
        SEALDESK_TRY(driver_.idle());
    }
    SEALDESK_TRY(driver_.click(ids::kShippingTabPack));
    SEALDESK_LET(left, number("SELECT COUNT(*) FROM orders WHERE state = 'packed'"));
    if (left > 0) {
        SEALDESK_TRY(driver_.click(ids::kShippingHandOverAll));
        SEALDESK_LET(asks, driver_.visible("yes"));
        if (asks) SEALDESK_TRY(driver_.click("yes"));
        SEALDESK_TRY(until(
            tr("全部交寄"),
            [&]() -> Result<bool> {
                return number("SELECT COUNT(*) FROM orders WHERE state = 'packed'").map([](auto n) { return n == 0; });
            },
            60));
        SEALDESK_TRY(driver_.idle());
    }
    return shot("18-handed-over");
}

Result<> Tour::acts_are_sent() {
    return until(
        tr("待发送的都已发出"),
        [&]() -> Result<bool> {
            return number("SELECT COUNT(*) FROM acts WHERE state = 'pending'").map([](auto n) { return n == 0; });
        },
        60);
}

// ---------------------------------------------------------------- the supervisor's end of day

Result<> Tour::daily_report() {
    SEALDESK_TRY(driver_.click(ids::rail_daily));
    SEALDESK_TRY(driver_.until_visible(ids::kDailyPdf));
    SEALDESK_TRY(driver_.idle());
    SEALDESK_TRY(shot("19-daily"));
    for (const char* button : {ids::kDailyPdf, ids::kDailyCsv, ids::kDailyXlsx}) SEALDESK_TRY(driver_.click(button));
    SEALDESK_TRY(driver_.click(ids::kDailyKeys));
    SEALDESK_TRY(driver_.idle());
    return shot("20-daily-rows");
}

Result<> Tour::audit_and_settings() {
    SEALDESK_TRY(driver_.click(ids::rail_audit));
    SEALDESK_TRY(driver_.click(ids::kAuditVerify));
    SEALDESK_TRY(driver_.idle());
    SEALDESK_TRY(shot("21-audit"));
    SEALDESK_TRY(driver_.click(ids::rail_settings));
    SEALDESK_TRY(driver_.idle());
    return shot("22-settings");
}

}  // namespace sealdesk::demo
