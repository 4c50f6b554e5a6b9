// The tour behind the review bench: KEYs, invoices, parcels, and the supervisor's end of day.
#include <X11/keysym.h>
#include <fmt/format.h>

#include "base/translate.h"
#include "demo/tour.h"
#include "panels/back_office_ids.h"
#include "panels/ids.h"
#include "panels/shipping_ids.h"

namespace sealdesk::demo {

namespace ids = panels::ids;

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
    SEALDESK_TRY(until(tr("审核结论不能再撤销"), [&]() -> Result<bool> {
        return number("SELECT COUNT(*) FROM acts WHERE state = 'pending' AND attempts = 0 AND not_before > " +
                      std::to_string(SystemClock().now().ms))
            .map([](auto held) { return held == 0; });
    }));
    SEALDESK_TRY(driver_.idle());
    SEALDESK_LET(before, number("SELECT COUNT(*) FROM seal_pictures"));
    SEALDESK_LET(lifted, driver_.visible(ids::kSealLifted));
    const std::string picture = lifted ? "12-seal-proof-lifted" : "12-seal-proof";
    SEALDESK_TRY(shot_once(picture));
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
        if (left == 0) return look_at_stock();
        SEALDESK_LET(before, number("SELECT COUNT(*) FROM key_jobs WHERE step = 'bind'"));
        SEALDESK_TRY(accept_seal());
        SEALDESK_TRY(driver_.until_visible(ids::kKeysPin, 60));
        SEALDESK_TRY(driver_.type_into(ids::kKeysPin, kPin));
        SEALDESK_TRY(shot_once("12-keys"));
        SEALDESK_TRY(driver_.press(XK_Return));
        SEALDESK_TRY(until(tr("KEY 写好"), [&]() -> Result<bool> {
            return number("SELECT COUNT(*) FROM key_jobs WHERE step = 'bind'").map([&](auto n) { return n > before; });
        }));
        SEALDESK_TRY(driver_.idle());
        SEALDESK_TRY(shot_once("13-key-written"));
    }
    return {};
}

Result<> Tour::look_at_stock() {
    SEALDESK_TRY(driver_.click(ids::rail_stock));
    SEALDESK_TRY(driver_.idle());
    return shot_once("13-stock");
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
        SEALDESK_TRY(shot_once("14-invoices"));
        SEALDESK_TRY(driver_.click(ids::kInvoicesIssue));
        SEALDESK_TRY(until(tr("发票开出"), [&]() -> Result<bool> {
            return number("SELECT COUNT(*) FROM invoices").map([&](auto n) { return n > before; });
        }));
        SEALDESK_TRY(driver_.idle());
        SEALDESK_TRY(look_at_forms());
    }
    return shot("15-invoiced");
}

// What mends an invoice that was issued: a wrong title, a red letter. Looked at and left.
Result<> Tour::look_at_forms() {
    if (has_shot("15-red-letter")) return {};
    SEALDESK_TRY(driver_.until_visible(ids::kInvoicesTitle));
    SEALDESK_TRY(driver_.click(ids::kInvoicesTitle));
    SEALDESK_TRY(driver_.until_visible(ids::kInvoicesName));
    SEALDESK_TRY(shot("15-title"));
    SEALDESK_TRY(driver_.press(XK_Escape));
    SEALDESK_TRY(driver_.until_visible(ids::kInvoicesRed));
    SEALDESK_TRY(driver_.click(ids::kInvoicesRed));
    SEALDESK_TRY(driver_.until_visible(ids::kInvoicesConfirm));
    SEALDESK_TRY(shot("15-red-letter"));
    return driver_.press(XK_Escape);
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
            SEALDESK_TRY(open_parcel());
        }
        SEALDESK_TRY(shot_once("16-shipping"));
        SEALDESK_LET(now, number("SELECT COUNT(*) FROM orders WHERE state = 'issued'"));
        if (now == left) {
            SEALDESK_TRY(open_parcel());
            SEALDESK_LET(choice, driver_.visible(ids::kShippingApart));
            if (choice) SEALDESK_TRY(driver_.click(ids::kShippingApart));
            SEALDESK_TRY(driver_.click(ids::kShippingPack));
        }
        SEALDESK_TRY(until(tr("打包"), [&]() -> Result<bool> {
            return number("SELECT COUNT(*) FROM orders WHERE state = 'issued'").map([&](auto n) { return n < left; });
        }));
        SEALDESK_TRY(driver_.idle());
    }
    return shot("17-packed");
}

// The one on the bench, else the first: the list stands where the last scan moved it, so a key and no click.
Result<> Tour::open_parcel() {
    SEALDESK_TRY(driver_.idle());
    SEALDESK_LET(open, driver_.visible(ids::kShippingPack));
    if (!open) SEALDESK_TRY(driver_.press(XK_Down));
    return driver_.until_visible(ids::kShippingPack);
}

Result<> Tour::scan_parcel() {
    // A parcel of several KEYs first: there one can be scanned and a wrong one refused before it is full.
    SEALDESK_LET(no, text("SELECT MIN(o.no) FROM orders o JOIN keys k ON k.order_no = o.no AND k.state = 'bound' "
                          "WHERE o.state = 'issued' GROUP BY o.payment_no ORDER BY COUNT(*) DESC, MIN(o.no) LIMIT 1"));
    if (no.empty()) return driver_.idle();  // only parcels without a KEY are left
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
        if (has_shot("16-wrong-key") || keys < 2 || i > 0) continue;
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

// Two parcels by the courier's list, the others at once; what is collected at the counter, one by one.
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
    const auto left_of = [this](const char* method) {
        return number(fmt::format("SELECT COUNT(*) FROM shipments WHERE state = 'packed' AND method = '{}'", method));
    };
    SEALDESK_LET(left, left_of("courier"));
    if (left > 0) {
        SEALDESK_TRY(driver_.click(ids::kShippingHandOverAll));
        SEALDESK_TRY(until(
            tr("全部交寄"), [&]() -> Result<bool> { return left_of("courier").map([](auto n) { return n == 0; }); }, 60));
        SEALDESK_TRY(driver_.idle());
    }
    for (;;) {
        SEALDESK_LET(collected, left_of("pickup"));
        if (collected == 0) break;
        SEALDESK_LET(id, number("SELECT MIN(id) FROM shipments WHERE state = 'packed' AND method = 'pickup'"));
        SEALDESK_TRY(driver_.click(ids::with(ids::kShippingPacked, std::to_string(id))));
        SEALDESK_TRY(driver_.until_visible(ids::kShippingHandOver));
        SEALDESK_TRY(driver_.click(ids::kShippingHandOver));
        SEALDESK_TRY(until(tr("交给申请人"),
                           [&]() -> Result<bool> { return left_of("pickup").map([&](auto n) { return n < collected; }); }));
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
