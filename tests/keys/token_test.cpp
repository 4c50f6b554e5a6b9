#include "keys/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <thread>

#include "base/files.h"
#include "base/process.h"
#include "certificates/authority.h"
#include "certificates/profile.h"
#include "keys/issue.h"
#include "keys/pkcs11_module.h"
#include "keys/soft_key.h"
#include "tests/keys/soft_folder.h"

using namespace sealdesk;
using namespace sealdesk::keys;
using certificates::SubjectName;
using crypto::KeyAlgorithm;
using crypto::Secret;
using testing::HasSubstr;
using testing::Not;

namespace {

const Instant kNow{1'795'400'000'000};
const SubjectName kUnit{"南京垚鑫建设有限公司", "南京垚鑫建设有限公司", "91110108MA01ABCD5T", "CN"};

Secret so_pin() { return Secret(std::string("12345678")); }
Secret pin() { return Secret(std::string("246810")); }

// Soft KEYs in a folder of their own, gone afterwards.
class Keys : public testing::Test {
protected:
    void SetUp() override {
        folder_ = soft_folder();
        auto opened = use_soft_keys(folder_);
        ASSERT_TRUE(opened) << opened.error().message << opened.error().detail;
        tokens_ = std::move(*opened);
    }
    void TearDown() override {
        tokens_.reset();
        std::filesystem::remove_all(folder_);
    }

    std::string add(const std::string& label) {
        const auto added = add_soft_key(*tokens_, label, so_pin(), pin());
        EXPECT_TRUE(added) << added.error().message << added.error().detail;
        return added ? added->serial : "";
    }
    std::unique_ptr<TokenSession> open(const std::string& serial, bool logged_in = true) {
        auto session = tokens_->open(serial);
        EXPECT_TRUE(session) << session.error().message << session.error().detail;
        if (logged_in) {
            const auto done = (*session)->login(pin());
            EXPECT_TRUE(done) << done.error().message;
        }
        return std::move(*session);
    }

    std::filesystem::path folder_;
    std::unique_ptr<Tokens> tokens_;
    crypto::SystemRandom random_;
};

// One CA for the file.
const certificates::Authority& authority() {
    static const auto made = [] {
        crypto::SystemRandom random;
        const Secret passphrase(std::string("correct horse battery"));
        certificates::AuthorityPlan plan;
        plan.root = {"江东签章根 CA", "江东签章服务中心", "", "CN"};
        plan.issuer = {"江东签章签发 CA", "江东签章服务中心", "", "CN"};
        plan.algorithm = KeyAlgorithm::p_256;
        const auto files = *certificates::create_authority(plan, passphrase, random, kNow);
        return *certificates::Authority::load(files.root_pem, files.issuer_pem, files.issuer_key_pem, passphrase, "");
    }();
    return made;
}

std::string request_of(TokenSession& session, const ObjectId& id) {
    return make_request(session, **session.find_key_pair(id), kUnit)->der;
}

certificates::Certificate sign(const std::string& request_der) {
    crypto::SystemRandom random;
    const auto request = certificates::read_request(request_der);
    EXPECT_TRUE(request) << request.error().message;
    const auto profile = certificates::read_profile(std::filesystem::path(SEALDESK_SOURCE) / "data/profiles/unit.toml");
    const auto made = authority().sign(*request, *profile, kUnit, certificates::SerialNumber::random(random), kNow,
                                       certificates::end_of_validity(kNow, 2));
    EXPECT_TRUE(made) << made.error().message;
    return *made;
}

}  // namespace

TEST_F(Keys, WholeIssueWithBothAlgorithms) {
    const std::string serial = add("KEY 1");
    auto session = open(serial);
    for (const auto algorithm : {KeyAlgorithm::rsa_2048, KeyAlgorithm::p_256}) {
        const ObjectId id = ObjectId::of(crypto::name_of(algorithm));
        const auto pair = ensure_key_pair(*session, id, "seal", algorithm);
        ASSERT_TRUE(pair) << pair.error().message << pair.error().detail;
        EXPECT_EQ(pair->algorithm, algorithm);
        EXPECT_TRUE(pair->made_here);
        EXPECT_FALSE(pair->extractable);
        EXPECT_FALSE(pair->was_ever_readable);
        // Resumed: the same pair, none more.
        EXPECT_EQ(ensure_key_pair(*session, id, "seal", algorithm)->public_key, pair->public_key);
        EXPECT_EQ(session->generate_key_pair(id, "seal", algorithm).error().kind, ErrorKind::conflict);

        const auto request = make_request(*session, *pair, kUnit);
        ASSERT_TRUE(request) << request.error().message << request.error().detail;
        const auto seen = run({"openssl", "req", "-inform", "DER", "-verify", "-noout"}, {}, request->der);
        EXPECT_THAT(seen->output, HasSubstr("OK"));
        EXPECT_EQ(certificates::read_request(request->der)->public_key, pair->public_key);

        const auto made = sign(request->der);
        EXPECT_THAT(read_back(*session, id, made.der).error().message, HasSubstr("没有读到证书"));
        ASSERT_TRUE(session->write_certificate(id, "seal", made));
        ASSERT_TRUE(session->write_certificate(id, "seal", made));  // resumed
        const auto read = read_back(*session, id, made.der);
        EXPECT_TRUE(read) << read.error().message;
        const auto proven = prove(*session, id, made, random_);
        EXPECT_TRUE(proven) << proven.error().message << proven.error().detail;
        EXPECT_TRUE(session->check_not_extractable(id));
    }
    EXPECT_EQ(session->key_pairs()->size(), 2U);
    EXPECT_EQ(session->certificates()->size(), 2U);
}

TEST_F(Keys, SeveralAtOnceAreToldApartBySerial) {
    std::set<std::string> serials;
    for (int i = 0; i < 4; ++i) serials.insert(add("KEY " + std::to_string(i)));
    ASSERT_EQ(serials.size(), 4U);
    EXPECT_FALSE(serials.contains(""));
    const std::string mine = *serials.rbegin();
    {
        auto session = open(mine);
        ASSERT_TRUE(session->generate_key_pair(ObjectId::of("a"), "seal", KeyAlgorithm::p_256));
        EXPECT_EQ(session->look()->serial, mine);
    }
    for (const std::string& serial : serials) {
        auto session = open(serial);
        EXPECT_EQ(session->key_pairs()->size(), serial == mine ? 1U : 0U);
    }
    EXPECT_EQ(tokens_->find("0000000000000000").error().kind, ErrorKind::device);
    EXPECT_EQ(tokens_->find("").error().kind, ErrorKind::refused);
    EXPECT_THAT(tokens_->open("0000000000000000").error().message, HasSubstr("0000000000000000"));
}

TEST_F(Keys, WrittenInParallel) {
    std::vector<std::string> serials;
    for (int i = 0; i < 3; ++i) serials.push_back(add("KEY " + std::to_string(i)));
    std::vector<std::string> public_keys(serials.size());
    {
        std::vector<std::jthread> workers;
        for (size_t i = 0; i < serials.size(); ++i)
            workers.emplace_back([&, i] {
                auto session = open(serials[i]);
                const auto pair = session->generate_key_pair(ObjectId::of("a"), "seal", KeyAlgorithm::p_256);
                if (pair) public_keys[i] = pair->public_key;
            });
    }
    for (size_t i = 0; i < serials.size(); ++i) {
        auto session = open(serials[i]);
        const auto pair = session->find_key_pair(ObjectId::of("a"));
        ASSERT_TRUE(pair && *pair);
        EXPECT_EQ((*pair)->public_key, public_keys[i]);
    }
    EXPECT_EQ(std::set<std::string>(public_keys.begin(), public_keys.end()).size(), 3U);
}

TEST_F(Keys, OneSessionAtATime) {
    const std::string serial = add("KEY 1");
    auto session = open(serial);
    EXPECT_EQ(tokens_->open(serial).error().kind, ErrorKind::conflict);
    session.reset();
    EXPECT_TRUE(tokens_->open(serial));
}

TEST_F(Keys, FoundAgainAfterTheProgramStartsAnew) {
    const std::string serial = add("KEY 1"), other = add("KEY 2");
    std::string public_key;
    {
        auto session = open(serial);
        public_key = session->generate_key_pair(ObjectId::of("a"), "seal", KeyAlgorithm::p_256)->public_key;
    }
    tokens_.reset();  // C_Finalize: SoftHSM numbers its slots anew
    tokens_ = std::move(*use_soft_keys(folder_));
    auto session = open(serial);
    EXPECT_EQ((*session->find_key_pair(ObjectId::of("a")))->public_key, public_key);
    EXPECT_EQ(session->look()->label, "KEY 1");
}

TEST_F(Keys, WrongPinIsSaidAndShownAsTriesLost) {
    auto session = open(add("KEY 1"), false);
    EXPECT_FALSE(session->look()->pin_low);
    const auto refusal = session->login(Secret(std::string("999999")));
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().kind, ErrorKind::device);
    EXPECT_THAT(refusal.error().message, HasSubstr("PIN 不正确"));
    EXPECT_THAT(refusal.error().detail, HasSubstr("0xa0"));
    EXPECT_THAT(refusal.error().message + refusal.error().detail, Not(HasSubstr("999999")));
    EXPECT_TRUE(session->look()->pin_low);
    // Not logged in: private things are neither seen nor made.
    const auto made = session->generate_key_pair(ObjectId::of("a"), "seal", KeyAlgorithm::p_256);
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error().message, HasSubstr("登录"));
    EXPECT_TRUE(session->login(pin()));
    EXPECT_FALSE(session->look()->pin_low);
}

TEST_F(Keys, PinIsChangedAndUnlocked) {
    const std::string serial = add("KEY 1");
    auto session = open(serial);
    const Secret second(std::string("135791"));
    EXPECT_THAT(session->change_pin(Secret(std::string("000000")), second).error().message, HasSubstr("PIN 不正确"));
    EXPECT_EQ(session->change_pin(pin(), Secret(std::string("1"))).error().kind, ErrorKind::refused);
    ASSERT_TRUE(session->change_pin(pin(), second));
    ASSERT_TRUE(session->logout());
    EXPECT_FALSE(session->login(pin()));
    ASSERT_TRUE(session->login(second));

    EXPECT_THAT(session->unlock(Secret(std::string("87654321")), pin()).error().message, HasSubstr("管理员 PIN 不正确"));
    EXPECT_EQ(session->unlock(so_pin(), Secret(std::string("12"))).error().kind, ErrorKind::refused);
    ASSERT_TRUE(session->unlock(so_pin(), pin()));
    EXPECT_FALSE(session->login(second));
    EXPECT_TRUE(session->login(pin()));
}

TEST_F(Keys, ACertificateOfAnotherKeyIsRefusedBeforeWriting) {
    auto session = open(add("KEY 1"));
    const ObjectId mine = ObjectId::of("mine"), other = ObjectId::of("other");
    ASSERT_TRUE(session->generate_key_pair(mine, "seal", KeyAlgorithm::p_256));
    ASSERT_TRUE(session->generate_key_pair(other, "seal", KeyAlgorithm::p_256));
    const auto made = sign(request_of(*session, other));
    const auto refusal = session->write_certificate(mine, "seal", made);
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().kind, ErrorKind::refused);
    EXPECT_TRUE(session->certificates()->empty());
    EXPECT_EQ(session->write_certificate(ObjectId::of("none"), "seal", made).error().kind, ErrorKind::device);
    EXPECT_EQ(session->write_certificate(other, "a\nb", made).error().kind, ErrorKind::refused);
    EXPECT_TRUE(session->certificates()->empty());
    // And a proof with the wrong certificate does not pass.
    EXPECT_THAT(prove(*session, mine, made, random_).error().message, HasSubstr("不是一对"));
}

TEST_F(Keys, RenewalLeavesOneCertificateAndDeletionNothing) {
    auto session = open(add("KEY 1"));
    const ObjectId id = ObjectId::of("a"), keep = ObjectId::of("b");
    ASSERT_TRUE(session->generate_key_pair(id, "seal", KeyAlgorithm::p_256));
    ASSERT_TRUE(session->generate_key_pair(keep, "seal", KeyAlgorithm::p_256));
    const std::string request = request_of(*session, id);
    const auto first = sign(request), second = sign(request);
    ASSERT_TRUE(session->write_certificate(id, "seal", first));
    ASSERT_TRUE(session->write_certificate(id, "seal", second));
    EXPECT_EQ((*session->find_certificate(id))->der, second.der);
    EXPECT_EQ(session->certificates()->size(), 1U);
    EXPECT_THAT(read_back(*session, id, first.der).error().message, HasSubstr("不一致"));
    EXPECT_EQ(*session->delete_objects(id), 3);
    EXPECT_EQ(*session->delete_objects(id), 0);
    EXPECT_FALSE(*session->find_key_pair(id));
    EXPECT_FALSE(*session->find_certificate(id));
    EXPECT_EQ(session->key_pairs()->size(), 1U);
    EXPECT_EQ(session->delete_objects(ObjectId{}).error().kind, ErrorKind::refused);
}

TEST_F(Keys, DataIsReplacedAsAWhole) {
    auto session = open(add("KEY 1"));
    const std::string seal = random_.bytes(40'000);
    EXPECT_FALSE(*session->find_data("seal"));
    ASSERT_TRUE(session->write_data("seal", "old"));
    ASSERT_TRUE(session->write_data("other", "kept"));
    ASSERT_TRUE(session->write_data("seal", seal));
    EXPECT_EQ(**session->find_data("seal"), seal);
    EXPECT_EQ(session->write_data("", seal).error().kind, ErrorKind::refused);
    EXPECT_EQ(session->write_data("seal", "").error().kind, ErrorKind::refused);
    EXPECT_EQ(*session->delete_data("seal"), 1);
    EXPECT_FALSE(*session->find_data("seal"));
    EXPECT_EQ(**session->find_data("other"), "kept");
}

TEST_F(Keys, InitialisingKeepsWhatIsThereUnlessTold) {
    const std::string serial = add("KEY 1");
    {
        auto session = open(serial);
        ASSERT_TRUE(session->generate_key_pair(ObjectId::of("a"), "seal", KeyAlgorithm::p_256));
        // In use: not even when told.
        EXPECT_EQ(tokens_->initialize(*tokens_->find(serial), so_pin(), pin(), "again", Contents::erase).error().kind,
                  ErrorKind::conflict);
    }
    EXPECT_EQ(tokens_->initialize(*tokens_->find(serial), so_pin(), pin(), "again").error().kind, ErrorKind::refused);
    EXPECT_EQ(open(serial)->key_pairs()->size(), 1U);
    EXPECT_FALSE(tokens_->initialize(*tokens_->find(serial), Secret(std::string("00000000")), pin(), "again", Contents::erase));
    const auto again = tokens_->initialize(*tokens_->find(serial), so_pin(), pin(), "again", Contents::erase);
    ASSERT_TRUE(again) << again.error().message << again.error().detail;
    EXPECT_EQ(again->serial, serial);
    EXPECT_EQ(again->label, "again");
    EXPECT_TRUE(open(serial)->key_pairs()->empty());
    TokenInfo gone = *again;
    gone.serial = "ffffffffffffffff";
    EXPECT_EQ(tokens_->initialize(gone, so_pin(), pin(), "x", Contents::erase).error().kind, ErrorKind::device);
    EXPECT_EQ(add_soft_key(*tokens_, std::string(33, 'x'), so_pin(), pin()).error().kind, ErrorKind::refused);
}

TEST_F(Keys, APrivateKeyThatCanBeReadIsNotProven) {
    const std::string serial = add("KEY 1");
    // Brought in from outside with softhsm2-util: SoftHSM marks it sensitive but it was not made here.
    const auto key = run(
        {"openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", (folder_ / "k.pem").string()});
    ASSERT_EQ(key->status, 0);
    const ObjectId id{std::string("\x01\x02", 2)};
    const auto imported = run({"softhsm2-util", "--import", (folder_ / "k.pem").string(), "--serial", serial, "--pin", "246810",
                               "--label", "foreign", "--id", "0102"});
    ASSERT_EQ(imported->status, 0) << imported->output;
    tokens_.reset();
    tokens_ = std::move(*use_soft_keys(folder_));
    auto session = open(serial);
    const auto pair = session->find_key_pair(id);
    ASSERT_TRUE(pair && *pair);
    EXPECT_FALSE((*pair)->made_here);
    EXPECT_TRUE((*pair)->was_ever_readable);
    EXPECT_EQ(ensure_key_pair(*session, id, "seal", KeyAlgorithm::rsa_2048).error().kind, ErrorKind::refused);
    const std::string der = sign(request_of(*session, id)).der;
    EXPECT_THAT(prove(*session, id, *certificates::read_certificate(der), random_).error().message,
                HasSubstr("不是在这只 KEY 上生成"));
}

TEST_F(Keys, AKeyThatHandsThePrivateHalfOutIsRefused) {
    const std::string serial = add("KEY 1");
    auto session = open(serial);
    const auto module = *Module::load(*soft_key_module());
    CK_SESSION_HANDLE raw = 0;
    ASSERT_EQ(module->f->C_OpenSession(tokens_->find(serial)->slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &raw),
              CKR_OK);
    for (const bool rsa : {true, false}) {
        // In clear, and only wrapped with another key.
        for (const bool sensitive : {false, true}) {
            const ObjectId id = ObjectId::of(std::to_string(rsa) + std::to_string(sensitive));
            CK_MECHANISM mechanism{rsa ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, nullptr, 0};
            Template open, hidden;
            open.add_bool(CKA_TOKEN, true).add(CKA_ID, id.bytes);
            if (rsa)
                open.add_number(CKA_MODULUS_BITS, 2048);
            else
                open.add(CKA_EC_PARAMS, std::string_view("\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", 10));
            hidden.add_bool(CKA_TOKEN, true).add_bool(CKA_EXTRACTABLE, true).add_bool(CKA_SENSITIVE, sensitive);
            hidden.add(CKA_ID, id.bytes);
            CK_OBJECT_HANDLE public_key = 0, private_key = 0;
            ASSERT_EQ(module->f->C_GenerateKeyPair(raw, &mechanism, open.data(), open.size(), hidden.data(), hidden.size(),
                                                   &public_key, &private_key),
                      CKR_OK);
            const auto refused = session->check_not_extractable(id);
            ASSERT_FALSE(refused) << rsa << sensitive;
            EXPECT_EQ(refused.error().kind, ErrorKind::device);
            EXPECT_THAT(refused.error().message, HasSubstr("可以被读出"));
        }
    }
    EXPECT_THAT(session->check_not_extractable(ObjectId::of("none")).error().message, HasSubstr("没有这个密钥"));
}

TEST_F(Keys, APulledKeySaysSoAndHalfAPairIsClearedAway) {
    const std::string serial = add("KEY 1");
    auto session = open(serial);
    ASSERT_TRUE(session->generate_key_pair(ObjectId::of("a"), "seal", KeyAlgorithm::p_256));
    // SoftHSM keeps each object in a file: without one of the two, the pair is the half that a pulled KEY leaves.
    std::vector<std::filesystem::path> objects;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "tokens"))
        if (entry.path().extension() == ".object" && entry.path().filename() != "token.object") objects.push_back(entry.path());
    ASSERT_EQ(objects.size(), 2U);
    session.reset();
    tokens_.reset();
    std::filesystem::remove(objects[0]);
    tokens_ = std::move(*use_soft_keys(folder_));
    session = open(serial);
    const auto half = session->find_key_pair(ObjectId::of("a"));
    ASSERT_TRUE(half);
    EXPECT_FALSE(*half);
    EXPECT_EQ(session->strangers({}).value(), 1);
    EXPECT_EQ(check_blank(*session, {}).error().kind, ErrorKind::conflict) << "a half is no blank KEY";
    ASSERT_TRUE(ensure_key_pair(*session, ObjectId::of("a"), "seal", KeyAlgorithm::p_256));
    EXPECT_EQ(session->key_pairs()->size(), 1U);
    EXPECT_EQ(*session->delete_objects(ObjectId::of("a")), 2);

    // Gone while the session is open.
    ASSERT_TRUE(session->generate_key_pair(ObjectId::of("b"), "seal", KeyAlgorithm::p_256));
    std::filesystem::rename(folder_ / "tokens", folder_ / "pulled");
    const auto refusal = session->generate_key_pair(ObjectId::of("c"), "seal", KeyAlgorithm::p_256);
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().kind, ErrorKind::device);
    EXPECT_THAT(tokens_->find(serial).error().message, HasSubstr("请插入这只 KEY"));
    session.reset();
    tokens_.reset();  // SoftHSM looks at a token folder again only when it starts
    std::filesystem::rename(folder_ / "pulled", folder_ / "tokens");
    tokens_ = std::move(*use_soft_keys(folder_));
    EXPECT_EQ(open(serial)->key_pairs()->size(), 1U);
}

TEST(Module, WrongLibrariesAreRefused) {
    EXPECT_EQ(open_pkcs11("/nowhere/lib.so").error().kind, ErrorKind::device);
    EXPECT_THAT(open_pkcs11("libz.so.1").error().message, HasSubstr("不是 PKCS#11 驱动"));
    EXPECT_EQ(open_pkcs11("/etc/passwd").error().kind, ErrorKind::device);
}

TEST(TokenError, SaysTheNextStep) {
    EXPECT_THAT(token_error(0xa4, "C_Login").message, HasSubstr("解锁"));         // PIN_LOCKED
    EXPECT_THAT(token_error(0x32, "C_Sign").message, HasSubstr("插回同一只"));    // DEVICE_REMOVED
    EXPECT_THAT(token_error(0xe0, "C_Sign").message, HasSubstr("插回同一只"));    // TOKEN_NOT_PRESENT
    EXPECT_THAT(token_error(0xb3, "C_Sign").message, HasSubstr("插回同一只"));    // SESSION_HANDLE_INVALID
    EXPECT_THAT(token_error(0x31, "C_CreateObject").message, HasSubstr("已满"));  // DEVICE_MEMORY
    EXPECT_THAT(token_error(0x101, "C_Sign").message, HasSubstr("登录"));
    EXPECT_EQ(token_error(0x80000001, "C_Sign").kind, ErrorKind::device);
    EXPECT_EQ(token_error(0x80000001, "C_Sign").detail, "C_Sign -> 0x80000001");
}

TEST(Issue, StepsHaveNamesAndAnOrder) {
    std::optional<Step> step = Step::allocate;
    int count = 0;
    std::set<std::string> titles;
    for (; step; step = next(*step), ++count) {
        EXPECT_EQ(parse_step(name_of(*step)), step);
        EXPECT_TRUE(titles.insert(title_of(*step)).second);
    }
    EXPECT_EQ(count, kSteps);
    EXPECT_FALSE(parse_step("Sign"));
    EXPECT_EQ(ObjectId::of("a").bytes.size(), 16U);
    EXPECT_NE(ObjectId::of("a"), ObjectId::of("b"));
}

namespace {
// Gives the digits of a text, for PINs that chance would show once in a million.
class Scripted final : public crypto::Random {
public:
    explicit Scripted(std::string digits) : digits_(std::move(digits)) {}
    std::string bytes(size_t count) override {
        std::string result(count, '\0');
        result.back() = static_cast<char>(digits_.at(at_++) - '0');
        return result;
    }

private:
    std::string digits_;
    size_t at_ = 0;
};
}  // namespace

TEST(Issue, RandomPinsAreNoRuns) {
    crypto::SystemRandom random;
    std::set<std::string> seen;
    for (int i = 0; i < 50; ++i) {
        const Secret made = random_pin(random);
        ASSERT_EQ(made.size(), 8U);
        EXPECT_EQ(made.view().find_first_not_of("0123456789"), std::string_view::npos);
        seen.insert(std::string(made.view()));
    }
    EXPECT_GT(seen.size(), 45U);
    Scripted poor(
        "111111"
        "123456"
        "987654"
        "112233");
    EXPECT_EQ(random_pin(poor, 6).view(), "112233");
}
