// OwnRange: a store with a range of invoice numbers and the tax rates of data/, for tests of what is issued and taken back
// with them.
#pragma once

#include <set>

#include "invoices/reversals.h"
#include "orders/number_ranges.h"
#include "support/orders.h"

namespace sealdesk::tests {

class OwnRange : public OnBothEngines {
protected:
    void SetUp() override {
        open();
        const auto loaded = invoices::load_taxes(source("data/taxes.toml"));
        ASSERT_OK(loaded);
        taxes_ = *loaded;
        ASSERT_OK(database_->write([](storage::Tx& tx) { return orders::define(tx, {"invoice", "{yy}320{:015}", 1, 999}); }));
    }
    // The next ones are the desk's own paper forms, which may be voided.
    void on_paper() {
        ASSERT_OK(database_->write([](storage::Tx& tx) {
            return orders::define(tx, {"invoice", "032002600011-{:08}", 1, 999});
        }));
    }
    std::string issued(const std::string& payment, const std::string& order = {}) {
        const auto invoice = invoices::issue(*database_, clerk_, taxes_, payment, order);
        EXPECT_TRUE(invoice) << (invoice ? "" : invoice.error().message);
        return invoice ? invoice->number : "";
    }
    void refunded_after_writing(const std::string& no) {
        ASSERT_OK(database_->write([&](storage::Tx& tx) -> Result<> {
            storage::change(tx, "INSERT INTO refunds (order_no, amount, at, state) VALUES (:no, 30000, 1, 'needs_person')", no);
            return {};
        }));
    }
    // Every number that the range gave stands in the ledger once: as invoice, red letter or spoiled sheet.
    void expect_gapless() {
        std::set<std::string> used;
        ASSERT_OK(database_->read([&](storage::Tx& tx) -> Result<> {
            std::string number;
            storage::for_each_row(tx, "SELECT number FROM invoices UNION ALL SELECT number FROM spoiled_sheets", std::tie(number),
                                  [&] { EXPECT_TRUE(used.insert(number).second) << number; });
            return {};
        }));
        EXPECT_EQ(static_cast<std::int64_t>(used.size()), orders::number_range(*database_, "invoice")->next - 1);
    }

    const staff::Actor clerk_{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)},
        boss_{"sun", "孙主管", staff::Role::supervisor | staff::Role::clerk};
    invoices::Taxes taxes_;
};

}  // namespace sealdesk::tests
