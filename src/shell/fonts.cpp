#include "shell/fonts.h"

#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/translate.h"
#include FT_FREETYPE_H
#include <misc/freetype/imgui_freetype.h>

namespace sealdesk::shell {

struct FontFiles::File {
    std::string path;
    void* bytes = MAP_FAILED;
    size_t size = 0;
    ~File() {
        if (bytes != MAP_FAILED) munmap(bytes, size);
    }
};

FontFiles::FontFiles() = default;
FontFiles::FontFiles(FontFiles&&) noexcept = default;
FontFiles& FontFiles::operator=(FontFiles&&) noexcept = default;
FontFiles::~FontFiles() = default;

FontFiles::File* FontFiles::mapped(const std::string& path) {
    for (const auto& file : files_)
        if (file->path == path) return file.get();
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return nullptr;
    struct stat info {};
    auto file = std::make_unique<File>();
    if (fstat(fd, &info) == 0 && info.st_size > 0 && info.st_size < (1 << 30)) {
        file->path = path;
        file->size = static_cast<size_t>(info.st_size);
        file->bytes = mmap(nullptr, file->size, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    close(fd);
    if (file->bytes == MAP_FAILED) return nullptr;
    files_.push_back(std::move(file));
    return files_.back().get();
}

namespace {

struct Deleter {
    void operator()(FcPattern* p) const { FcPatternDestroy(p); }
    void operator()(FcFontSet* s) const { FcFontSetDestroy(s); }
    void operator()(FcCharSet* s) const { FcCharSetDestroy(s); }
};
template <class T>
using Held = std::unique_ptr<T, Deleter>;

const FcChar8* bytes_of(const char* text) { return reinterpret_cast<const FcChar8*>(text); }

// Characters whose presence makes a font worth having behind the first: Han beyond the common planes, and signs.
Held<FcCharSet> wanted_characters() {
    Held<FcCharSet> set(FcCharSetCreate());
    const auto range = [&](FcChar32 from, FcChar32 to) {
        for (FcChar32 c = from; c <= to; ++c) FcCharSetAddChar(set.get(), c);
    };
    range(0x2190, 0x21ff);    // arrows
    range(0x2e80, 0x2fff);    // radicals, description characters
    range(0x3400, 0x4dbf);    // extension A
    range(0x4e00, 0x9fff);    // the common block
    range(0x20000, 0x323af);  // extensions B to H
    return set;
}

}  // namespace

ImFont* FontFiles::add(ImFontAtlas& atlas, bool bold, bool* found) {
    // Sorted by nearness to what we would like best; the first that has Chinese characters is the screen font.
    Held<FcPattern> pattern(FcPatternCreate());
    FcPatternAddString(pattern.get(), FC_FAMILY, bytes_of("Noto Sans CJK SC"));
    FcPatternAddString(pattern.get(), FC_FAMILY, bytes_of("Source Han Sans SC"));
    FcPatternAddString(pattern.get(), FC_FAMILY, bytes_of("WenQuanYi Zen Hei"));
    FcPatternAddString(pattern.get(), FC_FAMILY, bytes_of("sans-serif"));
    FcPatternAddString(pattern.get(), FC_LANG, bytes_of("zh-cn"));
    FcPatternAddInteger(pattern.get(), FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
    FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
    FcConfigSubstitute(nullptr, pattern.get(), FcMatchPattern);
    FcDefaultSubstitute(pattern.get());
    FcResult result = FcResultMatch;
    Held<FcFontSet> sorted(FcFontSort(nullptr, pattern.get(), FcFalse, nullptr, &result));
    if (!sorted) return nullptr;

    Held<FcCharSet> missing = wanted_characters();
    ImFont* font = nullptr;
    int loaded = 0;
    for (int i = 0; i < sorted->nfont && loaded < 6; ++i) {
        FcChar8* file = nullptr;
        int index = 0;
        FcBool colour = FcFalse, scalable = FcFalse;
        FcCharSet* has = nullptr;
        FcPattern* candidate = sorted->fonts[i];
        if (FcPatternGetString(candidate, FC_FILE, 0, &file) != FcResultMatch) continue;
        if (FcPatternGetCharSet(candidate, FC_CHARSET, 0, &has) != FcResultMatch) continue;
        FcPatternGetInteger(candidate, FC_INDEX, 0, &index);
        FcPatternGetBool(candidate, FC_COLOR, 0, &colour);
        if (FcPatternGetBool(candidate, FC_SCALABLE, 0, &scalable) == FcResultMatch && !scalable) continue;
        if (colour) continue;
        if (!font && !FcCharSetHasChar(has, U'章')) continue;                   // the first must have Chinese
        if (FcCharSetIntersectCount(missing.get(), has) < 8 && font) continue;  // nothing that we lack
        File* mapped_file = mapped(reinterpret_cast<const char*>(file));
        if (!mapped_file) continue;
        ImFontConfig config;
        config.FontDataOwnedByAtlas = false;
        config.FontNo = static_cast<ImU32>(index & 0xffff);
        config.MergeMode = font != nullptr;
        ImFont* added = atlas.AddFontFromMemoryTTF(mapped_file->bytes, static_cast<int>(mapped_file->size), 16.0f, &config);
        if (!added) continue;
        if (!font) font = added;
        *found = true;
        ++loaded;
        missing.reset(FcCharSetSubtract(missing.get(), has));
    }
    return font;
}

// Line height in units of the letter size: Dear ImGui sizes fonts by their line.
static float line_of(const ImFont& font) {
    const ImFontConfig& source = *font.Sources[0];
    FT_Library library = nullptr;
    if (FT_Init_FreeType(&library) != 0) return 1;
    FT_Face face = nullptr;
    float line = 1;
    if (FT_New_Memory_Face(library, static_cast<const FT_Byte*>(source.FontData), source.FontDataSize,
                           static_cast<FT_Long>(source.FontNo), &face) == 0) {
        if (face->units_per_EM > 0)
            line = static_cast<float>(face->ascender - face->descender) / static_cast<float>(face->units_per_EM);
        FT_Done_Face(face);
    }
    FT_Done_FreeType(library);
    return std::clamp(line, 0.8f, 2.0f);
}

Result<kit::Fonts> FontFiles::load(ImFontAtlas& atlas) {
    if (!FcInit()) return fail(ErrorKind::internal, tr("无法读取系统字体"), "FcInit");
    atlas.FontLoaderFlags |= ImGuiFreeTypeLoaderFlags_LightHinting;
    bool found = false;
    kit::Fonts fonts;
    fonts.regular = add(atlas, false, &found);
    fonts.bold = add(atlas, true, &found);
    if (!fonts.regular) return fail(ErrorKind::internal, tr("没有安装中文字体，请安装 fonts-noto-cjk"), "fontconfig");
    if (!fonts.bold) fonts.bold = fonts.regular;
    fonts.line = line_of(*fonts.regular);
    return fonts;
}

}  // namespace sealdesk::shell
