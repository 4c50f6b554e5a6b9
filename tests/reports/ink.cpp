#include "tests/reports/ink.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "base/text.h"
#include FT_BITMAP_H
#include FT_GLYPH_H
#include FT_OUTLINE_H

namespace sealdesk::reports {
namespace {

double grey_of(Colour c) { return 0.3 * c.r + 0.59 * c.g + 0.11 * c.b; }

}  // namespace

Picture picture_of(const std::string& pgm) {
    Picture picture;
    int most = 0, head = 0;
    if (std::sscanf(pgm.c_str(), "P5 %d %d %d%n", &picture.w, &picture.h, &most, &head) != 3) return {};
    picture.grey = pgm.substr(static_cast<size_t>(head) + 1);
    return picture;
}

Picture picture_of(const Dots& dots) {
    Picture picture{dots.w, dots.h, {}, true};
    for (int y = 0; y < dots.h; ++y)
        for (int x = 0; x < dots.w; ++x) picture.grey += dots.black(x, y) ? '\0' : '\xFF';
    return picture;
}

InkJudge::InkJudge(const Fonts& fonts) : fonts_(fonts) {
    FT_Init_FreeType(&library_);
    FT_Stroker_New(library_, &stroker_);
}

InkJudge::~InkJudge() {
    FT_Stroker_Done(stroker_);
    FT_Done_FreeType(library_);
}

FT_Face InkJudge::face_of(char32_t c) {
    const Fonts::Place place = fonts_.font_of(c);
    FT_Face& face = faces_[{place.file, place.index}];
    if (!face && FT_New_Face(library_, place.file.c_str(), place.index, &face) != 0) face = nullptr;
    return face;
}

InkJudge::Glyph InkJudge::drawn(char32_t c, double em, Weight weight, double part_x, double part_y) {
    FT_Face face = face_of(c);
    if (!face) return {};
    // A glyph that would leave its line is drawn smaller: its width says by how much.
    const FT_UInt index = FT_Get_Char_Index(face, c);
    FT_Load_Glyph(face, index, FT_LOAD_NO_SCALE | FT_LOAD_NO_BITMAP);
    const double whole = static_cast<double>(face->glyph->metrics.horiAdvance) / face->units_per_EM;
    const double scale = whole > 0 ? fonts_.advance(c) / whole : 1;
    FT_Set_Char_Size(face, 0, std::lround(em * scale * 64), 72, 72);
    FT_Set_Transform(face, nullptr, nullptr);
    if (FT_Load_Glyph(face, index, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0) return {};
    FT_Vector shift{std::lround(part_x * 64), std::lround(-part_y * 64)};
    Glyph made;
    const auto add = [&](FT_Glyph glyph) {
        if (FT_Glyph_To_Bitmap(&glyph, FT_RENDER_MODE_NORMAL, &shift, 1) != 0) return FT_Done_Glyph(glyph);
        const auto* bitmap = reinterpret_cast<FT_BitmapGlyph>(glyph);
        const FT_Bitmap& bits = bitmap->bitmap;
        const int left = bitmap->left, top = -bitmap->top, w = static_cast<int>(bits.width), h = static_cast<int>(bits.rows);
        Glyph both{std::min(left, made.left), std::min(top, made.top), 0, 0, {}};
        if (made.cover.empty()) both = {left, top, 0, 0, {}};
        both.w = std::max(left + w, made.cover.empty() ? left : made.left + made.w) - both.left;
        both.h = std::max(top + h, made.cover.empty() ? top : made.top + made.h) - both.top;
        both.cover.resize(static_cast<size_t>(both.w) * static_cast<size_t>(both.h));
        const auto at = [&](int x, int y) -> std::uint8_t& {
            return both
                .cover[static_cast<size_t>(y - both.top) * static_cast<size_t>(both.w) + static_cast<size_t>(x - both.left)];
        };
        for (int y = 0; y < made.h; ++y)
            for (int x = 0; x < made.w; ++x)
                at(made.left + x, made.top + y) =
                    made.cover[static_cast<size_t>(y) * static_cast<size_t>(made.w) + static_cast<size_t>(x)];
        for (int y = 0; y < h; ++y)
            for (int x = 0; x < w; ++x) {
                std::uint8_t& dot = at(left + x, top + y);
                dot = std::max(dot, bits.buffer[y * bits.pitch + x]);
            }
        made = std::move(both);
        FT_Done_Glyph(glyph);
    };
    FT_Glyph glyph = nullptr;
    if (FT_Get_Glyph(face->glyph, &glyph) != 0) return {};
    if (weight == Weight::bold) {  // the outline itself, with a pen as wide as the rim
        FT_Glyph rim = nullptr;
        FT_Glyph_Copy(glyph, &rim);
        FT_Stroker_Set(stroker_, std::lround(em * 0.035 / 2 * 64), FT_STROKER_LINECAP_BUTT, FT_STROKER_LINEJOIN_MITER_FIXED,
                       10 << 16);
        if (FT_Glyph_Stroke(&rim, stroker_, 1) == 0) add(rim);
    }
    add(glyph);
    return made;
}

InkJudge::Compared InkJudge::compare(const Picture& picture, char32_t c, double x, double baseline, double em, Weight weight,
                                     const Ground& ground) {
    const double left = std::floor(x), base = std::floor(baseline), across = x - left, down = baseline - base;
    const double quarter = std::floor(across * 4) / 4;
    const std::pair<double, double> places[] = {{quarter, 0},         {across, down},       {quarter + 0.25, 0},
                                                {quarter - 0.25, 0},  {quarter, 1},         {quarter, -1},
                                                {across, down - 0.5}, {across, down + 0.5}, {across - 0.5, down},
                                                {across + 0.5, down}, {quarter + 0.25, 1},  {quarter - 0.25, 1}};
    const int from_y = static_cast<int>(std::floor(-kAscent * em)), to_y = static_cast<int>(std::ceil(kDescent * em));
    const int to_x = static_cast<int>(fonts_.advance(c) * em);
    Compared best;
    for (const auto& [part_x, part_y] : places) {
        const Glyph glyph = drawn(c, em, weight, part_x, part_y);
        Compared here{0, 0, static_cast<double>(to_x) * (to_y - from_y)};
        for (int dy = from_y; dy < to_y; ++dy) {
            for (int dx = 0; dx < to_x; ++dx) {
                const int gx = dx - glyph.left, gy = dy - glyph.top;
                double want = 0;
                if (gx >= 0 && gy >= 0 && gx < glyph.w && gy < glyph.h)
                    want = glyph.cover[static_cast<size_t>(gy) * static_cast<size_t>(glyph.w) + static_cast<size_t>(gx)] / 255.0;
                if (picture.two_levels) want = want >= 0.5 ? 1 : 0;
                here.expected += want;
                here.difference += std::abs(
                    want - picture.ink(static_cast<int>(left) + dx, static_cast<int>(base) + dy, ground.paper, ground.pen));
            }
        }
        if (here.difference < best.difference) best = here;
        if (best.same()) break;
    }
    return best;
}

std::u32string InkJudge::wrong_on(const Picture& picture, const Page& page, double dots) {
    std::vector<const FillMark*> fills;
    std::u32string wrong;
    for (const Mark& mark : page.marks) {
        if (const auto* fill = std::get_if<FillMark>(&mark)) fills.push_back(fill);
        const auto* text = std::get_if<TextMark>(&mark);
        if (!text) continue;
        Ground ground{255, grey_of(text->colour)};
        for (const FillMark* fill : fills)
            if (fill->area.x <= text->x && text->x < fill->area.right() && fill->area.y < text->baseline &&
                text->baseline <= fill->area.bottom())
                ground.paper = grey_of(fill->colour);
        const double em = text->size / kPointsPerMm * dots;
        double x = text->x * dots;
        for (const char32_t c : code_points(text->text)) {
            if (!compare(picture, c, x, text->baseline * dots, em, text->weight, ground).same()) wrong += c;
            compared[text->weight] += c;
            x += fonts_.advance(c) * em;
        }
    }
    return wrong;
}

}  // namespace sealdesk::reports
