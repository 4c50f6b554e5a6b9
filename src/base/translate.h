// The language of the screen. Sentences stand in the code in Chinese, the default language, and are
// the keys of assets/translations/en.po (gettext). Thread-safe after set_language().
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>

namespace sealdesk {

enum class Language { zh_CN, en };

// Call once at start, before threads. `catalogues` holds <language>/LC_MESSAGES/sealdesk.mo;
// without it the screen stays Chinese.
void set_language(Language language, const std::filesystem::path& catalogues);

// The sentence in the language of the screen.
const char* tr(const char* chinese);

// The same with fmt placeholders filled in.
template <class... Args>
std::string trf(const char* chinese, Args&&... args) {
    return fmt::format(fmt::runtime(tr(chinese)), args...);
}

}  // namespace sealdesk
