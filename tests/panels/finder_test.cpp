// The box of the top bar: what it finds, by keyboard and by mouse.
#include "panels/finder.h"

#include "panels/back_office_ids.h"
#include "tests/panels/by_keys.h"
#include "tests/panels/desk_on_screen.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;

class Finding : public DeskOnScreen {
protected:
    void begin() {
        put_orders(1, 12);
        open_screen();
        sign_in("wang");
    }
    bool finds(int n) {
        return ui_->until([&] { return ui_->visible(ids::find_hit(no(n))); });
    }
};

TEST_F(Finding, OpensTheOrderThatEnterChooses) {
    begin();
    ui_->press(ImGuiMod_Ctrl | ImGuiKey_K);
    ui_->type("第7建设");
    ASSERT_TRUE(finds(7)) << ui_->text();
    EXPECT_FALSE(ui_->visible(ids::find_hit(no(8))));
    EXPECT_TRUE(ui_->says("名称"));
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_visible(ids::review_claim)) << ui_->text();
    EXPECT_TRUE(ui_->says(no(7)));
    EXPECT_FALSE(ui_->visible(ids::find_hit(no(7))));
}

TEST_F(Finding, ArrowsMoveAndTheNewestStandsFirst) {
    begin();
    ui_->press(ImGuiMod_Ctrl | ImGuiKey_K);
    ui_->type("njyx");
    ASSERT_TRUE(finds(12)) << ui_->text();
    ui_->press(ImGuiKey_DownArrow);
    ui_->press(ImGuiKey_DownArrow);
    ui_->press(ImGuiKey_UpArrow);
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_visible(ids::review_claim)) << ui_->text();
    EXPECT_TRUE(ui_->says(no(11)));
}

TEST_F(Finding, AClickOpensAndEscapeCloses) {
    begin();
    ui_->type_into(ids::search, "ZF0005");
    ASSERT_TRUE(finds(5)) << ui_->text();
    EXPECT_TRUE(ui_->says("支付单号"));
    ui_->press(ImGuiKey_Escape);
    EXPECT_FALSE(ui_->visible(ids::find_hit(no(5))));
    ui_->type_into(ids::search, "-0006");
    ASSERT_TRUE(finds(6)) << ui_->text();
    ui_->click(ids::find_hit(no(6)));
    ASSERT_TRUE(ui_->until_visible(ids::review_claim)) << ui_->text();
    EXPECT_TRUE(ui_->says(no(6)));
    EXPECT_FALSE(ui_->visible(ids::find_hit(no(6))));
}

// Wherever the ring is, and whether a list of hits stands open or not.
TEST_F(Finding, ItsKeyIsHeardFromEveryStop) {
    put_orders(1, 12);
    begin_work();
    ui_->press(ImGuiMod_Ctrl | ImGuiKey_K);
    ui_->type("月球");
    ASSERT_TRUE(ui_->until_says("没有找到")) << ui_->text();
    ui_->press(ImGuiKey_Enter);
    ui_->frame(3);
    for (int stops = 1; stops < 40; ++stops) {
        for (int i = 0; i < stops; ++i) ui_->press(ImGuiKey_Tab);
        ui_->press(ImGuiMod_Ctrl | ImGuiKey_K);
        ui_->frame(2);
        ASSERT_TRUE(has_keyboard(*ui_, ids::search)) << "after " << stops << " stops: " << ui_->text();
        if (stops % 2 == 0) ui_->press(ImGuiKey_Escape);
    }
}

// Customer service: who calls gives a name, and is told of the KEY.
TEST_F(Finding, AnOrderShowsHowItsKeysStandAndOpensTheirCards) {
    ASSERT_OK(put(desk_->database(), {sample_order(1)}, orders::State::issued));
    ASSERT_OK(give_keys(desk_->database(), {sample_order(1)}));
    const std::string serial = key_serial(sample_order(1), 1);
    open_screen();
    sign_in("wang");
    ui_->press(ImGuiMod_Ctrl | ImGuiKey_K);
    ui_->type("第1建设");
    ASSERT_TRUE(finds(1)) << ui_->text();
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_says("绑定没有发给平台")) << ui_->text();
    EXPECT_TRUE(ui_->says(serial));
    ui_->click(ids::review_key(serial));
    ASSERT_TRUE(ui_->until_visible(ids::kStockSearch)) << ui_->text();
    ASSERT_TRUE(ui_->until_visible(ids::kCardOrder)) << ui_->text();
    EXPECT_TRUE(ui_->says(serial));
}

TEST_F(Finding, ACertificateOpensTheCardOfItsKey) {
    put_orders(3, 4);
    ASSERT_OK(give_keys(desk_->database(), {sample_order(3)}));
    ASSERT_OK(desk_->database().write([&](storage::Tx& tx) -> Result<> {
        storage::change(tx,
                        "INSERT INTO certificates (serial, order_no, unit_no, key_serial, subject_name, document_number, state, "
                        "not_before, not_after, created_at) VALUES ('0A1B2C3D4E', :no, 1, :key, '', '', 'valid', 1, 2, 1)",
                        no(3), key_serial(sample_order(3), 1));
        search::add(tx, no(3), {search::Kind::certificate, "0A1B2C3D4E"});
        search::add(tx, no(4), {search::Kind::certificate, "0F9E8D7C6B"});  // the register has it no more
        return {};
    }));
    open_screen();
    sign_in("wang");
    ui_->type_into(ids::search, "0A1B2C3D4E");
    ASSERT_TRUE(finds(3)) << ui_->text();
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_visible(ids::kCardOrder)) << ui_->text();
    EXPECT_TRUE(ui_->says(key_serial(sample_order(3), 1)));
    ui_->type_into(ids::search, "0F9E8D7C6B");
    ASSERT_TRUE(finds(4)) << ui_->text();
    ui_->press(ImGuiKey_Enter);
    ASSERT_TRUE(ui_->until_visible(ids::review_claim)) << "without a KEY it is the order: " << ui_->text();
}

TEST_F(Finding, SaysWhenThereIsNothing) {
    begin();
    ui_->type_into(ids::search, "月球");
    ASSERT_TRUE(ui_->until_says("没有找到")) << ui_->text();
    ui_->press(ImGuiKey_Enter);
    EXPECT_FALSE(ui_->visible(ids::review_claim));
}

}  // namespace
}  // namespace sealdesk::tests
