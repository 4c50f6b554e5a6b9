// The proof of a seal as an officer sees it: drawn and lifted side by side, one of them taken.
#include "panels/seal_proof.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "desk/seal_pictures.h"
#include "tests/panels/open_desk.h"

namespace sealdesk::tests {
namespace {

using panels::SealProof;

// A sheet with the seal of this name on it, as a scan of 300 dpi.
std::shared_ptr<const scans::Package> impression_sheet(OpenDesk& open, const std::string& name) {
    const auto press = desk::SealPress::open();
    auto drawing = *press->draw(seals::seal_text(seals::SealShape::round, name));
    for (auto& shape : drawing.shapes)
        for (auto& step : shape.steps)
            for (int i = 0; i <= step.last(); ++i) step.x[i] += 20, step.y[i] += 20;
    drawing.width = drawing.height = 80;
    const auto file = open.folder.path() / "印模.png";
    EXPECT_TRUE(write_file(file, *seals::png_of(*press->print(drawing, 300))));
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
    std::optional<seals::AcceptedPicture> accepted() {
        const auto found = open_.database().read([&](storage::Tx& tx) { return seals::accepted_picture(tx, order_.no); });
        EXPECT_TRUE(found);
        return found.value_or(std::nullopt);
    }
    OpenDesk open_;
    const orders::Order order_ = sample_order(1);
};

TEST_F(Proof, TheDrawnSealFollowsItsTextAndIsTaken) {
    Shown<SealProof> shown(open_);
    EXPECT_TRUE(shown.says("请选择一个订单"));
    shown.panel.open(order_.no, order_.subject);
    ASSERT_TRUE(shown.says("40×40 毫米"));
    ASSERT_TRUE(shown.in_time([&] { return shown.screen.pictures_shown() == 1; }));
    shown.screen.type_into(panels::ids::kSealNumber, "3201-02");
    ASSERT_TRUE(shown.says("数字和大写字母")) << "refused beside the picture";
    EXPECT_TRUE(shown.screen.disabled(panels::ids::kSealDrawn));
    shown.screen.type_into(panels::ids::kSealNumber, "3201020012345");
    shown.screen.type_into(panels::ids::kSealCentre, "合同专用章");
    ASSERT_TRUE(shown.in_time([&] { return !shown.panel.busy() && !shown.screen.disabled(panels::ids::kSealDrawn); }));
    shown.screen.click(panels::ids::kSealDrawn);
    ASSERT_TRUE(shown.says("已确认"));
    const auto taken = accepted();
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->source, seals::PictureSource::drawn);
    EXPECT_EQ(taken->description, order_.subject.name + " / 合同专用章 / 3201020012345");
    EXPECT_EQ(taken->accepted_by, "liulei");
}

TEST_F(Proof, TheLiftedSealStandsBesideItsScan) {
    Shown<SealProof> shown(open_);
    shown.panel.open(order_.no, order_.subject, impression_sheet(open_, order_.subject.name), 0);
    ASSERT_TRUE(shown.says("边框完整"));
    ASSERT_TRUE(shown.in_time([&] { return shown.screen.pictures_shown() == 3; })) << "drawn, scan, lifted";
    shown.screen.click(panels::ids::kSealLifted);
    ASSERT_TRUE(shown.says("已确认：取自印模扫描件"));
    ASSERT_TRUE(accepted());
    EXPECT_EQ(accepted()->source, seals::PictureSource::lifted);
    EXPECT_EQ(accepted()->picture.width, 40);
}

TEST_F(Proof, OnlyAnOfficerTakesIt) {
    open_.sign_in("zhaojing", "赵静", kClerk);
    Shown<SealProof> shown(open_);
    shown.panel.open(order_.no, order_.subject);
    ASSERT_TRUE(shown.says("40×40 毫米"));
    EXPECT_TRUE(shown.screen.disabled(panels::ids::kSealDrawn));
    EXPECT_FALSE(accepted());
}

}  // namespace
}  // namespace sealdesk::tests
