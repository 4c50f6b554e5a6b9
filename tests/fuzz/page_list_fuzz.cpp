// libFuzzer: any bytes as a picture or a PDF. What is listed has a size within the bound and is drawn in that size, or
// there is a code.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "scanbox/pages.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) { return sealdesk::scanbox::start_pictures() ? 0 : 1; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
    using namespace sealdesk::scanbox;
    Bounds bounds;
    bounds.page_pixels = 250'000;
    bounds.pages = 4;
    static std::vector<std::uint8_t> pixels(bounds.page_pixels * 4);
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    const Kind kind = kind_of(file);
    if (!is_picture(kind)) return 0;
    const auto pages = pages_of(kind, file, bounds);
    if (!pages) {
        if (pages.error().message.empty()) std::abort();
        return 0;
    }
    for (const auto& page : *pages) {
        if (page.width < 1 || page.height < 1) std::abort();
        for (const int shrink : {1, 3}) {
            const auto drawn = render(kind, file, {page.number, shrink, 36}, bounds, {pixels.data(), pixels.size()});
            if (!drawn && drawn.error().message.empty()) std::abort();
            if (drawn && static_cast<size_t>(drawn->width) * static_cast<size_t>(drawn->height) * 4 > pixels.size()) std::abort();
            if (drawn && shrink == 1 && kind != Kind::pdf && (drawn->width != page.width || drawn->height != page.height))
                std::abort();
        }
    }
    return 0;
}
