// An electronic seal as a value: GB/T 38540-2020 (version 4), and GM/T 0031-2014 (version 1) and GM/T 0031-2025 (version 5)
// for those that others made. Reading and writing are exact to the byte. Values; pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace sealdesk::seals {

constexpr int kUnitSeal = 1, kPersonalSeal = 2;  // SES_ESPropertyInfo.type; others exist and are only shown
constexpr const char* kSm3 = "1.2.156.10197.1.401";
constexpr const char* kSm2WithSm3 = "1.2.156.10197.1.501";
constexpr size_t kLargestSeal = size_t{2} << 20;  // bytes; what KEYs carry is a hundredth of it

struct SealPicture {
    std::string type;  // "PNG", "OFD", "SVG", "JPG", "GIF", "BMP"
    std::string data;
    int width = 0, height = 0;  // mm
    bool operator==(const SealPicture&) const = default;
};

// Who may sign with the seal, when the seal names digests instead of certificates.
struct CertificateDigest {
    std::string algorithm;  // OID as text, or a name: makers differ
    std::string value;
    bool operator==(const CertificateDigest&) const = default;
};

struct SealExtension {
    std::string oid;
    std::optional<bool> critical;  // nothing: left out; some makers write the default FALSE
    std::string value;
    bool operator==(const SealExtension&) const = default;
};

struct Seal {
    int version = 4;
    std::string maker_id;  // vid
    std::string id;        // esID, unique
    int type = kUnitSeal;
    std::string name;
    std::vector<std::string> certificates;   // DER; who may sign with the seal
    std::vector<CertificateDigest> digests;  // the same as digests; one of the two lists is empty
    Instant created, valid_from, valid_until;
    SealPicture picture;
    std::optional<std::vector<SealExtension>> extensions;
    std::string maker_certificate;  // DER
    std::string algorithm = kSm2WithSm3;
    std::string signature;   // DER of r and s
    std::string time_stamp;  // version 5 only
    bool operator==(const Seal&) const = default;
};

// Corrupt, with what is wrong and where, when the bytes are no seal, damaged, or not DER; whether a seal is to be believed
// says verdict.h. encode(*read_seal(der)) == der.
Result<Seal> read_seal(std::string_view der);
// Refused when a value has no place in this version.
Result<std::string> encode(const Seal& seal);
// What the maker's signature covers: version 1 the information with certificate and algorithm, else the information alone.
Result<std::string> signed_part(const Seal& seal);

const char* word_of_seal_type(int type);  // 单位印章, 个人印章, 其他印章

}  // namespace sealdesk::seals
