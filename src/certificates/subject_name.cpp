#include "certificates/subject_name.h"

#include <algorithm>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::certificates {

namespace {

constexpr size_t kMostCharacters = 64;  // ub-common-name, ub-organization-name, ub-serial-number

Result<> check_text(const char* field, std::string_view text) {
    if (!is_utf8(text)) return refused(trf("{}不是有效的 UTF-8 文字", field));
    if (text.find('\0') != std::string_view::npos || has_control_characters(text))
        return refused(trf("{}中有看不见的控制字符，请重新输入", field));
    if (trimmed(text) != text) return refused(trf("{}的开头或结尾有空格", field));
    const size_t characters = code_points(text).size();
    if (characters > kMostCharacters)
        return refused(trf("{}有 {} 个字，证书最多容纳 {} 个字", field, characters, kMostCharacters));
    return {};
}

// X.680 PrintableString.
bool is_printable_string(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view(" '()+,-./:=?").find(c) != std::string_view::npos;
    });
}

bool add(X509_NAME* name, int nid, int type, std::string_view text) {
    return X509_NAME_add_entry_by_NID(name, nid, type, crypto::bytes_of(text), static_cast<int>(text.size()), -1, 0) == 1;
}

std::string field(const X509_NAME* name, int nid) {
    const int at = X509_NAME_get_index_by_NID(name, nid, -1);
    if (at < 0) return {};
    unsigned char* utf8 = nullptr;
    const int length = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (length < 0) return {};
    std::string text(reinterpret_cast<const char*>(utf8), static_cast<size_t>(length));
    OPENSSL_free(utf8);
    return text;
}

}  // namespace

Result<> check(const SubjectName& name) {
    SEALDESK_TRY(check_text(tr("证书名称"), name.common_name));
    if (name.common_name.empty()) return refused(tr("证书名称不能为空"));
    SEALDESK_TRY(check_text(tr("单位名称"), name.organisation));
    SEALDESK_TRY(check_text(tr("证件号码"), name.number));
    if (!is_printable_string(name.number)) return refused(tr("证件号码只能有英文字母、数字和常用标点"));
    if (name.country.size() != 2 ||
        !std::all_of(name.country.begin(), name.country.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
        return refused(tr("国家代码必须是两个大写字母"));
    return {};
}

Result<crypto::NameHandle> x509_name(const SubjectName& name) {
    SEALDESK_TRY(check(name));
    crypto::NameHandle result(X509_NAME_new());
    const bool built =
        result && add(result.get(), NID_countryName, V_ASN1_PRINTABLESTRING, name.country) &&
        (name.organisation.empty() || add(result.get(), NID_organizationName, V_ASN1_UTF8STRING, name.organisation)) &&
        add(result.get(), NID_commonName, V_ASN1_UTF8STRING, name.common_name) &&
        (name.number.empty() || add(result.get(), NID_serialNumber, V_ASN1_PRINTABLESTRING, name.number));
    if (!built) return crypto::openssl_failed("X509_NAME_add_entry_by_NID");
    return result;
}

SubjectName subject_name(const X509_NAME* name) {
    return {field(name, NID_commonName), field(name, NID_organizationName), field(name, NID_serialNumber),
            field(name, NID_countryName)};
}

std::string text_of(const X509_NAME* name) {
    const crypto::BioHandle memory(BIO_new(BIO_s_mem()));
    if (!memory ||
        X509_NAME_print_ex(memory.get(), name, 0,
                           (XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) | XN_FLAG_SEP_CPLUS_SPC) < 0)
        return {};
    char* data = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &data);
    return std::string(data, static_cast<size_t>(std::max(0L, length)));
}

}  // namespace sealdesk::certificates
