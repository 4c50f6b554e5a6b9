#include <gtest/gtest.h>

#include <set>
#include <type_traits>

#include "base/files.h"
#include "base/process.h"
#include "crypto/digest.h"
#include "crypto/password.h"
#include "crypto/pem.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/secret_file.h"
#include "support/databases.h"

using namespace sealdesk;
using namespace sealdesk::crypto;

TEST(Digest, Sha256OfPublishedVectors) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Sha256 digest;
    digest.add("a");
    digest.add("");
    digest.add("bc");
    EXPECT_EQ(digest.hex(), sha256_hex("abc"));
    EXPECT_EQ(digest.hex(), sha256_hex("abc"));
}

TEST(Digest, HexAndBase64GoBothWays) {
    const std::string all = [] {
        std::string bytes;
        for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
        return bytes;
    }();
    for (size_t length = 0; length < 40; ++length) {
        EXPECT_EQ(*from_base64(base64(all.substr(0, length))), all.substr(0, length));
        EXPECT_EQ(*from_hex(hex(all.substr(200, length))), all.substr(200, length));
    }
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(*from_hex("00fFA0"), std::string("\x00\xff\xa0", 3));
    for (const char* bad : {"0", "0g", "0x00", " 00"}) EXPECT_FALSE(from_hex(bad)) << bad;
    for (const char* bad : {"Zg=", "Zg", "Z===", "====", "Zh==", "Zg==\n", "Z g=", "Zm9v\nYg=", "=m9v"})
        EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Random, UuidIsVersion4AndNeverTwice) {
    SystemRandom random;
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
        const std::string text = uuid(random);
        ASSERT_EQ(text.size(), 36U);
        EXPECT_EQ(text[14], '4');
        EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
        EXPECT_TRUE(seen.insert(text).second);
    }
}

TEST(Random, BelowReachesEveryValueAndNoOther) {
    SystemRandom random;
    std::set<unsigned> seen;
    for (int i = 0; i < 500; ++i) {
        const unsigned value = below(random, 7);
        ASSERT_LT(value, 7U);
        seen.insert(value);
    }
    EXPECT_EQ(seen.size(), 7U);
}

TEST(Secret, LiesAloneInItsFile) {
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "pin";
    ASSERT_OK(write_file(file, " 135 724\r\n"));
    const auto pin = read_secret(file);
    ASSERT_OK(pin);
    EXPECT_EQ(pin->view(), "135 724");
    EXPECT_EQ(read_secret(folder.path() / "nothing").error().kind, ErrorKind::unavailable);
    ASSERT_OK(write_file(file, std::string(4097, '1')));
    EXPECT_EQ(read_secret(file).error().kind, ErrorKind::refused);
}

TEST(Secret, MovesWipesAndCannotBeCopied) {
    static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
    std::string typed = "12345678";
    Secret pin(std::move(typed));
    EXPECT_EQ(typed.size(), 0U);  // NOLINT: it is wiped, and this proves it
    EXPECT_EQ(std::string(typed.data(), 8), std::string(8, '\0'));
    Secret moved(std::move(pin));
    EXPECT_TRUE(pin.empty());  // NOLINT
    EXPECT_EQ(moved.view(), "12345678");
    EXPECT_EQ(moved.clone().view(), moved.view());
    moved.wipe();
    EXPECT_TRUE(moved.empty());
}

TEST(Secret, AFieldIsWipedWithWhatStoodInItBefore) {
    std::string field;
    field.reserve(64);
    field = "12345678";
    const char* bytes = field.data();
    field.resize(2);
    wipe(field);
    EXPECT_TRUE(field.empty());
    EXPECT_EQ(field.data(), bytes) << "it keeps its place";
    EXPECT_EQ(std::string(bytes, 8), std::string(8, '\0'));
}

TEST(Password, MatchesOnlyItself) {
    SystemRandom random;
    const Secret password(std::string("签章 correct horse"));
    const std::string stored = hash_password(password, random);
    EXPECT_EQ(stored.rfind("scrypt$32768$8$1$", 0), 0U) << stored;
    EXPECT_EQ(stored.find("correct"), std::string::npos);
    EXPECT_TRUE(password_matches(password, stored));
    EXPECT_FALSE(password_matches(Secret(std::string("签章 correct hors")), stored));
    EXPECT_FALSE(password_matches(Secret(), stored));
    EXPECT_NE(hash_password(password, random), stored);
    EXPECT_FALSE(should_hash_again(stored));
}

TEST(Password, KnownVectorAndDamagedRows) {
    // RFC 7914 section 12: scrypt("password", "NaCl", 1024, 8, 16), its first 32 bytes.
    const std::string salt = base64("NaCl");
    const std::string hash = base64(*from_hex("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"));
    const Secret password(std::string("password"));
    EXPECT_TRUE(password_matches(password, "scrypt$1024$8$16$" + salt + "$" + hash));
    EXPECT_TRUE(should_hash_again("scrypt$1024$8$16$" + salt + "$" + hash));
    for (const std::string& bad :
         {std::string(), std::string("scrypt"), "scrypt$1025$8$16$" + salt + "$" + hash, "scrypt$1024$8$16$$" + hash,
          "scrypt$1073741824$8$16$" + salt + "$" + hash, "scrypt$1024$8$-1$" + salt + "$" + hash,
          "scrypt$1024$8$16$" + salt + "$" + hash + "$", "scrypt$1024$8$16$" + salt + "$"})
        EXPECT_FALSE(password_matches(password, bad)) << bad;
}

TEST(Pem, PrivateKeyOpensWithItsPassphraseOnly) {
    auto key = generate_key(KeyAlgorithm::p_256);
    ASSERT_TRUE(key);
    const Secret right(std::string("开门 sesame"));
    const auto text = private_key_pem(key->get(), right);
    ASSERT_TRUE(text);
    EXPECT_EQ(text->rfind("-----BEGIN ENCRYPTED PRIVATE KEY-----", 0), 0U);
    const auto back = read_private_key(*text, right);
    ASSERT_TRUE(back);
    EXPECT_EQ(EVP_PKEY_eq(back->get(), key->get()), 1);
    EXPECT_EQ(read_private_key(*text, Secret(std::string("sesame"))).error().kind, ErrorKind::refused);
    EXPECT_EQ(read_private_key("no key", right).error().kind, ErrorKind::corrupt);
    EXPECT_EQ(private_key_pem(key->get(), Secret()).error().kind, ErrorKind::refused);
    // The openssl command line reads it too.
    const auto seen = run({"openssl", "pkey", "-passin", "pass:开门 sesame", "-noout", "-text"}, {}, *text);
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->status, 0) << seen->output;
    EXPECT_NE(seen->output.find("P-256"), std::string::npos) << seen->output;
}
