// InvoicesBench: a clerk's signed-in desk that issues invoices from a range of its own.
#pragma once

#include <gtest/gtest.h>

#include "desk/shipping_settings.h"
#include "orders/number_ranges.h"
#include "storage/rows.h"
#include "tests/panels/open_desk.h"
#include "tests/support/test_invoice_service.h"

namespace sealdesk::tests {

class InvoicesBench : public testing::Test {
protected:
    void SetUp() override {
        open_.sign_in("zhao", "赵云", kClerk);
        ASSERT_OK(open_.database().write([](storage::Tx& tx) {
            return orders::define(tx, {"invoice", "26322000{:012}", 1, 100});
        }));
    }
    void refund_after_writing() {
        ASSERT_OK(open_.database().write([](storage::Tx& tx) -> Result<> {
            storage::change(tx,
                            "INSERT INTO refunds (order_no, amount, at, state) VALUES ('DD20261122-0002', 30000, 1, "
                            "'needs_person')");
            return {};
        }));
        open_.desk->touch();
    }
    // The desk's own paper forms, which may be voided.
    void on_paper() {
        ASSERT_OK(open_.database().write([](storage::Tx& tx) {
            return orders::define(tx, {"invoice", "032002600011-{:08}", 1, 100});
        }));
    }
    void by_service(const TestInvoiceService& remote) {
        remote.write_account(open_.folder.path());
        desk::ShippingSettings settings;
        settings.invoice_service_file = "service.toml";
        ASSERT_OK(desk::save_shipping_settings(open_.folder.path(), settings));
    }
    OpenDesk open_;
    const std::string number_ = "26322000000000000001";
};

}  // namespace sealdesk::tests
