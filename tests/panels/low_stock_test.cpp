// Blank KEYs that run low: told from the setting's number down, on the stock and at the bench.
#include <gtest/gtest.h>

#include "keys/stock.h"
#include "panels/keys_panel.h"
#include "panels/stock_panel.h"
#include "tests/panels/open_desk.h"

namespace sealdesk::tests {
namespace {

TEST(LowStock, IsToldFromTheSettingsNumberDown) {
    constexpr int kLow = 3;
    desk::Settings settings;
    settings.low_key_stock = kLow;
    OpenDesk open(settings);
    open.sign_in("qian", "钱进", kOfficer);
    ASSERT_OK(keys::receive(open.database(), *open.desk->actor, {"第 1 盒", "示例 K3", "K1", "K4"}));
    for (const int blank : {kLow + 1, kLow, kLow - 1}) {
        SCOPED_TRACE(blank);
        const auto expect_told = [&](const Headless& screen) {
            EXPECT_EQ(screen.says("空白 KEY 只剩"), blank <= kLow) << screen.text();
            EXPECT_EQ(screen.says(fmt::format("空白 KEY 只剩 {} 个", blank)), blank <= kLow) << screen.text();
        };
        {
            Shown<panels::StockPanel> stock(open);
            ASSERT_TRUE(stock.settles([&] { return stock.screen.says("账实相符"); })) << stock.screen.text();
            expect_told(stock.screen);
        }
        {
            Shown<panels::KeysPanel> bench(open);
            ASSERT_TRUE(bench.settles([&] { return bench.screen.says("插着的 KEY"); })) << bench.screen.text();
            expect_told(bench.screen);
        }
        ASSERT_OK(keys::scrap(open.database(), *open.desk->actor, fmt::format("K{}", blank), "外壳裂开"));
    }
}

}  // namespace
}  // namespace sealdesk::tests
