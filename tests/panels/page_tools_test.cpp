// What the viewer does beside showing pages: marks for the applicant, values found on the scans, files saved, tiles where a
// page is larger than the graphics card takes, a window of its own.
#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/files.h"
#include "checks/pages_store.h"
#include "crypto/digest.h"
#include "panels/ids.h"
#include "panels/page_viewer.h"
#include "tests/panels/open_desk.h"
#include "tests/scans/made_packages.h"

namespace sealdesk::tests {
namespace {

namespace ids = panels::ids;
using panels::PageBox;
using panels::PageMark;
using panels::PagePlace;
using panels::PageView;

constexpr staff::Roles kReviewer = static_cast<staff::Roles>(staff::Role::reviewer);

class Tools : public testing::Test {
protected:
    Tools() {
        open.sign_in("wang", "王敏", kReviewer);
        open.desk->set_wake([this] { screen.wake(); });
    }
    ~Tools() override {
        open.desk->jobs().wait_idle();
        open.desk->set_wake({});
    }
    // Order `n` with these files as its package is on the bench, all pages there.
    void show(int n, const std::vector<std::pair<std::string, std::string>>& files) {
        const std::string bytes = packed(files);
        orders::Order order = sample_order(n);
        order.submissions[0].package_sha256 = sha256_hex(bytes);
        ASSERT_TRUE(open.desk->packages().put(order.submissions[0].package_sha256, bytes));
        ASSERT_TRUE(put(open.database(), {order}, orders::State::paid));
        subject = panels::PageSubject{order.no, 1, order.submissions[0].package_sha256, "材料.zip"};
        ASSERT_TRUE(screen.until([&] { return screen.says("1 / ") && quiet(); })) << screen.text();
    }
    bool quiet() { return open.desk->jobs().busy() == 0; }
    // A page of A4, drawn.
    std::string drawn(int dpi, const char* form = "business_licence") {
        folder.make(fmt::format(
            R"([{{"out":"x.png","format":"png","pages":[{{"template":"{}","file":"x","as":"png","dpi":{},"fields":{{}}}}]}}])",
            form, dpi));
        return folder.read("x.png");
    }
    // Where the page stands as long as nobody has zoomed.
    PagePlace place(ImVec2 paper, int turns = 0) {
        const auto& item = screen.item(ids::viewer_page);
        return PageView{}.place({{item.x, item.y}, {item.w, item.h}}, paper, turns);
    }
    float zoom() {
        desk::Memory memory;
        viewer.remember(memory);
        std::istringstream words(memory.get("viewer.look"));
        std::string sha256;
        size_t page = 0;
        float zoomed = -1;
        words >> sha256 >> page >> zoomed;
        return zoomed;
    }

    Folder folder;
    OpenDesk open;
    panels::PageViewer viewer;
    std::optional<panels::PageSubject> subject;
    Headless screen{[this] { viewer.draw(*open.desk, subject); }};
};

void expect_near(const PageBox& box, double x, double y, double width, double height) {
    EXPECT_NEAR(box.x, x, 0.01);
    EXPECT_NEAR(box.y, y, 0.01);
    EXPECT_NEAR(box.width, width, 0.01);
    EXPECT_NEAR(box.height, height, 0.01);
}

TEST_F(Tools, MarksAPartOfThePageWithAnEllipse) {
    show(1, {{"营业执照.png", drawn(60)}});
    const ImVec2 paper(496, 702);
    const PagePlace at = place(paper);
    viewer.begin_crop();
    screen.frame(2);
    EXPECT_TRUE(screen.says("拖出要给申请人看的一块"));
    EXPECT_FALSE(screen.visible(ids::viewer_crop_use)) << "nothing is marked yet";
    screen.drag(panels::on_screen(at, 0.2, 0.3), panels::on_screen(at, 0.6, 0.5));
    ASSERT_TRUE(screen.visible(ids::viewer_crop_use)) << screen.text();
    EXPECT_EQ(viewer.take_crop(), std::nullopt) << "the person is not content yet";
    screen.press(ImGuiKey_Enter);
    const auto first = viewer.take_crop();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->page, 1);
    EXPECT_EQ(first->page_in_file, 0);
    EXPECT_EQ(first->file_sha256, sha256_hex(folder.read("x.png")));
    expect_near(first->area, 0.2, 0.3, 0.4, 0.2);
    expect_near(first->ellipse, 0.26, 0.33, 0.28, 0.14);
    EXPECT_EQ(viewer.take_crop(), std::nullopt) << "once";
    EXPECT_FALSE(viewer.cropping());
    EXPECT_EQ(zoom(), 0) << "the drag did not move the page";

    viewer.begin_crop();
    screen.drag(panels::on_screen(at, 0.1, 0.1), panels::on_screen(at, 0.5, 0.4));
    screen.drag(panels::on_screen(at, 0.2, 0.2), panels::on_screen(at, 0.9, 0.3));  // beyond the part: cut there
    screen.click(ids::viewer_crop_use);
    const auto second = viewer.take_crop();
    ASSERT_TRUE(second);
    expect_near(second->area, 0.1, 0.1, 0.4, 0.3);
    expect_near(second->ellipse, 0.2, 0.2, 0.3, 0.1);
}

TEST_F(Tools, EscapeLeavesTheMarkAndThePageCanBePannedAgain) {
    show(1, {{"营业执照.png", drawn(60)}});
    const PagePlace at = place({496, 702});
    viewer.begin_crop();
    screen.drag(panels::on_screen(at, 0.2, 0.3), panels::on_screen(at, 0.6, 0.5));
    screen.press(ImGuiKey_Escape);
    EXPECT_FALSE(viewer.cropping());
    EXPECT_EQ(viewer.take_crop(), std::nullopt);
    EXPECT_FALSE(screen.visible(ids::viewer_crop_leave));
    screen.drag(panels::on_screen(at, 0.2, 0.3), panels::on_screen(at, 0.6, 0.5));
    EXPECT_GT(zoom(), 0);
    EXPECT_EQ(viewer.take_crop(), std::nullopt);
}

TEST_F(Tools, AMarkOnATurnedViewIsOnThePageAsItWasSent) {
    show(1, {{"营业执照.png", drawn(60)}});
    screen.press(ImGuiKey_RightBracket);
    const PagePlace at = place({496, 702}, 1);
    viewer.begin_crop();
    screen.drag(panels::on_screen(at, 0.2, 0.3), panels::on_screen(at, 0.6, 0.5));
    screen.press(ImGuiKey_Enter);
    const auto mark = viewer.take_crop();
    ASSERT_TRUE(mark);
    expect_near(mark->area, 0.2, 0.3, 0.4, 0.2);
}

TEST_F(Tools, AnotherOrderEndsTheMark) {
    show(1, {{"营业执照.png", drawn(60)}});
    viewer.begin_crop();
    screen.frame(2);
    show(2, {{"申请表.png", drawn(60, "application_unit")}});
    EXPECT_FALSE(viewer.cropping());
}

TEST_F(Tools, ALargePageIsSharpInTilesThatTheCardTakes) {
    screen.limit_pictures(512);
    show(1, {{"营业执照.png", drawn(200)}});  // 1654 × 2339 px: kept whole at a quarter and less
    screen.frame(3);
    ASSERT_TRUE(screen.until([&] { return quiet(); }));
    const int whole = screen.pictures_shown();
    for (int i = 0; i < 12; ++i) screen.press(ImGuiKey_Equal);
    ASSERT_TRUE(screen.until([&] { return screen.pictures_shown() > whole && quiet(); })) << "tiles of what is in sight";
    EXPECT_FALSE(screen.says("打不开"));
    screen.frame(5);
    ASSERT_TRUE(screen.until([&] { return quiet(); }));
    const int sharp = screen.pictures_shown();
    screen.frame(5);
    EXPECT_TRUE(quiet()) << "what is there is not decoded again";
    EXPECT_EQ(screen.pictures_shown(), sharp);
    EXPECT_LT(sharp - whole, 40) << "only what is in sight";
}

TEST_F(Tools, AFileThatCannotBeShownIsSavedAsItCame) {
    std::string document("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    document += std::string(2000, 'w');
    show(1, {{"营业执照.png", drawn(60)}, {"../../营业/申请表.doc", document}, {"x/说明.doc", document}});
    ASSERT_TRUE(screen.until_visible(ids::viewer_save(3))) << screen.text();
    screen.click(ids::viewer_save(3));
    ASSERT_TRUE(screen.until_says("已保存")) << screen.text();
    const auto saved = open.desk->documents() / "saved" / (sample_order(1).no + "-说明.doc");
    const auto bytes = read_file(saved);
    ASSERT_TRUE(bytes) << bytes.error().message;
    EXPECT_EQ(*bytes, document);
    EXPECT_EQ(std::filesystem::status(saved).permissions() & std::filesystem::perms::others_read, std::filesystem::perms::none);
    const auto rows = audit::page(open.database(), sample_order(1).no, 0, 100);
    ASSERT_TRUE(rows);
    int times = 0;
    for (const auto& row : *rows) times += row.action == "scans.save";
    EXPECT_EQ(times, 1);
}

TEST_F(Tools, AValueIsShownWhereItWasRead) {
    const std::string licence = drawn(60);
    show(1, {{"申请表.png", drawn(60, "application_unit")}, {"营业执照.png", licence}});
    ASSERT_TRUE(screen.says("1 / 2"));
    viewer.show_value(*open.desk, "南京长歌建设工程有限公司");
    ASSERT_TRUE(screen.until_says("还没有识别文字")) << screen.text();
    EXPECT_TRUE(screen.says("1 / 2"));

    checks::Paper paper;
    paper.number = 2;
    paper.title = "营业执照.png";
    paper.file_sha256 = sha256_hex(licence);
    paper.facts = checks::PageFacts{};
    paper.facts->sha256 = std::string(64, 'f');
    const std::string read =
        nlohmann::json{
            {"version", 2},
            {"width", 1000},
            {"height", 1400},
            {"lines", {{{"text", "名称南京长歌建设工程有限公司"}, {"x", 100}, {"y", 280}, {"width", 500}, {"height", 28}}}}}
            .dump();
    ASSERT_TRUE(open.database().write([&](storage::Tx& tx) -> Result<> {
        checks::keep_pages(tx, sample_order(1).no, 1, {paper});
        checks::keep_text(tx, paper.facts->sha256, checks::kReader, read);
        return {};
    }));
    viewer.show_value(*open.desk, "南京长歌建设工程有限公司");
    ASSERT_TRUE(screen.until_says("2 / 2")) << screen.text();
    screen.frame(2);
    EXPECT_GT(zoom(), 1) << "large enough to read";
    viewer.show_value(*open.desk, "苏州别处贸易有限公司");
    ASSERT_TRUE(screen.until_says("没有找到")) << screen.text();
    EXPECT_TRUE(screen.says("2 / 2")) << "the page stays";
}

TEST_F(Tools, AnOldReadingIsReadAgain) {
    EXPECT_STRNE(checks::kReader, "tesseract chi_sim 1") << "its answers had no words and no size";
}

TEST_F(Tools, PapersOfOneKindAreLookedAtAlike) {
    show(1, {{"营业执照.png", drawn(60)}, {"申请表.png", drawn(60, "application_unit")}});
    for (int i = 0; i < 5; ++i) screen.press(ImGuiKey_Equal);
    const float zoomed = zoom();
    ASSERT_GT(zoomed, 2);
    screen.press(ImGuiKey_RightArrow);
    EXPECT_EQ(zoom(), 0) << "another kind of paper";
    show(2, {{"1.png", drawn(61, "application_unit")}, {"营业执照.png", drawn(62)}});
    EXPECT_EQ(zoom(), 0);
    screen.press(ImGuiKey_RightArrow);
    EXPECT_FLOAT_EQ(zoom(), zoomed) << "the licence, wherever it is in the package";

    desk::Memory memory;
    viewer.remember(memory);
    panels::PageViewer again;
    again.recall(memory);
    Headless other{[&] { again.draw(*open.desk, subject); }};
    open.desk->set_wake([&] { other.wake(); });
    ASSERT_TRUE(other.until_says("2 / 2")) << "as it was left";
    desk::Memory kept;
    again.remember(kept);
    EXPECT_EQ(kept.get("viewer.kinds"), memory.get("viewer.kinds"));
    open.desk->jobs().wait_idle();
    open.desk->set_wake([this] { screen.wake(); });
}

TEST_F(Tools, ThePagesMoveIntoAWindowOfTheirOwnAndBack) {
    show(1, {{"营业执照.png", drawn(60)}, {"申请表.png", drawn(60, "application_unit")}});
    EXPECT_FALSE(screen.ui().beside.wanted);
    screen.press(ImGuiKey_W);
    ASSERT_TRUE(screen.ui().beside.wanted);
    EXPECT_TRUE(screen.says("第二个窗口"));
    EXPECT_FALSE(screen.says("1 / 2"));
    desk::Memory memory;
    viewer.remember(memory);
    EXPECT_NE(memory.get("viewer.window"), "") << "a restart opens it again";
    {
        Headless second{[&] {
            if (screen.ui().beside.draw) screen.ui().beside.draw();
        }};
        EXPECT_TRUE(second.says("1 / 2")) << second.text();
        second.press(ImGuiKey_RightArrow);
        EXPECT_TRUE(second.says("2 / 2"));
        EXPECT_FALSE(second.visible(ids::viewer_detach));
    }
    screen.click(ids::viewer_return);
    EXPECT_FALSE(screen.ui().beside.wanted);
    EXPECT_TRUE(screen.says("2 / 2")) << "where it was";

    screen.press(ImGuiKey_W);
    screen.ui().beside.closed = true;  // by its own button
    screen.frame(2);
    EXPECT_FALSE(screen.ui().beside.wanted);
    EXPECT_TRUE(screen.says("2 / 2"));
    desk::Memory after;
    viewer.remember(after);
    EXPECT_EQ(after.get("viewer.window"), "");
}

}  // namespace
}  // namespace sealdesk::tests
