#include "reports/pdf.h"

#include <fmt/format.h>
#include <hpdf.h>
#include <hpdf_doc.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <iterator>
#include <set>

#include "base/text.h"
#include "base/translate.h"
#include "reports/page_operators.h"

namespace sealdesk::reports {
namespace {

struct DropDocument {
    void operator()(HPDF_Doc document) const { HPDF_Free(document); }
};
using Document = std::unique_ptr<std::remove_pointer_t<HPDF_Doc>, DropDocument>;

Failure failed(HPDF_Doc document, const char* step) {
    return fail(ErrorKind::internal, tr("PDF 无法生成"),
                fmt::format("libharu {} {:#x} {}", step, HPDF_GetError(document), HPDF_GetErrorDetail(document)));
}

// Our objects have the numbers from here on, libharu's those below: with one font it makes fifteen.
constexpr unsigned kFirstOwn = 64;
constexpr unsigned kResources = kFirstOwn;

unsigned number_of(const void* object) { return static_cast<const HPDF_Obj_Header*>(object)->obj_id & 0x00FFFFFF; }

// What libharu is good at: the font, its encoding and its maps, the catalogue and the document's title.
struct Frame {
    std::string bytes;  // the objects, one after the other
    struct Place {
        unsigned number = 0;
        size_t offset = 0;  // in `bytes`
    };
    std::vector<Place> places;
    unsigned catalogue = 0, pages = 0, info = 0, font = 0, to_unicode = 0;
};

// libharu reads fonts from named files only; this one has a name but no place on the disk.
Result<HPDF_Font> load_font(HPDF_Doc document, const std::string& bytes) {
    const int file = memfd_create("font", MFD_CLOEXEC);
    if (file < 0) return fail(ErrorKind::internal, tr("PDF 无法生成"), "memfd_create");
    const bool written = write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
    const std::string path = fmt::format("/proc/self/fd/{}", file);
    const char* name = written ? HPDF_LoadTTFontFromFile(document, path.c_str(), HPDF_TRUE) : nullptr;
    close(file);
    if (!name) return failed(document, "font");
    HPDF_UseUTFEncodings(document);
    HPDF_Font font = HPDF_GetFont(document, name, "UTF-8");
    if (!font) return failed(document, "encoding");
    return font;
}

Result<Frame> frame_of(const std::string& title, const std::string& cut, const std::set<char32_t>& used) {
    const Document document(HPDF_New(nullptr, nullptr));
    if (!document) return fail(ErrorKind::internal, tr("PDF 无法生成"), "HPDF_New");
    HPDF_SetCompressionMode(document.get(), HPDF_COMP_ALL);
    SEALDESK_LET(font, load_font(document.get(), cut));
    HPDF_SetCurrentEncoder(document.get(), "UTF-8");
    HPDF_SetInfoAttr(document.get(), HPDF_INFO_TITLE, title.c_str());
    // libharu embeds the glyphs whose widths were asked for.
    std::string text;
    const auto ask = [&] {
        HPDF_Font_TextWidth(font, reinterpret_cast<const HPDF_BYTE*>(text.data()), static_cast<HPDF_UINT>(text.size()));
        text.clear();
    };
    for (const char32_t c : used) {
        text += utf8(c);
        if (text.size() > 1000) ask();
    }
    ask();
    if (HPDF_SaveToStream(document.get()) != HPDF_OK || HPDF_GetError(document.get()) != HPDF_OK)
        return failed(document.get(), "save");
    Frame frame;
    frame.bytes.resize(HPDF_GetStreamSize(document.get()));
    auto size = static_cast<HPDF_UINT32>(frame.bytes.size());
    HPDF_ReadFromStream(document.get(), reinterpret_cast<HPDF_BYTE*>(frame.bytes.data()), &size);
    const HPDF_Xref xref = document->xref;
    if (size != frame.bytes.size() || xref->addr > size || xref->entries->count < 2 || xref->entries->count > kFirstOwn)
        return failed(document.get(), "read");
    frame.bytes.resize(xref->addr);  // its own table of objects is not needed
    size_t header = xref->addr;
    for (HPDF_UINT i = 1; i < xref->entries->count; ++i) {
        const auto* entry = static_cast<const HPDF_XrefEntry_Rec*>(xref->entries->obj[i]);
        frame.places.push_back({i, entry->byte_offset});
        header = std::min<size_t>(header, entry->byte_offset);
    }
    frame.bytes.erase(0, header);
    for (Frame::Place& place : frame.places) place.offset -= header;
    frame.catalogue = number_of(document->catalog);
    frame.pages = number_of(document->root_pages);
    frame.info = number_of(document->info);
    frame.font = number_of(font);
    frame.to_unicode = number_of(HPDF_Dict_GetItem(font, "ToUnicode", HPDF_OCLASS_DICT));
    return frame;
}

// libharu 2.3.0 refuses a font whose tables fill its blocks of 4 KB to the last byte, one document in about 2000
// (HPDF_INVALID_OBJECT: it seeks to the end of a memory stream, in a block that is not there yet). A character more in the
// font, and it fits.
Result<Frame> frame_with(const Fonts& fonts, const std::string& title, std::set<char32_t>& used) {
    for (char32_t spare = U'一';; ++spare) {
        SEALDESK_LET(cut, fonts.cut(used));
        Result<Frame> frame = frame_of(title, cut, used);
        if (frame || spare > U'一' + 100) return frame;
        while (used.contains(spare) || fonts.source(spare) != GlyphSource::main) ++spare;
        used.insert(spare);
    }
}

// How a character's number becomes text again (ISO 32000-1, 9.10.3): they are the same. libharu's own map has an operator
// that readers complain about.
std::string to_unicode(const std::set<char32_t>& used) {
    std::string map =
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)"
        "/Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        "1 begincodespacerange<0000><FFFF>endcodespacerange\n";
    constexpr size_t kMost = 100;  // in one block
    const std::vector<char32_t> all(used.begin(), used.end());
    for (size_t from = 0; from < all.size(); from += kMost) {
        const size_t to = std::min(all.size(), from + kMost);
        fmt::format_to(std::back_inserter(map), "{} beginbfchar\n", to - from);
        for (size_t i = from; i < to; ++i)
            fmt::format_to(std::back_inserter(map), "<{0:04X}><{0:04X}>\n", static_cast<unsigned>(all[i]));
        map += "endbfchar\n";
    }
    return map + "endcmap CMapName currentdict/CMap defineresource pop end end\n";
}

// zlib's state is 256 KB: made once, not for each page.
class Deflater {
public:
    Deflater() { good_ = deflateInit(&stream_, 6) == Z_OK; }
    ~Deflater() { deflateEnd(&stream_); }
    Deflater(const Deflater&) = delete;
    Deflater& operator=(const Deflater&) = delete;

    // Nothing when zlib fails.
    std::string_view of(std::string& bytes) {
        if (!good_ || deflateReset(&stream_) != Z_OK) return {};
        room_.resize(deflateBound(&stream_, bytes.size()));
        stream_.next_in = reinterpret_cast<Bytef*>(bytes.data());
        stream_.avail_in = static_cast<uInt>(bytes.size());
        stream_.next_out = reinterpret_cast<Bytef*>(room_.data());
        stream_.avail_out = static_cast<uInt>(room_.size());
        if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) return {};
        return std::string_view(room_).substr(0, stream_.total_out);
    }

private:
    z_stream stream_{};
    bool good_ = false;
    std::string room_;
};

}  // namespace

struct PdfFile::Body {
    const Fonts& fonts;
    std::string title;
    Sink sink;
    size_t given = 0;                                             // bytes that the sink has
    std::string bytes = "%PDF-1.4\n%\xE4\xB8\xAD\xE6\x96\x87\n";  // that it does not have yet
    std::vector<size_t> offsets{0};  // of our objects, from kFirstOwn on; resources first, then page and content in turn
    std::vector<std::pair<double, double>> sizes{};  // of the pages, in points
    std::set<char32_t> used{kCarrier};
    Deflater deflater{};

    void stream(unsigned number, std::string_view packed) {
        fmt::format_to(std::back_inserter(bytes), "{} 0 obj\n<</Length {}/Filter/FlateDecode>>stream\n", number, packed.size());
        bytes += packed;
        bytes += "\nendstream endobj\n";
    }
    size_t here() const { return given + bytes.size(); }
    Result<> give() {
        given += bytes.size();
        const Result<> taken = sink(bytes);
        bytes.clear();
        return taken;
    }
    unsigned next() const { return kFirstOwn + static_cast<unsigned>(offsets.size()); }
};

PdfFile::PdfFile(const Fonts& fonts, std::string title, Sink sink) : body_(new Body{fonts, std::move(title), std::move(sink)}) {}
PdfFile::PdfFile(PdfFile&&) noexcept = default;
PdfFile& PdfFile::operator=(PdfFile&&) noexcept = default;
PdfFile::~PdfFile() = default;

Result<> PdfFile::add(const Page& page) {
    Body& body = *body_;
    SEALDESK_LET(operators, operators_of(page, body.fonts, body.used));
    const std::string_view packed = body.deflater.of(operators);
    if (packed.empty()) return fail(ErrorKind::internal, tr("PDF 无法生成"), "deflate");
    const unsigned number = body.next();
    body.offsets.push_back(body.here());
    body.stream(number, packed);
    body.sizes.emplace_back(page.w * kPointsPerMm, page.h * kPointsPerMm);
    return body.give();
}

Result<> PdfFile::finish() {
    Body& body = *body_;
    if (body.fonts.source(kCarrier) != GlyphSource::main)
        return fail(ErrorKind::unavailable, tr("打印字体没有全角空格，不能使用"));
    SEALDESK_LET(frame, frame_with(body.fonts, body.title, body.used));
    std::string& out = body.bytes;
    const auto to = std::back_inserter(out);

    const size_t shift = body.here();
    out += frame.bytes;
    const unsigned first_page = body.next();
    for (const auto& [width, height] : body.sizes) {
        const unsigned number = body.next(), content = number - static_cast<unsigned>(body.sizes.size());
        body.offsets.push_back(body.here());
        fmt::format_to(
            to, "{} 0 obj\n<</Type/Page/Parent {} 0 R/MediaBox[0 0 {:.3f} {:.3f}]/Resources {} 0 R/Contents {} 0 R>>endobj\n",
            number, frame.pages, width, height, kResources, content);
    }
    body.offsets[0] = body.here();
    fmt::format_to(to, "{} 0 obj\n<</ProcSet[/PDF/Text]/Font<</F0 {} 0 R>>>>endobj\n", kResources, frame.font);
    const size_t pages = body.here();
    fmt::format_to(to, "{} 0 obj\n<</Type/Pages/Count {}/Kids[", frame.pages, body.sizes.size());
    for (unsigned i = 0; i < body.sizes.size(); ++i) fmt::format_to(to, "{} 0 R ", first_page + i);
    out += "]>>endobj\n";

    const size_t map = body.here();
    std::string characters = to_unicode(body.used);
    body.stream(frame.to_unicode, body.deflater.of(characters));

    const size_t table = body.here();
    fmt::format_to(to, "xref\n0 {}\n0000000000 65535 f \n", frame.places.size() + 1);
    for (const Frame::Place& place : frame.places)  // two of libharu's objects give way to ours
        fmt::format_to(to, "{:010} 00000 n \n",
                       place.number == frame.pages        ? pages
                       : place.number == frame.to_unicode ? map
                                                          : shift + place.offset);
    fmt::format_to(to, "{} {}\n", kFirstOwn, body.offsets.size());
    for (const size_t offset : body.offsets) fmt::format_to(to, "{:010} 00000 n \n", offset);
    fmt::format_to(to, "trailer\n<</Size {}/Root {} 0 R/Info {} 0 R>>\nstartxref\n{}\n%%EOF\n", body.next(), frame.catalogue,
                   frame.info, table);
    return body.give();
}

Sink into(std::string& bytes) {
    return [&bytes](std::string_view piece) -> Result<> {
        bytes += piece;
        return {};
    };
}

Result<std::string> pdf_of(const Paper& paper, const Fonts& fonts) {
    std::string bytes;
    PdfFile file(fonts, paper.title, into(bytes));
    for (const Page& page : paper.pages) SEALDESK_TRY(file.add(page));
    SEALDESK_TRY(file.finish());
    return bytes;
}

}  // namespace sealdesk::reports
