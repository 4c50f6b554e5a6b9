#include "reports/fonts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include <harfbuzz/hb-subset.h>
#include <harfbuzz/hb.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <algorithm>
#include <mutex>
#include <tuple>
#include <unordered_map>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::reports {
namespace {

template <auto Drop>
struct Dropper {
    template <class T>
    void operator()(T* thing) const {
        Drop(thing);
    }
};
using Library = std::unique_ptr<std::remove_pointer_t<FT_Library>, Dropper<FT_Done_FreeType>>;
using Face = std::unique_ptr<std::remove_pointer_t<FT_Face>, Dropper<FT_Done_Face>>;
using CharSet = std::unique_ptr<FcCharSet, Dropper<FcCharSetDestroy>>;
using Pattern = std::unique_ptr<FcPattern, Dropper<FcPatternDestroy>>;
using ObjectSet = std::unique_ptr<FcObjectSet, Dropper<FcObjectSetDestroy>>;
using FontSet = std::unique_ptr<FcFontSet, Dropper<FcFontSetDestroy>>;
using Config = std::unique_ptr<FcConfig, Dropper<FcConfigDestroy>>;
using Blob = std::unique_ptr<hb_blob_t, Dropper<hb_blob_destroy>>;
using HbFace = std::unique_ptr<hb_face_t, Dropper<hb_face_destroy>>;
using CutInput = std::unique_ptr<hb_subset_input_t, Dropper<hb_subset_input_destroy>>;

// A font file in memory as it is on the disk; 16 MB, of which a document needs little.
class Mapped {
public:
    explicit Mapped(const std::string& path) {
        const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
        struct stat facts {};
        if (file >= 0 && fstat(file, &facts) == 0 && facts.st_size > 0) {
            size_ = static_cast<size_t>(facts.st_size);
            void* at = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
            bytes_ = at == MAP_FAILED ? nullptr : at;
        }
        if (file >= 0) close(file);
    }
    ~Mapped() {
        if (bytes_) munmap(bytes_, size_);
    }
    Mapped(const Mapped&) = delete;
    Mapped& operator=(const Mapped&) = delete;

    explicit operator bool() const { return bytes_ != nullptr; }
    const FT_Byte* bytes() const { return static_cast<const FT_Byte*>(bytes_); }
    size_t size() const { return size_; }
    // Back to the page cache until they are needed again.
    void give_back() const { madvise(bytes_, size_, MADV_DONTNEED); }

private:
    void* bytes_ = nullptr;
    size_t size_ = 0;
};

struct Installed {
    Fonts::Place place;
    std::string family;
    bool truetype = false, chinese = false;
    int rank = 0;  // smaller is asked first
    CharSet characters;
    Face face;  // opened when first needed
};

std::string text_in(FcPattern* pattern, const char* object) {
    FcChar8* text = nullptr;
    if (FcPatternGetString(pattern, object, 0, &text) != FcResultMatch) return {};
    return reinterpret_cast<const char*>(text);
}
int number_in(FcPattern* pattern, const char* object, int otherwise) {
    int number = 0;
    return FcPatternGetInteger(pattern, object, 0, &number) == FcResultMatch ? number : otherwise;
}

// The order must not depend on fontconfig's cache, or the same input would give other bytes tomorrow.
int rank_of(const Installed& font, Letters letters, int weight, int slant) {
    int rank = 50;
    if (font.chinese) rank = 20;
    if (font.family.find("CJK SC") != std::string::npos) rank = font.family.find("Sans") != std::string::npos ? 5 : 8;
    if (font.truetype && font.chinese) rank = 10;
    if (font.family == "WenQuanYi Zen Hei") rank = 0;
    if (font.family.find("Mono") != std::string::npos) rank += 3;
    if (letters == Letters::song && font.family.find("Serif CJK SC") != std::string::npos) rank = -1;
    if (weight > FC_WEIGHT_MEDIUM || weight < FC_WEIGHT_BOOK) rank += 100;
    if (slant != FC_SLANT_ROMAN) rank += 100;
    return rank;
}

std::vector<Installed> installed_fonts(Letters letters) {
    std::vector<Installed> found;
    const Config config(FcInitLoadConfigAndFonts());
    const Pattern wanted(FcPatternCreate());
    FcPatternAddBool(wanted.get(), FC_OUTLINE, FcTrue);
    const ObjectSet objects(FcObjectSetBuild(FC_FILE, FC_INDEX, FC_FAMILY, FC_FONTFORMAT, FC_CHARSET, FC_LANG, FC_WEIGHT,
                                             FC_SLANT, FC_COLOR, FC_VARIABLE, static_cast<char*>(nullptr)));
    const FontSet list(FcFontList(config.get(), wanted.get(), objects.get()));
    if (!list) return found;
    for (int i = 0; i < list->nfont; ++i) {
        FcPattern* pattern = list->fonts[i];
        FcBool flag = FcFalse;
        if (FcPatternGetBool(pattern, FC_COLOR, 0, &flag) == FcResultMatch && flag) continue;  // pictures, no outlines
        if (FcPatternGetBool(pattern, FC_VARIABLE, 0, &flag) == FcResultMatch && flag) continue;
        FcCharSet* characters = nullptr;
        if (FcPatternGetCharSet(pattern, FC_CHARSET, 0, &characters) != FcResultMatch) continue;
        Installed font;
        font.place = {text_in(pattern, FC_FILE), number_in(pattern, FC_INDEX, 0) & 0xFFFF};
        font.family = text_in(pattern, FC_FAMILY);
        font.truetype = text_in(pattern, FC_FONTFORMAT) == "TrueType";
        FcLangSet* languages = nullptr;
        font.chinese = FcPatternGetLangSet(pattern, FC_LANG, 0, &languages) == FcResultMatch &&
                       FcLangSetHasLang(languages, reinterpret_cast<const FcChar8*>("zh-cn")) != FcLangDifferentLang;
        font.rank = rank_of(font, letters, number_in(pattern, FC_WEIGHT, FC_WEIGHT_REGULAR),
                            number_in(pattern, FC_SLANT, FC_SLANT_ROMAN));
        font.characters.reset(FcCharSetCopy(characters));
        found.push_back(std::move(font));
    }
    std::sort(found.begin(), found.end(), [](const Installed& a, const Installed& b) {
        return std::tie(a.rank, a.place.file, a.place.index) < std::tie(b.rank, b.place.file, b.place.index);
    });
    return found;
}

bool is_blank(char32_t c) { return c == U' ' || c == 0xA0 || c == 0x3000; }

// Characters whose form or place depends on their neighbours need a shaper; one by one they would print wrong.
bool stands_alone(char32_t c) {
    hb_unicode_funcs_t* unicode = hb_unicode_funcs_get_default();
    switch (hb_unicode_general_category(unicode, c)) {
        case HB_UNICODE_GENERAL_CATEGORY_CONTROL:
        case HB_UNICODE_GENERAL_CATEGORY_FORMAT:
        case HB_UNICODE_GENERAL_CATEGORY_SURROGATE:
        case HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK:
        case HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK:
        case HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK:
        case HB_UNICODE_GENERAL_CATEGORY_LINE_SEPARATOR:
        case HB_UNICODE_GENERAL_CATEGORY_PARAGRAPH_SEPARATOR: return false;
        default: break;
    }
    switch (hb_unicode_script(unicode, c)) {
        case HB_SCRIPT_COMMON:
        case HB_SCRIPT_UNKNOWN:
        case HB_SCRIPT_HAN:
        case HB_SCRIPT_LATIN:
        case HB_SCRIPT_GREEK:
        case HB_SCRIPT_CYRILLIC:
        case HB_SCRIPT_HIRAGANA:
        case HB_SCRIPT_KATAKANA:
        case HB_SCRIPT_HANGUL:
        case HB_SCRIPT_BOPOMOFO:
        case HB_SCRIPT_YI:
        case HB_SCRIPT_ARMENIAN:
        case HB_SCRIPT_GEORGIAN: return true;
        default: return false;
    }
}

// FreeType hands out an outline step by step; curves of the second degree are raised to the third.
struct PathPen {
    std::vector<PathStep>* steps;
    double em, x, y;

    static PathPen& of(void* pen) { return *static_cast<PathPen*>(pen); }
    void add(PathStep step) {
        const int last = step.kind == PathStep::Kind::curve ? 2 : 0;
        x = step.x[last];
        y = step.y[last];
        steps->push_back(step);
    }
    static int move(const FT_Vector* to, void* pen) {
        PathPen& p = of(pen);
        p.add({PathStep::Kind::move, {p.ems(to->x)}, {p.ems(to->y)}});
        return 0;
    }
    static int line(const FT_Vector* to, void* pen) {
        PathPen& p = of(pen);
        p.add({PathStep::Kind::line, {p.ems(to->x)}, {p.ems(to->y)}});
        return 0;
    }
    static int conic(const FT_Vector* by, const FT_Vector* to, void* pen) {
        PathPen& p = of(pen);
        const double bx = p.ems(by->x), by_y = p.ems(by->y), tx = p.ems(to->x), ty = p.ems(to->y);
        p.add({PathStep::Kind::curve,
               {p.x + (bx - p.x) * 2 / 3, tx + (bx - tx) * 2 / 3, tx},
               {p.y + (by_y - p.y) * 2 / 3, ty + (by_y - ty) * 2 / 3, ty}});
        return 0;
    }
    static int cubic(const FT_Vector* a, const FT_Vector* b, const FT_Vector* to, void* pen) {
        PathPen& p = of(pen);
        p.add({PathStep::Kind::curve, {p.ems(a->x), p.ems(b->x), p.ems(to->x)}, {p.ems(a->y), p.ems(b->y), p.ems(to->y)}});
        return 0;
    }
    double ems(FT_Pos units) const { return static_cast<double>(units) / em; }
};

}  // namespace

struct Fonts::Shelf {
    struct Known {
        GlyphSource source = GlyphSource::none;
        double advance = 0, scale = 1;
        size_t font = 0;
    };

    mutable std::mutex mutex;
    Library library;
    std::unique_ptr<Mapped> main_file;  // once for FreeType and HarfBuzz
    Letters letters = Letters::plain;
    std::vector<Installed> fonts;
    size_t main = 0;
    HbFace main_face;
    std::unordered_map<char32_t, Known> known;

    FT_Face face_of(size_t font) {
        Installed& installed = fonts[font];
        if (!installed.face) {
            FT_Face face = nullptr;
            if (font == main && main_file) {
                if (FT_New_Memory_Face(library.get(), main_file->bytes(), static_cast<FT_Long>(main_file->size()),
                                       installed.place.index, &face) != 0)
                    return nullptr;
            } else if (FT_New_Face(library.get(), installed.place.file.c_str(), installed.place.index, &face) != 0) {
                return nullptr;
            }
            installed.face.reset(face);
        }
        return installed.face.get();
    }

    // Loads the glyph in font units; false when the font lacks it or has it without ink.
    bool load(size_t font, char32_t c, FT_Int32 flags) {
        FT_Face face = face_of(font);
        if (!face || face->units_per_EM == 0) return false;
        const FT_UInt glyph = FT_Get_Char_Index(face, c);
        if (glyph == 0 || FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE | flags) != 0) return false;
        return true;
    }

    const Known& ask(char32_t c) {
        const auto at = known.find(c);
        return at != known.end() ? at->second : known.emplace(c, look_up(c)).first->second;
    }

    Known look_up(char32_t c) {
        if (!stands_alone(c)) return {};
        if (letters == Letters::plain && c <= 0xFFFF && load(main, c, FT_LOAD_NO_RECURSE) && has_ink(main, c) &&
            scale_in(main) == 1)
            return {GlyphSource::main, advance_in(main), 1, main};
        for (size_t i = 0; i < fonts.size(); ++i) {
            if (!FcCharSetHasChar(fonts[i].characters.get(), c) || !load(i, c, FT_LOAD_NO_BITMAP) || !has_ink(i, c)) continue;
            const double scale = scale_in(i);
            return {GlyphSource::outline, advance_in(i) * scale, scale, i};
        }
        return {};
    }

    // These three speak of the glyph loaded last.
    bool has_ink(size_t font, char32_t c) {
        const FT_GlyphSlot slot = face_of(font)->glyph;
        return slot->format == FT_GLYPH_FORMAT_OUTLINE && (slot->outline.n_points > 0 || is_blank(c));
    }
    double advance_in(size_t font) {
        const FT_Face face = face_of(font);
        return static_cast<double>(face->glyph->metrics.horiAdvance) / face->units_per_EM;
    }
    double scale_in(size_t font) {
        const FT_Face face = face_of(font);
        FT_BBox box{};
        FT_Outline_Get_CBox(&face->glyph->outline, &box);
        const double up = static_cast<double>(box.yMax) / face->units_per_EM,
                     down = -static_cast<double>(box.yMin) / face->units_per_EM;
        return std::min({1.0, up > kAscent ? kAscent / up : 1.0, down > kDescent ? kDescent / down : 1.0});
    }
};

Fonts::Fonts(std::unique_ptr<Shelf> shelf) : shelf_(std::move(shelf)) {}
Fonts::Fonts(Fonts&&) noexcept = default;
Fonts& Fonts::operator=(Fonts&&) noexcept = default;
Fonts::~Fonts() = default;

Result<Fonts> Fonts::find(Letters letters) {
    auto shelf = std::make_unique<Shelf>();
    FT_Library library = nullptr;
    if (FT_Init_FreeType(&library) != 0) return fail(ErrorKind::internal, tr("字体引擎无法启动"), "FT_Init_FreeType");
    shelf->library.reset(library);
    shelf->letters = letters;
    shelf->fonts = installed_fonts(letters);
    const auto main = std::find_if(shelf->fonts.begin(), shelf->fonts.end(),
                                   [](const Installed& font) { return font.truetype && font.chinese; });
    if (main == shelf->fonts.end())
        return fail(ErrorKind::unavailable, tr("没有安装可用于打印的中文 TrueType 字体，请安装 fonts-wqy-zenhei"));
    shelf->main = static_cast<size_t>(main - shelf->fonts.begin());
    shelf->main_file = std::make_unique<Mapped>(main->place.file);
    if (!*shelf->main_file || !shelf->face_of(shelf->main))
        return fail(ErrorKind::unavailable, trf("字体文件 {} 无法读取", main->place.file));
    const Blob blob(hb_blob_create(reinterpret_cast<const char*>(shelf->main_file->bytes()),
                                   static_cast<unsigned>(shelf->main_file->size()), HB_MEMORY_MODE_READONLY, nullptr, nullptr));
    shelf->main_face.reset(hb_face_create(blob.get(), static_cast<unsigned>(main->place.index)));
    return Fonts(std::move(shelf));
}

GlyphSource Fonts::source(char32_t c) const {
    const std::lock_guard lock(shelf_->mutex);
    return shelf_->ask(c).source;
}

double Fonts::advance(char32_t c) const {
    const std::lock_guard lock(shelf_->mutex);
    return shelf_->ask(c).advance;
}

std::vector<Glyph> Fonts::glyphs(std::u32string_view text) const {
    const std::lock_guard lock(shelf_->mutex);
    std::vector<Glyph> all;
    all.reserve(text.size());
    for (const char32_t c : text) {
        const auto& known = shelf_->ask(c);
        all.push_back({known.source, known.advance});
    }
    return all;
}

double Fonts::width(std::string_view utf8, double size_points) const {
    double ems = 0;
    for (const Glyph& glyph : glyphs(code_points(utf8))) ems += glyph.advance;
    return ems * size_points * 25.4 / 72.0;
}

std::vector<PathStep> Fonts::outline(char32_t c) const {
    const std::lock_guard lock(shelf_->mutex);
    const auto known = shelf_->ask(c);
    std::vector<PathStep> steps;
    if (known.source == GlyphSource::none || !shelf_->load(known.font, c, FT_LOAD_NO_BITMAP)) return steps;
    const FT_Face face = shelf_->face_of(known.font);
    PathPen pen{&steps, static_cast<double>(face->units_per_EM) / known.scale, 0, 0};
    const FT_Outline_Funcs calls{&PathPen::move, &PathPen::line, &PathPen::conic, &PathPen::cubic, 0, 0};
    FT_Outline_Decompose(&face->glyph->outline, &calls, &pen);
    return steps;
}

Result<> Fonts::check(std::string_view text) const {
    if (!is_utf8(text)) return refused(tr("文字不是有效的 UTF-8，不能打印"));
    const std::u32string characters = code_points(text);
    const std::vector<Glyph> known = glyphs(characters);
    for (size_t i = 0; i < characters.size(); ++i) {
        if (known[i].source != GlyphSource::none) continue;
        const char32_t c = characters[i];
        const std::string code = fmt::format("U+{:04X}", static_cast<unsigned>(c));
        hb_unicode_funcs_t* unicode = hb_unicode_funcs_get_default();
        const auto category = hb_unicode_general_category(unicode, c);
        if (category == HB_UNICODE_GENERAL_CATEGORY_CONTROL || category == HB_UNICODE_GENERAL_CATEGORY_FORMAT ||
            category == HB_UNICODE_GENERAL_CATEGORY_LINE_SEPARATOR || category == HB_UNICODE_GENERAL_CATEGORY_PARAGRAPH_SEPARATOR)
            return refused(trf("文字里有看不见的控制字符 {}，不能打印", code));
        if (!stands_alone(c)) return refused(trf("字符“{}”（{}）需要连写排版，不能打印", utf8(c), code));
        return refused(trf("没有字体能打印字符“{}”（{}）", utf8(c), code));
    }
    return {};
}

Result<std::string> Fonts::cut(const std::set<char32_t>& characters) const {
    const std::lock_guard lock(shelf_->mutex);
    const CutInput input(hb_subset_input_create_or_fail());
    if (!input) return fail(ErrorKind::internal, tr("字体无法裁剪"), "hb_subset_input_create_or_fail");
    hb_subset_input_set_flags(input.get(), HB_SUBSET_FLAGS_NO_HINTING);
    // Text is placed glyph by glyph: tables for shaping and for vertical lines would only add what is never shown.
    hb_set_t* dropped = hb_subset_input_set(input.get(), HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (const char* table : {"GSUB", "GPOS", "GDEF", "BASE", "JSTF", "kern", "vhea", "vmtx", "VORG", "gasp"})
        hb_set_add(dropped, hb_tag_from_string(table, 4));
    hb_set_t* wanted = hb_subset_input_unicode_set(input.get());
    for (const char32_t c : characters) hb_set_add(wanted, c);
    const HbFace face(hb_subset_or_fail(shelf_->main_face.get(), input.get()));
    if (!face) return fail(ErrorKind::internal, tr("字体无法裁剪"), "hb_subset_or_fail");
    const Blob blob(hb_face_reference_blob(face.get()));
    shelf_->main_file->give_back();
    unsigned size = 0;
    const char* bytes = hb_blob_get_data(blob.get(), &size);
    if (size == 0) return fail(ErrorKind::internal, tr("字体无法裁剪"), "empty subset");
    return std::string(bytes, size);
}

Fonts::Place Fonts::main_font() const { return shelf_->fonts[shelf_->main].place; }

Fonts::Place Fonts::font_of(char32_t c) const {
    const std::lock_guard lock(shelf_->mutex);
    const auto& known = shelf_->ask(c);
    return known.source == GlyphSource::none ? Place{} : shelf_->fonts[known.font].place;
}

}  // namespace sealdesk::reports
