// Pages of a resubmission beside those of the submission before.
#include "scans/pairing.h"

#include <gmock/gmock.h>

using namespace sealdesk;
using scans::PageKey;
using scans::PagePair;
using scans::pair_pages;
using testing::ElementsAre;

namespace {

const PagePair kNew;
PagePair same(size_t earlier) { return {earlier, true}; }
PagePair other(size_t earlier) { return {earlier, false}; }

}  // namespace

TEST(Pairing, TheSameFileIsUnchangedWhereverItStands) {
    const std::vector<PageKey> before{{"a", 0, ""}, {"b", 0, ""}, {"c", 0, ""}}, now{{"c", 0, ""}, {"a", 0, ""}, {"x", 0, ""}};
    EXPECT_THAT(pair_pages(now, before), ElementsAre(same(2), same(0), kNew)) << "b was in the second place, x is in the third";
}

TEST(Pairing, PagesOfOneFileAreToldApart) {
    const std::vector<PageKey> before{{"pdf", 0, ""}, {"pdf", 1, ""}}, now{{"pdf", 1, ""}, {"pdf", 0, ""}};
    EXPECT_THAT(pair_pages(now, before), ElementsAre(same(1), same(0)));
}

TEST(Pairing, AChangedPageStandsForItsMaterial) {
    const std::vector<PageKey> before{{"form", 0, "application"}, {"old", 0, "licence"}, {"id", 0, "identity_front"}};
    const std::vector<PageKey> now{{"new", 0, "licence"}, {"form", 0, "application"}, {"id", 0, "identity_front"}};
    EXPECT_THAT(pair_pages(now, before), ElementsAre(other(1), same(0), same(2)));
}

TEST(Pairing, TwoPagesOfOneMaterialArePairedInOrder) {
    const std::vector<PageKey> before{{"1", 0, "licence"}, {"2", 0, "licence"}};
    const std::vector<PageKey> now{{"3", 0, "licence"}, {"2", 0, "licence"}, {"4", 0, "licence"}};
    EXPECT_THAT(pair_pages(now, before), ElementsAre(other(0), same(1), kNew));
}

TEST(Pairing, WithoutMaterialThePlaceDecides) {
    const std::vector<PageKey> before{{"1", 0, ""}, {"2", 0, "licence"}, {"3", 0, "licence"}};
    const std::vector<PageKey> now{{"4", 0, ""}, {"5", 0, ""}, {"6", 0, "identity_front"}, {"7", 0, ""}};
    EXPECT_THAT(pair_pages(now, before), ElementsAre(other(0), other(1), kNew, kNew)) << "a card is no new licence";
}

TEST(Pairing, NoPageStandsTwiceAndNothingFitsNothing) {
    const std::vector<PageKey> twice{{"a", 0, ""}, {"a", 0, ""}};
    EXPECT_THAT(pair_pages(twice, {{"a", 0, ""}}), ElementsAre(same(0), kNew));
    EXPECT_THAT(pair_pages({}, twice), ElementsAre());
    EXPECT_THAT(pair_pages(twice, {}), ElementsAre(kNew, kNew));
    EXPECT_THAT(pair_pages({{"", 0, ""}}, {{"", 0, ""}}), ElementsAre(other(0))) << "an unknown file is not the same file";
}

TEST(Pairing, KeysComeFromThePackage) {
    scans::Package package;
    package.entries = {{0, "a.pdf", 10, "aa", "pdf", false}, {3, "b.jpg", 10, "bb", "jpeg", false}};
    package.pages = {{0, 0, 1, 1, 0, "pdf", "a"}, {0, 1, 1, 1, 0, "pdf", "a"}, {3, 0, 1, 1, 0, "jpeg", "b"}};
    const auto keys = scans::keys_of(package, {"application"});
    ASSERT_EQ(keys.size(), 3u);
    EXPECT_EQ(keys[1].file_sha256, "aa");
    EXPECT_EQ(keys[1].page_in_file, 1);
    EXPECT_EQ(keys[0].material, "application");
    EXPECT_EQ(keys[2].material, "");
    EXPECT_EQ(keys[2].file_sha256, "bb");
}
