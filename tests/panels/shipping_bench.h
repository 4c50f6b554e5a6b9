// ShippingBench: a clerk at the packing screen, with waybills of a range and orders whose KEYs are written.
#pragma once

#include <algorithm>

#include "desk/invoicing.h"
#include "desk/papers.h"
#include "orders/number_ranges.h"
#include "panels/back_office_ids.h"
#include "panels/shipping_ids.h"
#include "panels/shipping_panel.h"
#include "tests/panels/open_desk.h"

namespace sealdesk::tests {

// Nobody listens there: the jobs stay, each for its own printer.
inline constexpr const char* kLabels = "ipp://127.0.0.1:1/ipp/print";
inline constexpr const char* kInvoices = "ipp://127.0.0.1:2/ipp/print";
inline constexpr const char* kA4 = "ipp://127.0.0.1:3/ipp/print";

class ShippingBench : public testing::Test {
protected:
    void SetUp() override {
        open_.sign_in("zhao", "赵云", kClerk);
        ASSERT_OK(open_.database().write([](storage::Tx& tx) {
            return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345699});
        }));
    }
    void issued(const std::vector<orders::Order>& list) {
        ASSERT_OK(put(open_.database(), list, orders::State::issued));
        ASSERT_OK(give_keys(open_.database(), list));
    }
    // A scanner: the characters at once, then Enter. Later than a scanner repeats itself.
    static void scan(Shown<panels::ShippingPanel>& bench, const std::string& code) {
        bench.screen.pass(1.5);
        bench.screen.type(code);
        bench.screen.press(ImGuiKey_Enter);
    }
    void without_scanning() {
        desk::ShippingSettings settings;
        settings.scan_to_pack = false;
        ASSERT_OK(desk::save_shipping_settings(open_.desk->settings().home, settings));
    }
    void printers(const std::string& label, const std::string& invoice, const std::string& a4, const char* format = "pdf") {
        desk::ShippingSettings settings;
        settings.label_format = format;
        settings.set_printer(printing::Use::label, label);
        settings.set_printer(printing::Use::invoice, invoice);
        settings.set_printer(printing::Use::a4, a4);
        ASSERT_OK(desk::save_shipping_settings(open_.desk->settings().home, settings));
    }
    void invoiced(const std::string& payment) {
        ASSERT_OK(open_.database().write([](storage::Tx& tx) {
            return orders::define(tx, {"invoice", "26322000{:012}", 1, 100});
        }));
        ASSERT_OK(desk::issue_invoice(*open_.desk, *open_.desk->actor, payment));
    }
    std::vector<printing::PrintJob> jobs_in_order() {
        auto jobs =
            printing::recent_jobs(open_.database(), desk::desk_name(*open_.desk), 20).value_or(std::vector<printing::PrintJob>{});
        std::sort(jobs.begin(), jobs.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
        return jobs;
    }
    void packed(const std::string& no) { ASSERT_OK(shipping::pack(open_.database(), *open_.desk->actor, {no})); }
    // As the portal's event is taken once a KEY is written.
    void refund(const std::string& no) {
        ASSERT_OK(open_.database().write([&](storage::Tx& tx) -> Result<> {
            storage::change(tx, "INSERT INTO refunds (order_no, amount, at, state) VALUES (:no, 30000, 1, 'needs_person')", no);
            return {};
        }));
        open_.desk->touch();
    }
    OpenDesk open_;
    const std::string one_ = "DD20261122-0001", two_ = "DD20261122-0002";
};

}  // namespace sealdesk::tests
