#include "scanbox/pages.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vips/vips8>

#include "scanbox/bitmap.h"
#include "scanbox/jpeg.h"
#include "scanbox/pdf.h"

namespace sealdesk::scanbox {

namespace {

using vips::VImage;
using vips::VOption;

bool has_pages(Kind kind) { return kind == Kind::tiff || kind == Kind::heif; }

VOption* options(Kind kind, int page) {
    auto* set = VImage::option()->set("access", VIPS_ACCESS_SEQUENTIAL)->set("fail_on", VIPS_FAIL_ON_TRUNCATED);
    if (has_pages(kind)) set->set("page", page)->set("n", 1);
    return set;
}

// The loader is named: what the bytes were taken for is what opens them.
VImage load(Kind kind, std::string_view bytes, int page) {
    // Freed also when the loader throws.
    const std::unique_ptr<VipsArea, void (*)(VipsArea*)> held(VIPS_AREA(vips_blob_new(nullptr, bytes.data(), bytes.size())),
                                                              vips_area_unref);
    auto* blob = reinterpret_cast<VipsBlob*>(held.get());
    auto* set = options(kind, page);
    switch (kind) {
        case Kind::jpeg: return VImage::jpegload_buffer(blob, set);
        case Kind::png: return VImage::pngload_buffer(blob, set);
        case Kind::tiff: return VImage::tiffload_buffer(blob, set);
        case Kind::webp: return VImage::webpload_buffer(blob, set);
        case Kind::heif: return VImage::heifload_buffer(blob, set);
        case Kind::gif: return VImage::gifload_buffer(blob, set);
        default: delete set; throw vips::VError("no loader");
    }
}

int count_of(const VImage& image) {
    return image.get_typeof(VIPS_META_N_PAGES) != 0 ? std::max(1, image.get_int(VIPS_META_N_PAGES)) : 1;
}

int orientation_of(const VImage& image) {
    return image.get_typeof(VIPS_META_ORIENTATION) != 0 ? image.get_int(VIPS_META_ORIENTATION) : 1;
}

Page described(const VImage& image, int number) {
    Page page{number, image.width(), image.height(), 0};
    if (orientation_of(image) >= 5) std::swap(page.width, page.height);
    // libvips says one pixel a millimetre when the file says nothing.
    if (std::abs(image.xres() - 1.0) > 0.01) page.dpi = static_cast<int>(std::lround(image.xres() * 25.4));
    return page;
}

bool too_large(const VImage& image, const Bounds& bounds) {
    return static_cast<std::uint64_t>(image.width()) * static_cast<std::uint64_t>(image.height()) > bounds.page_pixels;
}

Failure from(const vips::VError& error) {
    const std::string words = error.what();
    vips_error_clear();
    return code("damaged", words);
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
                               "VipsForeignLoadHeif", "VipsForeignLoadNsgif"})
        vips_operation_block_set(loader, 0);
    start_pdf();
    return true;
}

Result<std::vector<Page>> pages_of(Kind kind, std::string_view bytes, const Bounds& bounds) {
    if (kind == Kind::pdf) return pdf_pages(bytes, bounds.pages, bounds.page_pixels);
    if (kind == Kind::bmp) {
        SEALDESK_LET(page, bitmap_page(bytes, bounds.page_pixels));
        return std::vector<Page>{page};
    }
    if (kind == Kind::jpeg) {
        SEALDESK_LET(header, jpeg_header(bytes));
        if (static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height) > bounds.page_pixels)
            return code("too_many_pixels");
        if (header.orientation >= 5) std::swap(header.width, header.height);
        return std::vector<Page>{{0, header.width, header.height, header.dpi}};
    }
    try {
        std::vector<Page> pages;
        const VImage first = load(kind, bytes, 0);
        const int count = has_pages(kind) ? count_of(first) : 1;
        if (count > bounds.pages) return code("too_many_pages");
        for (int number = 0; number < count; ++number) {
            const VImage image = number == 0 ? first : load(kind, bytes, number);
            if (too_large(image, bounds)) return code("too_many_pixels");
            pages.push_back(described(image, number));
        }
        return pages;
    } catch (const vips::VError& error) {
        return from(error);
    }
}

namespace {

Result<Rendered> render_all(Kind kind, std::string_view bytes, const Wish& wish, const Bounds& bounds, const Canvas& canvas) {
    if (kind == Kind::bmp) return render_bitmap(bytes, wish.shrink, bounds.page_pixels, canvas);
    if (kind == Kind::jpeg) {
        SEALDESK_LET(header, jpeg_header(bytes));
        // The header first: decoding small is no excuse for a page beyond the bound.
        if (static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height) > bounds.page_pixels)
            return code("too_many_pixels");
        if (!header.four_inks) return render_jpeg(bytes, wish.shrink, canvas);
    }
    try {
        VImage image = load(kind, bytes, wish.page);
        if (too_large(image, bounds)) return code("too_many_pixels");
        image = upright_rgba(image, wish.shrink);
        SEALDESK_TRY(room_for(image.width(), image.height(), canvas));
        copy_rows(image, canvas.pixels);
        return Rendered{image.width(), image.height()};
    } catch (const vips::VError& error) {
        return from(error);
    }
}

}  // namespace

Result<Rendered> render(Kind kind, std::string_view bytes, const Wish& wish, const Bounds& bounds, const Canvas& canvas) {
    // A drawing is drawn in part; a picture is decoded and cut.
    if (kind == Kind::pdf)
        return render_pdf(bytes, wish.page, static_cast<double>(wish.pdf_dpi) / wish.shrink, bounds.page_pixels, canvas,
                          wish.part);
    auto size = render_all(kind, bytes, wish, bounds, canvas);
    if (!size || wish.part.all()) return size;
    const Rendered cut = cut_out(canvas.pixels, *size, wish.part);
    if (cut.width == 0 || cut.height == 0) return code("no_such_page", "outside of the page");
    return cut;
}

}  // namespace sealdesk::scanbox
