#include "seals/seal.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include <chrono>
#include <limits>
#include <utility>

#include "base/text.h"
#include "base/translate.h"
#include "crypto/handles.h"
#include "crypto/pem.h"
#include "seals/der.h"
#include "seals/structures.h"

namespace sealdesk::seals {

using namespace structures;

namespace {

constexpr std::string_view kSealMark = "ES";
constexpr int kCertificateList = 1, kDigestList = 2;  // certListType
constexpr size_t kMostCertificates = 64, kLargestCertificate = size_t{64} << 10;

Failure damaged(std::string sentence, std::string detail = {}) {
    return fail(ErrorKind::corrupt, std::move(sentence), std::move(detail));
}

// ---------------------------------------------------------------- values out of OpenSSL's strings

std::string bytes_in(const ASN1_STRING* text) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<size_t>(ASN1_STRING_length(text))};
}

Result<std::string> plain_text(const ASN1_STRING* text, size_t most, const char* what) {
    std::string read = bytes_in(text);
    if (read.empty()) return damaged(trf("印章数据中{}是空的", what));
    if (read.size() > most) return damaged(trf("印章数据中{}太长（{} 字节）", what, read.size()));
    for (const char c : read)
        if (c < ' ' || c > '~') return damaged(trf("印章数据中{}含有不允许的字符", what));
    return read;
}

Result<int> small_number(const ASN1_INTEGER* number, int least, int most, const char* what) {
    std::int64_t value = 0;
    if (ASN1_INTEGER_get_int64(&value, number) != 1 || value < least || value > most) {
        crypto::openssl_errors();
        return damaged(trf("印章数据中{}不正确", what));
    }
    return static_cast<int>(value);
}

// "YYYYMMDDHHMMSSZ", version 1 "YYMMDDHHMMSSZ" with RFC 5280's century.
Result<Instant> instant_in(const ASN1_STRING* time, bool short_year, const char* what) {
    std::string digits = bytes_in(time);
    const Failure wrong = damaged(trf("印章数据中{}的时间格式不正确", what));
    if (digits.size() != (short_year ? 13U : 15U) || digits.back() != 'Z') return wrong;
    digits.pop_back();
    for (const char c : digits)
        if (c < '0' || c > '9') return wrong;
    if (short_year) digits.insert(0, digits < "50" ? "20" : "19");
    const auto part = [&](size_t at, size_t count) { return std::stoi(digits.substr(at, count)); };
    const std::chrono::year_month_day day(std::chrono::year(part(0, 4)), std::chrono::month(static_cast<unsigned>(part(4, 2))),
                                          std::chrono::day(static_cast<unsigned>(part(6, 2))));
    if (!day.ok() || part(8, 2) > 23 || part(10, 2) > 59 || part(12, 2) > 59) return wrong;
    const auto days = std::chrono::sys_days(day).time_since_epoch().count();
    return Instant{days * kDay + part(8, 2) * kHour + part(10, 2) * kMinute + part(12, 2) * kSecond};
}

std::string digits_of(Instant at, bool short_year) {
    const std::int64_t days = (at.ms < 0 ? at.ms - kDay + 1 : at.ms) / kDay, rest = at.ms - days * kDay;
    const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(days))};
    const std::string text =
        fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}Z", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                    static_cast<unsigned>(day.day()), rest / kHour, rest % kHour / kMinute, rest % kMinute / kSecond);
    return short_year ? text.substr(2) : text;
}

std::string oid_in(const ASN1_OBJECT* object) {
    char text[128];
    const int length = OBJ_obj2txt(text, sizeof text, object, 1);
    return length > 0 && length < static_cast<int>(sizeof text) ? std::string(text) : std::string();
}

// ---------------------------------------------------------------- reading

Result<> read_list(const STACK_OF(ASN1_TYPE) * list, bool digests, Seal& seal) {
    const int count = sk_ASN1_TYPE_num(list);
    if (count < 1) return damaged(tr("印章数据中没有签章人证书"));
    if (static_cast<size_t>(count) > kMostCertificates) return damaged(trf("印章数据中签章人证书太多（{} 个）", count));
    for (int i = 0; i < count; ++i) {
        const ASN1_TYPE* item = sk_ASN1_TYPE_value(list, i);
        if (digests) {
            const bool sequence = item->type == V_ASN1_SEQUENCE;
            const auto digest = sequence ? read_tree<Digest>(bytes_in(item->value.sequence)) : nullptr;
            if (!digest) return damaged(tr("印章数据中签章人证书的摘要已损坏"), crypto::openssl_errors());
            SEALDESK_LET(algorithm, plain_text(digest->type, 64, tr("证书摘要的算法")));
            CertificateDigest one{algorithm, bytes_in(digest->value)};
            if (one.value.size() < 20 || one.value.size() > 64)
                return damaged(trf("印章数据中签章人证书的摘要长度不正确（{} 字节）", one.value.size()));
            seal.digests.push_back(std::move(one));
        } else {
            if (item->type != V_ASN1_OCTET_STRING) return damaged(tr("印章数据中签章人证书列表的类型与内容不符"));
            std::string certificate = bytes_in(item->value.octet_string);
            if (certificate.empty() || certificate.size() > kLargestCertificate)
                return damaged(tr("印章数据中签章人证书的长度不正确"));
            seal.certificates.push_back(std::move(certificate));
        }
    }
    return {};
}

Result<> read_extensions(const STACK_OF(ASN1_TYPE) * list, Seal& seal) {
    if (list == nullptr) return {};
    seal.extensions.emplace();
    for (int i = 0; i < sk_ASN1_TYPE_num(list); ++i) {
        const ASN1_TYPE* item = sk_ASN1_TYPE_value(list, i);
        const auto extension = item->type == V_ASN1_SEQUENCE ? read_tree<Extension>(bytes_in(item->value.sequence)) : nullptr;
        if (!extension) return damaged(tr("印章数据中的自定义数据已损坏"), crypto::openssl_errors());
        SealExtension one{oid_in(extension->extnID), std::nullopt, bytes_in(extension->extnValue)};
        if (one.oid.empty()) return damaged(tr("印章数据中的自定义数据已损坏"));
        if (extension->critical >= 0) one.critical = extension->critical != 0;
        seal.extensions->push_back(std::move(one));
    }
    return {};
}

// Header, number, property and picture, which differ between the versions in the list and the dates alone.
template <class Info>
Result<> read_information(const Info& info, Seal& seal) {
    constexpr bool first = std::is_same_v<Info, InformationV1>;
    if (bytes_in(info.header->id) != kSealMark) return damaged(tr("不是印章数据：头标识不是 ES"));
    SEALDESK_LET(version, small_number(info.header->version, 0, 1000, tr("版本号")));
    seal.version = version;
    SEALDESK_LET(vid, plain_text(info.header->vid, 128, tr("厂商标识")));
    SEALDESK_LET(id, plain_text(info.esID, 128, tr("印章标识")));
    SEALDESK_LET(type, small_number(info.property->type, 0, 9999, tr("印章类型")));
    std::string name = bytes_in(info.property->name);
    if (trimmed(name).empty()) return damaged(tr("印章数据中印章名称是空的"));
    if (name.size() > 512) return damaged(trf("印章数据中{}太长（{} 字节）", tr("印章名称"), name.size()));
    if (!is_utf8(name) || has_control_characters(name)) return damaged(tr("印章数据中印章名称的文字不正确"));
    bool digests = false;
    if constexpr (!first) {
        SEALDESK_LET(list_type, small_number(info.property->certListType, 1, 2, tr("证书列表类型")));
        digests = list_type == kDigestList;
    }
    seal.maker_id = vid;
    seal.id = id;
    seal.type = type;
    seal.name = std::move(name);
    SEALDESK_TRY(read_list(info.property->certList, digests, seal));
    SEALDESK_LET(created, instant_in(info.property->createDate, first, tr("制作日期")));
    SEALDESK_LET(from, instant_in(info.property->validStart, first, tr("有效期起始")));
    SEALDESK_LET(until, instant_in(info.property->validEnd, first, tr("有效期终止")));
    seal.created = created;
    seal.valid_from = from;
    seal.valid_until = until;
    SEALDESK_LET(picture_type, plain_text(info.picture->type, 16, tr("图片类型")));
    SEALDESK_LET(width, small_number(info.picture->width, 1, 500, tr("图片宽度")));
    SEALDESK_LET(height, small_number(info.picture->height, 1, 500, tr("图片高度")));
    seal.picture = {picture_type, bytes_in(info.picture->data), width, height};
    if (seal.picture.data.empty()) return damaged(tr("印章数据中没有图片"));
    return read_extensions(info.extDatas, seal);
}

Result<> read_signature(const ASN1_OCTET_STRING* certificate, const ASN1_OBJECT* algorithm, const ASN1_BIT_STRING* signature,
                        Seal& seal) {
    seal.maker_certificate = bytes_in(certificate);
    if (seal.maker_certificate.empty() || seal.maker_certificate.size() > kLargestCertificate)
        return damaged(tr("印章数据中制章人证书的长度不正确"));
    seal.algorithm = oid_in(algorithm);
    if (seal.algorithm.empty()) return damaged(tr("印章数据中签名算法不正确"));
    seal.signature = bytes_in(signature);
    if (seal.signature.empty()) return damaged(tr("印章数据中没有签名"));
    return {};
}

// OpenSSL says which field it could not read; people get its name in their language.
Failure unreadable() {
    const std::pair<const char*, const char*> words[] = {
        {"header", tr("印章头")},       {"id", tr("头标识")},           {"version", tr("版本号")},
        {"vid", tr("厂商标识")},        {"esID", tr("印章标识")},       {"property", tr("印章属性")},
        {"type", tr("类型")},           {"name", tr("印章名称")},       {"certListType", tr("证书列表类型")},
        {"certList", tr("证书列表")},   {"createDate", tr("制作日期")}, {"validStart", tr("有效期起始")},
        {"validEnd", tr("有效期终止")}, {"picture", tr("印章图片")},    {"data", tr("图片数据")},
        {"width", tr("图片宽度")},      {"height", tr("图片高度")},     {"extDatas", tr("自定义数据")},
        {"cert", tr("制章人证书")},     {"signAlgID", tr("签名算法")},  {"signatureAlgorithm", tr("签名算法")},
        {"signedValue", tr("签名值")},  {"signData", tr("签名值")},     {"timeStamp", tr("时间戳")},
        {"signInfo", tr("签名信息")},   {"information", tr("印章信息")}};
    std::string field, detail;
    const char* data = nullptr;
    int flags = 0;
    while (const unsigned long code = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
        const std::string_view said = (flags & ERR_TXT_STRING) != 0 && data != nullptr ? data : "";
        if (const auto at = said.find("Field="); field.empty() && at != std::string_view::npos)
            field = said.substr(at + 6, said.find(',', at) - at - 6);
        detail += fmt::format("{:x} {}; ", code, said);
    }
    for (const auto& [name, word] : words)
        if (field == name) return damaged(trf("印章数据的“{}”缺失或类型不正确", word), detail);
    return damaged(tr("印章数据的结构不符合 GB/T 38540"), detail);
}

// What people hand over in place of a seal.
Result<> check_kind(std::string_view bytes) {
    if (bytes.empty()) return damaged(tr("印章文件是空的"));
    if (bytes.size() > kLargestSeal) return damaged(trf("印章文件有 {} 字节，太大，不是有效的印章", bytes.size()));
    if (bytes.starts_with("-----BEGIN") || bytes.starts_with("MII"))
        return damaged(tr("这是 PEM 或 Base64 文本，请给出二进制的印章文件"));
    if (bytes.starts_with("\x89PNG") || bytes.starts_with("\xff\xd8\xff") || bytes.starts_with("GIF8"))
        return damaged(tr("这是一张图片，不是印章数据"));
    if (bytes.starts_with("PK\x03\x04")) return damaged(tr("这是压缩包或 OFD 文件，不是印章数据"));
    if (bytes.starts_with("%PDF")) return damaged(tr("这是 PDF 文件，不是印章数据"));
    if (bytes[0] != 0x30) return damaged(tr("不是印章数据：开头不是 ASN.1 序列"));
    return {};
}

template <class Tree>
Result<Seal> read_new(const Tree& tree) {
    Seal seal;
    SEALDESK_TRY(read_information(*tree.information, seal));
    SEALDESK_TRY(read_signature(tree.cert, tree.signAlgID, tree.signedValue, seal));
    if constexpr (std::is_same_v<Tree, SealV5>)
        if (tree.timeStamp != nullptr) seal.time_stamp = bytes_in(tree.timeStamp);
    return seal;
}

Result<Seal> read_version(std::string_view der, size_t parts) {
    Seal seal;
    if (parts == 2) {
        const auto tree = read_tree<SealV1>(der);
        if (!tree) return unreadable();
        SEALDESK_TRY(read_information(*tree->information, seal));
        const auto* info = tree->signInfo;
        SEALDESK_TRY(read_signature(info->cert, info->signatureAlgorithm, info->signData, seal));
        if (seal.version != 1) return damaged(trf("印章结构是第 1 版，版本号却是 {}", seal.version));
        return seal;
    }
    if (parts == 4) {
        const auto tree = read_tree<SealV4>(der);
        if (!tree) return unreadable();
        SEALDESK_LET(read, read_new(*tree));
        seal = std::move(read);
    } else {
        const auto tree = read_tree<SealV5>(der);
        if (!tree) return unreadable();
        SEALDESK_LET(read, read_new(*tree));
        seal = std::move(read);
        if (seal.time_stamp.empty()) return damaged(tr("印章数据中的时间戳是空的"));
    }
    if (seal.version != 5 && (parts == 5 || seal.version != 4)) return damaged(trf("印章的版本号 {} 与结构不符", seal.version));
    if (!seal.time_stamp.empty() && (seal.time_stamp[0] != 0x30 || !check_der(seal.time_stamp)))
        return damaged(tr("印章数据中的时间戳不是 DER 编码"));
    return seal;
}

// ---------------------------------------------------------------- writing

bool set(ASN1_STRING* to, std::string_view bytes) {
    return ASN1_STRING_set(to, bytes.data(), static_cast<int>(bytes.size())) == 1;
}
bool set_bits(ASN1_BIT_STRING* to, std::string_view bytes) {
    if (!set(to, bytes)) return false;
    // Without these flags OpenSSL would cut zero bits at the end.
    to->flags = (to->flags & ~(ASN1_STRING_FLAG_BITS_LEFT | 7L)) | ASN1_STRING_FLAG_BITS_LEFT;
    return true;
}
bool set_oid(ASN1_OBJECT*& to, const std::string& oid) {
    ASN1_OBJECT_free(to);
    to = OBJ_txt2obj(oid.c_str(), 1);
    return to != nullptr;
}
bool push(STACK_OF(ASN1_TYPE) * list, int type, std::string_view bytes) {
    crypto::Handle<ASN1_STRING, ASN1_STRING_free> text(ASN1_STRING_type_new(type));
    crypto::Handle<ASN1_TYPE, ASN1_TYPE_free> item(ASN1_TYPE_new());
    if (!text || !item || !set(text.get(), bytes)) return false;
    ASN1_TYPE_set(item.get(), type, text.release());
    if (sk_ASN1_TYPE_push(list, item.get()) <= 0) return false;
    item.release();
    return true;
}

bool fill_list(STACK_OF(ASN1_TYPE) * list, const Seal& seal) {
    bool good = true;
    for (const auto& certificate : seal.certificates) good = good && push(list, V_ASN1_OCTET_STRING, certificate);
    for (const auto& digest : seal.digests) {
        const auto tree = new_tree<Digest>();
        good = good && tree && set(tree->type, digest.algorithm) && set(tree->value, digest.value);
        if (good) good = push(list, V_ASN1_SEQUENCE, structures::der_of(tree.get()));
    }
    return good;
}

bool fill_extensions(STACK_OF(ASN1_TYPE) * &list, const Seal& seal) {
    if (!seal.extensions) return true;
    list = sk_ASN1_TYPE_new_null();
    bool good = list != nullptr;
    for (const auto& extension : *seal.extensions) {
        const auto tree = new_tree<Extension>();
        good = good && tree && set_oid(tree->extnID, extension.oid) && set(tree->extnValue, extension.value);
        if (!good) return false;
        tree->critical = extension.critical ? (*extension.critical ? 0xff : 0) : -1;
        good = push(list, V_ASN1_SEQUENCE, structures::der_of(tree.get()));
    }
    return good;
}

template <class Info>
bool fill_information(Info& info, const Seal& seal) {
    constexpr bool first = std::is_same_v<Info, InformationV1>;
    bool good = set(info.header->id, kSealMark) && ASN1_INTEGER_set_int64(info.header->version, seal.version) == 1 &&
                set(info.header->vid, seal.maker_id) && set(info.esID, seal.id) &&
                ASN1_INTEGER_set_int64(info.property->type, seal.type) == 1 && set(info.property->name, seal.name) &&
                fill_list(info.property->certList, seal) && set(info.property->createDate, digits_of(seal.created, first)) &&
                set(info.property->validStart, digits_of(seal.valid_from, first)) &&
                set(info.property->validEnd, digits_of(seal.valid_until, first)) && set(info.picture->type, seal.picture.type) &&
                set(info.picture->data, seal.picture.data) &&
                ASN1_INTEGER_set_int64(info.picture->width, seal.picture.width) == 1 &&
                ASN1_INTEGER_set_int64(info.picture->height, seal.picture.height) == 1 && fill_extensions(info.extDatas, seal);
    if constexpr (!first)
        good = good &&
               ASN1_INTEGER_set_int64(info.property->certListType, seal.digests.empty() ? kCertificateList : kDigestList) == 1;
    return good;
}

Result<> check_writable(const Seal& seal) {
    if (seal.version != 1 && seal.version != 4 && seal.version != 5) return refused(trf("不支持第 {} 版印章", seal.version));
    if (seal.certificates.empty() == seal.digests.empty()) return refused(tr("印章必须写明签章人证书，或者写明证书摘要"));
    if (seal.version == 1 && !seal.digests.empty()) return refused(tr("第 1 版印章不能写证书摘要"));
    if (seal.version != 5 && !seal.time_stamp.empty()) return refused(tr("只有第 5 版印章可以带时间戳"));
    return {};
}

Failure not_built() { return fail(ErrorKind::internal, tr("印章数据生成不了"), crypto::openssl_errors()); }

Result<std::string> whole(std::string der) {
    if (der.empty()) return not_built();
    return der;
}

template <class T>
Result<std::string> encode_new(const Seal& seal) {
    const auto tree = new_tree<T>();
    if (!tree || !fill_information(*tree->information, seal) || !set(tree->cert, seal.maker_certificate) ||
        !set_oid(tree->signAlgID, seal.algorithm) || !set_bits(tree->signedValue, seal.signature))
        return not_built();
    if constexpr (std::is_same_v<T, SealV5>) {
        tree->timeStamp = ASN1_BIT_STRING_new();
        if (tree->timeStamp == nullptr || !set_bits(tree->timeStamp, seal.time_stamp)) return not_built();
    }
    return whole(structures::der_of(tree.get()));
}

}  // namespace

Result<Seal> read_seal(std::string_view der) {
    SEALDESK_TRY(check_kind(der));
    SEALDESK_TRY(check_der(der));
    SEALDESK_LET(top, elements_of(der, 0));
    SEALDESK_LET(parts, elements_of(top.front().content, 0));
    const auto begins_with = [&](unsigned char tag) {
        return !parts.empty() && !parts[0].content.empty() && static_cast<unsigned char>(parts[0].content[0]) == tag;
    };
    if (parts.size() == 3 && begins_with(0xa0)) return damaged(tr("这是数字证书，不是印章数据"));
    if (parts.size() >= 2 && begins_with(V_ASN1_INTEGER)) return damaged(tr("这是用印章签出的签名，不是印章本身"));
    if (parts.size() != 2 && parts.size() != 4 && parts.size() != 5)
        return damaged(tr("印章数据的结构不符合 GB/T 38540"), fmt::format("{} elements", parts.size()));
    SEALDESK_LET(seal, read_version(der, parts.size()));
    // Nothing may be in the file that is not in the value.
    const auto again = encode(seal);
    if (!again || *again != der) return damaged(tr("印章数据不是规范的 DER 编码，重新编码后不一致"));
    return seal;
}

Result<std::string> encode(const Seal& seal) {
    SEALDESK_TRY(check_writable(seal));
    if (seal.version == 4 || (seal.version == 5 && seal.time_stamp.empty())) return encode_new<SealV4>(seal);
    if (seal.version == 5) return encode_new<SealV5>(seal);
    const auto tree = new_tree<SealV1>();
    if (!tree || !fill_information(*tree->information, seal) || !set(tree->signInfo->cert, seal.maker_certificate) ||
        !set_oid(tree->signInfo->signatureAlgorithm, seal.algorithm) || !set_bits(tree->signInfo->signData, seal.signature))
        return not_built();
    return whole(structures::der_of(tree.get()));
}

Result<std::string> signed_part(const Seal& seal) {
    SEALDESK_TRY(check_writable(seal));
    if (seal.version != 1) {
        const auto tree = new_tree<Information>();
        if (!tree || !fill_information(*tree, seal)) return not_built();
        return whole(structures::der_of(tree.get()));
    }
    const auto tree = new_tree<SignedPartV1>();
    if (!tree || !fill_information(*tree->information, seal) || !set(tree->cert, seal.maker_certificate) ||
        !set_oid(tree->signatureAlgorithm, seal.algorithm))
        return not_built();
    return whole(structures::der_of(tree.get()));
}

const char* word_of_seal_type(int type) {
    return type == kUnitSeal ? tr("单位印章") : type == kPersonalSeal ? tr("个人印章") : tr("其他印章");
}

}  // namespace sealdesk::seals
