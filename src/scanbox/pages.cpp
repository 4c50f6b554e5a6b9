#include "scanbox/pages.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vips/vips8>

namespace sealdesk::scanbox {

namespace {

using vips::VImage;
using vips::VOption;

constexpr double kPdfDpi = 200;

Failure code(const char* word, std::string detail = {}) { return fail(ErrorKind::corrupt, word, std::move(detail)); }

VOption* options(Kind kind, int page, int shrink) {
    auto* set = VImage::option()->set("access", VIPS_ACCESS_SEQUENTIAL)->set("fail_on", VIPS_FAIL_ON_TRUNCATED);
    if (kind == Kind::jpeg && shrink > 1) set->set("shrink", shrink);
    if (kind == Kind::tiff || kind == Kind::heif || kind == Kind::pdf) set->set("page", page)->set("n", 1);
    if (kind == Kind::pdf) set->set("dpi", kPdfDpi / shrink);
    return set;
}

// The loader is named: what the bytes were taken for is what opens them.
VImage load(Kind kind, std::string_view bytes, int page, int shrink) {
    VipsBlob* blob = vips_blob_new(nullptr, bytes.data(), bytes.size());
    auto* set = options(kind, page, shrink);
    VImage image;
    switch (kind) {
        case Kind::jpeg: image = VImage::jpegload_buffer(blob, set); break;
        case Kind::png: image = VImage::pngload_buffer(blob, set); break;
        case Kind::tiff: image = VImage::tiffload_buffer(blob, set); break;
        case Kind::webp: image = VImage::webpload_buffer(blob, set); break;
        case Kind::heif: image = VImage::heifload_buffer(blob, set); break;
        case Kind::pdf: image = VImage::pdfload_buffer(blob, set); break;
        default:
            delete set;
            vips_area_unref(VIPS_AREA(blob));
            throw vips::VError("no loader");
    }
    vips_area_unref(VIPS_AREA(blob));
    return image;
}

int count_of(const VImage& image) {
    return image.get_typeof(VIPS_META_N_PAGES) != 0 ? std::max(1, image.get_int(VIPS_META_N_PAGES)) : 1;
}

int orientation_of(const VImage& image) {
    return image.get_typeof(VIPS_META_ORIENTATION) != 0 ? image.get_int(VIPS_META_ORIENTATION) : 1;
}

Page described(Kind kind, const VImage& image, int number) {
    Page page{number, image.width(), image.height(), 0};
    if (orientation_of(image) >= 5) std::swap(page.width, page.height);
    // libvips says one pixel a millimetre when the file says nothing.
    if (kind == Kind::pdf)
        page.dpi = static_cast<int>(kPdfDpi);
    else if (std::abs(image.xres() - 1.0) > 0.01)
        page.dpi = static_cast<int>(std::lround(image.xres() * 25.4));
    return page;
}

bool too_large(const VImage& image, const Bounds& bounds) {
    return static_cast<std::uint64_t>(image.width()) * static_cast<std::uint64_t>(image.height()) > bounds.page_pixels;
}

Failure from(const vips::VError& error) {
    const std::string words = error.what();
    vips_error_clear();
    return code(words.find("ncrypted") != words.npos ? "encrypted_pdf" : "damaged", words);
}

VImage upright_rgba(VImage image, int shrink) {
    if (shrink > 1) image = image.shrink(shrink, shrink);  // first: everything behind it then has less to do
    if (orientation_of(image) > 1) image = image.copy_memory().autorot();
    if (image.interpretation() != VIPS_INTERPRETATION_sRGB || image.format() != VIPS_FORMAT_UCHAR)
        image = image.colourspace(VIPS_INTERPRETATION_sRGB);
    if (image.has_alpha()) image = image.flatten(VImage::option()->set("background", std::vector<double>{255, 255, 255}));
    if (image.format() != VIPS_FORMAT_UCHAR) image = image.cast(VIPS_FORMAT_UCHAR);
    if (image.bands() == 1) image = image.bandjoin({image, image});
    if (image.bands() > 3) image = image.extract_band(0, VImage::option()->set("n", 3));
    return image.bandjoin(255);
}

// Top to bottom in strips, straight into the shared memory: no second copy of a large page.
void copy_rows(const VImage& image, std::uint8_t* pixels) {
    const auto region = std::unique_ptr<VipsRegion, void (*)(VipsRegion*)>(vips_region_new(image.get_image()),
                                                                           [](VipsRegion* r) { g_object_unref(r); });
    const int strip = 64;
    for (int top = 0; top < image.height(); top += strip) {
        const VipsRect rect{0, top, image.width(), std::min(strip, image.height() - top)};
        if (vips_region_prepare(region.get(), &rect) != 0) throw vips::VError();
        const auto row_bytes = static_cast<size_t>(image.width()) * 4;
        const VipsPel* row = VIPS_REGION_ADDR_TOPLEFT(region.get());
        for (int y = 0; y < rect.height; ++y, row += VIPS_REGION_LSKIP(region.get()))
            std::memcpy(pixels + static_cast<size_t>(top + y) * row_bytes, row, row_bytes);
    }
}

}  // namespace

bool start_pictures() {
    setenv("VIPS_DISC_THRESHOLD", "8g", 1);  // never a temporary file
    setenv("VIPS_NOVECTOR", "1", 1);         // no code written at run time
    if (vips_init("sealdesk") != 0) return false;
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_operation_block_set("VipsForeignLoad", 1);
    for (const char* loader : {"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadTiff", "VipsForeignLoadWebp",
                               "VipsForeignLoadHeif", "VipsForeignLoadPdf"})
        vips_operation_block_set(loader, 0);
    return true;
}

Result<std::vector<Page>> pages_of(Kind kind, std::string_view bytes, const Bounds& bounds) {
    try {
        std::vector<Page> pages;
        const VImage first = load(kind, bytes, 0, 1);
        const int count = kind == Kind::tiff || kind == Kind::heif || kind == Kind::pdf ? count_of(first) : 1;
        if (count > bounds.pages) return code("too_many_pages");
        for (int number = 0; number < count; ++number) {
            const VImage image = number == 0 ? first : load(kind, bytes, number, 1);
            if (too_large(image, bounds)) return code("too_many_pixels");
            pages.push_back(described(kind, image, number));
        }
        return pages;
    } catch (const vips::VError& error) {
        return from(error);
    }
}

Result<Rendered> render(Kind kind, std::string_view bytes, int page, int shrink, const Bounds& bounds, std::uint8_t* pixels,
                        size_t room) {
    try {
        // The header first: decoding small is no excuse for a page beyond the bound.
        if (too_large(load(kind, bytes, page, 1), bounds)) return code("too_many_pixels");
        const bool decoded_small = kind == Kind::pdf || kind == Kind::jpeg;
        const int by_loader = kind == Kind::jpeg ? std::min(shrink, 8) : shrink;
        const VImage image = upright_rgba(load(kind, bytes, page, by_loader), decoded_small ? shrink / by_loader : shrink);
        if (static_cast<size_t>(image.width()) * static_cast<size_t>(image.height()) * 4 > room) return code("too_many_pixels");
        copy_rows(image, pixels);
        return Rendered{image.width(), image.height()};
    } catch (const vips::VError& error) {
        return from(error);
    }
}

}  // namespace sealdesk::scanbox
