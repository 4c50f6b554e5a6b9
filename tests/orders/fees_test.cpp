#include "orders/fees.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::orders;

TEST(Fees, QuoteMultipliesYearsAndKeys) {
    const auto fees = load_fees(tests::source("data/fees.toml"));
    ASSERT_OK(fees);
    const auto one = quote(*fees, OrderKind::create, SubjectKind::unit, 2, 1);
    EXPECT_EQ(one.certificate, fees->unit_year * 2);
    EXPECT_EQ(one.total(), Fen{40000});
    const auto three = quote(*fees, OrderKind::replacement, SubjectKind::person, 1, 3);
    EXPECT_EQ(three.certificate, Fen{30000});
    EXPECT_EQ(three.key, Fen{30000});
    EXPECT_EQ(quote(*fees, OrderKind::renewal, SubjectKind::unit, 1, 2).key, Fen{0});
}

TEST(Fees, APaymentHasOneFreightAndItsHandlingFee) {
    const Fees fees{{}, {}, {}, Fen{1500}, {6, 4}};
    const auto posted = settle(fees, Channel::alipay, Fen{40000}, DeliveryMethod::courier);
    EXPECT_EQ(posted.freight, Fen{1500});
    EXPECT_EQ(posted.handling_fee, Fen{249});
    EXPECT_EQ(posted.total, Fen{41749});
    const auto fetched = settle(fees, Channel::cpcn, Fen{40125}, DeliveryMethod::pickup);
    EXPECT_EQ(fetched.freight, Fen{0});
    EXPECT_EQ(fetched.handling_fee, Fen{161});  // 160.5 rounds up
    EXPECT_EQ(fetched.total, Fen{40286});
}

TEST(Fees, RefusesAFileThatIsNotComplete) {
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "fees.toml";
    const auto text = *read_file(tests::source("data/fees.toml"));
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string changed = text;
        changed.replace(changed.find(from), from.size(), to);
        EXPECT_TRUE(write_file(file, changed));
        return load_fees(file);
    };
    EXPECT_TRUE(with("15000", "16000"));
    for (const auto& [from, to] :
         {std::pair{"unit = 15000", ""}, {"15000", "-1"}, {"15000", "150.0"}, {"alipay = 6", "alipay = 600"}, {"[key]", "[key"}})
        EXPECT_EQ(with(from, to).error().kind, ErrorKind::refused) << to;
    EXPECT_EQ(load_fees(folder.path() / "nothing").error().kind, ErrorKind::unavailable);
}
