#include "desk/seal_pictures.h"

#include <cmath>

#include "base/text.h"
#include "base/translate.h"
#include "reports/outlines.h"

namespace sealdesk::desk {

namespace {

class InstalledLetters final : public seals::Letters {
public:
    explicit InstalledLetters(const reports::Fonts& fonts) : fonts_(fonts) {}
    Result<seals::Letter> letter(char32_t character) const override {
        SEALDESK_TRY(fonts_.check(utf8(character)));
        return seals::Letter{fonts_.outline(character), fonts_.advance(character)};
    }

private:
    const reports::Fonts& fonts_;
};

reports::Outlines outlines_of(const seals::Drawing& drawing) {
    reports::Outlines outlines{drawing.width, drawing.height, {drawing.colour.r, drawing.colour.g, drawing.colour.b}, {}};
    for (const auto& shape : drawing.shapes) outlines.shapes.push_back(shape.steps);
    return outlines;
}

}  // namespace

Result<SealPress> SealPress::open() {
    SEALDESK_LET(fonts, reports::Fonts::find(reports::Letters::song));
    return SealPress(std::move(fonts));
}

Result<seals::Drawing> SealPress::draw(const seals::SealText& text) const { return seals::draw(text, InstalledLetters(fonts_)); }

Result<seals::Impression> SealPress::print(const seals::Drawing& drawing, double dpi) const {
    seals::Impression impression;
    impression.width = static_cast<int>(std::lround(drawing.width / 25.4 * dpi));
    impression.height = static_cast<int>(std::lround(drawing.height / 25.4 * dpi));
    impression.dpi = dpi;
    impression.colour = drawing.colour;
    SEALDESK_LET(ink, reports::coverage(outlines_of(drawing), impression.width, impression.height));
    impression.ink = std::move(ink);
    return impression;
}

Result<LiftedFrom> lift_from(const scans::Scanbox& scanbox, const scans::Package& package, size_t page, seals::SealShape shape) {
    if (page >= package.pages.size()) return refused(trf("没有第 {} 页：材料包共 {} 页", page + 1, package.pages.size()));
    constexpr int kPdfDpi = 300;
    const scans::Page& wanted = package.pages[page];
    const bool pdf = wanted.format == "pdf";
    SEALDESK_LET(pixels, scanbox.render(package, wanted, 1, kPdfDpi));
    SEALDESK_LET(
        seal,
        seals::lift({pixels.rgba(), pixels.width(), pixels.height(), static_cast<double>(pdf ? kPdfDpi : wanted.dpi)}, shape));
    return LiftedFrom{std::move(seal), std::move(pixels)};
}

std::string SealPress::pdf(const seals::Drawing& drawing) const { return reports::pdf_of(outlines_of(drawing)); }

}  // namespace sealdesk::desk
