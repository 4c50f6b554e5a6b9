// Two hundred bad inputs: names, requests, KEYs, PINs, drivers, authorities, boxes. Each is told in one sentence for a person,
// and leaves nothing half written behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "base/text.h"
#include "keys/pin.h"
#include "tests/keys/fake_tokens.h"
#include "tests/keys/key_desk.h"

namespace sealdesk {
namespace {

using certificates::read_request;
using keys::Job;
using testing::HasSubstr;
using tests::FakeTokens;
using tests::KeyDesk;

struct Row {
    std::string what;
    std::string says;  // a part of the sentence
    std::function<std::optional<Error>()> attempt;
};

template <class T>
std::optional<Error> told(const Result<T>& result) {
    if (result) return std::nullopt;
    return result.error();
}

// How many rows were tried, by this process; and how many each test has at least.
int& tried() {
    static int count = 0;
    return count;
}
constexpr std::pair<std::string_view, int> kRows[] = {{"NamesThatNoCertificateMayCarry", 76},
                                                      {"PersonsAndTheirUnits", 7},
                                                      {"NumbersThatAreNone", 23},
                                                      {"WhatLooksLikeSyntaxStaysInItsField", 0},
                                                      {"Requests", 54},
                                                      {"WhatDriversSay", 33},
                                                      {"KeysThatCannotBeUsed", 15},
                                                      {"FullKeys", 3},
                                                      {"KeysThatWereCopiedOrSignBadly", 2},
                                                      {"Drivers", 8},
                                                      {"Authorities", 29},
                                                      {"SerialsProfilesAndBoxes", 33}};
constexpr int all_rows() {
    int sum = 0;
    for (const auto& [test, rows] : kRows) sum += rows;
    return sum;
}
static_assert(all_rows() >= 200);

// One sentence, in Chinese, for a person: no code of a library, no PIN, no line break, nothing that was smuggled in.
void expect_sentence(const Row& row, const std::optional<Error>& error) {
    ++tried();
    ASSERT_TRUE(error) << row.what << ": was taken";
    EXPECT_THAT(error->message, HasSubstr(row.says)) << row.what << " | " << error->detail;
    EXPECT_NE(error->kind, ErrorKind::internal) << row.what;
    EXPECT_TRUE(is_utf8(error->message)) << row.what;
    EXPECT_FALSE(has_control_characters(error->message)) << row.what << ": " << error->message;
    EXPECT_LE(code_points(error->message).size(), 120U) << row.what << ": " << error->message;
    EXPECT_EQ(error->message.find("CKR_"), std::string::npos) << row.what;
    EXPECT_EQ(error->message.find("error:"), std::string::npos) << row.what;
    EXPECT_EQ(error->message.find("246810"), std::string::npos) << row.what;
    EXPECT_TRUE(std::any_of(error->message.begin(), error->message.end(), [](char c) { return (c & 0x80) != 0; })) << row.what;
}

// A desk with one approved order and KEYs of memory.
class BadInputs : public testing::Test {
protected:
    void SetUp() override {
        desk_.bench.profiles.emplace(orders::SubjectKind::person,
                                     *certificates::read_profile(tests::source("data/profiles/person.toml")));
    }
    void TearDown() override {
        const std::string_view name = testing::UnitTest::GetInstance()->current_test_info()->name();
        const auto found = std::find_if(std::begin(kRows), std::end(kRows), [&](const auto& row) { return row.first == name; });
        ASSERT_NE(found, std::end(kRows));
        EXPECT_GE(tried() - before_, found->second) << "rows";
    }

    // Everything that a half-written KEY would leave somewhere.
    std::vector<std::int64_t> everything() {
        std::vector<std::int64_t> counts;
        for (const char* table :
             {"certificates", "certified_keys", "key_jobs", "seals", "crls", "acts", "audit", "key_movements"})
            counts.push_back(desk_.number(std::string("SELECT COUNT(*) FROM ") + table));
        for (const char* state : {"blank", "allocated", "written", "bound"})
            counts.push_back(desk_.number(std::string("SELECT COUNT(*) FROM keys WHERE state = '") + state + "'"));
        return counts;
    }
    // A new order and a new KEY that the desk knows.
    std::pair<std::string, std::string> fresh(const std::function<void(orders::Order&)>& change = {}) {
        const int n = ++number_;
        auto order = KeyDesk::order_of(n, n);
        if (change) change(order);
        EXPECT_TRUE(desk_.approve(order));
        const std::string serial = fmt::format("KEY{:04}", n);
        tokens_.add(serial);
        EXPECT_TRUE(keys::seen(*desk_.database, *tokens_.list()));
        return {order.no, serial};
    }
    // Goes round what the intake refuses: the database says so, whoever wrote it.
    void set(const std::string& order_no, const std::string& column, const std::string& value) {
        ASSERT_TRUE(desk_.database->write([&](storage::Tx& tx) -> Result<> {
            storage::change(tx, "UPDATE orders SET " + column + " = :value WHERE no = :no", value, order_no);
            return {};
        }));
    }
    // Refused before a KEY is touched: the very same database, an empty KEY.
    void expect_untouched(const Row& row, const std::string& serial, const std::vector<std::int64_t>& before) {
        EXPECT_EQ(everything(), before) << row.what;
        const auto& key = tokens_.key(serial);
        EXPECT_TRUE(key.pairs.empty() && key.certificates.empty() && key.data.empty()) << row.what;
    }
    void refuse_name(const std::string& what, const std::string& column, const std::string& value, const std::string& says,
                     const std::function<void(orders::Order&)>& change = {}) {
        const auto [no, serial] = fresh(change);
        set(no, column, value);
        const auto before = everything();
        const Row row{what, says, {}};
        expect_sentence(row, told(desk_.write(no, serial)));
        expect_untouched(row, serial, before);
    }

    tests::TemporaryFolder folder_;
    FakeTokens tokens_;
    KeyDesk desk_{folder_.path(), &tokens_};
    int number_ = 0;
    const int before_ = tried();
};

std::string times(const std::string& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
}

void person(orders::Order& order) {
    order.subject.kind = orders::SubjectKind::person;
    order.subject.document_kind = orders::DocumentKind::identity_card;
    order.subject.enterprise = "南京垚鑫建设有限公司";
}

TEST_F(BadInputs, NamesThatNoCertificateMayCarry) {
    // Every control character of ASCII, those of Latin-1, and what turns text round or hides in it.
    for (int c = 1; c < 0x20; ++c)
        refuse_name(fmt::format("U+{:04X}", c), "subject_name", std::string("垚鑫") + static_cast<char>(c) + "公司", "控制字符");
    refuse_name("U+007F", "subject_name", "垚鑫\x7f公司", "控制字符");
    for (const char32_t c : {U'\u0080', U'\u0085', U'\u009b', U'\u009f', U'\u00ad', U'\u061c', U'\u200b', U'\u200c', U'\u200d',
                             U'\u200e', U'\u200f', U'\u2028', U'\u2029', U'\u202a', U'\u202b', U'\u202c', U'\u202d', U'\u202e',
                             U'\u2060', U'\u2066', U'\u2067', U'\u2068', U'\u2069', U'\ufeff', U'\ufffd'})
        refuse_name(fmt::format("U+{:04X}", static_cast<unsigned>(c)), "subject_name", "垚鑫" + utf8(c) + "公司", "控制字符");
    for (const char* bytes : {"\xff", "\xfe\xff", "\xc0\xaf", "\xe5\x85", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\x80"})
        refuse_name("bytes that are no UTF-8", "subject_name", std::string("公司") + bytes, "UTF-8");
    refuse_name("empty", "subject_name", "", "不能为空");
    for (const char* edge : {" 公司", "公司 ", "  公司  ", " "}) refuse_name("blanks around", "subject_name", edge, "空格");
    for (const int length : {65, 66, 100, 1000, 20000})
        refuse_name(fmt::format("{} characters", length), "subject_name", times("签", length), std::to_string(length));
    refuse_name("65 letters", "subject_name", times("A", 65), "65");
    refuse_name("65 rare characters", "subject_name", times("𠮷", 65), "65");
}

TEST_F(BadInputs, PersonsAndTheirUnits) {
    refuse_name("a unit with a line break", "enterprise", "垚鑫\n公司", "单位名称中有看不见的控制字符", person);
    refuse_name("a unit that is turned round", "enterprise", "垚鑫\u202e公司", "单位名称中有看不见的控制字符", person);
    refuse_name("a unit that is too long", "enterprise", times("签", 65), "单位名称有 65 个字", person);
    refuse_name("a unit in no UTF-8", "enterprise", "公司\xff", "单位名称不是有效的 UTF-8", person);
    refuse_name("a unit with a blank", "enterprise", "公司 ", "单位名称的开头或结尾有空格", person);
    refuse_name("no name", "subject_name", "", "证书名称不能为空", person);
    refuse_name("a name with a tab", "subject_name", "周\t敏", "控制字符", person);
}

TEST_F(BadInputs, NumbersThatAreNone) {
    refuse_name("no number", "document_number", "", "证件号码不能为空");
    for (const char* number :
         {"９１３２０１０４００００００", "91320104_MA1X1K2L3Q", "91320104@MA1X", "号码91320104", "9132*", "9132;DROP", "9132\"",
          "9132<1>", "9132|2", "9132&3", "9132\\4", "9132{5}", "9132~", "９", "9132—4", "#04019132!"})
        refuse_name(number, "document_number", number, "证件号码只能有英文字母、数字和常用标点");
    for (const char* number : {"9132\n", "9132\t0104", "\u200b9132"})
        refuse_name("a number with something unseen", "document_number", number, "证件号码");
    refuse_name("a number of 65 digits", "document_number", times("9", 65), "证件号码有 65 个字");
    refuse_name("a number of bytes", "document_number", "9132\xff", "UTF-8");
    refuse_name("blanks around a number", "document_number", " 9132", "空格");
}

// What looks like syntax is a name: it is taken as it stands, and stays in its field.
TEST_F(BadInputs, WhatLooksLikeSyntaxStaysInItsField) {
    for (const std::string& name :
         {std::string("甲, O=乙"), std::string("甲+CN=乙"), std::string("“引号”\"公司\""), std::string("O'Neil & Söhne"),
          std::string("/C=US/CN=乙"), std::string("#0401FF"), std::string("#30030101FF"), std::string("1.2.840.113549.1.1.11"),
          std::string("\\2C\\,"), std::string("<script>公司</script>"), std::string("'; DROP TABLE orders; --"),
          std::string("${jndi:x}"), std::string("%s%n"), std::string("CN=甲;OU=乙"), times("签", 64),
          std::string("𠮷野·买买提")}) {
        const auto [no, serial] = fresh();
        set(no, "subject_name", name);
        const auto job = desk_.write(no, serial);
        ASSERT_TRUE(job) << name << ": " << job.error().message;
        const auto& stored = tokens_.key(serial).certificates.begin()->second;
        const auto facts = certificates::describe(stored.der);
        ASSERT_TRUE(facts);
        EXPECT_EQ(facts->subject.common_name, name);
        EXPECT_EQ(facts->subject.organisation, name);
        EXPECT_EQ(facts->subject.country, "CN");
    }
    desk_.expect_whole(0);
}

// ---------------------------------------------------------------- requests

using crypto::KeyHandle;

std::string request_of(EVP_PKEY* key, const EVP_MD* digest = EVP_sha256(), EVP_PKEY* signer = nullptr) {
    const crypto::RequestHandle request(X509_REQ_new());
    const auto name = certificates::x509_name({"申请人", "", "", "CN"});
    X509_REQ_set_subject_name(request.get(), name->get());
    X509_REQ_set_pubkey(request.get(), key);
    X509_REQ_sign(request.get(), signer != nullptr ? signer : key, digest);
    ERR_clear_error();
    return crypto::der_of(i2d_X509_REQ, request.get());
}

// An RSA public key of any numbers.
KeyHandle rsa_of(const BIGNUM* n, unsigned long exponent) {
    const crypto::BigNumber e(BN_new());
    BN_set_word(e.get(), exponent);
    const crypto::Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> build(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(build.get(), "n", n);
    OSSL_PARAM_BLD_push_BN(build.get(), "e", e.get());
    OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(build.get());
    const crypto::KeyContext from(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata_init(from.get());
    EVP_PKEY_fromdata(from.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters);
    OSSL_PARAM_free(parameters);
    return KeyHandle(key);
}

TEST_F(BadInputs, Requests) {
    const KeyHandle rsa(EVP_RSA_gen(2048U)), other(EVP_RSA_gen(2048U));
    const KeyHandle p256 = std::move(*crypto::generate_key(crypto::KeyAlgorithm::p_256)),
                    p256b = std::move(*crypto::generate_key(crypto::KeyAlgorithm::p_256));
    BIGNUM* n = nullptr;
    EVP_PKEY_get_bn_param(rsa.get(), "n", &n);
    const crypto::BigNumber modulus(n);
    std::vector<Row> rows;
    const auto request = [&](const std::string& what, const std::string& der, const std::string& says) {
        rows.push_back({what, says, [der] { return told(read_request(der)); }});
    };
    for (const unsigned bits : {512U, 768U, 1024U, 1536U, 2047U}) {
        const KeyHandle small(EVP_RSA_gen(bits));
        request(fmt::format("RSA of {} bits", bits), request_of(small.get()), fmt::format("只有 {} 位", bits));
    }
    {
        const crypto::BigNumber large(BN_dup(n));
        BN_lshift(large.get(), large.get(), 2100);
        BN_set_bit(large.get(), 0);
        request("RSA of 4148 bits", request_of(rsa_of(large.get(), 65537).get(), EVP_sha256(), rsa.get()), "最多允许 4096 位");
    }
    for (const unsigned long exponent : {1UL, 2UL, 3UL, 17UL, 257UL, 65535UL, 65536UL, 65538UL})
        request(fmt::format("exponent {}", exponent), request_of(rsa_of(n, exponent).get(), EVP_sha256(), rsa.get()), "指数");
    for (const unsigned long factor : {3UL, 5UL, 7UL, 11UL, 13UL, 17UL, 101UL}) {
        const crypto::BigNumber composite(BN_dup(n));
        BN_mul_word(composite.get(), factor);
        request(fmt::format("a modulus with the factor {}", factor),
                request_of(rsa_of(composite.get(), 65537).get(), EVP_sha256(), rsa.get()), "小因子");
    }
    for (const char* curve : {"P-224", "P-384", "P-521", "secp256k1", "brainpoolP256r1"}) {
        const KeyHandle key(EVP_EC_gen(curve));
        request(curve, request_of(key.get()), "不支持的密钥类型");
    }
    for (const char* kind : {"ED25519", "ED448"}) {
        const KeyHandle key(EVP_PKEY_Q_keygen(nullptr, nullptr, kind));
        request(kind, request_of(key.get(), nullptr), "不支持的密钥类型");
    }
    request("signed with SHA-1", request_of(rsa.get(), EVP_sha1()), "SHA-256 或更强");
    request("signed with MD5", request_of(rsa.get(), EVP_md5()), "SHA-256 或更强");
    request("signed with SHA-224", request_of(rsa.get(), EVP_sha224()), "SHA-256 或更强");
    request("P-256 signed with SHA-1", request_of(p256.get(), EVP_sha1()), "SHA-256 或更强");
    request("another RSA key signed it", request_of(rsa.get(), EVP_sha256(), other.get()), "不能证明持有私钥");
    request("another P-256 key signed it", request_of(p256.get(), EVP_sha256(), p256b.get()), "不能证明持有私钥");
    request("RSA signed for P-256", request_of(p256.get(), EVP_sha256(), rsa.get()), "不能证明持有私钥");
    const std::string good = request_of(rsa.get()), good_ec = request_of(p256.get());
    ASSERT_TRUE(read_request(good));
    ASSERT_TRUE(read_request(good_ec));
    for (const size_t back : {1U, 2U, 50U, 100U, 200U}) {
        std::string bent = good;
        bent[bent.size() - back] = static_cast<char>(bent[bent.size() - back] ^ 1);
        request(fmt::format("a bent signature, {} from the end", back), bent, "不能证明持有私钥");
    }
    for (const size_t part : {0U, 1U, 2U, 10U, 100U, 300U}) request("cut off", good.substr(0, part), "证书请求已损坏");
    request("one byte short", good.substr(0, good.size() - 1), "证书请求已损坏");
    request("something behind it", good + "x", "证书请求已损坏");
    request("twice", good + good, "证书请求已损坏");
    request("PEM", crypto::to_pem("CERTIFICATE REQUEST", good), "证书请求已损坏");
    request("a public key", crypto::der_of(i2d_PUBKEY, rsa.get()), "证书请求已损坏");
    request("text", "-----BEGIN 你好-----", "证书请求已损坏");
    request("zeroes", std::string(500, '\0'), "证书请求已损坏");
    request("an endless length", std::string("\x30\x84\xff\xff\xff\xff", 6), "证书请求已损坏");
    request("indefinite length", std::string("\x30\x80", 2) + good + std::string(2, '\0'), "证书请求已损坏");
    request("a mebibyte", std::string(1 << 20, '0'), "证书请求太大");
    for (const auto& row : rows) expect_sentence(row, row.attempt());
}

// ---------------------------------------------------------------- KEYs

// Every step that the KEY spoils is told, and the same KEY goes on to the end afterwards: exactly one of each.
TEST_F(BadInputs, WhatDriversSay) {
    struct Said {
        unsigned long value;
        const char* says;
    };
    const Said all[] = {{0x02, "内存不足"},
                        {0x05, "KEY 报告故障"},
                        {0x06, "KEY 报告故障"},
                        {0x10, "不允许写入"},
                        {0x11, "不能从 KEY 中读出"},
                        {0x1b, "不允许写入"},
                        {0x30, "KEY 报告故障"},
                        {0x31, "存储空间已满"},
                        {0x32, "已被拔出"},
                        {0x54, "不支持这一操作"},
                        {0x60, "内容在操作中改变"},
                        {0x62, "不支持所需的密钥算法"},
                        {0x70, "不支持所需的密钥算法"},
                        {0x71, "不支持所需的密钥算法"},
                        {0x82, "内容在操作中改变"},
                        {0xa0, "PIN 不正确"},
                        {0xa1, "长度或字符"},
                        {0xa2, "长度或字符"},
                        {0xa3, "PIN 已过期"},
                        {0xa4, "已锁定"},
                        {0xb0, "已被拔出"},
                        {0xb1, "正被占用"},
                        {0xb3, "已被拔出"},
                        {0xb6, "正被占用"},
                        {0xe0, "已被拔出"},
                        {0xe1, "不认识这只 KEY"},
                        {0xe2, "不允许写入"},
                        {0x100, "另一个程序登录"},
                        {0x101, "还没有输入 PIN"},
                        {0x102, "还没有设置用户 PIN"},
                        {0x104, "另一个程序登录"},
                        {0x190, "没有启动"},
                        {0x80000001, "KEY 没有完成操作"}};
    int at = 3;  // the call that fails: another one in every row, in all steps
    for (const auto& [value, says] : all) {
        const auto [no, serial] = fresh();
        int calls = 0;
        tokens_.says = value;
        tokens_.fault = [&] { return ++calls == at ? tests::Fault::not_done : tests::Fault::none; };
        const Row row{fmt::format("CKR 0x{:x} at call {}", value, at), says, {}};
        expect_sentence(row, told(desk_.write(no, serial)));
        tokens_.fault = {};
        ASSERT_TRUE(desk_.write(no, serial)) << row.what << ": goes on";
        EXPECT_EQ(tokens_.key(serial).pairs.size(), 1U) << row.what;
        EXPECT_EQ(tokens_.key(serial).certificates.size(), 1U) << row.what;
        at = at == 14 ? 3 : at + 1;
    }
    desk_.expect_whole(0);
}

TEST_F(BadInputs, KeysThatCannotBeUsed) {
    const auto refuse = [&](const std::string& what, const std::string& says, const std::string& no, const std::string& serial,
                            const crypto::Secret& pin) {
        const auto before = everything();
        const Row row{what, says, {}};
        expect_sentence(row, told(keys::write(*desk_.database, desk_.officer, desk_.bench, no, serial, pin)));
        EXPECT_EQ(everything(), before) << what;
    };
    const auto pin = tests::user_pin();
    {
        const auto [no, serial] = fresh();
        for (const char* wrong : {"246811", "", "0", "24681", "2468100", "一二三四"})
            refuse(std::string("PIN ") + wrong, "PIN 不正确", no, serial, crypto::Secret(std::string(wrong)));
        tokens_.change(serial).info.pin_locked = true;
        refuse("a locked PIN", "PIN 已锁定", no, serial, pin);
    }
    {
        const auto [no, serial] = fresh();
        const auto [no2, serial2] = fresh();
        ASSERT_TRUE(desk_.write(no2, serial2));
        refuse("a KEY of another order", "已用于订单", no, serial2, pin);
        ASSERT_TRUE(keys::scrap(*desk_.database, desk_.officer, serial, "坏了"));
        refuse("a scrapped KEY", "已报废", no, serial, pin);
        refuse("an order that is done", "不能制作 KEY", no2, serial, pin);
        refuse("an order that is not there", "NO-SUCH-ORDER", "NO-SUCH-ORDER", serial, pin);
        tokens_.add("STRANGE1");
        refuse("a KEY that nobody took in", "不在库存里", no, "STRANGE1", pin);
    }
    {
        const auto [no, serial] = fresh();
        tokens_.change(serial).certificates.emplace(keys::ObjectId::of("foreign"),
                                                    keys::StoredCertificate{keys::ObjectId::of("foreign"), "", "x"});
        refuse("a KEY with somebody's certificate", "不是空白的", no, serial, pin);
    }
    {
        const auto [no, serial] = fresh();
        ASSERT_TRUE(desk_.database->execute("UPDATE orders SET approved_by = 'wu' WHERE no = '" + no + "'"));
        refuse("the approver writes", "由另一位同事", no, serial, pin);
    }
    {
        const auto [no, serial] = fresh();
        const staff::Actor clerk{"zhao", "赵云", static_cast<staff::Roles>(staff::Role::clerk)};
        const auto before = everything();
        expect_sentence({"a clerk writes", "", {}}, told(keys::write(*desk_.database, clerk, desk_.bench, no, serial, pin)));
        EXPECT_EQ(everything(), before);
    }
}

// A full KEY: at whatever object the room ends, it is told and another try with room comes to a whole KEY.
TEST_F(BadInputs, FullKeys) {
    for (const size_t room : {0U, 1U, 2U, 3U}) {
        const auto [no, serial] = fresh();
        desk_.bench.seal = [](storage::Database&, const Job&, const certificates::Certificate&) -> Result<std::string> {
            return "a seal";
        };
        tokens_.change(serial).room = room;
        const auto job = desk_.write(no, serial);
        if (room == 1 && job) continue;
        if (!job) expect_sentence({fmt::format("room for {}", room), "存储空间已满", {}}, told(job));
        tokens_.change(serial).room = 100;
        ASSERT_TRUE(desk_.write(no, serial)) << room;
        EXPECT_EQ(tokens_.key(serial).data.at(keys::kSealLabel), "a seal");
    }
    desk_.expect_whole(0);
}

TEST_F(BadInputs, KeysThatWereCopiedOrSignBadly) {
    const std::shared_ptr<EVP_PKEY> copied(crypto::generate_key(crypto::KeyAlgorithm::p_256)->release(), EVP_PKEY_free);
    const auto [no, serial] = fresh();
    tokens_.change(serial).cloned = copied;
    ASSERT_TRUE(desk_.write(no, serial));
    const auto [again, second] = fresh();
    tokens_.change(second).cloned = copied;
    const auto certificates = desk_.number("SELECT COUNT(*) FROM certificates");
    expect_sentence({"a key that has a certificate", "已经用于证书", {}}, told(desk_.write(again, second)));
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates"), certificates) << "no serial was spent on it";
    EXPECT_TRUE(tokens_.key(second).certificates.empty());
    const auto [third_order, third] = fresh();
    tokens_.change(third).signs_badly = true;
    expect_sentence({"a KEY that signs badly", "签名不正确", {}}, told(desk_.write(third_order, third)));
    EXPECT_EQ(desk_.number("SELECT COUNT(*) FROM certificates"), certificates);
    tokens_.change(third).signs_badly = false;
    EXPECT_TRUE(desk_.write(third_order, third));
}

// ---------------------------------------------------------------- drivers, authorities, boxes

TEST_F(BadInputs, Drivers) {
    const auto write = [&](const char* name, const std::string& bytes) {
        std::ofstream(folder_.path() / name) << bytes;
        return (folder_.path() / name).string();
    };
    std::string elf(
        "\x7f"
        "ELF\2\1\1",
        7);
    elf.resize(64);
    std::filesystem::path maths = "/lib/x86_64-linux-gnu/libm.so.6";
    std::vector<std::pair<std::string, std::string>> files{{"nothing", ""},
                                                           {"no such file", "/nowhere/driver.so"},
                                                           {"a folder", folder_.path()},
                                                           {"an empty file", write("empty.so", "")},
                                                           {"text", write("text.so", "这不是驱动")},
                                                           {"half a library", write("half.so", elf)},
                                                           {"a Windows library", write("driver.dll", "MZ\x90")},
                                                           {"a device", "/dev/null"}};
    if (std::filesystem::exists(maths)) files.emplace_back("another library", maths);
    for (const auto& [what, file] : files) expect_sentence({what, "驱动", {}}, told(keys::open_pkcs11(file)));
}

TEST_F(BadInputs, Authorities) {
    using certificates::Authority;
    crypto::SystemRandom random;
    const auto words = [](const char* text) { return crypto::Secret(std::string(text)); };
    const auto plan_of = [](const char* name) {
        certificates::AuthorityPlan plan;
        plan.root = {std::string(name) + "根", "中心", "", "CN"};
        plan.issuer = {std::string(name) + "签发", "中心", "", "CN"};
        plan.algorithm = crypto::KeyAlgorithm::p_256;
        return plan;
    };
    const Instant now = tests::TestClock().now();
    const auto one = *certificates::create_authority(plan_of("甲"), words("correct horse"), random, now);
    const auto two = *certificates::create_authority(plan_of("乙"), words("correct horse"), random, now);
    struct Parts {
        std::string root, issuer, key, url;
    };
    const Parts good{one.root_pem, one.issuer_pem, one.issuer_key_pem, ""};
    const auto load = [&](const std::string& what, Parts parts, const char* says, const char* passphrase = "correct horse") {
        expect_sentence({what, says, {}},
                        told(Authority::load(parts.root, parts.issuer, parts.key, words(passphrase), parts.url)));
    };
    load("wrong passphrase", good, "口令", "wrong horse");
    load("no passphrase", good, "口令", "");
    const auto with = [&](auto member, std::string value) {
        Parts parts = good;
        parts.*member = std::move(value);
        return parts;
    };
    load("another CA's key", with(&Parts::key, two.issuer_key_pem), "不是一对");
    load("another CA's certificate", with(&Parts::issuer, two.issuer_pem), "不是一对");
    load("another root", with(&Parts::root, two.root_pem), "不是由这个根 CA");
    load("no certificate", with(&Parts::issuer, ""), "");
    load("half a certificate", with(&Parts::issuer, good.issuer.substr(0, good.issuer.size() / 2)), "");
    load("a key instead of a certificate", with(&Parts::issuer, good.key), "");
    load("no root", with(&Parts::root, "没有"), "");
    load("half a key", with(&Parts::key, good.key.substr(0, good.key.size() / 2)), "");
    load("a certificate instead of a key", with(&Parts::key, good.issuer), "");
    for (const char* url : {"ftp://crl.example/a", "crl.example", "//crl", "HTTP://crl.example", "file:///etc/passwd"})
        load(url, with(&Parts::url, url), "http:// 或 https://");
    for (const char* url : {"http://a b", "http://a\n", "http://a\t", "http://例子/crl", "https://a\x7f"})
        load("letters that an address has not", with(&Parts::url, url), "不允许的字符");
    const auto create = [&](const std::string& what, const std::function<void(certificates::AuthorityPlan&)>& change,
                            const char* says, const char* passphrase = "correct horse") {
        auto plan = plan_of("丙");
        change(plan);
        expect_sentence({what, says, {}}, told(certificates::create_authority(plan, words(passphrase), random, now)));
    };
    create(
        "an issuer beyond its root", [](auto& plan) { plan.issuer_years = 30; }, "年限");
    create(
        "no years", [](auto& plan) { plan.issuer_years = 0; }, "年限");
    create(
        "one name for both", [](auto& plan) { plan.issuer = plan.root; }, "不能相同");
    create(
        "a root without name", [](auto& plan) { plan.root.common_name.clear(); }, "不能为空");
    create(
        "a country in words", [](auto& plan) { plan.root.country = "中国"; }, "国家代码");
    create(
        "a short passphrase", [](auto&) {}, "8 个字符", "short");
    // An authority that has ended, or ends too soon.
    desk_.clock.advance(9 * 366 * kDay);
    {
        const auto [no, serial] = fresh([](orders::Order& order) { order.years = 3; });
        const auto before = everything();
        const Row row{"an authority that ends before", "请先更新 CA", {}};
        expect_sentence(row, told(desk_.write(no, serial)));
        expect_untouched(row, serial, before);
        desk_.clock.advance(3 * 366 * kDay);
        const Row ended{"an authority that has ended", "过期，不能再签发证书", {}};
        expect_sentence(ended, told(desk_.write(no, serial)));
        expect_untouched(ended, serial, before);
    }
}

TEST_F(BadInputs, SerialsProfilesAndBoxes) {
    for (const char* serial : {"", "0", "00", "xyz", "8000", "FF", "12 34", "-12", "+12", "0x12", "1", "é1",
                               "010203040506070809101112131415161718192021"})
        expect_sentence({std::string("serial ") + serial, "证书序列号", {}}, told(certificates::SerialNumber::parse(serial)));
    struct Text {
        const char *toml, *says;
    };
    const std::string good = "title='t'\nsubject=['C','CN']\nmin_years=1\nmax_years=3\nkey_usage=['digital_signature']\n";
    ASSERT_TRUE(certificates::parse_profile("p", good));
    for (const auto& [toml, says] :
         {Text{"algorithm='rot13'", "不认识的算法"}, Text{"algorithm='RSA'", "不认识的算法"},
          Text{"algorithm=''", "不认识的算法"}, Text{"colour='red'", "不认识“colour”"},
          Text{"extended_key_usage=['everything']", "不认识“everything”"}, Text{"extended_key_usage='x'", "应当是列表"},
          Text{"extended_key_usage=[1]", "文字列表"}, Text{"= 1", "写错了"}, Text{"title='twice'", "写错了"}})
        expect_sentence({toml, says, {}}, told(certificates::parse_profile("p", good + toml + "\n")));
    struct Range {
        const char *first, *last, *says;
    };
    for (const auto& [first, last, says] :
         {Range{"", "", "1 到 32 个"}, Range{"K 1", "", "1 到 32 个"}, Range{"K;1", "", "1 到 32 个"},
          Range{"KEY一", "", "1 到 32 个"}, Range{"123456789012345678901234567890123", "", "1 到 32 个"},
          Range{"K001", "K01", "长度不同"}, Range{"K001", "K 02", "长度不同"}, Range{"A001", "B002", "开头不同"},
          Range{"K009", "K001", "小于首号"}, Range{"KA", "KB", "开头不同"}, Range{"K000001", "K009999", "一盒最多"}}) {
        const auto before = everything();
        expect_sentence({fmt::format("box {}–{}", first, last), says, {}},
                        told(keys::receive(*desk_.database, desk_.officer, {"盒", "", first, last})));
        EXPECT_EQ(everything(), before);
    }
}

}  // namespace
}  // namespace sealdesk
