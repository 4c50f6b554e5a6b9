#include "scans/package_store.h"

#include <gtest/gtest.h>

#include "crypto/digest.h"
#include "made_packages.h"

using namespace sealdesk;

TEST(PackageStore, KeepsBytesUnderTheirDigest) {
    const tests::Folder folder;
    const scans::PackageStore store(folder.path / "packages");
    const std::string bytes = "as received", sha256 = sha256_hex(bytes);
    EXPECT_FALSE(store.has(sha256));
    const auto path = store.put(sha256, bytes);
    ASSERT_TRUE(path.has_value()) << path.error().message;
    EXPECT_EQ(*path, *store.path_of(sha256));
    EXPECT_TRUE(store.has(sha256));
    EXPECT_TRUE(store.put(sha256, bytes).has_value());
    EXPECT_TRUE(store.verify(sha256).has_value());
}

TEST(PackageStore, RefusesOtherBytesAndNamesThatAreNoDigest) {
    const tests::Folder folder;
    const scans::PackageStore store(folder.path);
    EXPECT_EQ(store.put(sha256_hex("a"), "b").error().kind, ErrorKind::refused);
    EXPECT_FALSE(store.has(sha256_hex("a")));
    EXPECT_EQ(store.path_of("../../etc/passwd").error().kind, ErrorKind::refused);
    EXPECT_EQ(store.path_of(std::string(64, 'A')).error().kind, ErrorKind::refused);
}

TEST(PackageStore, NoticesAlteredEvidence) {
    const tests::Folder folder;
    const scans::PackageStore store(folder.path);
    const auto sha256 = sha256_hex("evidence");
    ASSERT_TRUE(store.put(sha256, "evidence").has_value());
    std::filesystem::permissions(*store.path_of(sha256), std::filesystem::perms::owner_all);
    folder.write(sha256.substr(0, 2) + "/" + sha256, "evidencf");
    EXPECT_EQ(store.verify(sha256).error().kind, ErrorKind::corrupt);
    // The right bytes mend it.
    EXPECT_TRUE(store.put(sha256, "evidence").has_value());
    EXPECT_TRUE(store.verify(sha256).has_value());
}
