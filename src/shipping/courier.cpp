#include "shipping/courier.h"

#include <array>
#include <charconv>

#include "base/translate.h"
#include "base/words.h"

namespace sealdesk::shipping {

static constexpr std::array<Word<Source>, 4> kSources{{{Source::range, "range", "号段"},
                                                       {Source::typed, "typed", "手工填写"},
                                                       {Source::kuaidi100, "kuaidi100", "快递100"},
                                                       {Source::sf, "sf", "顺丰开放平台"}}};

const char* name_of(Source source) { return entry_of(kSources, source).name; }
const char* word_of(Source source) { return tr(entry_of(kSources, source).words); }
Source parse_source(const std::string& name) { return value_of(kSources, name).value_or(Source::range); }

std::string url_encoded(const std::string& text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '*' ||
            c == '_')
            encoded += c;
        else if (c == ' ')
            encoded += '+';
        else
            encoded += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return encoded;
}

std::string url_decoded(std::string_view text) {
    std::string decoded;
    for (size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        const char* at = text.data() + i;
        if (text[i] == '%' && i + 2 < text.size() && std::from_chars(at + 1, at + 3, byte, 16).ptr == at + 3) {
            decoded += static_cast<char>(byte);
            i += 2;
        } else {
            decoded += text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string form;
    for (const auto& [name, value] : fields) form += (form.empty() ? "" : "&") + name + "=" + url_encoded(value);
    return form;
}

}  // namespace sealdesk::shipping
