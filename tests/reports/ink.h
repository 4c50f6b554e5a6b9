// Judges whether a character is inked as it should be: the dots of a rendered page against FreeType's own drawing of the same
// glyph at the same place, both ways: ink that is missing and ink that is too much. A test's judge; one thread.
#pragma once

#include <ft2build.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "reports/dots.h"
#include "reports/fonts.h"
#include "reports/paper.h"
#include FT_FREETYPE_H
#include FT_STROKER_H

namespace sealdesk::reports {

// A page as ink on dots: 0 is paper, 1 is the pen's own colour.
struct Picture {
    int w = 0, h = 0;
    std::string grey;         // 255 is white
    bool two_levels = false;  // dots are black or white: a glyph's are black where it covers half of them

    double ink(int x, int y, double paper, double pen) const {
        if (x < 0 || y < 0 || x >= w || y >= h) return 0;
        const auto dot =
            static_cast<unsigned char>(grey[static_cast<size_t>(y) * static_cast<size_t>(w) + static_cast<size_t>(x)]);
        return (paper - dot) / (paper - pen);
    }
};
Picture picture_of(const std::string& pgm);  // without width when it is none
Picture picture_of(const Dots& dots);

// What the text is drawn with and on, grey.
struct Ground {
    double paper = 255, pen = 0;
};

class InkJudge {
public:
    explicit InkJudge(const Fonts& fonts);
    ~InkJudge();
    InkJudge(const InkJudge&) = delete;
    InkJudge& operator=(const InkJudge&) = delete;

    struct Compared {
        double expected = 0, difference = 1e9, cell = 0;  // dots
        // A third of the glyph's own ink, and for places between dots a little more, but never all of it. A blank may have what
        // its neighbours' rims put into its cell.
        bool same(double dots = kSlack) const {
            const double slack = expected > 0 ? std::min(dots, 0.25 * expected) : 0.03 * cell;
            return difference <= 0.35 * expected + slack;
        }
    };
    static constexpr double kSlack = 4;

    // The character with its origin at x, baseline (dots) where `em` dots are one em, in the dots of its own cell. Renderers
    // put glyphs at quarters of a dot or at whole ones: the best of the places around.
    Compared compare(const Picture& picture, char32_t c, double x, double baseline, double em, Weight weight,
                     const Ground& ground = {});
    // The characters of `page` that are not inked as its marks say; `dots` of the picture are one millimetre.
    std::u32string wrong_on(const Picture& picture, const Page& page, double dots);

    // What wrong_on has compared so far.
    std::map<Weight, std::u32string> compared;

private:
    struct Glyph {
        int left = 0, top = 0, w = 0, h = 0;  // from the origin's whole dot; y downwards
        std::vector<std::uint8_t> cover;
    };
    Glyph drawn(char32_t c, double em, Weight weight, double part_x, double part_y);
    FT_Face face_of(char32_t c);

    const Fonts& fonts_;
    FT_Library library_ = nullptr;
    FT_Stroker stroker_ = nullptr;
    std::map<std::pair<std::string, long>, FT_Face> faces_;
};

}  // namespace sealdesk::reports
