// Zoom, pan, fit and turns as arithmetic.
#include "panels/page_view.h"

#include <gtest/gtest.h>

#include "tests/support/headless.h"

using namespace sealdesk;
using panels::PageBox;
using panels::PagePlace;
using panels::PageView;
using panels::Room;

namespace {

const Room kRoom{{100, 50}, {832, 632}};  // 800 × 600 within the margins
constexpr ImVec2 kPaper{400, 600};

// What move() reads from Dear ImGui: an item over the room, the wheel and the pointer.
class Moved : public testing::Test {
protected:
    PageView view;
    int turns = 0;
    tests::Headless screen{[this] {
        ImGui::SetCursorScreenPos(kRoom.from);
        ImGui::InvisibleButton("room", kRoom.size);
        ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
        view.move(kRoom, kPaper, turns);
    }};
    void wheel(ImVec2 at, float notches) {
        ImGui::GetIO().AddMousePosEvent(at.x, at.y);
        screen.frame(2);
        ImGui::GetIO().AddMouseWheelEvent(0, notches);
        screen.frame(2);
    }
};

}  // namespace

TEST_F(Moved, APageIsShownWholeOrAsWideAsTheRoom) {
    const PagePlace whole = view.place(kRoom, kPaper, 0);
    EXPECT_FLOAT_EQ(whole.scale, 1);
    EXPECT_EQ(whole.from.y, kRoom.from.y + 16);
    EXPECT_EQ((whole.from.x + whole.to.x) / 2, kRoom.middle().x);
    view.toggle_fit();
    const PagePlace wide = view.place(kRoom, kPaper, 0);
    EXPECT_FLOAT_EQ(wide.scale, 2);
    EXPECT_EQ(wide.from.y, kRoom.from.y + 16) << "reading begins at the top";
    EXPECT_FLOAT_EQ(view.place(kRoom, kPaper, 1).scale, 800.0f / 600) << "turned it is wider";
}

TEST_F(Moved, TheWheelKeepsThePointUnderThePointer) {
    for (const int quarter : {0, 1, 2, 3}) {
        turns = quarter;
        view = {};
        const ImVec2 pointer(kRoom.middle().x + 60, kRoom.middle().y - 110);
        const auto before = panels::on_page(view.place(kRoom, kPaper, turns), pointer);
        wheel(pointer, 4);
        const PagePlace zoomed = view.place(kRoom, kPaper, turns);
        EXPECT_GT(view.state.zoom, 1.5f);
        const ImVec2 still = panels::on_screen(zoomed, before[0], before[1]);
        EXPECT_NEAR(still.x, pointer.x, 1.5) << quarter;
        EXPECT_NEAR(still.y, pointer.y, 1.5) << quarter;
    }
}

TEST_F(Moved, DraggingMovesThePageByWhatThePointerMoved) {
    view.zoom_by(3);
    screen.frame();
    const PagePlace before = view.place(kRoom, kPaper, 0);
    screen.drag({300, 300}, {360, 250});
    const PagePlace after = view.place(kRoom, kPaper, 0);
    EXPECT_NEAR(after.from.x - before.from.x, 60, 3);
    EXPECT_NEAR(after.from.y - before.from.y, -50, 3);
    view.fit();
    EXPECT_EQ(view.place(kRoom, kPaper, 0).scale, 1);
}

TEST_F(Moved, SharesOfThePageComeBackFromTheScreen) {
    view.zoom_by(2.5f);
    screen.frame();
    for (const int quarter : {0, 1, 2, 3}) {
        const PagePlace place = view.place(kRoom, kPaper, quarter);
        for (const auto& [x, y] : {std::pair{0.0, 0.0}, {1.0, 0.0}, {0.25, 0.7}}) {
            const auto back = panels::on_page(place, panels::on_screen(place, x, y));
            EXPECT_NEAR(back[0], x, 1e-3) << quarter;
            EXPECT_NEAR(back[1], y, 1e-3) << quarter;
        }
    }
    // A quarter turn clockwise brings the bottom left corner to the top left.
    const PagePlace turned = view.place(kRoom, kPaper, 1);
    const ImVec2 corner = panels::on_screen(turned, 0, 1);
    EXPECT_EQ(corner.x, turned.from.x);
    EXPECT_EQ(corner.y, turned.from.y);
}

TEST_F(Moved, BringsAPartOfThePageIntoTheMiddle) {
    const PageBox box{0.6, 0.1, 0.2, 0.03};
    for (const int quarter : {0, 1, 2, 3}) {
        turns = quarter;
        view = {};
        view.look_at(box);
        screen.frame();
        const auto corners = panels::on_screen(view.place(kRoom, kPaper, turns), box);
        EXPECT_NEAR((corners[0].x + corners[1].x) / 2, kRoom.middle().x, 2) << quarter;
        EXPECT_NEAR((corners[0].y + corners[1].y) / 2, kRoom.middle().y, 2) << quarter;
        EXPECT_GT(view.state.zoom, 1.0f) << quarter;
    }
}
