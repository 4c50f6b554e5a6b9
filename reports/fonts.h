// Fonts: the installed fonts, found through fontconfig, as documents need them. One main font is embedded
// as text; a character that it lacks, or has as a composite glyph or outside the BMP (libharu prints both
// as nothing), is drawn as an outline from any installed font that has it. May be shared between threads.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/outline.h"
#include "base/result.h"

namespace sealdesk::reports {

// What a line's ink may take above and below its baseline, in em. A glyph that needs more is drawn smaller.
constexpr double kAscent = 0.95, kDescent = 0.25;

enum class GlyphSource {
    main,     // text in the main font
    outline,  // a path
    none,     // cannot be printed
};

// Which letters a document is set in.
enum class Letters {
    plain,  // 黑体, for paper that is read
    song,   // 宋体, as seals are cut
};

struct Glyph {
    GlyphSource source = GlyphSource::none;
    double advance = 0;  // em; 0 when no font has it
};

class Fonts {
public:
    // Unavailable when no TrueType font with Chinese characters is installed.
    static Result<Fonts> find(Letters letters = Letters::plain);
    Fonts(Fonts&&) noexcept;
    Fonts& operator=(Fonts&&) noexcept;
    ~Fonts();

    GlyphSource source(char32_t c) const;
    double advance(char32_t c) const;                               // em; 0 when no font has it
    std::vector<Glyph> glyphs(std::u32string_view text) const;      // one for each character
    double width(std::string_view utf8, double size_points) const;  // mm
    std::vector<PathStep> outline(char32_t c) const;                // em units, y upwards from the baseline
    // Refused, naming the first character that cannot be printed.
    Result<> check(std::string_view utf8) const;

    // A TrueType file with only these characters of the main font.
    Result<std::string> cut(const std::set<char32_t>& characters) const;

    struct Place {
        std::string file;
        long index = 0;
    };
    Place main_font() const;
    // The font that draws this character; an empty file when none does.
    Place font_of(char32_t c) const;

private:
    struct Shelf;
    explicit Fonts(std::unique_ptr<Shelf> shelf);
    std::unique_ptr<Shelf> shelf_;
};

}  // namespace sealdesk::reports
