// Reading and writing seal data: exact to the byte, and a sentence for everything that is none.
#include "seals/seal.h"

#include <gmock/gmock.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <functional>

#include "seal_parts.h"

using namespace sealdesk;
using namespace sealdesk::seals;
using namespace sealdesk::tests;
using testing::HasSubstr;

namespace {

class SealData : public testing::Test, protected Others {};

std::string sentence_for(const std::string& bytes) {
    const auto read = read_seal(bytes);
    EXPECT_FALSE(read) << "was read";
    if (read) return {};
    EXPECT_EQ(read.error().kind, ErrorKind::corrupt);
    return read.error().message;
}

std::string positive(const std::string& number) {  // 32 bytes
    return tlv(0x02, (static_cast<unsigned char>(number[0]) >= 0x80 ? std::string(1, '\0') : "") + number);
}

crypto::KeyHandle sm2_key(const std::string& x, const std::string& y, const std::string& secret) {
    const crypto::BigNumber number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(secret.data()), static_cast<int>(secret.size()), nullptr));
    const std::string point = "\x04" + x + y;
    const crypto::Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> build(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(build.get(), "group", "SM2", 0);
    OSSL_PARAM_BLD_push_octet_string(build.get(), "pub", point.data(), point.size());
    OSSL_PARAM_BLD_push_BN(build.get(), "priv", number.get());
    const crypto::Handle<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(build.get()));
    const crypto::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata_init(context.get());
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get());
    return crypto::KeyHandle(key);
}

bool signs_digest(EVP_PKEY* key, const std::string& digest, const std::string& signature) {
    const auto bytes = [](const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); };
    const crypto::KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
    return EVP_PKEY_verify_init(context.get()) == 1 &&
           EVP_PKEY_verify(context.get(), bytes(signature), signature.size(), bytes(digest), digest.size()) == 1;
}

}  // namespace

// Facts: the sample of the SM2 standard, and SM3 of "abc".
TEST(Sm2, DigestAndIdAreThoseOfTheStandards) {
    EXPECT_EQ(crypto::hex(sm3("abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    // Z of the sample key with the id, then e of "message digest": what sm2_sign() signs is SM3(Z ‖ M).
    const auto bytes = [](const char* digits) { return *crypto::from_hex(digits); };
    const std::string x = bytes("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"),
                      y = bytes("CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13");
    const std::string z = sm3(std::string("\x00\x80", 2) + std::string(kSm2Id) +
                              bytes("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC"
                                    "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93"
                                    "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7"
                                    "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0") +
                              x + y);
    EXPECT_EQ(crypto::hex(z), "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3");
    const std::string e = sm3(z + "message digest");
    EXPECT_EQ(crypto::hex(e), "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640");
    // The standard's own signature of that message, and ours: over this e, which a plain key context checks without knowing Z.
    const auto key = sm2_key(x, y, bytes("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"));
    ASSERT_TRUE(key);
    const std::string published = sequence(positive(bytes("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3")) +
                                           positive(bytes("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA")));
    EXPECT_TRUE(sm2_matches(key.get(), "message digest", published));
    EXPECT_TRUE(signs_digest(key.get(), e, published));
    const auto ours = sm2_sign(key.get(), "message digest");
    ASSERT_TRUE(ours);
    EXPECT_TRUE(signs_digest(key.get(), e, *ours));
    EXPECT_FALSE(signs_digest(key.get(), sm3("message digest"), *ours)) << "not the message alone";
}

TEST(Sm2, ASignatureHoldsForItsMessageAndKeyAlone) {
    const auto key = *generate_sm2_key(), other = *generate_sm2_key();
    const auto signature = sm2_sign(key.get(), "印章");
    ASSERT_TRUE(signature);
    EXPECT_TRUE(sm2_matches(key.get(), "印章", *signature));
    EXPECT_FALSE(sm2_matches(key.get(), "印泥", *signature));
    EXPECT_FALSE(sm2_matches(other.get(), "印章", *signature));
    EXPECT_FALSE(sm2_matches(key.get(), "印章", signature->substr(1)));
    EXPECT_FALSE(sm2_matches(key.get(), "印章", *signature + "x"));
    EXPECT_FALSE(sm2_matches(key.get(), "印章", ""));
    EXPECT_FALSE(sm2_matches(nullptr, "印章", *signature));
    const auto p256 = *crypto::generate_key(crypto::KeyAlgorithm::p_256);
    EXPECT_FALSE(sm2_matches(p256.get(), "印章", *signature)) << "only SM2 keys";
}

TEST_F(SealData, EveryVersionIsReadAndWrittenToTheByte) {
    for (const int version : {1, 4, 5}) {
        const Parts p = parts(version);
        const std::string der = version == 1 ? p.seal_v1() : p.seal();
        const auto seal = read_seal(der);
        ASSERT_TRUE(seal) << version << ": " << seal.error().message << seal.error().detail;
        EXPECT_EQ(seal->version, version);
        EXPECT_EQ(seal->maker_id, "OTHERS");
        EXPECT_EQ(seal->id, "51f044b76510434e9bc67a1185c2fba5");
        EXPECT_EQ(seal->type, kUnitSeal);
        EXPECT_EQ(seal->name, "江东市垚鑫建设有限公司");
        ASSERT_EQ(seal->certificates.size(), 1u);
        EXPECT_EQ(seal->certificates[0], signer_.der);
        EXPECT_EQ(iso_time(seal->created), "2026-11-22T01:00:00.000Z");
        EXPECT_EQ(iso_time(seal->valid_from), "2026-11-22T00:00:00.000Z");
        EXPECT_EQ(iso_time(seal->valid_until), "2027-06-30T15:59:59.000Z");
        EXPECT_EQ(seal->picture, small_picture());
        EXPECT_EQ(seal->maker_certificate, maker_.der);
        EXPECT_EQ(seal->algorithm, kSm2WithSm3);
        EXPECT_EQ(seal->time_stamp.empty(), version != 5);
        EXPECT_FALSE(seal->extensions);
        const auto again = encode(*seal);
        ASSERT_TRUE(again);
        EXPECT_EQ(*again, der) << "version " << version;
        const auto covered = signed_part(*seal);
        ASSERT_TRUE(covered);
        EXPECT_TRUE(sm2_matches(maker_.key.get(), *covered, seal->signature)) << "version " << version;
    }
}

TEST_F(SealData, VersionFiveMayComeWithoutTimeStamp) {
    Parts p = parts(5);
    p.time_stamp.clear();
    const auto seal = read_seal(p.seal());
    ASSERT_TRUE(seal) << seal.error().message;
    EXPECT_EQ(seal->version, 5);
    EXPECT_EQ(*encode(*seal), p.seal());
}

TEST_F(SealData, DigestsExtensionsAndOddSignaturesKeepTheirBytes) {
    Parts p = parts();
    p.list_type = integer(2);
    p.list = sequence(sequence(tlv(0x13, "1.2.156.10197.1.401") + octets(sm3(signer_.der))) +
                      sequence(tlv(0x13, "SM3") + octets(std::string(32, '\0'))));
    const std::string oid = tlv(0x06, "\x2a\x03\x04");
    p.extensions = sequence(sequence(oid + octets("a")) + sequence(oid + tlv(0x01, std::string(1, '\0')) + octets("")) +
                            sequence(oid + tlv(0x01, "\xff") + octets(std::string(300, 'x'))));
    p.signature = bits(std::string("\x30\x06\x02\x01\x01\x02\x01\x00", 8));  // ends in zero bits
    const auto seal = read_seal(p.seal());
    ASSERT_TRUE(seal) << seal.error().message;
    EXPECT_TRUE(seal->certificates.empty());
    ASSERT_EQ(seal->digests.size(), 2u);
    EXPECT_EQ(seal->digests[0].value, sm3(signer_.der));
    ASSERT_TRUE(seal->extensions);
    ASSERT_EQ(seal->extensions->size(), 3u);
    EXPECT_EQ((*seal->extensions)[0].critical, std::nullopt);
    EXPECT_EQ((*seal->extensions)[1].critical, false) << "some makers write the default";
    EXPECT_EQ((*seal->extensions)[2].critical, true);
    EXPECT_EQ(*encode(*seal), p.seal());
    p.extensions = sequence("");
    EXPECT_EQ(*encode(*read_seal(p.seal())), p.seal()) << "an empty list is not no list";
}

TEST_F(SealData, TimesOfEveryCenturyComeBack) {
    for (const char* text : {"19491001000000Z", "19700101000000Z", "20000229235959Z", "99991231235959Z", "00010101000000Z"}) {
        Parts p = parts();
        p.created = general_time(text);
        const auto seal = read_seal(p.seal());
        ASSERT_TRUE(seal) << text;
        EXPECT_EQ(*encode(*seal), p.seal()) << text;
    }
    for (const char* text : {"491231235959Z", "500101000000Z", "991231235959Z"}) {
        Parts p = parts(1);
        p.created = utc_time(text);
        const auto seal = read_seal(p.seal_v1());
        ASSERT_TRUE(seal) << text;
        EXPECT_EQ(*encode(*seal), p.seal_v1()) << text;
    }
}

TEST_F(SealData, WhatIsNoSealIsCalledByItsName) {
    const std::string good = parts().seal();
    EXPECT_THAT(sentence_for(""), HasSubstr("是空的"));
    EXPECT_THAT(sentence_for(std::string(kLargestSeal + 1, '0')), HasSubstr("太大"));
    EXPECT_THAT(sentence_for(crypto::to_pem("CERTIFICATE", signer_.der)), HasSubstr("文本"));
    EXPECT_THAT(sentence_for(crypto::base64(good)), HasSubstr("文本"));
    EXPECT_THAT(sentence_for(small_picture().data), HasSubstr("图片"));
    EXPECT_THAT(sentence_for("\xff\xd8\xff\xe0 JFIF"), HasSubstr("图片"));
    EXPECT_THAT(sentence_for("GIF89a"), HasSubstr("图片"));
    EXPECT_THAT(sentence_for("PK\x03\x04 zip"), HasSubstr("压缩包"));
    EXPECT_THAT(sentence_for("%PDF-1.7"), HasSubstr("PDF"));
    EXPECT_THAT(sentence_for("hello"), HasSubstr("开头"));
    EXPECT_THAT(sentence_for(signer_.der), HasSubstr("数字证书"));
    EXPECT_THAT(sentence_for(sequence(sequence(integer(4) + good) + octets("x"))), HasSubstr("签名，不是印章"));
    EXPECT_THAT(sentence_for(sequence("")), HasSubstr("38540"));
    EXPECT_THAT(sentence_for(sequence(integer(1) + integer(2) + integer(3))), HasSubstr("38540"));
}

TEST_F(SealData, DamagedBytesAreRefusedAndSayWhere) {
    const std::string good = parts().seal();
    EXPECT_THAT(sentence_for(good + "x"), HasSubstr("多出 1 字节"));
    EXPECT_THAT(sentence_for(good + good), HasSubstr("多出"));
    EXPECT_THAT(sentence_for(good.substr(0, 1)), HasSubstr("中断"));
    EXPECT_THAT(sentence_for(good.substr(0, 3)), HasSubstr("中断"));
    EXPECT_THAT(sentence_for(good.substr(0, good.size() - 1)), HasSubstr("只剩"));
    EXPECT_THAT(sentence_for(std::string("\x30\x80\x00\x00", 4)), HasSubstr("不定长"));
    EXPECT_THAT(sentence_for("\x30\x84\xff\xff\xff\xff" + good), HasSubstr("只剩"));
    EXPECT_THAT(sentence_for("\x30\x85\x01\x01\x01\x01\x01" + good), HasSubstr("长度过大"));
    EXPECT_THAT(sentence_for("\x30\x81\x05hello"), HasSubstr("最短"));
    EXPECT_THAT(sentence_for(sequence(std::string("\x02\x01", 2))), HasSubstr("只剩"));
    EXPECT_THAT(sentence_for(sequence(std::string("\x00\x00", 2))), HasSubstr("类型为空"));
    EXPECT_THAT(sentence_for(sequence(std::string("\x1f\x81\x01\x00", 4))), HasSubstr("类型不认识"));
    std::string deep = integer(1);
    for (int i = 0; i < 40; ++i) deep = sequence(deep);
    EXPECT_THAT(sentence_for(deep), HasSubstr("嵌套"));
    std::string many;
    for (int i = 0; i < 30'000; ++i) many += tlv(0x05, "");
    EXPECT_THAT(sentence_for(sequence(many)), HasSubstr("元素太多"));
    // Every cut, and every byte changed, is refused or read as another seal; never more.
    for (size_t cut = 0; cut < good.size(); ++cut) EXPECT_FALSE(read_seal(good.substr(0, cut))) << cut;
    for (size_t at = 0; at < good.size(); ++at) {
        std::string changed = good;
        changed[at] = static_cast<char>(changed[at] ^ 0x21);
        if (const auto seal = read_seal(changed)) {
            EXPECT_EQ(*encode(*seal), changed) << at;
        } else {
            EXPECT_FALSE(seal.error().message.empty()) << at;
        }
    }
}

TEST_F(SealData, EveryElementIsJudged) {
    struct Case {
        const char* what;
        std::function<void(Parts&)> change;
        const char* said;
    };
    const std::string long_text(300, 'x');
    const Case cases[] = {
        {"another mark", [](Parts& p) { p.mark = ia5("EX"); }, "不是 ES"},
        {"no mark", [](Parts& p) { p.mark = ia5(""); }, "不是 ES"},
        {"mark of another kind", [](Parts& p) { p.mark = utf8_string("ES"); }, "头标识"},
        {"version 0", [](Parts& p) { p.version = integer(0); }, "版本号 0"},
        {"version 1 in the new form", [](Parts& p) { p.version = integer(1); }, "版本号 1"},
        {"version 3", [](Parts& p) { p.version = integer(3); }, "版本号 3"},
        {"version 6", [](Parts& p) { p.version = integer(6); }, "版本号 6"},
        {"negative version", [](Parts& p) { p.version = tlv(2, "\xff"); }, "版本号不正确"},
        {"endless version", [](Parts& p) { p.version = tlv(2, std::string(40, '\x11')); }, "版本号不正确"},
        {"long-winded version", [](Parts& p) { p.version = tlv(2, std::string("\x00\x04", 2)); }, "写法"},
        {"empty number", [](Parts& p) { p.version = tlv(2, ""); }, "写法"},
        {"version as text", [](Parts& p) { p.version = ia5("4"); }, "版本号"},
        {"no maker id", [](Parts& p) { p.vid = ia5(""); }, "厂商标识是空的"},
        {"long maker id", [&](Parts& p) { p.vid = ia5(long_text); }, "厂商标识太长"},
        {"odd maker id", [](Parts& p) { p.vid = ia5("A\nB"); }, "厂商标识含有"},
        {"no seal id", [](Parts& p) { p.id = ia5(""); }, "印章标识是空的"},
        {"long seal id", [&](Parts& p) { p.id = ia5(long_text); }, "印章标识太长"},
        {"Chinese seal id", [](Parts& p) { p.id = ia5("印章"); }, "印章标识含有"},
        {"seal id left out", [](Parts& p) { p.id = ""; }, "印章标识"},
        {"negative type", [](Parts& p) { p.type = tlv(2, "\x80"); }, "印章类型不正确"},
        {"huge type", [](Parts& p) { p.type = integer(20000); }, "印章类型不正确"},
        {"no name", [](Parts& p) { p.name = utf8_string(""); }, "名称是空的"},
        {"blank name", [](Parts& p) { p.name = utf8_string("  "); }, "名称是空的"},
        {"name in GBK", [](Parts& p) { p.name = utf8_string("\xc4\xcf\xbe\xa9"); }, "名称"},
        {"name with a line break", [](Parts& p) { p.name = utf8_string("甲\n乙"); }, "文字不正确"},
        {"name that turns round", [](Parts& p) { p.name = utf8_string("甲\u202e乙"); }, "文字不正确"},
        {"name without end", [](Parts& p) { p.name = utf8_string(std::string(900, 'n')); }, "太长"},
        {"name as another string", [](Parts& p) { p.name = tlv(0x13, "NAME"); }, "印章名称"},
        {"list type 0", [](Parts& p) { p.list_type = integer(0); }, "证书列表类型不正确"},
        {"list type 3", [](Parts& p) { p.list_type = integer(3); }, "证书列表类型不正确"},
        {"digests promised, certificates given", [](Parts& p) { p.list_type = integer(2); }, "摘要已损坏"},
        {"certificates promised, digests given",
         [](Parts& p) { p.list = sequence(sequence(tlv(0x13, "SM3") + octets(std::string(32, 'd')))); }, "类型与内容不符"},
        {"nobody may sign", [](Parts& p) { p.list = sequence(""); }, "没有签章人证书"},
        {"a hundred may sign",
         [](Parts& p) {
             std::string all;
             for (int i = 0; i < 100; ++i) all += octets("c");
             p.list = sequence(all);
         },
         "太多"},
        {"empty certificate", [](Parts& p) { p.list = sequence(octets("")); }, "签章人证书的长度"},
        {"huge certificate", [](Parts& p) { p.list = sequence(octets(std::string(70'000, 'c'))); }, "签章人证书的长度"},
        {"numbers as certificates", [](Parts& p) { p.list = sequence(integer(1)); }, "类型与内容不符"},
        {"short digest",
         [](Parts& p) {
             p.list_type = integer(2);
             p.list = sequence(sequence(tlv(0x13, "SM3") + octets("d")));
         },
         "摘要长度"},
        {"digest without algorithm",
         [](Parts& p) {
             p.list_type = integer(2);
             p.list = sequence(sequence(tlv(0x13, "") + octets(std::string(32, 'd'))));
         },
         "算法是空的"},
        {"digest with more",
         [](Parts& p) {
             p.list_type = integer(2);
             p.list = sequence(sequence(tlv(0x13, "SM3") + octets(std::string(32, 'd')) + integer(1)));
         },
         "摘要已损坏"},
        {"list as a set", [](Parts& p) { p.list = tlv(0x31, octets("c")); }, "证书列表"},
        {"13th month", [](Parts& p) { p.created = general_time("20261322010000Z"); }, "制作日期的时间格式"},
        {"30 February", [](Parts& p) { p.created = general_time("20260230010000Z"); }, "制作日期的时间格式"},
        {"25 o'clock", [](Parts& p) { p.created = general_time("20261122250000Z"); }, "制作日期的时间格式"},
        {"local time", [](Parts& p) { p.from = general_time("20261122010000+0800"); }, "有效期起始的时间格式"},
        {"no time zone", [](Parts& p) { p.from = general_time("20261122010000"); }, "有效期起始的时间格式"},
        {"fractions", [](Parts& p) { p.until = general_time("20261122010000.5Z"); }, "有效期终止的时间格式"},
        {"letters", [](Parts& p) { p.until = general_time("2026-11-22 010Z"); }, "有效期终止的时间格式"},
        {"empty time", [](Parts& p) { p.until = general_time(""); }, "有效期终止的时间格式"},
        {"old kind of time", [](Parts& p) { p.until = utc_time("270630155959Z"); }, "有效期终止"},
        {"no picture type", [](Parts& p) { p.picture_type = ia5(""); }, "图片类型是空的"},
        {"long picture type", [&](Parts& p) { p.picture_type = ia5(long_text); }, "图片类型太长"},
        {"no picture", [](Parts& p) { p.picture = octets(""); }, "没有图片"},
        {"picture in pieces", [](Parts& p) { p.picture = tlv(0x24, octets("a") + octets("b")); }, "写法"},
        {"no width", [](Parts& p) { p.width = integer(0); }, "图片宽度不正确"},
        {"a metre wide", [](Parts& p) { p.width = integer(1000); }, "图片宽度不正确"},
        {"no height", [](Parts& p) { p.height = integer(0); }, "图片高度不正确"},
        {"height left out", [](Parts& p) { p.height = ""; }, "图片高度"},
        {"extension without value", [](Parts& p) { p.extensions = sequence(sequence(tlv(6, "\x2a\x03"))); }, "自定义数据"},
        {"extension that is none", [](Parts& p) { p.extensions = sequence(integer(1)); }, "自定义数据"},
        {"half true", [](Parts& p) { p.extensions = sequence(sequence(tlv(6, "\x2a\x03") + tlv(1, "\x01") + octets(""))); },
         "写法"},
        {"extension with an endless name",
         [](Parts& p) { p.extensions = sequence(sequence(tlv(6, std::string(200, '\x7f')) + octets(""))); }, "自定义数据"},
        {"something after the picture", [](Parts& p) { p.extensions = integer(1); }, "自定义数据"},
        {"no maker certificate", [](Parts& p) { p.certificate = octets(""); }, "制章人证书的长度"},
        {"huge maker certificate", [](Parts& p) { p.certificate = octets(std::string(70'000, 'c')); }, "制章人证书的长度"},
        {"maker certificate as it is", [this](Parts& p) { p.certificate = maker_.der; }, "制章人证书"},
        {"algorithm without numbers", [](Parts& p) { p.algorithm = tlv(6, ""); }, "写法"},
        {"algorithm cut off", [](Parts& p) { p.algorithm = tlv(6, "\x2a\x81"); }, "写法"},
        {"algorithm with a blank", [](Parts& p) { p.algorithm = tlv(6, "\x2a\x80\x01"); }, "写法"},
        {"algorithm without end", [](Parts& p) { p.algorithm = tlv(6, std::string(200, '\x7f')); }, "签名算法"},
        {"algorithm as text", [](Parts& p) { p.algorithm = ia5("SM2"); }, "签名算法"},
        {"no signature", [](Parts& p) { p.signature = bits(""); }, "没有签名"},
        {"signature with loose bits",
         [](Parts& p) {
             p.signature = tlv(3,
                               "\x03"
                               "abc");
         },
         "写法"},
        {"signature without its first byte", [](Parts& p) { p.signature = tlv(3, ""); }, "写法"},
        {"signature as octets", [](Parts& p) { p.signature = octets("abc"); }, "签名值"},
        {"time stamp in version 4", [](Parts& p) { p.time_stamp = tlv(0xa0, bits("t")); }, "版本号 4"},
        {"empty time stamp", [](Parts& p) { p.time_stamp = tlv(0xa0, bits("")); }, "时间戳"},
        {"time stamp under another tag", [](Parts& p) { p.time_stamp = tlv(0xa1, bits("t")); }, "时间戳"},
    };
    for (const auto& one : cases) {
        Parts p = parts();
        one.change(p);
        EXPECT_THAT(sentence_for(p.seal()), HasSubstr(one.said)) << one.what;
    }
    Parts p = parts(1);
    p.version = integer(4);
    EXPECT_THAT(sentence_for(p.seal_v1()), HasSubstr("第 1 版"));
    p = parts(1);
    p.created = general_time("20261122010000Z");
    EXPECT_THAT(sentence_for(p.seal_v1()), HasSubstr("制作日期"));
    p = parts(1);
    p.list_type = integer(1);
    EXPECT_THAT(sentence_for(p.seal_v1()), HasSubstr("证书列表"));
}

TEST_F(SealData, WhatHasNoPlaceInAVersionIsNotWritten) {
    Seal seal = *read_seal(parts().seal());
    const auto refused_for = [&](auto change) {
        Seal changed = seal;
        change(changed);
        const auto done = encode(changed);
        const auto covered = signed_part(changed);
        EXPECT_FALSE(done);
        EXPECT_FALSE(covered);
        return done ? std::string() : done.error().message;
    };
    EXPECT_THAT(refused_for([](Seal& s) { s.version = 2; }), HasSubstr("第 2 版"));
    EXPECT_THAT(refused_for([](Seal& s) { s.certificates.clear(); }), HasSubstr("写明"));
    EXPECT_THAT(refused_for([](Seal& s) { s.digests.push_back({"SM3", "x"}); }), HasSubstr("写明"));
    EXPECT_THAT(refused_for([](Seal& s) { s.time_stamp = "t"; }), HasSubstr("时间戳"));
    EXPECT_THAT(refused_for([](Seal& s) {
                    s.version = 1;
                    s.certificates.clear();
                    s.digests.push_back({"SM3", "x"});
                }),
                HasSubstr("第 1 版"));
}
