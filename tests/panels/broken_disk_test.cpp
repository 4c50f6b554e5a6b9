// The running desk on a disk that is full or read-only: a clear sentence, and nothing lost.
#include "tests/panels/desk_on_screen.h"
#include "tests/support/small_disk.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;
using orders::State;

class BrokenDisk : public DeskOnScreen {
protected:
    void SetUp() override {
        const auto home = folder_.path() / "home";
        ASSERT_OK(make_folder(home));
        disk_ = std::make_unique<SmallDisk>(home, 8);
        if (!disk_->trouble().empty()) GTEST_SKIP() << "no small file system on this machine: " << disk_->trouble();
        open_desk();
    }
    void TearDown() override {
        DeskOnScreen::TearDown();
        disk_.reset();
    }
    std::unique_ptr<SmallDisk> disk_;
};

TEST_F(BrokenDisk, AFullDiskSavesNoDecisionAndSaysSo) {
    put_orders(1, 2);
    begin_work();
    disk_->fill();
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(ui_->until_says("磁盘已满")) << ui_->text();
    EXPECT_EQ(order(1).state, State::paid);
    EXPECT_EQ(order(1).claimed_by, "wang");
    EXPECT_TRUE(acts_of(1).empty());
    disk_->make_room();
    ui_->press(ImGuiKey_Enter);  // the dialog
    ASSERT_TRUE(ui_->until_visible(ids::review_approve)) << ui_->text();
    ui_->press(ImGuiKey_A);
    ASSERT_TRUE(ui_->until_says("已通过 " + no(1))) << ui_->text();
    EXPECT_EQ(order(1).state, State::approved);
    EXPECT_EQ(acts_of(1).size(), 1u);
}

TEST_F(BrokenDisk, AReadOnlyFolderIsToldAtTheStart) {
    put_orders(1, 1);
    close();
    ASSERT_TRUE(disk_->make_read_only()) << std::strerror(errno);
    const auto refused = start();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
    EXPECT_NE(refused.error().message.find("只读"), std::string::npos) << refused.error().message << refused.error().detail;
    ASSERT_TRUE(disk_->make_writable());
    auto opened = start();
    ASSERT_OK(opened);
    desk_ = std::move(*opened);
    EXPECT_EQ(order(1).state, State::paid);
}

}  // namespace
}  // namespace sealdesk::tests
