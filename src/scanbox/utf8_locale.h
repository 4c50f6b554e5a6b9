// libarchive converts names through the locale of the calling thread; the process itself stays in the C locale.
#pragma once

#include <locale.h>

namespace sealdesk::scanbox {

class Utf8Locale {
public:
    Utf8Locale() : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{})), old_(uselocale(utf8_)) {}
    ~Utf8Locale() {
        uselocale(old_);
        if (utf8_ != locale_t{}) freelocale(utf8_);
    }
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;

private:
    locale_t utf8_, old_;
};

}  // namespace sealdesk::scanbox
