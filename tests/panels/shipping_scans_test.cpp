// What a scan does beside packing: colour and sound, text fields, KEYs read from the port, and choices that no scan makes.
#include <future>
#include <mutex>

#include "audit/audit.h"
#include "base/files.h"
#include "certificates/certificate_register.h"
#include "keys/jobs_store.h"
#include "keys/pin.h"
#include "keys/stock.h"
#include "tests/panels/shipping_bench.h"
#include "tests/panels/workshop.h"

namespace sealdesk::tests {
namespace {

using orders::State;
using panels::ShippingPanel;
namespace ids = panels::ids;

// What a player was asked to play, in its order.
class Heard {
public:
    desk::Player player() {
        return [this](const std::filesystem::path& wave) {
            const std::lock_guard lock(mutex_);
            files_.push_back(wave);
            return true;
        };
    }
    std::vector<std::string> names() const {
        const std::lock_guard lock(mutex_);
        std::vector<std::string> all;
        for (const auto& file : files_) all.push_back(file.filename().string());
        return all;
    }
    std::filesystem::path last() const {
        const std::lock_guard lock(mutex_);
        return files_.empty() ? std::filesystem::path() : files_.back();
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::filesystem::path> files_;
};

class ShippingScansTest : public ShippingBench {
protected:
    // A slow scanner: a frame without a key after each of its characters.
    static void scan_slowly(Shown<ShippingPanel>& bench, const std::string& code) {
        bench.screen.pass(0.5);
        for (const char c : code) bench.screen.type(std::string(1, c));
        bench.screen.press(ImGuiKey_Enter);
    }
    static void give_away(Shown<ShippingPanel>& bench, std::string_view field) {
        bench.screen.click(field);
        bench.screen.press(ImGuiKey_Escape);
        bench.screen.frame(2);
    }
};

TEST_F(ShippingScansTest, ARightAndAWrongScanAreSeenAndHeard) {
    issued(paid_together({1, 2}));
    issued({sample_order(3)});
    Heard heard;
    Shown<ShippingPanel> bench(open_);
    bench.panel.scanner().play_with(heard.player());
    ASSERT_TRUE(bench.says(two_));
    using Names = std::vector<std::string>;
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.says("正确（1 / 2）"));
    EXPECT_EQ(bench.panel.scanner().tone(), kit::Tone::green);
    ASSERT_TRUE(bench.in_time([&] { return heard.names() == Names{"right.wav"}; }));
    EXPECT_EQ(read_file(heard.last()).value_or(""), desk::wave_of(desk::Tone::right));
    scan(bench, "KEY-0003-1");
    ASSERT_TRUE(bench.says("不能放进这个包裹")) << bench.screen.text();
    EXPECT_EQ(bench.panel.scanner().tone(), kit::Tone::red);
    ASSERT_TRUE(bench.in_time([&] { return heard.names() == Names{"right.wav", "wrong.wav"}; }));
    EXPECT_EQ(read_file(heard.last()).value_or(""), desk::wave_of(desk::Tone::wrong));
    EXPECT_NE(desk::wave_of(desk::Tone::wrong), desk::wave_of(desk::Tone::right));
    scan(bench, "KEY-7777-1");
    ASSERT_TRUE(bench.says("不认识 KEY-7777-1"));
    ASSERT_TRUE(bench.in_time([&] { return heard.names() == Names{"right.wav", "wrong.wav", "wrong.wav"}; }));
    // Quiet when the desk wants it so.
    desk::ShippingSettings quiet;
    quiet.sounds = false;
    ASSERT_OK(desk::save_shipping_settings(open_.desk->settings().home, quiet));
    scan(bench, "KEY-8888-1");
    ASSERT_TRUE(bench.says("不认识 KEY-8888-1"));
    EXPECT_EQ(bench.panel.scanner().tone(), kit::Tone::red);
    open_.desk->jobs().wait_idle();
    EXPECT_EQ(heard.names().size(), 3U);
}

TEST_F(ShippingScansTest, AWrongScanAtTheHandOverIsHeardToo) {
    issued({sample_order(1)});
    packed(one_);
    Heard heard;
    Shown<ShippingPanel> bench(open_);
    bench.panel.scanner().play_with(heard.player());
    ASSERT_TRUE(bench.shows(ids::kShippingTabOut));
    bench.screen.click(ids::kShippingTabOut);
    ASSERT_TRUE(bench.says("没有交接 1"));
    scan(bench, "SF0000000000000");
    ASSERT_TRUE(bench.says("没有快递单号是 SF0000000000000 的包裹")) << bench.screen.text();
    EXPECT_EQ(bench.panel.scanner().tone(), kit::Tone::red);
    // Sounds are made by jobs, which may overtake each other when they wait together.
    ASSERT_TRUE(bench.in_time([&] { return heard.names() == std::vector<std::string>{"wrong.wav"}; }));
    scan(bench, "EA123456785CN");
    ASSERT_TRUE(bench.says("已扫描 1 个包裹")) << bench.screen.text();
    EXPECT_EQ(bench.panel.scanner().tone(), kit::Tone::green);
    const std::vector<std::string> names{"wrong.wav", "right.wav"};
    ASSERT_TRUE(bench.in_time([&] { return heard.names() == names; })) << testing::PrintToString(heard.names());
}

// Whoever packs hears at the scan that this KEY is not to leave, and packs it as soon as the officer has seen to it.
TEST_F(ShippingScansTest, AKeyWhosePinNobodyHasIsNotPacked) {
    issued({sample_order(1)});
    ASSERT_OK(open_.database().write([&](storage::Tx& tx) -> Result<> {
        keys::pin_is_owed(tx, one_, "KEY-0001-1");
        return {};
    }));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("KEY KEY-0001-1 的随机 PIN 还没有设好并抄下")) << bench.screen.text();
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.in_time([&] { return bench.panel.scanner().tone() == kit::Tone::red; })) << bench.screen.text();
    EXPECT_TRUE(bench.screen.disabled(ids::kShippingPack));
    const staff::Actor officer{"qian", "钱进", kOfficer};
    ASSERT_OK(keys::pin_handed_on(open_.database(), officer, "KEY-0001-1"));
    open_.desk->touch();
    ASSERT_TRUE(bench.says("先扫描每个 KEY（0 / 1）")) << bench.screen.text();
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
}

TEST_F(ShippingScansTest, AScanNeverEndsAsTextInAField) {
    issued({sample_order(1), sample_order(2)});
    packed(one_);
    packed(two_);
    const auto second = shipping::by_code(open_.database(), two_);
    ASSERT_OK(shipping::printed(open_.database(), *open_.desk->actor, **second));
    Shown<ShippingPanel> bench(open_);
    // Who came for the parcels: typed, and then the scanner goes on while the keyboard is still there.
    ASSERT_TRUE(bench.shows(ids::kShippingTabOut));
    bench.screen.click(ids::kShippingTabOut);
    ASSERT_TRUE(bench.says("没有交接 2"));
    bench.screen.type_into(ids::kOutTakenBy, "Li Qiang");
    scan(bench, "EA123456785CN");
    ASSERT_TRUE(bench.says("没有交接 1")) << bench.screen.text();
    bench.screen.click(ids::kOutTakenBy);
    scan_slowly(bench, (*second)->waybill);
    ASSERT_TRUE(bench.says("没有交接 0")) << bench.screen.text();
    const auto list = shipping::open_manifests(open_.database())->front();
    bench.screen.click(ids::with(ids::kOutClose, std::to_string(list.id)));
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(two_) == State::completed; })) << bench.screen.text();
    EXPECT_EQ(shipping::manifest(open_.database(), list.id)->taken_by, "Li Qiang");
}

TEST_F(ShippingScansTest, TheReasonOfAReprintIsNotWhatWasScanned) {
    issued({sample_order(1), sample_order(2)});
    packed(one_);
    const auto parcel = shipping::by_code(open_.database(), one_);
    ASSERT_OK(open_.database().write([&](storage::Tx& tx) -> Result<> {
        SEALDESK_TRY(shipping::printed(tx, *open_.desk->actor, **parcel));
        shipping::papers_asked(tx, (*parcel)->id);
        return {};
    }));
    printers(kLabels, kInvoices, kA4);
    Shown<ShippingPanel> bench(open_);
    const auto row = ids::with(ids::kShippingPacked, std::to_string((*parcel)->id));
    ASSERT_TRUE(bench.shows(row));
    bench.screen.click(row);
    ASSERT_TRUE(bench.shows(ids::kShippingReason));
    bench.screen.click(ids::kShippingReason);
    scan_slowly(bench, "EA123456785CN");
    ASSERT_TRUE(bench.says("包裹 EA123456785CN")) << bench.screen.text();
    bench.screen.click(ids::kShippingReprint);
    ASSERT_TRUE(bench.says("重印要写明原因")) << bench.screen.text();
    EXPECT_TRUE(jobs_in_order().empty());
    bench.screen.type_into(ids::kShippingReason, "torn");
    scan(bench, "EA123456785CN");
    bench.screen.pass(0.5);
    bench.screen.click(ids::kShippingReprint);
    ASSERT_TRUE(bench.says("第 2 次打印")) << bench.screen.text();
    ASSERT_EQ(jobs_in_order().size(), 1U);
    const auto last = audit::page(open_.database(), one_, 0, 1);
    ASSERT_TRUE(last && !last->empty());
    EXPECT_NE(last->front().details.find("\"torn\""), std::string::npos) << "typed before the scan: " << last->front().details;
}

TEST_F(ShippingScansTest, EnterTwicePacksOnceAndShowsWhatWentWrong) {
    issued({sample_order(1)});
    without_scanning();
    // The label cannot be written: where its folder should be lies a file.
    ASSERT_OK(make_folder(open_.desk->documents()));
    ASSERT_OK(write_file(open_.desk->documents() / "labels", "in the way"));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingPack));
    ASSERT_FALSE(bench.screen.disabled(ids::kShippingPack));
    // Every worker is busy, so that the first Enter's job is still waiting when the second one comes.
    std::promise<void> gate;
    const auto open = gate.get_future().share();
    for (int i = 0; i < 4; ++i) open_.desk->jobs().submit([open] { open.wait(); });
    bench.screen.press(ImGuiKey_Enter);
    EXPECT_TRUE(bench.screen.disabled(ids::kShippingPack));
    bench.screen.press(ImGuiKey_Enter);
    gate.set_value();
    ASSERT_TRUE(bench.says("面单没有打印")) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("已打包，快递单号 EA123456785CN"));
    EXPECT_FALSE(bench.screen.says("已经装入包裹")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::packed);
}

// The KEY was replaced before it left: the new one travels with the order that replaced it.
TEST_F(ShippingScansTest, AParcelOfPapersAloneHasNothingToScan) {
    issued({sample_order(1)});
    ASSERT_OK(put(open_.database(), {sample_order(2)}, State::approved));
    ASSERT_OK(open_.database().write([&](storage::Tx& tx) -> Result<> {
        SEALDESK_TRY(keys::move_key(tx, "KEY-0001-1", keys::KeyState::scrapped, "wang", "损坏"));
        for (const auto& [no, serial] : {std::pair(one_, "AA"), {two_, "BB"}}) {
            certificates::Entry entry;
            entry.order_no = no;
            entry.key_serial = no == one_ ? "KEY-0001-1" : "KEY-0002-1";
            entry.serial = serial;
            certificates::record_serial(tx, entry);
            SEALDESK_TRY(certificates::record_signed(tx, serial, "pem"));
        }
        return certificates::revoke(tx, "AA", certificates::RevocationReason::superseded, "BB");
    }));
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.says("这个包裹里只有单据")) << bench.screen.text();
    ASSERT_FALSE(bench.screen.disabled(ids::kShippingPack)) << bench.screen.text();
    bench.screen.click(ids::kShippingPack);
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
}

TEST_F(ShippingScansTest, DifferentPlacesArePackedOnlyAfterAChoice) {
    auto pair = paid_together({1, 2});
    pair[1].delivery.address = "江苏省苏州市姑苏区人民路1号";
    issued(pair);
    without_scanning();
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTogether)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.disabled(ids::kShippingPack));
    bench.screen.press(ImGuiKey_Enter);
    open_.desk->jobs().wait_idle();
    bench.screen.frame(3);
    EXPECT_EQ(open_.state_of(one_), State::issued) << "Enter chooses nothing";
    bench.screen.click(ids::kShippingTogether);
    ASSERT_TRUE(bench.says(two_)) << "both are in it now: " << bench.screen.text();
    ASSERT_FALSE(bench.screen.disabled(ids::kShippingPack));
    bench.screen.click(ids::kShippingApart);
    bench.screen.frame(2);
    EXPECT_TRUE(bench.screen.says("各寄各的"));
    bench.screen.click(ids::kShippingTogether);
    bench.screen.click(ids::kShippingPack);
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(two_) == State::packed; })) << bench.screen.text();
    ASSERT_EQ(shipping::waiting(open_.database())->size(), 1U);
    EXPECT_EQ(shipping::waiting(open_.database())->front().contents.size(), 2U);
    EXPECT_EQ(shipping::waiting(open_.database())->front().delivery.address, pair[0].delivery.address);
}

TEST_F(ShippingScansTest, WhatGoesTogetherWaitsForTheOtherPlaceToo) {
    auto pair = paid_together({1, 2});
    pair[1].delivery.address = "江苏省苏州市姑苏区人民路1号";
    issued({pair[0]});
    ASSERT_OK(put(open_.database(), {pair[1]}, State::approved));
    without_scanning();
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingTogether)) << bench.screen.text();
    EXPECT_FALSE(bench.screen.visible(ids::kShippingWait)) << "nothing is missing at its own place";
    bench.screen.click(ids::kShippingTogether);
    ASSERT_TRUE(bench.shows(ids::kShippingWait)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.says("先发这些并打印")) << bench.screen.text();
    bench.screen.click(ids::kShippingWait);
    ASSERT_TRUE(bench.in_time([&] { return shipping::proposals(open_.database())->front().waiting_wanted; }))
        << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::issued);
}

TEST_F(ShippingScansTest, ApartIsChosenOnceAndTheLastScanPacks) {
    auto pair = paid_together({1, 2});
    pair[1].delivery.address = "江苏省苏州市姑苏区人民路1号";
    issued(pair);
    Shown<ShippingPanel> bench(open_);
    ASSERT_TRUE(bench.shows(ids::kShippingApart)) << bench.screen.text();
    scan(bench, "KEY-0001-1");
    ASSERT_TRUE(bench.says("请选择分开寄")) << bench.screen.text();
    EXPECT_EQ(open_.state_of(one_), State::issued) << "the last scan does not decide";
    bench.screen.pass(2);  // the sentence is large while it is new
    bench.screen.frame(2);
    open_.desk->jobs().wait_idle();
    bench.screen.frame(3);
    bench.screen.click(ids::kShippingApart);
    bench.screen.click(ids::kShippingPack);
    ASSERT_TRUE(bench.settles([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
    EXPECT_EQ(open_.state_of(two_), State::issued);
    scan(bench, "KEY-0002-1");  // nothing is left to choose
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(two_) == State::packed; })) << bench.screen.text();
    EXPECT_EQ(shipping::waiting(open_.database())->size(), 2U);
}

// KEYs in the port. SoftHSM has all of its KEYs plugged in, also those of earlier parcels.
class ReadKeysTest : public testing::Test {
protected:
    static void SetUpTestSuite() { workshop_ = std::make_unique<Workshop>(); }
    static void TearDownTestSuite() { workshop_.reset(); }
    void with_key(int n, const std::string& serial) {
        ASSERT_OK(put(open_.database(), {sample_order(n)}, State::issued));
        ASSERT_OK(open_.database().write([&](storage::Tx& tx) -> Result<> {
            storage::change(tx,
                            "INSERT INTO keys (serial, label, state, order_no, unit_no, updated_at) VALUES (:serial, 'KEY', "
                            "'bound', :no, 1, 1)",
                            serial, sample_order(n).no);
            return {};
        }));
        open_.desk->touch();
    }
    static std::unique_ptr<Workshop> workshop_;
    OpenDesk open_{workshop_->settings()};
    const std::string one_ = "DD20261122-0001", two_ = "DD20261122-0002";
};
std::unique_ptr<Workshop> ReadKeysTest::workshop_;

TEST_F(ReadKeysTest, WhatIsPluggedInIsTickedOffAndAStrangerBesideItIsSaid) {
    open_.sign_in("zhao", "赵云", kClerk);
    ASSERT_OK(open_.database().write([](storage::Tx& tx) {
        return orders::define(tx, {"waybill", "EA{s10}CN", 12345678, 12345699});
    }));
    const std::string first = workshop_->new_key();
    with_key(1, first);
    Heard heard;
    Shown<ShippingPanel> bench(open_);
    bench.panel.scanner().play_with(heard.player());
    ASSERT_TRUE(bench.shows(ids::kShippingReadKeys)) << bench.screen.text();
    EXPECT_TRUE(bench.screen.disabled(ids::kShippingPack));
    bench.screen.click(ids::kShippingReadKeys);
    ASSERT_TRUE(bench.settles([&] { return open_.state_of(one_) == State::packed; })) << bench.screen.text();
    const auto read = open_.database().read([&](storage::Tx& tx) -> Result<std::string> {
        return storage::one<std::string>(tx, "SELECT seen FROM packed_keys WHERE serial = :serial", "", first);
    });
    EXPECT_EQ(*read, "read");

    // The first KEY was not taken out when the next parcel is read.
    const std::string second = workshop_->new_key();
    with_key(2, second);
    ASSERT_TRUE(bench.shows(ids::with(ids::kShippingProposal, "1")));
    bench.screen.click(ids::with(ids::kShippingProposal, "1"));
    ASSERT_TRUE(bench.shows(ids::kShippingReadKeys));
    bench.screen.click(ids::kShippingReadKeys);
    ASSERT_TRUE(bench.says(first + " 属于订单 " + one_)) << bench.screen.text();
    EXPECT_EQ(bench.panel.scanner().tone(), kit::Tone::red);
    ASSERT_TRUE(bench.in_time([&] { return !heard.names().empty() && heard.names().back() == "wrong.wav"; }));
    EXPECT_EQ(open_.state_of(two_), State::issued) << "which of the two would go in?";
    ASSERT_TRUE(bench.says("✓ " + second)) << "the right one counts: " << bench.screen.text();
    bench.screen.click(ids::kShippingPack);
    ASSERT_TRUE(bench.in_time([&] { return open_.state_of(two_) == State::packed; })) << bench.screen.text();
}

}  // namespace
}  // namespace sealdesk::tests
