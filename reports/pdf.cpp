#include "reports/pdf.h"

#include <fmt/format.h>
#include <hpdf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>
#include <set>

#include "base/text.h"
#include "base/translate.h"

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

HPDF_REAL points(double mm) { return static_cast<HPDF_REAL>(mm * kPointsPerMm); }
HPDF_REAL real(double value) { return static_cast<HPDF_REAL>(value); }

// Invisible text that carries the width of an outlined character, so that it can be selected and copied.
constexpr char32_t kCarrier = 0x3000;

class PagePen {
public:
    PagePen(HPDF_Page page, double height, HPDF_Font font, const Fonts& fonts)
        : page_(page), height_(height), font_(font), fonts_(fonts) {}

    void operator()(const TextMark& mark) {
        fill_colour(mark.colour);
        const bool bold = mark.weight == Weight::bold;
        if (bold) {  // the fonts with Chinese characters that libharu reads have no bold face: a thin rim does it
            stroke_colour(mark.colour);
            HPDF_Page_SetLineWidth(page_, real(mark.size * 0.035));
        }
        double x = mark.x;
        std::string run;
        double run_x = x;
        const auto flush = [&] {
            if (!run.empty()) show(run, run_x, mark, bold ? HPDF_FILL_THEN_STROKE : HPDF_FILL);
            run.clear();
        };
        for (const char32_t c : code_points(mark.text)) {
            if (fonts_.source(c) == GlyphSource::main) {
                if (run.empty()) run_x = x;
                run += utf8(c);
            } else {
                flush();
                draw_outline(c, x, mark);
            }
            x += fonts_.advance(c) * mark.size / kPointsPerMm;
        }
        flush();
    }
    void operator()(const LineMark& mark) {
        stroke_colour(mark.colour);
        HPDF_Page_SetLineWidth(page_, points(mark.width));
        HPDF_Page_MoveTo(page_, points(mark.x1), up(mark.y1));
        HPDF_Page_LineTo(page_, points(mark.x2), up(mark.y2));
        HPDF_Page_Stroke(page_);
    }
    void operator()(const FillMark& mark) {
        fill_colour(mark.colour);
        rectangle(mark.area);
        HPDF_Page_Fill(page_);
    }
    void operator()(const BarsMark& mark) {
        fill_colour(kBlack);
        for (const Area& bar : mark.bars) rectangle(bar);
        HPDF_Page_Fill(page_);
    }

private:
    HPDF_REAL up(double y) const { return points(height_ - y); }
    void rectangle(const Area& a) { HPDF_Page_Rectangle(page_, points(a.x), up(a.bottom()), points(a.w), points(a.h)); }
    void fill_colour(Colour c) { HPDF_Page_SetRGBFill(page_, real(c.r / 255.0), real(c.g / 255.0), real(c.b / 255.0)); }
    void stroke_colour(Colour c) { HPDF_Page_SetRGBStroke(page_, real(c.r / 255.0), real(c.g / 255.0), real(c.b / 255.0)); }

    void show(const std::string& text, double x, const TextMark& mark, HPDF_TextRenderingMode mode, double stretch = 1) {
        HPDF_Page_BeginText(page_);
        HPDF_Page_SetFontAndSize(page_, font_, real(mark.size));
        HPDF_Page_SetTextRenderingMode(page_, mode);
        HPDF_Page_SetHorizontalScalling(page_, real(stretch * 100));
        HPDF_Page_MoveTextPos(page_, points(x), up(mark.baseline));
        HPDF_Page_ShowText(page_, text.c_str());
        HPDF_Page_EndText(page_);
    }

    void draw_outline(char32_t c, double x, const TextMark& mark) {
        const auto at_x = [&](double ems) { return real(x * kPointsPerMm + ems * mark.size); };
        const auto at_y = [&](double ems) { return real((height_ - mark.baseline) * kPointsPerMm + ems * mark.size); };
        bool any = false;
        for (const PathStep& s : fonts_.outline(c)) {
            switch (s.kind) {
                case PathStep::Kind::move:
                    if (any) HPDF_Page_ClosePath(page_);
                    HPDF_Page_MoveTo(page_, at_x(s.x[0]), at_y(s.y[0]));
                    break;
                case PathStep::Kind::line: HPDF_Page_LineTo(page_, at_x(s.x[0]), at_y(s.y[0])); break;
                case PathStep::Kind::curve:
                    HPDF_Page_CurveTo(page_, at_x(s.x[0]), at_y(s.y[0]), at_x(s.x[1]), at_y(s.y[1]), at_x(s.x[2]), at_y(s.y[2]));
                    break;
            }
            any = true;
        }
        if (any && mark.weight == Weight::bold) HPDF_Page_ClosePathFillStroke(page_);
        if (any && mark.weight == Weight::regular) {
            HPDF_Page_ClosePath(page_);
            HPDF_Page_Fill(page_);
        }
        // libharu has no call for marked content (ISO 32000-1, 14.9.4), so it is written into the page's stream.
        std::string hex;
        if (c > 0xFFFF) {
            const unsigned offset = static_cast<unsigned>(c) - 0x10000;
            hex = fmt::format("{:04X}{:04X}", 0xD800 + (offset >> 10), 0xDC00 + (offset & 0x3FF));
        } else {
            hex = fmt::format("{:04X}", static_cast<unsigned>(c));
        }
        raw("/Span <</ActualText <FEFF" + hex + ">>> BDC\n");
        show(utf8(kCarrier), x, mark, HPDF_INVISIBLE, fonts_.advance(c) / fonts_.advance(kCarrier));
        raw("EMC\n");
    }

    void raw(const std::string& operators) {
        HPDF_Stream_WriteStr(static_cast<HPDF_PageAttr>(page_->attr)->stream, operators.c_str());
    }

    HPDF_Page page_;
    double height_;
    HPDF_Font font_;
    const Fonts& fonts_;
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

}  // namespace

Result<std::string> pdf_of(const Paper& paper, const Fonts& fonts) {
    std::set<char32_t> characters;
    for (const Page& page : paper.pages) {
        for (const Mark& mark : page.marks) {
            const auto* text = std::get_if<TextMark>(&mark);
            if (!text) continue;
            SEALDESK_TRY(fonts.check(text->text));
            for (const char32_t c : code_points(text->text))
                characters.insert(fonts.source(c) == GlyphSource::main ? c : kCarrier);
        }
    }
    if (characters.empty()) characters.insert(kCarrier);
    if (fonts.source(kCarrier) != GlyphSource::main) return fail(ErrorKind::unavailable, tr("打印字体没有全角空格，不能使用"));
    SEALDESK_LET(cut, fonts.cut(characters));

    const Document document(HPDF_New(nullptr, nullptr));
    if (!document) return fail(ErrorKind::internal, tr("PDF 无法生成"), "HPDF_New");
    HPDF_SetCompressionMode(document.get(), HPDF_COMP_ALL);
    SEALDESK_LET(font, load_font(document.get(), cut));
    HPDF_SetCurrentEncoder(document.get(), "UTF-8");
    HPDF_SetInfoAttr(document.get(), HPDF_INFO_TITLE, paper.title.c_str());
    for (const Page& sheet : paper.pages) {
        HPDF_Page page = HPDF_AddPage(document.get());
        if (!page) return failed(document.get(), "page");
        HPDF_Page_SetWidth(page, points(sheet.w));
        HPDF_Page_SetHeight(page, points(sheet.h));
        PagePen pen(page, sheet.h, font, fonts);
        for (const Mark& mark : sheet.marks) std::visit(pen, mark);
        if (HPDF_GetError(document.get()) != HPDF_OK) return failed(document.get(), "marks");
    }
    if (HPDF_SaveToStream(document.get()) != HPDF_OK) return failed(document.get(), "save");
    std::string bytes(HPDF_GetStreamSize(document.get()), '\0');
    auto size = static_cast<HPDF_UINT32>(bytes.size());
    HPDF_ReadFromStream(document.get(), reinterpret_cast<HPDF_BYTE*>(bytes.data()), &size);
    if (size != bytes.size() || bytes.empty()) return failed(document.get(), "read");
    return bytes;
}

}  // namespace sealdesk::reports
