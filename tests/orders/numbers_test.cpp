#include "orders/numbers.h"

#include <gtest/gtest.h>

using namespace sealdesk;
using namespace sealdesk::orders;

TEST(Numbers, Uscc) {
    for (const char* good : {"91350100M000100Y43", "914403001922038216", "91110108551385082Q", "91110000802100433B",
                             "91110108MA01ABCD5T", "51440300123456788R", " 91110108ma01abcd5t "})
        EXPECT_TRUE(check_uscc(good).ok) << good;
    for (const char* pilot : {"91350100M0001TGQXM", "91350211M0000XUF46", "91350203M0001FUE2P", "911100001000013428"}) {
        EXPECT_FALSE(check_uscc(pilot).ok) << pilot;
        EXPECT_TRUE(check_uscc(pilot).overridable) << pilot;
    }
    EXPECT_NE(check_uscc("91110108MA01ABCD6X").sentence.find("17"), std::string::npos);
    for (const char* bad : {"", "9111010", "91110108MA01ABCDOT", "9111O108MA01ABCD5T"}) {
        EXPECT_FALSE(check_uscc(bad).ok) << bad;
        EXPECT_FALSE(check_uscc(bad).overridable) << bad;
    }
    EXPECT_TRUE(check_organisation_code("D2143569-X").ok);
    EXPECT_FALSE(check_organisation_code("D2143569-0").ok);
}

TEST(Numbers, IdentityNumber) {
    const Day today{2026, 11, 22};
    for (const char* good : {"11010519491231002X", "11010519491231002x", "440524188001010014", "810000199001010019",
                             "830000198506151238", "820000200002290021"})
        EXPECT_TRUE(check_identity_number(good, today).ok) << good;
    for (const char* bad : {"420106209912319997", "11010520130229001X", "110105199013010026", "990105199001010014",
                            "110105194912310021", "110105491231002", "", "1101051949123100２Z"})
        EXPECT_FALSE(check_identity_number(bad, today).ok) << bad;
}

TEST(Numbers, Mobile) {
    EXPECT_TRUE(check_mobile("13800138000").ok);
    EXPECT_TRUE(check_mobile("+86 138-0013-8000").ok);
    EXPECT_EQ(normal_mobile("+86 138-0013-8000"), "13800138000");
    for (const char* bad : {"12800138000", "1380013800", "", "1380013800a"}) EXPECT_FALSE(check_mobile(bad).ok) << bad;
}
