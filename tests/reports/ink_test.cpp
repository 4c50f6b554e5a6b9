// Every character is inked: pages are rendered by poppler and each character's box is compared, dot by dot,
// with FreeType's own rendering of the same glyph. Text extraction would not notice a blank.
#include <fmt/format.h>
#include <ft2build.h>
#include <gtest/gtest.h>
#include <iconv.h>
#include FT_FREETYPE_H

#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "base/text.h"
#include "reports/pdf.h"
#include "tests/reports/document_test.h"
#include "tests/reports/samples.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

constexpr int kDpi = 216;  // three dots a point

// What the text is drawn with and on.
struct Ground {
    double paper = 255, pen = 0;  // grey
    bool rimmed = false;          // bold is the glyph with a rim: more ink is right, less is not
};
double grey_of(Colour c) { return 0.3 * c.r + 0.59 * c.g + 0.11 * c.b; }

struct Picture {
    int w = 0, h = 0;
    std::string grey;  // 255 is white
    double ink(int x, int y, const Ground& ground) const {
        if (x < 0 || y < 0 || x >= w || y >= h) return 0;
        const auto dot =
            static_cast<unsigned char>(grey[static_cast<size_t>(y) * static_cast<size_t>(w) + static_cast<size_t>(x)]);
        return (ground.paper - dot) / (ground.paper - ground.pen);
    }
};

class InkTest : public DocumentTest {
protected:
    InkTest() { FT_Init_FreeType(&library_); }
    ~InkTest() override { FT_Done_FreeType(library_); }

    std::vector<Picture> rendered(const std::string& pdf) {
        const fs::path file = saved("ink.pdf", pdf);
        output_of({"pdftoppm", "-q", "-gray", "-r", std::to_string(kDpi), file, folder_ / "ink"});
        std::set<fs::path> files;
        for (const auto& entry : fs::directory_iterator(folder_))
            if (entry.path().extension() == ".pgm") files.insert(entry.path());
        std::vector<Picture> pictures;
        for (const fs::path& path : files) {
            const std::string bytes = read_file(path).value_or("");
            Picture picture;
            int most = 0, head = 0;
            EXPECT_EQ(std::sscanf(bytes.c_str(), "P5 %d %d %d%n", &picture.w, &picture.h, &most, &head), 3);
            picture.grey = bytes.substr(static_cast<size_t>(head) + 1);
            pictures.push_back(std::move(picture));
        }
        return pictures;
    }

    FT_Face face_of(char32_t c) {
        const Fonts::Place place = fonts().font_of(c);
        FT_Face& face = faces_[{place.file, place.index}];
        if (!face && FT_New_Face(library_, place.file.c_str(), place.index, &face) != 0) ADD_FAILURE() << place.file;
        return face;
    }

    // FreeType's rendering with the origin `part_x`, `part_y` of a dot right of and below a whole dot.
    // `ink` is called with each dot from the origin (y downwards) and its coverage.
    template <class Ink>
    void draw(char32_t c, double points, double part_x, double part_y, Ink ink) {
        FT_Face face = face_of(c);
        FT_Set_Char_Size(face, 0, std::lround(points * 64), kDpi, kDpi);
        FT_Vector shift{std::lround(part_x * 64), std::lround(-part_y * 64)};
        FT_Set_Transform(face, nullptr, &shift);
        ASSERT_EQ(FT_Load_Char(face, c, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP | FT_LOAD_RENDER), 0);
        const FT_GlyphSlot slot = face->glyph;
        for (unsigned row = 0; row < slot->bitmap.rows; ++row)
            for (unsigned column = 0; column < slot->bitmap.width; ++column)
                ink(slot->bitmap_left + static_cast<int>(column), static_cast<int>(row) - slot->bitmap_top,
                    slot->bitmap.buffer[row * static_cast<unsigned>(slot->bitmap.pitch) + column] / 255.0);
    }

    struct Compared {
        double expected = 0, difference = 0;
        bool same(double dots = 0) const { return difference <= 0.35 * expected + std::max(dots, expected > 0 ? 0.0 : 0.5); }
    };
    // The character at x, baseline (mm) on the picture against FreeType; only in the dots of its own box.
    Compared compare(const Picture& picture, char32_t c, double x_mm, double baseline_mm, double points,
                     const Ground& ground = {}) {
        const double dots = kDpi / 25.4, x = x_mm * dots, y = baseline_mm * dots;
        const int left = static_cast<int>(std::floor(x)), base = static_cast<int>(std::floor(y));
        std::map<std::pair<int, int>, double> wanted;
        draw(c, points, x - left, y - base, [&](int dx, int dy, double ink) { wanted[{dx, dy}] = ink; });
        const double em = points * kDpi / 72;
        const int width = static_cast<int>(fonts().advance(c) * em);
        Compared result;
        for (int dy = static_cast<int>(-em); dy < static_cast<int>(0.25 * em); ++dy) {
            for (int dx = 0; dx < width; ++dx) {
                const auto at = wanted.find({dx, dy});
                const double want = at == wanted.end() ? 0 : at->second;
                result.expected += want;
                const double missing = want - picture.ink(left + dx, base + dy, ground);
                result.difference += ground.rimmed ? std::max(0.0, missing) : std::abs(missing);
            }
        }
        return result;
    }

    // Poppler puts glyphs at quarters of a dot across and at whole dots down: the best of the places around.
    static constexpr double kSlack = 4;  // dots; a blank 1 of 9 points differs by 45
    Compared near(const Picture& picture, char32_t c, double x_mm, double baseline_mm, double points, const Ground& ground) {
        constexpr double kDot = 25.4 / kDpi;
        Compared best{1, 1e9};
        for (const double down : {0.0, -0.25, 0.25, -0.5, 0.5, -0.75, 0.75}) {
            for (const double across : {0.0, -0.25, 0.25, -0.5, 0.5}) {
                const Compared here = compare(picture, c, x_mm + across * kDot, baseline_mm + down * kDot, points, ground);
                if (here.difference < best.difference) best = here;
                if (best.same(kSlack)) return best;
            }
        }
        return best;
    }

    // A grid of characters at whole dots, far enough apart.
    static constexpr int kAcross = 30, kDown = 40;
    static constexpr double kStep = 6.35;  // mm: 54 dots at 216 dpi
    static Paper grid(const std::u32string& characters) {
        Paper paper;
        for (size_t i = 0; i < characters.size(); ++i) {
            const size_t place = i % (kAcross * kDown);
            if (place == 0) paper.pages.push_back({kStep * (kAcross + 1), kStep * (kDown + 1), {}});
            const double x = kStep * (0.5 + static_cast<double>(place % kAcross));
            const double baseline = kStep * (1.0 + static_cast<double>(place / kAcross));
            paper.pages.back().marks.push_back(
                TextMark{x, baseline, 12, Weight::regular, kBlack, utf8(characters[i]), {x, baseline - 4, 6, 5}});
        }
        return paper;
    }

    std::u32string wrong_in(const Paper& drawn, const Paper& asked) {
        std::u32string wrong;
        const auto pdf = pdf_of(drawn, fonts());
        EXPECT_TRUE(pdf) << (pdf ? "" : pdf.error().message);
        if (!pdf) return U"?";
        const auto pictures = rendered(*pdf);
        EXPECT_EQ(pictures.size(), asked.pages.size());
        for (size_t i = 0; i < pictures.size() && i < asked.pages.size(); ++i) {
            for (const Mark& mark : asked.pages[i].marks) {
                const auto& text = std::get<TextMark>(mark);
                const char32_t c = code_points(text.text)[0];
                if (!compare(pictures[i], c, text.x, text.baseline, text.size).same()) wrong += c;
            }
        }
        return wrong;
    }

private:
    FT_Library library_ = nullptr;
    std::map<std::pair<std::string, long>, FT_Face> faces_;
};

std::string to_text(const std::u32string& characters) {
    std::string text;
    for (const char32_t c : characters) text += utf8(c);
    return text;
}

// The 6,763 Han characters of GB 2312: rows 16 to 87.
std::u32string gb2312() {
    std::u32string all;
    iconv_t converter = iconv_open("UTF-8", "GB2312");
    for (int row = 0xB0; row <= 0xF7; ++row) {
        for (int cell = 0xA1; cell <= 0xFE; ++cell) {
            char in[2] = {static_cast<char>(row), static_cast<char>(cell)}, out[8];
            char *from = in, *to = out;
            size_t left = 2, room = sizeof out;
            if (iconv(converter, &from, &left, &to, &room) == static_cast<size_t>(-1)) {
                iconv(converter, nullptr, nullptr, nullptr, nullptr);
                continue;
            }
            all += code_points(std::string_view(out, static_cast<size_t>(to - out)));
        }
    }
    iconv_close(converter);
    return all;
}

}  // namespace

TEST_F(InkTest, EveryCharacterOfGb2312IsInked) {
    const std::u32string characters = gb2312();
    ASSERT_EQ(characters.size(), 6763U);
    const Paper paper = grid(characters);
    const auto wrong = wrong_in(paper, paper);
    EXPECT_TRUE(wrong.empty()) << wrong.size() << " " << to_text(wrong);
}

TEST_F(InkTest, RarerCharactersAreInked) {
    const std::u32string common = gb2312();
    const std::set<char32_t> known(common.begin(), common.end());
    std::u32string rare = U"垚龘㐱䶮犇骉";
    for (char32_t c = 0x3400; c <= 0x9FFF && rare.size() < 2000; c += 11)
        if (!known.contains(c) && fonts().source(c) != GlyphSource::none) rare += c;
    for (char32_t c = 0x4E05; c <= 0x9FFF && rare.size() < 2000; c += 13)
        if (!known.contains(c) && fonts().source(c) != GlyphSource::none) rare += c;
    ASSERT_EQ(rare.size(), 2000U);
    const Paper paper = grid(rare);
    const auto wrong = wrong_in(paper, paper);
    EXPECT_TRUE(wrong.empty()) << wrong.size() << " " << to_text(wrong);
}

TEST_F(InkTest, CharactersOutsideTheBmpAndPunctuationAreInked) {
    std::u32string outside = U"𠮷𬭎";
    for (char32_t c = 0x20000; c <= 0x2FA1D && outside.size() < 202; c += 7)
        if (fonts().source(c) == GlyphSource::outline) outside += c;
    ASSERT_GE(outside.size(), 200U);
    outside += U"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz¥⊗（）《》：，。·×éüñⅧ①°%&@#*/-+";
    const Paper paper = grid(outside);
    const auto wrong = wrong_in(paper, paper);
    EXPECT_TRUE(wrong.empty()) << wrong.size() << " " << to_text(wrong);
}

// The gate must be able to fail: a missing character, and another one in its place.
TEST_F(InkTest, TheComparisonNoticesABlankAndAWrongCharacter) {
    const Paper asked = grid(U"电子印章𠮷");
    Paper drawn = asked;
    drawn.pages[0].marks.erase(drawn.pages[0].marks.begin() + 4);
    std::get<TextMark>(drawn.pages[0].marks[1]).text = "了";
    EXPECT_EQ(wrong_in(drawn, asked), U"子𠮷");
}

// The documents themselves: every character where it stands, in its colour on its ground.
TEST_F(InkTest, DocumentsAreInked) {
    Label label = samples::label();
    label.recipient.unit = "𠮷祥垚鑫建设工程有限公司";
    const std::pair<const char*, Result<Paper>> papers[] = {
        {"label", layout_labels({label}, fonts())},
        {"middle label", layout_labels({label}, fonts(), LabelSize::mm100x150)},
        {"small label", layout_labels({label}, fonts(), LabelSize::mm76x130)},
        {"invoice", layout_invoice(samples::invoice(), fonts())},
        {"invoice form", layout_invoice(samples::invoice(), fonts(), {InvoicePaper::form_241x140})},
        {"daily", layout_daily_report(samples::daily_report(), fonts())},
        {"slip", layout_packing_slip(samples::packing_slip(), fonts())},
        {"receipt", layout_pickup_receipt(samples::pickup_receipt(), fonts())},
        {"manifest", layout_manifest(samples::manifest(), fonts())},
        {"PIN letter", layout_pin_letter(samples::pin_letter(), "O0l1-Kq7P", fonts())}};
    for (const auto& [name, paper] : papers) {
        ASSERT_TRUE(paper) << paper.error().message;
        const auto pdf = pdf_of(*paper, fonts());
        ASSERT_TRUE(pdf) << pdf.error().message;
        const auto pictures = rendered(*pdf);
        ASSERT_GE(pictures.size(), 1U);
        size_t compared = 0;
        std::vector<FillMark> fills;
        std::u32string wrong;
        for (const Mark& mark : paper->pages[0].marks) {
            if (const auto* fill = std::get_if<FillMark>(&mark)) fills.push_back(*fill);
            const auto* text = std::get_if<TextMark>(&mark);
            if (!text) continue;
            Ground ground{255, grey_of(text->colour), text->weight == Weight::bold};
            for (const FillMark& fill : fills)
                if (fill.area.x <= text->x && text->x < fill.area.right() && fill.area.y < text->baseline &&
                    text->baseline <= fill.area.bottom())
                    ground.paper = grey_of(fill.colour);
            double x = text->x;
            for (const char32_t c : code_points(text->text)) {
                if (!near(pictures[0], c, x, text->baseline, text->size, ground).same(kSlack)) wrong += c;
                ++compared;
                x += fonts().advance(c) * text->size / kPointsPerMm;
            }
        }
        EXPECT_GT(compared, 80U) << name;
        EXPECT_TRUE(wrong.empty()) << name << ": " << to_text(wrong);
        for (const auto& entry : fs::directory_iterator(folder_)) fs::remove(entry.path());
    }
}
