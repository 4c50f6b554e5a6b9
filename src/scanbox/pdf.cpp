#include "scanbox/pdf.h"

#include <poppler.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace sealdesk::scanbox {

namespace {

template <class T>
using Object = std::unique_ptr<T, void (*)(gpointer)>;
using Document = Object<PopplerDocument>;

// cairo's pictures go no further.
constexpr double kWidest = 32767;

struct Size {
    double width = 0, height = 0;  // points
};

Result<Document> open(std::string_view bytes) {
    GError* error = nullptr;
    GBytes* borrowed = g_bytes_new_static(bytes.data(), bytes.size());
    Document document(poppler_document_new_from_bytes(borrowed, nullptr, &error), g_object_unref);
    g_bytes_unref(borrowed);
    if (document) return document;
    const bool locked = error != nullptr && error->domain == POPPLER_ERROR && error->code == POPPLER_ERROR_ENCRYPTED;
    const std::string words = error == nullptr ? "" : error->message;
    g_clear_error(&error);
    return code(locked ? "encrypted_pdf" : "damaged", words);
}

Result<Object<PopplerPage>> page_of(PopplerDocument* document, int number) {
    Object<PopplerPage> page(poppler_document_get_page(document, number), g_object_unref);
    if (!page) return code("damaged", "no page object");
    return page;
}

Result<Rendered> size_at(PopplerPage* page, double dpi, std::uint64_t most_pixels) {
    double width = 0, height = 0;
    poppler_page_get_size(page, &width, &height);
    width = std::round(width * dpi / 72);
    height = std::round(height * dpi / 72);
    if (!(width >= 1) || !(height >= 1)) return code("damaged", "a page without a size");
    if (width > kWidest || height > kWidest || width * height > static_cast<double>(most_pixels)) return code("too_many_pixels");
    return Rendered{static_cast<int>(width), static_cast<int>(height)};
}

// cairo keeps blue first.
void red_first(std::uint8_t* pixels, size_t bytes) {
    for (size_t at = 0; at < bytes; at += 4) {
        std::swap(pixels[at], pixels[at + 2]);
        pixels[at + 3] = 255;
    }
}

constexpr std::string_view kWarmUp =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 50 20]/Contents 4 0 R/Resources<</Font<</F 5 0 R/G 6 0 R>>>>>>endobj\n"
    "4 0 obj<</Length 73>>stream\nBT /F 9 Tf 2 5 Td (a) Tj /G 9 Tf <B0A1> Tj ET 0 0 1 rg 9 9 5 5 re f        \nendstream endobj\n"
    "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    "6 0 obj<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[7 0 R]>>endobj\n"
    "7 0 obj<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
    "/FontDescriptor 8 0 R>>endobj\n"
    "8 0 obj<</Type/FontDescriptor/FontName/SimSun/Flags 6/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200"
    "/CapHeight 700/StemV 80>>endobj\n"
    "trailer<</Root 1 0 R>>\n";

}  // namespace

void start_pdf() {
    std::vector<std::uint8_t> pixels(size_t{200} * 200 * 4);
    (void)render_pdf(kWarmUp, 0, 72, pixels.size() / 4, {pixels.data(), pixels.size()});
}

Result<std::vector<Page>> pdf_pages(std::string_view bytes, int most_pages, std::uint64_t most_pixels) {
    SEALDESK_LET(document, open(bytes));
    const int count = poppler_document_get_n_pages(document.get());
    if (count < 1) return code("damaged", "no pages");
    if (count > most_pages) return code("too_many_pages");
    std::vector<Page> pages;
    for (int number = 0; number < count; ++number) {
        SEALDESK_LET(page, page_of(document.get(), number));
        SEALDESK_LET(size, size_at(page.get(), kPdfDpi, most_pixels));
        pages.push_back({number, size.width, size.height, kPdfDpi});
    }
    return pages;
}

Result<Rendered> render_pdf(std::string_view bytes, int number, double dpi, std::uint64_t most_pixels, const Canvas& canvas,
                            const Part& part) {
    SEALDESK_LET(document, open(bytes));
    SEALDESK_LET(page, page_of(document.get(), number));
    // A part of a page that would be too large as a whole is not.
    SEALDESK_LET(all, size_at(page.get(), dpi, part.all() ? most_pixels : most_pixels * 64));
    const Part inside = within(part, all);
    if (inside.width == 0 || inside.height == 0) return code("no_such_page", "outside of the page");
    const Rendered size{inside.width, inside.height};
    SEALDESK_LET(needed, room_for(size.width, size.height, canvas));
    std::fill_n(canvas.pixels, needed, std::uint8_t{255});  // paper
    const std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface(
        cairo_image_surface_create_for_data(canvas.pixels, CAIRO_FORMAT_RGB24, size.width, size.height, size.width * 4),
        cairo_surface_destroy);
    const std::unique_ptr<cairo_t, void (*)(cairo_t*)> pen(cairo_create(surface.get()), cairo_destroy);
    cairo_translate(pen.get(), -inside.x, -inside.y);
    cairo_scale(pen.get(), dpi / 72, dpi / 72);
    poppler_page_render(page.get(), pen.get());
    cairo_surface_flush(surface.get());
    if (const auto status = cairo_status(pen.get()); status == CAIRO_STATUS_NO_MEMORY)
        return code("too_much_memory", cairo_status_to_string(status));
    red_first(canvas.pixels, needed);
    return size;
}

Result<int> picture_dpi(std::string_view bytes, int number) {
    SEALDESK_LET(document, open(bytes));
    SEALDESK_LET(page, page_of(document.get(), number));
    double wide = 0, high = 0;
    poppler_page_get_size(page.get(), &wide, &high);
    constexpr double kMuch = 0.25;  // of the page; a logo says nothing about the scan
    constexpr int kMost = 8;        // pictures that are decoded
    double coarsest = 0;
    int looked = 0;
    GList* mapping = poppler_page_get_image_mapping(page.get());
    for (const GList* at = mapping; at != nullptr && looked < kMost; at = at->next) {
        const auto* one = static_cast<const PopplerImageMapping*>(at->data);
        const double area = std::abs((one->area.x2 - one->area.x1) * (one->area.y2 - one->area.y1));
        if (!(area >= kMuch * wide * high)) continue;
        ++looked;
        const std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> picture(
            poppler_page_get_image(page.get(), one->image_id), cairo_surface_destroy);
        if (!picture) continue;
        const double pixels =
            static_cast<double>(cairo_image_surface_get_width(picture.get())) * cairo_image_surface_get_height(picture.get());
        const double dpi = 72 * std::sqrt(pixels / area);  // also of one that lies on its side
        if (pixels > 0 && (coarsest == 0 || dpi < coarsest)) coarsest = dpi;
    }
    poppler_page_free_image_mapping(mapping);
    return static_cast<int>(std::lround(std::min(coarsest, 10'000.0)));
}

}  // namespace sealdesk::scanbox
