// Seals for tests: an SM2 maker, certificates of people who may sign, and seal data put together element by element, by a
// writer that shares nothing with the one under test, so that every element can be replaced by a wrong one.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/time.h"
#include "certificates/extensions.h"
#include "certificates/subject_name.h"
#include "crypto/digest.h"
#include "crypto/pem.h"
#include "seals/maker.h"
#include "seals/picture.h"
#include "seals/sm2.h"

namespace sealdesk::tests {

inline const Instant kSealDay{1'795'400'000'000};  // November 2026

inline std::string tlv(int tag, const std::string& content) {
    std::string out(1, static_cast<char>(tag));
    const size_t size = content.size();
    if (size >= 0x10000)
        out += {'\x83', static_cast<char>(size >> 16), static_cast<char>(size >> 8), static_cast<char>(size)};
    else if (size >= 0x100)
        out += {'\x82', static_cast<char>(size >> 8), static_cast<char>(size)};
    else if (size >= 0x80)
        out += {'\x81', static_cast<char>(size)};
    else
        out += static_cast<char>(size);
    return out + content;
}
inline std::string ia5(const std::string& text) { return tlv(0x16, text); }
inline std::string utf8_string(const std::string& text) { return tlv(0x0c, text); }
inline std::string octets(const std::string& bytes) { return tlv(0x04, bytes); }
inline std::string bits(const std::string& bytes) { return tlv(0x03, std::string(1, '\0') + bytes); }
inline std::string sequence(const std::string& content) { return tlv(0x30, content); }
inline std::string integer(int value) {  // 0 to 32767
    std::string bytes;
    if (value > 127) bytes += static_cast<char>(value >> 8);
    if (value > 127 && value < 256) bytes = std::string(1, '\0');
    return tlv(0x02, bytes + static_cast<char>(value & 0xff));
}
inline std::string general_time(const std::string& digits) { return tlv(0x18, digits); }
inline std::string utc_time(const std::string& digits) { return tlv(0x17, digits); }
inline const std::string kOidSm2Sm3 = tlv(0x06, "\x2a\x81\x1c\xcf\x55\x01\x83\x75");

// A certificate by its own key, or by `issuer`'s.
struct Holder {
    crypto::KeyHandle key;
    std::string der;
};
inline Holder make_holder(const std::string& name, Instant from = kSealDay + -kDay, Instant to = kSealDay + 300 * kDay,
                          bool authority = false, bool sm2 = true, const std::vector<int>& uses = {}) {
    using namespace crypto;
    const std::vector<int> usage = !uses.empty() ? uses : authority ? std::vector{5, 6} : std::vector{0, 1};  // bits of key usage
    Holder holder{sm2 ? *seals::generate_sm2_key() : *generate_key(KeyAlgorithm::p_256), ""};
    const CertificateHandle certificate(X509_new());
    X509* x = certificate.get();
    const auto subject = certificates::x509_name({name, "", "", "CN"});
    X509_set_version(x, X509_VERSION_3);
    SystemRandom random;
    X509_set_serialNumber(x, certificates::SerialNumber::random(random).asn1().get());
    X509_set_subject_name(x, subject->get());
    X509_set_issuer_name(x, subject->get());
    certificates::set_validity(x, from, to);
    X509_set_pubkey(x, holder.key.get());
    certificates::add_constraints(x, authority, -1);
    certificates::add_key_usage(x, usage);
    EXPECT_TRUE(sm2 ? seals::sm2_sign_certificate(x, holder.key.get()) : X509_sign(x, holder.key.get(), EVP_sha256()) > 0);
    holder.der = der_of(i2d_X509, x);
    return holder;
}

// A list as openssl would publish it, signed by hand: it knows no distinguishing id for lists.
inline std::string revocation_list(const std::string& issuer_der, EVP_PKEY* key, const std::string& revoked_der, Instant since,
                                   Instant until) {
    using namespace crypto;
    const auto issuer = read_der<CertificateHandle>(d2i_X509, issuer_der);
    const CrlHandle list(X509_CRL_new());
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.get()));
    const TimeHandle from(ASN1_TIME_set(nullptr, kSealDay.ms / kSecond)), to(ASN1_TIME_set(nullptr, until.ms / kSecond)),
        at(ASN1_TIME_set(nullptr, since.ms / kSecond));
    X509_CRL_set1_lastUpdate(list.get(), from.get());
    X509_CRL_set1_nextUpdate(list.get(), to.get());
    if (!revoked_der.empty()) {
        const auto certificate = read_der<CertificateHandle>(d2i_X509, revoked_der);
        RevokedHandle entry(X509_REVOKED_new());
        X509_REVOKED_set_serialNumber(entry.get(), X509_get_serialNumber(certificate.get()));
        X509_REVOKED_set_revocationDate(entry.get(), at.get());
        X509_CRL_add0_revoked(list.get(), entry.release());
    }
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* inner = nullptr;
    EXPECT_EQ(EVP_DigestSignInit_ex(context.get(), &inner, "SM3", nullptr, nullptr, key, nullptr), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set1_id(inner, seals::kSm2Id.data(), static_cast<int>(seals::kSm2Id.size())), 1);
    EXPECT_GT(X509_CRL_sign_ctx(list.get(), context.get()), 0);
    return der_of(i2d_X509_CRL, list.get());
}

// 40 mm at 300 dpi: hardly any ink, and a valid PNG.
inline seals::SealPicture small_picture() {
    seals::Impression impression;
    impression.width = impression.height = 472;
    impression.dpi = 300;
    impression.ink.assign(472 * 472, 0);
    for (int i = 0; i < 472; ++i) impression.at(i, i) = 255;
    return *seals::seal_picture(impression);
}

// The elements of a seal, each with tag and length.
struct Parts {
    std::string mark = ia5("ES"), version = integer(4), vid = ia5("OTHERS"), id = ia5("51f044b76510434e9bc67a1185c2fba5"),
                type = integer(1), name = utf8_string("江东市垚鑫建设有限公司"), list_type = integer(1), list,
                created = general_time("20261122010000Z"), from = general_time("20261122000000Z"),
                until = general_time("20270630155959Z"), picture_type = ia5("PNG"), picture, width = integer(40),
                height = integer(40), extensions, certificate, algorithm = kOidSm2Sm3, signature, time_stamp;

    std::string header() const { return sequence(mark + version + vid); }
    std::string property() const { return sequence(type + name + list_type + list + created + from + until); }
    std::string information() const {
        return sequence(header() + id + property() + sequence(picture_type + picture + width + height) + extensions);
    }
    std::string seal() const { return sequence(information() + certificate + algorithm + signature + time_stamp); }
    std::string seal_v1() const { return sequence(information() + sequence(certificate + algorithm + signature)); }
};

// A maker elsewhere, and somebody who may sign.
struct Others {
    Others() : maker_(make_holder("江东制章中心")), signer_(make_holder("江东市垚鑫建设有限公司")) {}

    // Whole and signed, as `version` has it.
    Parts parts(int version = 4) {
        Parts p;
        p.version = integer(version);
        p.list = sequence(octets(signer_.der));
        p.picture = octets(small_picture().data);
        p.certificate = octets(maker_.der);
        if (version == 1) {
            p.list_type.clear();
            p.created = utc_time("261122010000Z");
            p.from = utc_time("261122000000Z");
            p.until = utc_time("270630155959Z");
        }
        if (version == 5) p.time_stamp = tlv(0xa0, bits("\x30\x03\x02\x01\x01"));
        sign(p, version);
        return p;
    }
    void sign(Parts& p, int version = 4) {
        const std::string covered = version == 1 ? sequence(p.information() + p.certificate + p.algorithm) : p.information();
        p.signature = bits(*seals::sm2_sign(maker_.key.get(), covered));
    }

    Holder maker_, signer_;
};

}  // namespace sealdesk::tests
