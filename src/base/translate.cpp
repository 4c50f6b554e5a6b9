#include "base/translate.h"

#include <libintl.h>

#include <clocale>
#include <cstdlib>

namespace sealdesk {

void set_language(Language language, const std::filesystem::path& catalogues) {
    // gettext looks at LANGUAGE only when a locale other than "C" is set; C.UTF-8 is always there.
    setenv("LANGUAGE", language == Language::en ? "en" : "zh_CN", 1);
    setlocale(LC_CTYPE, "C.UTF-8");
    setlocale(LC_MESSAGES, "C.UTF-8");
    bindtextdomain("sealdesk", catalogues.c_str());
    bind_textdomain_codeset("sealdesk", "UTF-8");
}

// gettext keeps the catalogue's own header under the empty sentence.
const char* tr(const char* chinese) { return *chinese == '\0' ? "" : dgettext("sealdesk", chinese); }

}  // namespace sealdesk
