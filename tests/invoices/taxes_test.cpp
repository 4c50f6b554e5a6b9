#include "invoices/taxes.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::invoices;

namespace {

const std::string kSeller = "[seller]\nname = \"甲\"\ntax_number = \"91320102MA27D5EK88\"\n";
std::string rate(const std::string& item, int per_mille, const std::string& from, const std::string& until) {
    return "[[rate]]\nitem = \"" + item +
           "\"\nprinted = \"*服务*证书\"\nunit = \"项\"\nper_mille = " + std::to_string(per_mille) + "\nfrom = \"" + from +
           "\"\nuntil = \"" + until + "\"\n";
}

class TaxesTest : public testing::Test {
protected:
    Result<Taxes> load(const std::string& text) {
        SEALDESK_TRY(write_file(folder_.path() / "taxes.toml", text));
        return load_taxes(folder_.path() / "taxes.toml");
    }
    tests::TemporaryFolder folder_;
};

}  // namespace

TEST_F(TaxesTest, TheRateOfTheDayCounts) {
    const auto taxes = load(kSeller + rate("key", 130, "2026-01-01", "2026-06-30") + rate("key", 90, "2026-07-01", "2026-12-31"));
    ASSERT_OK(taxes);
    EXPECT_EQ(taxes->of(Item::key, {2026, 6, 30})->rate_per_mille, 130);
    EXPECT_EQ(taxes->of(Item::key, {2026, 7, 1})->rate_per_mille, 90);
    EXPECT_EQ(taxes->of(Item::key, {2027, 1, 1}).error().kind, ErrorKind::refused);
    EXPECT_EQ(taxes->of(Item::freight, {2026, 7, 1}).error().kind, ErrorKind::refused);
}

TEST_F(TaxesTest, RefusesWhatIsWrongAndNamesTheFile) {
    const std::string good = rate("key", 130, "2026-01-01", "2026-12-31");
    for (const std::string& bad : std::vector<std::string>{
             "", "seller", kSeller, good, kSeller + "[[rate]]\nitem = \"key\"\n",
             kSeller + rate("keys", 130, "2026-01-01", "2026-12-31"), kSeller + rate("key", 1300, "2026-01-01", "2026-12-31"),
             kSeller + rate("key", 130, "2026-02-30", "2026-12-31"), kSeller + rate("key", 130, "2026-12-31", "2026-01-01"),
             kSeller + good + rate("key", 90, "2026-12-31", "2027-12-31"), kSeller + good + "extra = 1\n",
             "x = 1\n" + kSeller + good}) {
        const auto taxes = load(bad);
        ASSERT_FALSE(taxes) << bad;
        EXPECT_EQ(taxes.error().kind, ErrorKind::refused);
        EXPECT_NE(taxes.error().message.find("taxes.toml"), std::string::npos);
    }
    EXPECT_EQ(load_taxes(folder_.path() / "none.toml").error().kind, ErrorKind::unavailable);
    ASSERT_OK(load_taxes(tests::source("data/taxes.toml")));
}
