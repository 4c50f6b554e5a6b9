#include "reports/dots.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::reports {
namespace {

constexpr size_t kMostPoints = 32'000;  // FreeType counts them in a short

struct DropLibrary {
    void operator()(FT_Library library) const { FT_Done_FreeType(library); }
};

// A path as FreeType's rasteriser takes it: points in 1/64 of a dot, y upwards.
struct Outline {
    std::vector<FT_Vector> points;
    std::vector<char> tags;
    std::vector<short> contours;

    Outline(const std::vector<PathStep>& steps, double em, double x, double y) {
        const auto add = [&](const PathStep& step, int i, char tag) {
            points.push_back({std::lround((x + step.x[i] * em) * 64), std::lround((y + step.y[i] * em) * 64)});
            tags.push_back(tag);
        };
        for (const PathStep& step : steps) {
            if (step.kind == PathStep::Kind::move) close();
            if (step.kind != PathStep::Kind::curve) {
                add(step, 0, FT_CURVE_TAG_ON);
                continue;
            }
            add(step, 0, FT_CURVE_TAG_CUBIC);
            add(step, 1, FT_CURVE_TAG_CUBIC);
            add(step, 2, FT_CURVE_TAG_ON);
        }
        close();
    }

private:
    void close() {
        const auto last = static_cast<short>(points.size()) - 1;
        if (last >= 0 && (contours.empty() || contours.back() != last)) contours.push_back(static_cast<short>(last));
    }
};

}  // namespace

Dots::Dots(int width, int height)
    : w(std::max(width, 1)), h(std::max(height, 1)), rows(static_cast<size_t>(row_bytes()) * static_cast<size_t>(h), 0) {}

bool Dots::black(int x, int y) const {
    if (x < 0 || y < 0 || x >= w || y >= h) return false;
    return (rows[static_cast<size_t>(y * row_bytes() + x / 8)] >> (7 - x % 8) & 1) != 0;
}

void Dots::set(int x, int y, bool black) {
    if (x < 0 || y < 0 || x >= w || y >= h) return;
    std::uint8_t& byte = rows[static_cast<size_t>(y * row_bytes() + x / 8)];
    const auto bit = static_cast<std::uint8_t>(0x80 >> x % 8);
    byte = static_cast<std::uint8_t>(black ? byte | bit : byte & ~bit);
}

void Dots::fill(int x, int y, int width, int height) {
    for (int row = std::max(y, 0); row < std::min(y + height, h); ++row)
        for (int column = std::max(x, 0); column < std::min(x + width, w); ++column) set(column, row, true);
}

void Dots::turn() {
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) set(x, y, !black(x, y));
}

Result<> draw_text(Dots& dots, const Fonts& fonts, std::string_view utf8, double x, double baseline, double em, Weight weight) {
    FT_Library opened = nullptr;
    if (FT_Init_FreeType(&opened) != 0) return fail(ErrorKind::internal, tr("字体引擎无法启动"), "FT_Init_FreeType");
    const std::unique_ptr<std::remove_pointer_t<FT_Library>, DropLibrary> library(opened);
    FT_Bitmap bitmap{};
    bitmap.rows = static_cast<unsigned>(dots.h);
    bitmap.width = static_cast<unsigned>(dots.w);
    bitmap.pitch = dots.row_bytes();
    bitmap.buffer = dots.rows.data();
    bitmap.pixel_mode = FT_PIXEL_MODE_MONO;
    const std::u32string text = code_points(utf8);
    const std::vector<Glyph> glyphs = fonts.glyphs(text);
    for (size_t i = 0; i < text.size(); ++i) {
        Outline path(fonts.outline(text[i]), em, x, dots.h - baseline);
        x += glyphs[i].advance * em;
        if (path.points.empty()) continue;
        if (path.points.size() > kMostPoints) return fail(ErrorKind::internal, tr("无法生成图片"), "outline too long");
        FT_Outline outline{};
        outline.n_points = static_cast<short>(path.points.size());
        outline.n_contours = static_cast<short>(path.contours.size());
        outline.points = path.points.data();
        outline.tags = path.tags.data();
        outline.contours = path.contours.data();
        if (weight == Weight::bold) {  // as wide as the rim that the PDF gives it, around its middle
            const FT_Pos rim = std::lround(em * 0.035 * 64);
            FT_Outline_Embolden(&outline, rim);
            FT_Outline_Translate(&outline, -rim / 2, -rim / 2);
        }
        if (FT_Outline_Get_Bitmap(library.get(), &outline, &bitmap) != 0)
            return fail(ErrorKind::internal, tr("无法生成图片"), "FT_Outline_Get_Bitmap");
    }
    return {};
}

}  // namespace sealdesk::reports
