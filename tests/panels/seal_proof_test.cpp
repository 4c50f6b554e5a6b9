// The proof of a seal as an officer sees it: drawn and lifted side by side, one of them taken.
#include "panels/seal_proof.h"

#include <gmock/gmock.h>

#include <set>

#include "base/files.h"
#include "crypto/digest.h"
#include "desk/seal_pictures.h"
#include "tests/panels/open_desk.h"
#include "tests/scans/made_packages.h"

namespace sealdesk::tests {
namespace {

using panels::SealProof;

seals::SealText usual(const std::string& name) { return seals::seal_text(seals::SealShape::round, name); }

enum class Stamped { whole, torn };
// A sheet with this seal on it, as a scan of 300 dpi.
std::string sheet_png(const seals::SealText& text, Stamped stamped = Stamped::whole) {
    const auto press = desk::SealPress::open();
    auto drawing = *press->draw(text);
    for (auto& shape : drawing.shapes)
        for (auto& step : shape.steps)
            for (int i = 0; i <= step.last(); ++i) step.x[i] += 20, step.y[i] += 20;
    drawing.width = drawing.height = 80;
    auto scan = *press->print(drawing, 300);
    if (stamped == Stamped::torn)
        for (int y = 0; y < scan.height; ++y)
            for (int x = scan.width * 11 / 20; x < scan.width; ++x) scan.at(x, y) = 0;
    return *seals::png_of(scan);
}

std::shared_ptr<const scans::Package> impression_sheet(OpenDesk& open, const seals::SealText& text) {
    const auto file = open.folder.path() / "印模.png";
    EXPECT_TRUE(write_file(file, sheet_png(text)));
    auto package = open.desk->scanbox().open(file);
    EXPECT_TRUE(package) << (package ? "" : package.error().message);
    return std::make_shared<const scans::Package>(std::move(*package));
}

class Proof : public testing::Test {
protected:
    void SetUp() override {
        open_.sign_in("liulei", "刘磊", kOfficer);
        ASSERT_OK(put(open_.database(), {order_}, orders::State::approved));
    }
    std::optional<seals::AcceptedPicture> accepted() { return accepted(order_.no); }
    std::optional<seals::AcceptedPicture> accepted(const std::string& no) {
        const auto found = open_.database().read([&](storage::Tx& tx) { return seals::accepted_picture(tx, no); });
        EXPECT_TRUE(found);
        return found.value_or(std::nullopt);
    }
    // Its package lies on the desk, as the applicant sent it.
    void put_with_package(orders::Order& order, const std::string& bytes) {
        order.submissions[0].package_sha256 = crypto::sha256_hex(bytes);
        ASSERT_OK(open_.desk->packages().put(order.submissions[0].package_sha256, bytes));
        ASSERT_OK(put(open_.database(), {order}, orders::State::approved));
    }
    OpenDesk open_;
    const orders::Order order_ = sample_order(1);
};

TEST_F(Proof, TheDrawnSealFollowsItsTextAndIsTaken) {
    ASSERT_OK(
        staff::add(open_.database(), nullptr, {"liulei", "刘磊", kOfficer, true, {}}, crypto::Secret(std::string("Mima-2026"))));
    Shown<SealProof> shown(open_);
    EXPECT_TRUE(shown.says("请选择一个订单"));
    shown.panel.open(order_);
    ASSERT_TRUE(shown.says("40×40 毫米"));
    ASSERT_TRUE(shown.in_time([&] { return shown.screen.pictures_shown() == 1; }));
    shown.screen.type_into(panels::ids::kSealNumber, "3201-02");
    ASSERT_TRUE(shown.says("数字和大写字母")) << "refused beside the picture";
    EXPECT_TRUE(shown.screen.disabled(panels::ids::kSealDrawn));
    shown.screen.type_into(panels::ids::kSealNumber, "3201020012345");
    shown.screen.type_into(panels::ids::kSealCentre, "合同专用章");
    ASSERT_TRUE(shown.in_time([&] { return !shown.panel.busy() && !shown.screen.disabled(panels::ids::kSealDrawn); }));
    shown.screen.click(panels::ids::kSealDrawn);
    ASSERT_TRUE(shown.says("（刘磊 2026-11-22")) << shown.screen.text();
    const auto taken = accepted();
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->source, seals::PictureSource::drawn);
    EXPECT_EQ(taken->description, order_.subject.name + " / 合同专用章 / 3201020012345 / 40×40 mm");
    EXPECT_EQ(taken->accepted_by, "liulei");
}

TEST_F(Proof, TheLiftedSealStandsBesideItsScan) {
    Shown<SealProof> shown(open_);
    shown.panel.open(order_, impression_sheet(open_, usual(order_.subject.name)), 0);
    ASSERT_TRUE(shown.says("边框完整"));
    ASSERT_TRUE(shown.in_time([&] { return shown.screen.pictures_shown() == 3; })) << "drawn, scan, lifted";
    shown.screen.click(panels::ids::kSealLifted);
    ASSERT_TRUE(shown.says("已确认：取自印模扫描件"));
    ASSERT_TRUE(accepted());
    EXPECT_EQ(accepted()->source, seals::PictureSource::lifted);
    EXPECT_EQ(accepted()->picture.width, 40);
}

TEST_F(Proof, EnterTakesNothingBeforeTheScanIsOnScreen) {
    Shown<SealProof> shown(open_);
    shown.panel.open(order_, impression_sheet(open_, usual(order_.subject.name)), 0);
    // The drawing may be ready earlier: whoever presses Enter all the while has not seen the scan.
    ASSERT_TRUE(shown.settles([&] {
        shown.screen.press(ImGuiKey_Enter);
        if (shown.screen.visible(panels::ids::kSealLifted)) return true;
        EXPECT_TRUE(shown.screen.disabled(panels::ids::kSealDrawn));
        return false;
    }));
    EXPECT_FALSE(accepted()) << "taken unseen";
    EXPECT_FALSE(shown.screen.disabled(panels::ids::kSealDrawn));
    shown.screen.press(ImGuiKey_Enter);
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy(); }));
    EXPECT_FALSE(accepted()) << "a key that says which of the two";
    shown.screen.click(panels::ids::kSealDrawn);
    ASSERT_TRUE(shown.says("已确认：按文字绘制")) << shown.screen.text();
}

// One drawn page of an impression sheet in the words of a recipe.
std::string sheet_page(const std::string& file, const std::string& name, int dpi, const std::string& as = "jpeg") {
    return R"({"template":"seal_sheet","file":")" + file + R"(","as":")" + as + R"(","dpi":)" + std::to_string(dpi) +
           R"(,"skew":0.8,"noise":4,"seed":5,"seal":")" + name + R"(","fields":{"name":")" + name + R"("}})";
}

// A package of these pages.
std::string zip_of(const std::string& pages) {
    const Folder made;
    made.make(R"([{"out":"a.zip","format":"zip","pages":[)" + pages + "]}]");
    return made.read("a.zip");
}

TEST_F(Proof, ThePackageOfTheOrderBringsItsSheet) {
    // As the applicant sends it: a form, then the sheet that its name gives away, of a seal of 42 mm.
    orders::Order order = sample_order(2);
    const std::string bytes =
        zip_of(page("申请表.jpg", "jpeg", "application_unit") + "," + sheet_page("印章采样表.jpg", order.subject.name, 300));
    put_with_package(order, bytes);
    const auto sheet = desk::impression_sheet(open_.database(), *open_.desk->actor, open_.desk->standards(),
                                              open_.desk->packages(), open_.desk->scanbox(), order.no);
    ASSERT_OK(sheet);
    EXPECT_EQ(sheet->page, 1U);

    Shown<SealProof> shown(open_);
    shown.panel.open(order);
    ASSERT_TRUE(shown.says("42×42 毫米")) << "the chosen size follows the sheet: " << shown.screen.text();
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy() && shown.screen.pictures_shown() == 3; }));
    EXPECT_FALSE(shown.screen.says("不是 40×40")) << shown.screen.text();
    EXPECT_FALSE(shown.screen.says("请核对")) << shown.screen.text();
    shown.screen.click(panels::ids::kSealLifted);
    ASSERT_TRUE(shown.says("已确认：取自印模扫描件")) << shown.screen.text();
    const auto taken = open_.database().read([&](storage::Tx& tx) { return seals::accepted_picture(tx, order.no); });
    ASSERT_TRUE(taken && *taken);
    EXPECT_EQ((*taken)->source, seals::PictureSource::lifted);
    EXPECT_EQ((*taken)->picture.width, 42);
    EXPECT_THAT((*taken)->description, testing::HasSubstr("印章采样表.jpg"));
    const auto facts = seals::look_at((*taken)->picture);
    ASSERT_OK(facts);
    EXPECT_NEAR(facts->width, 42 / 25.4 * 300, 12);
    if (const char* folder = std::getenv("SEALDESK_LOOK")) {
        EXPECT_TRUE(write_file(std::filesystem::path(folder) / "from-package.png", (*taken)->picture.data));
    }
}

TEST_F(Proof, APackageThatComesLaterBringsItsSheetThen) {
    orders::Order order = sample_order(2);
    const std::string bytes = zip_of(sheet_page("印章采样表.jpg", order.subject.name, 300));
    order.submissions[0].package_sha256 = crypto::sha256_hex(bytes);
    ASSERT_OK(put(open_.database(), {order}, orders::State::approved));
    Shown<SealProof> shown(open_);
    shown.panel.open(order);
    ASSERT_TRUE(shown.says("材料包还没有下载到本机")) << shown.screen.text();
    EXPECT_FALSE(shown.screen.says("没有认出")) << "nobody has looked";
    open_.desk->touch();  // something else changed: it is still not here
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy(); }));
    EXPECT_TRUE(shown.screen.says("材料包还没有下载到本机"));
    ASSERT_OK(open_.desk->packages().put(order.submissions[0].package_sha256, bytes));
    open_.desk->touch();
    ASSERT_TRUE(shown.says("边框完整")) << shown.screen.text();
    EXPECT_FALSE(shown.screen.says("还没有下载"));
}

TEST_F(Proof, PapersWithoutSheetSayThatNoneWasRecognised) {
    orders::Order order = sample_order(2);
    put_with_package(order, zip_of(page("申请表.jpg", "jpeg", "application_unit")));
    Shown<SealProof> shown(open_);
    shown.panel.open(order);
    ASSERT_TRUE(shown.says("材料里没有认出印模采样表")) << shown.screen.text();
    EXPECT_FALSE(shown.screen.says("还没有下载"));
    EXPECT_FALSE(shown.screen.visible(panels::ids::kSealLifted));
}

TEST_F(Proof, ASealThatIsTornOnOnePageIsTakenFromAnother) {
    orders::Order order = sample_order(2);
    const auto text = usual(order.subject.name);
    put_with_package(order, packed({{"印章采样表.png", sheet_png(text, Stamped::torn)}, {"补盖.png", sheet_png(text)}}));
    Shown<SealProof> shown(open_);
    shown.panel.open(order);
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy() && shown.screen.says("第 1 页，共 2 页：印章采样表.png"); }))
        << shown.screen.text();
    EXPECT_TRUE(shown.screen.disabled(panels::ids::kSealPageBack));
    EXPECT_FALSE(shown.screen.visible(panels::ids::kSealLifted));
    shown.screen.press(ImGuiKey_RightArrow);
    ASSERT_TRUE(shown.says("边框完整")) << shown.screen.text();
    EXPECT_TRUE(shown.screen.says("第 2 页，共 2 页：补盖.png")) << shown.screen.text();
    EXPECT_TRUE(shown.screen.disabled(panels::ids::kSealPageOn));
    shown.screen.click(panels::ids::kSealLifted);
    ASSERT_TRUE(shown.says("已确认：取自印模扫描件")) << shown.screen.text();
    ASSERT_TRUE(accepted(order.no));
    EXPECT_THAT(accepted(order.no)->description, testing::HasSubstr("补盖.png"));
    shown.screen.click(panels::ids::kSealPageBack);
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy() && shown.screen.says("第 1 页"); }));
    EXPECT_FALSE(shown.screen.visible(panels::ids::kSealLifted)) << "the other page's seal is not this one's";
}

TEST_F(Proof, ASheetThatNobodyRecognisedIsFoundByHand) {
    orders::Order order = sample_order(2);
    const auto text = usual(order.subject.name);
    put_with_package(order, packed({{"1.png", sheet_png(text, Stamped::torn)}, {"2.png", sheet_png(text)}}));
    Shown<SealProof> shown(open_);
    shown.panel.open(order);
    ASSERT_TRUE(shown.says("请翻到盖有印模的一页")) << shown.screen.text();
    shown.screen.click(panels::ids::kSealPageBack);
    ASSERT_TRUE(shown.says("边框完整")) << "from the last page: " << shown.screen.text();
    EXPECT_TRUE(shown.screen.says("第 2 页，共 2 页：2.png"));
}

TEST_F(Proof, AScanInsideAPdfIsJudgedByWhatItHolds) {
    const Folder made;
    const std::string name = order_.subject.name;
    made.make(R"([{"out":"coarse.pdf","format":"pdf","pages":[)" + sheet_page("1.jpg", name, 100) +
              R"(]},{"out":"fine.pdf","format":"pdf","pages":[)" + sheet_page("1.jpg", name, 300) + "]}]");
    const auto lifted = [&](const std::string& file) {
        const auto package = open_.desk->scanbox().open(made.path / file);
        EXPECT_TRUE(package);
        return desk::lift_from(open_.desk->scanbox(), *package, 0, {seals::seal_text(seals::SealShape::round, name), false});
    };
    const auto coarse = lifted("coarse.pdf");
    ASSERT_FALSE(coarse) << "drawn at 300 dpi, scanned at 100";
    EXPECT_THAT(coarse.error().message, testing::HasSubstr("PDF 中的扫描图像只有 100 dpi"));
    const auto fine = lifted("fine.pdf");
    ASSERT_OK(fine);
    EXPECT_EQ(fine->picture.width, 42);
    // A drawing is no scan.
    const auto press = desk::SealPress::open();
    auto drawing = *press->draw(seals::seal_text(seals::SealShape::round, name));
    for (auto& shape : drawing.shapes)
        for (auto& step : shape.steps)
            for (int i = 0; i <= step.last(); ++i) step.x[i] += 20, step.y[i] += 20;
    drawing.width = drawing.height = 80;
    made.write("drawn.pdf", press->pdf(drawing));
    const auto drawn = lifted("drawn.pdf");
    ASSERT_OK(drawn);
    EXPECT_THAT(drawn->seal.doubts, testing::Contains(testing::HasSubstr("没有扫描图像")));
}

TEST_F(Proof, ShapeAndSizeAreChosenAndStayWithThePicture) {
    Shown<SealProof> shown(open_);
    shown.panel.open(order_);
    ASSERT_TRUE(shown.says("40×40 毫米"));
    shown.screen.click(panels::ids::with(panels::ids::kSealShape, "round42"));
    ASSERT_TRUE(shown.says("42×42 毫米")) << shown.screen.text();
    shown.screen.click(panels::ids::with(panels::ids::kSealShape, "oval40"));
    ASSERT_TRUE(shown.says("40×30 毫米，")) << shown.screen.text();
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy() && !shown.screen.disabled(panels::ids::kSealDrawn); }));
    shown.screen.click(panels::ids::kSealDrawn);
    ASSERT_TRUE(shown.says("已确认"));
    ASSERT_TRUE(accepted());
    EXPECT_EQ(accepted()->picture.width, 40);
    EXPECT_EQ(accepted()->picture.height, 30);
    EXPECT_EQ(accepted()->description, order_.subject.name + " / 40×30 mm");
}

TEST_F(Proof, AnOvalSealIsLiftedWithoutBeingChosen) {
    Shown<SealProof> shown(open_);
    const auto oval = seals::seal_text(seals::SealShape::oval, order_.subject.name);
    shown.panel.open(order_, impression_sheet(open_, oval), 0);
    ASSERT_TRUE(shown.says("边框完整")) << shown.screen.text();
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy() && shown.screen.pictures_shown() == 3; }));
    EXPECT_FALSE(shown.screen.says("40×40 毫米")) << "the drawing has its shape, too: " << shown.screen.text();
    EXPECT_FALSE(shown.screen.says("请核对")) << shown.screen.text();
    shown.screen.click(panels::ids::kSealLifted);
    ASSERT_TRUE(shown.says("已确认：取自印模扫描件")) << shown.screen.text();
    ASSERT_TRUE(accepted());
    EXPECT_EQ(accepted()->picture.width, 45);
    EXPECT_EQ(accepted()->picture.height, 30);
}

TEST_F(Proof, AShapeThatWasChosenIsTheOnlyOneThatWillDo) {
    Shown<SealProof> shown(open_);
    const auto oval = seals::seal_text(seals::SealShape::oval, order_.subject.name);
    shown.panel.open(order_, impression_sheet(open_, oval), 0);
    ASSERT_TRUE(shown.says("边框完整")) << shown.screen.text();
    shown.screen.click(panels::ids::with(panels::ids::kSealShape, "round40"));
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy() && shown.screen.says("40×40 毫米"); })) << shown.screen.text();
    EXPECT_FALSE(shown.screen.visible(panels::ids::kSealLifted));
}

// The order of the tests, for a person.
orders::Order of_person(const std::string& name) {
    orders::Order order = sample_order(1);
    order.subject.kind = orders::SubjectKind::person;
    order.subject.name = name;
    return order;
}

TEST_F(Proof, APersonsSealHasTheSizeOfItsSheet) {
    Shown<SealProof> shown(open_);
    auto seal = seals::seal_text(seals::SealShape::square, "欧阳文修");
    seal.width = 22, seal.height = 18;
    shown.panel.open(of_person("欧阳文修"), impression_sheet(open_, seal), 0);
    ASSERT_TRUE(shown.says("边框完整")) << shown.screen.text();
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy() && shown.screen.pictures_shown() == 3; }));
    EXPECT_FALSE(shown.screen.says("20×20 毫米")) << shown.screen.text();
    EXPECT_FALSE(shown.screen.says("看不清")) << shown.screen.text();
    EXPECT_TRUE(shown.screen.says("长宽不等")) << "worth a look: " << shown.screen.text();
    shown.screen.click(panels::ids::kSealLifted);
    ASSERT_TRUE(shown.says("已确认：取自印模扫描件")) << shown.screen.text();
    ASSERT_TRUE(accepted());
    EXPECT_EQ(accepted()->picture.width, 22);
    EXPECT_EQ(accepted()->picture.height, 18);
    // Who types a size demands it.
    shown.screen.type_into(panels::ids::kSealHeight, "22");
    ASSERT_TRUE(shown.says("长宽不一致")) << shown.screen.text();
    EXPECT_FALSE(shown.screen.visible(panels::ids::kSealLifted));
}

TEST_F(Proof, TheEndingOfAPersonsSealIsChosen) {
    Shown<SealProof> shown(open_);
    shown.panel.open(of_person("张三丰"));
    std::set<std::string> pictures;
    for (const char* ending : {"yin", "zhang", "none"}) {
        ASSERT_TRUE(shown.shows(panels::ids::with(panels::ids::kSealEnding, ending)));
        shown.screen.click(panels::ids::with(panels::ids::kSealEnding, ending));
        ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy() && !shown.screen.disabled(panels::ids::kSealDrawn); }));
        shown.screen.click(panels::ids::kSealDrawn);
        ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy(); }));
        ASSERT_TRUE(accepted());
        pictures.insert(accepted()->sha256);
    }
    EXPECT_EQ(pictures.size(), 3U);
}

TEST_F(Proof, APersonsSealMayHaveUnequalSides) {
    orders::Order order = sample_order(3);
    order.subject.kind = orders::SubjectKind::person;
    order.subject.name = "欧阳文修";
    Shown<SealProof> shown(open_);
    shown.panel.open(order);
    ASSERT_TRUE(shown.says("20×20 毫米")) << shown.screen.text();
    shown.screen.type_into(panels::ids::kSealWidth, "22");
    shown.screen.type_into(panels::ids::kSealHeight, "18");
    ASSERT_TRUE(shown.says("22×18 毫米")) << shown.screen.text();
    shown.screen.type_into(panels::ids::kSealHeight, "1x");
    ASSERT_TRUE(shown.says("16 至 25")) << "refused beside the picture";
    EXPECT_TRUE(shown.screen.disabled(panels::ids::kSealDrawn));
}

TEST_F(Proof, AnOrderThatWasCorrectedIsLookedAtAnew) {
    Shown<SealProof> shown(open_);
    orders::Order order = order_;
    const auto sheet = impression_sheet(open_, usual(order.subject.name));
    shown.panel.open(order, sheet, 0);
    ASSERT_TRUE(shown.says("边框完整")) << shown.screen.text();
    shown.panel.open(order);  // in every frame
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy(); }));
    ASSERT_TRUE(shown.screen.visible(panels::ids::kSealLifted)) << "the same one: it stays";
    // Other papers.
    order.submissions.push_back(order.current());
    order.submissions.back().revision = 2;
    shown.panel.open(order);
    ASSERT_TRUE(shown.says("40×40 毫米")) << shown.screen.text();
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy(); }));
    EXPECT_FALSE(shown.screen.visible(panels::ids::kSealLifted)) << "the sheet of the submission before";
    // Another name.
    order.subject.name = "南京犇鑫建设工程有限公司";
    shown.panel.open(order);
    ASSERT_TRUE(shown.settles([&] { return !shown.panel.busy() && !shown.screen.disabled(panels::ids::kSealDrawn); }));
    shown.screen.click(panels::ids::kSealDrawn);
    ASSERT_TRUE(shown.says("已确认")) << shown.screen.text();
    ASSERT_TRUE(accepted());
    EXPECT_EQ(accepted()->description, "南京犇鑫建设工程有限公司 / 40×40 mm");
}

TEST_F(Proof, OnlyAnOfficerTakesIt) {
    open_.sign_in("zhaojing", "赵静", kClerk);
    Shown<SealProof> shown(open_);
    shown.panel.open(order_);
    ASSERT_TRUE(shown.says("40×40 毫米"));
    EXPECT_TRUE(shown.screen.disabled(panels::ids::kSealDrawn));
    EXPECT_FALSE(accepted());
}

}  // namespace
}  // namespace sealdesk::tests
