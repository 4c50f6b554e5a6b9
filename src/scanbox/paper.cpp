#include "scanbox/paper.h"

#include <cairo-pdf.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <vips/vips8>

#include "base/files.h"
#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::scanbox {

namespace {

using vips::VImage;
using Colour = std::vector<double>;

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) switch (c) {
            case '&': safe += "&amp;"; break;
            case '<': safe += "&lt;"; break;
            case '>': safe += "&gt;"; break;
            case '"': safe += "&quot;"; break;
            default: safe += c;
        }
    return safe;
}

std::string value_of(const std::map<std::string, std::string>& fields, const std::string& key) {
    const auto found = fields.find(key);
    return found == fields.end() ? std::string{} : found->second;
}

// Lines of at most `width` full-width characters; Latin letters and digits take half. Closing marks hang over.
std::vector<std::string> wrapped(const std::string& text, size_t width) {
    constexpr std::u32string_view kClosing = U"，。、；：）》」！？";
    std::vector<std::string> lines(1);
    size_t used = 0;
    for (const char32_t letter : code_points(text)) {
        const size_t takes = letter < 0x2E80 ? 1 : 2;
        if (used + takes > 2 * width && kClosing.find(letter) == kClosing.npos) {
            lines.emplace_back();
            used = 0;
        }
        lines.back() += utf8(letter);
        used += takes;
    }
    return lines;
}

std::string placeholder(std::string_view inside, const std::map<std::string, std::string>& fields) {
    if (inside.starts_with('!')) return value_of(fields, std::string(inside.substr(1)));  // ours, SVG already
    if (inside.starts_with('?')) {
        const auto parts = split(inside.substr(1), '=');
        return parts.size() == 2 && value_of(fields, parts[0]) == parts[1] ? "☑" : "☐";
    }
    const auto parts = split(inside, '|');
    std::string value = value_of(fields, parts[0]);
    if (parts.size() == 3) {
        const auto width = static_cast<size_t>(std::atoi(parts[1].c_str())),
                   row = static_cast<size_t>(std::atoi(parts[2].c_str()));
        const auto lines = wrapped(value, width);
        value = row < lines.size() ? lines[row] : std::string{};
    }
    return escaped(value);
}

// "…data-seal="152 232"…": where the template wants what.
std::string attribute(std::string_view svg, std::string_view name) {
    const std::string opening = std::string(name) + "=\"";
    const auto at = svg.find(opening);
    if (at == svg.npos) return {};
    const auto from = at + opening.size();
    return std::string(svg.substr(from, svg.find('"', from) - from));
}

VImage drawn(const std::string& svg, int dpi) {
    VipsBlob* blob = vips_blob_copy(svg.data(), svg.size());
    const auto done = std::unique_ptr<VipsArea, void (*)(VipsArea*)>(VIPS_AREA(blob), vips_area_unref);
    return VImage::svgload_buffer(blob, VImage::option()->set("dpi", static_cast<double>(dpi))).copy_memory();
}

// Characters of the name stand on the arc one by one: librsvg has no text on a path.
std::string arc_of(const std::string& name) {
    const auto letters = code_points(name);
    std::string arc;
    if (letters.empty()) return arc;
    const auto count = static_cast<double>(letters.size());
    const double step = count > 1 ? std::min(24.0, 262.0 / (count - 1)) : 0;
    const double wide = std::min(1.0, 15.4 * step * 3.14159 / 180 * 0.95 / 5.2);
    double angle = -step * (count - 1) / 2;
    for (const char32_t letter : letters) {
        arc += fmt::format(R"svg(<text transform="rotate({:.2f}) translate(0 -14) scale({:.2f} 1)" font-size="5.2">{}</text>)svg",
                           angle, count > 1 ? std::max(0.5, wide) : 1.0, escaped(utf8(letter)));
        angle += step;
    }
    return arc;
}

VImage noise(int width, int height, double sigma, std::mt19937& chance) {
    return VImage::gaussnoise(
        width, height,
        VImage::option()->set("sigma", sigma)->set("mean", 0.0)->set("seed", static_cast<int>(chance() & 0x7FFFFFFF)));
}

// Stamped by hand: a little turned, ink thinner here and there.
VImage seal_of(const std::string& name, const std::string& svg, int dpi, std::mt19937& chance) {
    VImage seal = drawn(filled(svg, {{"arc", arc_of(name)}}), dpi);
    std::uniform_real_distribution<double> turn(-14, 14), ink(0.74, 0.88);
    seal = seal.similarity(VImage::option()->set("angle", turn(chance))->set("background", Colour{0, 0, 0, 0}));
    const int cell = std::max(2, dpi / 18);
    VImage blotches = noise(seal.width() / cell + 2, seal.height() / cell + 2, 0.10, chance)
                          .resize(cell, VImage::option()->set("kernel", VIPS_KERNEL_LINEAR))
                          .crop(0, 0, seal.width(), seal.height());
    const VImage grain = noise(seal.width(), seal.height(), 0.13, chance);
    const VImage alpha = seal.extract_band(3) * (blotches + grain + ink(chance));
    return seal.extract_band(0, VImage::option()->set("n", 3))
        .bandjoin(alpha)
        .cast(VIPS_FORMAT_UCHAR)
        .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
}

// Ink on paper multiplies. Only the few square centimetres under the seal are touched.
VImage stamped(const VImage& page, const VImage& seal, int left, int top) {
    const int x = std::clamp(left, 0, std::max(0, page.width() - seal.width())),
              y = std::clamp(top, 0, std::max(0, page.height() - seal.height()));
    const VImage under = page.crop(x, y, std::min(seal.width(), page.width()), std::min(seal.height(), page.height()));
    const VImage inked = under.composite2(seal, VIPS_BLEND_MODE_MULTIPLY);
    return page.insert(inked.extract_band(0, VImage::option()->set("n", 3)).cast(VIPS_FORMAT_UCHAR), x, y);
}

// Dust of the glass and a faint fold, drawn into the template so that they turn with the paper.
std::string worn(std::string svg, std::mt19937& chance) {
    std::uniform_real_distribution<double> across(2, 208), down(2, 295), size(0.06, 0.22), grey(0.25, 0.6);
    std::string specks;
    for (int n = std::uniform_int_distribution<int>(4, 14)(chance); n > 0; --n)
        specks += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="{:.2f}" fill="#333" opacity="{:.2f}"/>)", across(chance),
                              down(chance), size(chance), grey(chance));
    if (chance() % 3 == 0)
        specks += fmt::format(R"(<path d="M0 {0:.1f}L210 {1:.1f}" stroke="#777" stroke-width="0.5" opacity="0.16"/>)",
                              147 + size(chance) * 8, 148 + size(chance) * 8);
    const auto end = svg.rfind("</svg>");
    if (end != svg.npos) svg.insert(end, specks);
    return svg;
}

// What the glass and the lamp add, in one pass over the pixels: paper that is not white, light that falls off,
// black that comes back as dark grey, and noise.
void expose(std::uint8_t* rgb, int width, int height, double sigma, std::mt19937& chance) {
    std::uniform_real_distribution<double> tint(-2.5, 2.5), light(0.015, 0.05);
    const double paper[3] = {(251 + tint(chance)) / 255, (249 + tint(chance)) / 255, (243 + tint(chance)) / 255};
    const double across = light(chance), down = light(chance) / 2;
    std::vector<float> grains(1 << 14);
    std::normal_distribution<float> normal(0, static_cast<float>(std::max(sigma, 0.01)));
    for (auto& grain : grains) grain = normal(chance);
    std::uint32_t state = static_cast<std::uint32_t>(chance()) | 1U;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            const float grain = grains[state & (grains.size() - 1)];
            const double lamp = 0.90 * (1 - across * x / width - down * y / height);
            for (const double colour : paper) {
                const double value = *rgb * lamp * colour + 24 + static_cast<double>(grain);
                *rgb++ = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
            }
        }
}

VImage scanned(VImage page, const Sheet& sheet, bool photo, std::mt19937& chance) {
    const int width = page.width(), height = page.height();
    if (sheet.skew != 0) {
        const Colour bed = photo ? Colour{120, 92, 66} : Colour{206, 205, 202};
        page = page.similarity(VImage::option()->set("angle", sheet.skew)->set("background", bed));
        page = page.crop((page.width() - width) / 2, (page.height() - height) / 2, width, height);
    }
    // Turning softens a page already.
    if (sheet.blur > 0 || sheet.skew == 0) page = page.gaussblur(0.45 + sheet.blur);
    size_t size = 0;
    const std::unique_ptr<void, decltype(&g_free)> pixels(page.write_to_memory(&size), g_free);
    if (size != static_cast<size_t>(width) * static_cast<size_t>(height) * 3) throw vips::VError("not three bands");
    expose(static_cast<std::uint8_t*>(pixels.get()), width, height, sheet.noise, chance);
    return VImage(vips_image_new_from_memory_copy(pixels.get(), size, width, height, 3, VIPS_FORMAT_UCHAR))
        .copy(VImage::option()
                  ->set("interpretation", VIPS_INTERPRETATION_sRGB)
                  ->set("xres", sheet.dpi / 25.4)
                  ->set("yres", sheet.dpi / 25.4));
}

Result<VImage> scan_of(const Sheet& sheet, const std::filesystem::path& forms) {
    SEALDESK_LET(form, read_file(forms / (sheet.form + ".svg")));
    SEALDESK_LET(seal_form, read_file(forms / "seal.svg"));
    std::mt19937 chance(sheet.seed);
    VImage page = drawn(worn(filled(form, sheet.fields), chance), sheet.dpi);
    page = page.flatten(VImage::option()->set("background", Colour{255, 255, 255}));
    if (attribute(form, "data-copy") == "grey") {
        // Still three bands: a seal on a copy is red.
        const VImage luminance = VImage::new_matrixv(3, 3, .3, .59, .11, .3, .59, .11, .3, .59, .11);
        page = page.recomb(luminance).linear(1.12, -14).cast(VIPS_FORMAT_UCHAR);
    }
    const auto place = split(attribute(form, "data-seal"), ' ');
    if (!sheet.seal.empty() && place.size() == 2) {
        const VImage seal = seal_of(sheet.seal, seal_form, sheet.dpi, chance);
        std::uniform_real_distribution<double> off(-4, 4);
        const auto px = [&](const std::string& mm, int size) {
            return static_cast<int>((std::atof(mm.c_str()) + off(chance)) / 25.4 * sheet.dpi) - size / 2;
        };
        page = stamped(page, seal, px(place[0], seal.width()), px(place[1], seal.height()));
    }
    return scanned(page, sheet, !attribute(form, "data-photo").empty(), chance);
}

std::string saved(const VImage& image, const std::string& as) {
    VipsBlob* blob = nullptr;
    if (as == "png")
        blob = image.pngsave_buffer(VImage::option()->set("compression", 3));
    else if (as == "tiff")
        blob = image.tiffsave_buffer(VImage::option()->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_JPEG)->set("Q", 80));
    else
        blob = image.jpegsave_buffer(VImage::option()->set("Q", 80));
    size_t size = 0;
    const void* bytes = vips_blob_get(blob, &size);
    std::string file(static_cast<const char*>(bytes), size);
    vips_area_unref(VIPS_AREA(blob));
    return file;
}

// Exceptions of libvips end here.
template <class Work>
auto guarded(const Work& work) -> decltype(work()) {
    try {
        return work();
    } catch (const vips::VError& error) {
        const std::string words = error.what();
        vips_error_clear();
        return fail(ErrorKind::internal, tr("无法绘制页面"), words);
    }
}

}  // namespace

std::string filled(std::string_view svg, const std::map<std::string, std::string>& fields) {
    std::string text;
    for (size_t at = 0;;) {
        const auto open = svg.find("{{", at), close = open == svg.npos ? svg.npos : svg.find("}}", open);
        if (close == svg.npos) return text.append(svg.substr(at));
        text.append(svg.substr(at, open - at));
        text += placeholder(svg.substr(open + 2, close - open - 2), fields);
        at = close + 2;
    }
}

Result<std::string> draw(const Sheet& sheet, const std::filesystem::path& forms, const std::string& as) {
    return guarded([&]() -> Result<std::string> {
        SEALDESK_LET(page, scan_of(sheet, forms));
        return saved(page, as);
    });
}

Result<std::string> draw_tiff(const std::vector<Sheet>& sheets, const std::filesystem::path& forms) {
    return guarded([&]() -> Result<std::string> {
        std::vector<VImage> pages;
        for (const auto& sheet : sheets) {
            SEALDESK_LET(page, scan_of(sheet, forms));
            if (!pages.empty() && (page.width() != pages[0].width() || page.height() != pages[0].height()))
                return refused(tr("多页 TIFF 的各页须同样大小"));
            pages.push_back(page);
        }
        if (pages.empty()) return refused(tr("没有页面"));
        VImage tall = VImage::arrayjoin(pages, VImage::option()->set("across", 1)).copy();
        tall.set(VIPS_META_PAGE_HEIGHT, pages[0].height());
        return saved(tall, "tiff");
    });
}

Result<std::string> draw_pdf(const std::vector<Sheet>& sheets, const std::filesystem::path& forms) {
    return guarded([&]() -> Result<std::string> {
        std::string document;
        const auto append = [](void* closure, const unsigned char* bytes, unsigned int size) {
            static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), size);
            return CAIRO_STATUS_SUCCESS;
        };
        const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface(
            cairo_pdf_surface_create_for_stream(append, &document, 595, 842), cairo_surface_destroy);
        cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "2026-11-20T09:00:00+08:00");
        for (const auto& sheet : sheets) {
            SEALDESK_LET(page, scan_of(sheet, forms));
            const std::string jpeg = saved(page, "jpeg");
            const double points = 72.0 / sheet.dpi;
            cairo_pdf_surface_set_size(surface.get(), page.width() * points, page.height() * points);
            // The picture itself is never drawn by cairo: the JPEG goes into the document as it is.
            const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> picture(
                cairo_image_surface_create(CAIRO_FORMAT_RGB24, page.width(), page.height()), cairo_surface_destroy);
            auto* kept = static_cast<unsigned char*>(std::malloc(jpeg.size()));
            if (kept == nullptr) return fail(ErrorKind::internal, tr("内存不足"));
            std::memcpy(kept, jpeg.data(), jpeg.size());
            cairo_surface_set_mime_data(picture.get(), CAIRO_MIME_TYPE_JPEG, kept, jpeg.size(), std::free, kept);
            const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> pen(cairo_create(surface.get()), cairo_destroy);
            cairo_scale(pen.get(), points, points);
            cairo_set_source_surface(pen.get(), picture.get(), 0, 0);
            cairo_paint(pen.get());
            cairo_show_page(pen.get());
        }
        cairo_surface_finish(surface.get());
        if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
            return fail(ErrorKind::internal, tr("无法写出 PDF"), cairo_status_to_string(cairo_surface_status(surface.get())));
        return document;
    });
}

}  // namespace sealdesk::scanbox
