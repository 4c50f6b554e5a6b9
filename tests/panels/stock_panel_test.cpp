#include "panels/stock_panel.h"

#include <gtest/gtest.h>

#include "keys/writing.h"
#include "panels/back_office_ids.h"
#include "tests/panels/open_desk.h"

namespace sealdesk::tests {
namespace {

using keys::KeyState;
using panels::StockPanel;
namespace ids = panels::ids;

class StockPanelTest : public testing::Test {
protected:
    void SetUp() override { open_.sign_in("qian", "钱进", kOfficer); }
    keys::Ledger book() { return keys::ledger(open_.database()).value(); }

    OpenDesk open_;
};

TEST_F(StockPanelTest, AnEmptyStockSaysWhatToDo) {
    Shown<StockPanel> stock(open_);
    ASSERT_TRUE(stock.says("库存里还没有 KEY"));
    EXPECT_TRUE(stock.screen.says("空白 KEY 只剩 0 个"));
    EXPECT_TRUE(stock.screen.says("还没有入库的盒子"));
}

TEST_F(StockPanelTest, ABoxIsTakenInByItsRange) {
    Shown<StockPanel> stock(open_);
    ASSERT_TRUE(stock.shows(ids::kStockReceive));
    stock.screen.press(ImGuiKey_N);
    ASSERT_TRUE(stock.shows(ids::kStockFirst));
    stock.screen.type_into(ids::kStockFirst, "E5A00098");
    stock.screen.type_into(ids::kStockLast, "E5A0013");
    EXPECT_TRUE(stock.screen.says("长度不同"));
    EXPECT_TRUE(stock.screen.disabled(ids::kStockTakeIn));
    stock.screen.type_into(ids::kStockLast, "E5A00137");
    EXPECT_TRUE(stock.screen.says("40 个"));
    stock.screen.type_into(ids::kStockBoxName, "第 7 盒");
    stock.screen.click(ids::kStockTakeIn);
    ASSERT_TRUE(stock.in_time([&] { return !stock.screen.visible(ids::kStockFirst); })) << stock.screen.text();
    ASSERT_EQ(book().in, 40);
    ASSERT_TRUE(stock.says("E5A00100"));
    ASSERT_TRUE(stock.says("空白 40 / 40")) << stock.screen.text();
    EXPECT_TRUE(stock.screen.says("账实相符"));
    EXPECT_FALSE(stock.screen.says("空白 KEY 只剩"));
    // The same box again: a sentence at the field, nothing comes in.
    stock.screen.press(ImGuiKey_N);
    ASSERT_TRUE(stock.shows(ids::kStockFirst));
    stock.screen.type_into(ids::kStockFirst, "E5A00100");
    stock.screen.click(ids::kStockTakeIn);
    ASSERT_TRUE(stock.says("已经在库存里")) << stock.screen.text();
    EXPECT_EQ(book().in, 40);
}

TEST_F(StockPanelTest, AScannedSerialOpensItsKeyAndABlankOneIsScrapped) {
    ASSERT_OK(keys::receive(open_.database(), *open_.desk->actor, {"第 1 盒", "示例 K3", "K001", "K030"}));
    Shown<StockPanel> stock(open_);
    ASSERT_TRUE(stock.shows(ids::kStockSearch));
    stock.screen.type_into(ids::kStockSearch, "k-017");  // in other letters than the stock has it
    stock.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(stock.says("还是空白 KEY")) << stock.screen.text();
    EXPECT_TRUE(stock.screen.says("KEY K017"));
    ASSERT_TRUE(stock.shows(ids::kStockScrap));
    stock.screen.click(ids::kStockScrap);
    ASSERT_TRUE(stock.shows(ids::kCardNote));
    stock.screen.type_into(ids::kCardNote, "外壳裂开");
    stock.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(stock.settles([&] { return book().of(KeyState::scrapped) == 1; })) << stock.screen.text();
    ASSERT_TRUE(stock.says("外壳裂开"));
    EXPECT_EQ(keys::find_key(open_.database(), "K017")->value().state, KeyState::scrapped);
    EXPECT_TRUE(book().balances());
    // By state.
    stock.screen.type_into(ids::kStockSearch, "");
    stock.screen.click(ids::with(ids::kStockState, "scrapped"));
    ASSERT_TRUE(stock.in_time([&] { return !stock.screen.visible(ids::with(ids::kStockKey, "K001")); }));
    EXPECT_TRUE(stock.screen.visible(ids::with(ids::kStockKey, "K017")));
}

TEST_F(StockPanelTest, AnUnknownSerialIsToldAndAClerkOnlyLooks) {
    open_.sign_in("zhao", "赵云", kClerk);
    Shown<StockPanel> stock(open_);
    ASSERT_TRUE(stock.shows(ids::kStockSearch));
    EXPECT_TRUE(stock.screen.disabled(ids::kStockReceive));
    stock.screen.type_into(ids::kStockSearch, "X404");
    stock.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(stock.says("本中心没有序列号为 X404 的 KEY")) << stock.screen.text();
}

}  // namespace
}  // namespace sealdesk::tests
