// Numbers of couriers, killed at every moment at which the program looks at the clock: within and between the transactions, and
// before and after each question to a courier. A number is asked for, changed for another, taken back when its parcel is
// unpacked, asked for at another courier, and taken back for another address. Whatever stands in the ledger and at the couriers
// afterwards is gone on with: no number is lost, used twice or without record.
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "acts/acts.h"
#include "audit/audit.h"
#include "shipping/waybills.h"
#include "support/orders.h"
#include "tests/support/courier_accounts.h"
#include "tests/support/fatal_clock.h"
#include "tests/support/killed_child.h"

using namespace sealdesk;
using namespace sealdesk::shipping;
using tests::FatalClock;
using tests::TestCouriers;

namespace {

const staff::Actor kClerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
constexpr const char* kOrder = "DD20261122-0001";
constexpr const char* kNewAddress = "江苏省苏州市姑苏区人民路1号";
constexpr int kRounds = 50;  // more than the story has

// What the clerk does on the next morning, whether the couriers have answered or not.
enum class Morning { goes_on, types_a_number, unpacks };

using Ledger = std::vector<Waybill>;  // of every parcel, also of those that were unpacked

Result<Ledger> ledger_of(storage::Database& database) {
    SEALDESK_LET(parcels, database.read([](storage::Tx& tx) -> Result<std::int64_t> {
        return storage::one<std::int64_t>(tx, "SELECT COUNT(*) FROM shipments", 0);
    }));
    Ledger all;
    for (std::int64_t id = 1; id <= parcels; ++id) {
        SEALDESK_LET(rows, waybills_of(database, id));
        all.insert(all.end(), rows.begin(), rows.end());
    }
    return all;
}

struct Story {
    std::filesystem::path home;
    const TestCouriers& server;

    std::unique_ptr<storage::Database> open(const Clock& clock, crypto::Random& random) const {
        auto opened = storage::Database::open({home / "desk.sqlite", tests::source("data/migrations/desk"), &clock, &random, 1});
        return opened ? std::move(*opened) : nullptr;
    }

    // The couriers are asked, and then the clerk does what comes next, which the ledger tells; false when nothing is left.
    static Result<bool> step(storage::Database& database, const Couriers& couriers) {
        SEALDESK_TRY(obtain_due(database, couriers));
        SEALDESK_LET(open, waybills_open(database));
        if (!open.empty()) return true;
        SEALDESK_LET(ledger, ledger_of(database));
        SEALDESK_LET(parcel, by_code(database, kOrder));
        if (!parcel) {
            PackOrder what;
            what.order_nos = {kOrder};
            what.number = ledger.empty() ? NumberFrom{Source::kuaidi100, "yuantong", ""} : NumberFrom{Source::sf, "", ""};
            SEALDESK_TRY(pack(database, kClerk, what));
            return true;
        }
        if (parcel->state == ShipmentState::handed_over) return false;
        const auto id = parcel->id;
        if (ledger.size() == 1) {
            SEALDESK_TRY(change_waybill(database, kClerk, id, {Source::kuaidi100, "yuantong", ""}, "面单弄脏"));
        } else if (ledger.size() == 2) {
            SEALDESK_TRY(unpack(database, kClerk, id, "少放了说明书"));
        } else if (ledger.size() == 3) {
            auto place = parcel->delivery;
            place.address = kNewAddress;
            SEALDESK_TRY(correct_place(database, kClerk, id, place));
        } else {
            SEALDESK_TRY(hand_over(database, kClerk, id));
        }
        return true;
    }

    static Result<> go_on(storage::Database& database, const Couriers& couriers) {
        for (int i = 0; i < kRounds; ++i) {
            SEALDESK_LET(more, step(database, couriers));
            if (!more) return {};
        }
        return fail(ErrorKind::conflict, "the story does not come to its end");
    }

    static Result<> change_mind(storage::Database& database, const Couriers& couriers, Morning morning) {
        SEALDESK_LET(parcel, by_code(database, kOrder));
        if (parcel && parcel->state == ShipmentState::packed) {
            if (morning == Morning::types_a_number)
                SEALDESK_TRY(change_waybill(database, kClerk, parcel->id, {Source::typed, "", "761234567890"}, "接口不通"));
            else
                SEALDESK_TRY(unpack(database, kClerk, parcel->id, "今天不发了"));
        }
        for (int i = 0; i < kRounds; ++i) {
            SEALDESK_TRY(obtain_due(database, couriers));
            SEALDESK_LET(open, waybills_open(database));
            if (open.empty()) return {};
        }
        return fail(ErrorKind::conflict, "a number stays open");
    }

    Result<> run(const Clock& clock, Morning morning) const {
        crypto::SystemRandom random;
        const auto database = open(clock, random);
        if (!database) return fail(ErrorKind::unavailable, "no store");
        const auto couriers = tests::accounts_at(server, clock, random);
        return morning == Morning::goes_on ? go_on(*database, couriers) : change_mind(*database, couriers, morning);
    }
};

class WaybillCrashTest : public testing::TestWithParam<Morning> {
protected:
    void begin(const Story& story) {
        std::filesystem::create_directories(story.home);
        const tests::TestClock calm;
        crypto::SystemRandom random;
        const auto database = story.open(calm, random);
        ASSERT_TRUE(database);
        ASSERT_OK(tests::put(*database, {tests::sample_order(1)}, orders::State::issued));
        ASSERT_OK(tests::give_keys(*database, {tests::sample_order(1)}));
    }
    // What the couriers were asked for since: nobody else asks them.
    std::vector<TestCouriers::Order> asked_since(const std::set<std::string>& before) {
        auto list = server_.orders();
        std::erase_if(list, [&](const auto& order) { return before.contains(order.reference); });
        return list;
    }
    std::set<std::string> references() {
        std::set<std::string> all;
        for (const auto& order : server_.orders()) all.insert(order.reference);
        return all;
    }

    // Each number of a courier is on the row that asked for it; it is the parcel's, or taken back; and none is on two rows.
    static void expect_whole(storage::Database& database, const std::vector<TestCouriers::Order>& at_couriers) {
        const auto ledger = ledger_of(database);
        ASSERT_OK(ledger);
        std::map<std::string, const Waybill*> by_reference;
        std::set<std::string> numbers;
        const Waybill* live = nullptr;
        for (const auto& row : *ledger) {
            by_reference[row.reference] = &row;
            EXPECT_TRUE(row.state == WaybillState::live || row.state == WaybillState::voided)
                << row.waybill << " is " << name_of(row.state) << ": " << row.said << row.reason;
            EXPECT_TRUE(row.waybill.empty() || numbers.insert(row.waybill).second) << row.waybill << " twice";
            if (row.state != WaybillState::live) continue;
            EXPECT_EQ(live, nullptr) << row.waybill << " as well";
            live = &row;
        }
        for (const auto& order : at_couriers) {
            ASSERT_TRUE(by_reference.contains(order.reference)) << order.waybill << " is without record";
            const Waybill& row = *by_reference[order.reference];
            EXPECT_EQ(row.waybill, order.waybill) << "found again";
            EXPECT_EQ(order.cancelled, row.state == WaybillState::voided) << order.waybill;
        }
        const auto parcel = by_code(database, kOrder);
        ASSERT_OK(parcel);
        ASSERT_EQ(live != nullptr, parcel->has_value());
        if (live != nullptr) {
            EXPECT_EQ(live->shipment_id, (*parcel)->id);
            EXPECT_EQ(live->waybill, (*parcel)->waybill);
        }
        EXPECT_FALSE(audit::verify(database)->first_bad);
    }

    static void expect_the_end(storage::Database& database, const std::vector<TestCouriers::Order>& at_couriers) {
        EXPECT_EQ(at_couriers.size(), 4U) << "none was asked for twice under another reference";
        EXPECT_EQ(ledger_of(database)->size(), 4U);
        const auto parcel = by_code(database, kOrder);
        ASSERT_TRUE(parcel && *parcel);
        EXPECT_EQ((*parcel)->state, ShipmentState::handed_over);
        for (const auto& order : at_couriers)
            EXPECT_EQ(order.address == kNewAddress, order.waybill == (*parcel)->waybill) << order.waybill;
        EXPECT_EQ(orders::load(database, kOrder)->state, orders::State::completed);
        EXPECT_EQ(acts::of_order(database, kOrder)->size(), 1U);
        const auto log = audit::page(database, kOrder, 0, 200);
        ASSERT_OK(log);
        const auto taken_back = [](const audit::Row& row) { return row.action == "shipping.voided"; };
        EXPECT_EQ(std::count_if(log->begin(), log->end(), taken_back), 3) << "also of the parcel that was unpacked";
    }

    tests::TemporaryFolder folder_;
    TestCouriers server_{folder_.path()};
};

TEST_P(WaybillCrashTest, KilledAtAnyMomentNoNumberOfACourierIsLost) {
    const Morning morning = GetParam();
    const Story first{folder_.path() / "first", server_};
    begin(first);
    if (HasFatalFailure()) return;
    const auto at = [&](int fatal) { return Story{folder_.path() / std::to_string(fatal), server_}; };
    std::set<std::string> before;
    int asked_again = 0;
    const auto deaths = tests::killed_at_each(
        1, 1,
        [&](int fatal) {
            before = references();
            std::filesystem::copy(first.home, at(fatal).home, std::filesystem::copy_options::recursive);
        },
        [&](int fatal) {
            const auto told = at(fatal).run(FatalClock(fatal), Morning::goes_on);
            if (!told) std::fprintf(stderr, "%s\n", told.error().message.c_str());
            return told.has_value();
        },
        [&](int fatal) {
            ASSERT_OK(at(fatal).run(FatalClock(-1), morning));
            const tests::TestClock calm;
            crypto::SystemRandom random;
            const auto database = at(fatal).open(calm, random);
            ASSERT_TRUE(database);
            const auto asked = asked_since(before);
            expect_whole(*database, asked);
            if (morning == Morning::goes_on) expect_the_end(*database, asked);
            for (const auto& order : asked) asked_again += order.asked > 1 ? 1 : 0;
            std::filesystem::remove_all(at(fatal).home);
        });
    EXPECT_GT(deaths.killed, 30);
    EXPECT_GT(asked_again, 3) << "with the reference that was lost: each of the four questions, at least once";
    EXPECT_EQ(server_.bad_signatures(), 0);
}

std::string name_of_morning(const testing::TestParamInfo<Morning>& info) {
    return info.param == Morning::goes_on ? "GoesOn" : info.param == Morning::types_a_number ? "TypesANumber" : "Unpacks";
}

INSTANTIATE_TEST_SUITE_P(, WaybillCrashTest, testing::Values(Morning::goes_on, Morning::types_a_number, Morning::unpacks),
                         name_of_morning);

}  // namespace
