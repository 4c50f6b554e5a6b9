#include "desk/seal_pictures.h"

#include <cmath>
#include <optional>

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

namespace {

// Coarse: only where ink must be is compared.
Result<seals::Impression> drawn_for_comparison(const seals::SealText& text) {
    constexpr double kDpi = 150;
    SEALDESK_LET(press, SealPress::open());
    SEALDESK_LET(drawing, press.draw(text));
    return press.print(drawing, kDpi);
}

struct Picked {
    seals::Lifted seal;
    seals::SealPicture picture;
};
Result<Picked> pick(const seals::PagePixels& scan, const WantedSeal& wanted) {
    seals::Expected expected = wanted.text.shape;
    if (wanted.sized) expected.width = wanted.text.width, expected.height = wanted.text.height;
    // A name that cannot be drawn stands on a real seal all the same.
    std::optional<Result<seals::Impression>> drawn;
    if (!wanted.text.name.empty()) drawn = drawn_for_comparison(wanted.text);
    if (drawn && *drawn) expected.drawn = &**drawn;
    SEALDESK_LET(seal, seals::lift(scan, expected));
    if (drawn && !*drawn) seal.doubts.push_back(tr("没有可比的图样，请逐字核对"));
    SEALDESK_LET(picture, seals::seal_picture(seal.impression));
    if (seal.as_expected) {
        picture.width = static_cast<int>(std::lround(wanted.text.width));
        picture.height = static_cast<int>(std::lround(wanted.text.height));
    }
    return Picked{std::move(seal), std::move(picture)};
}

}  // namespace

Result<LiftedFrom> lift_from(const scans::Scanbox& scanbox, const scans::Package& package, size_t page,
                             const WantedSeal& wanted) {
    return lift_from(scanbox, package, page, std::span(&wanted, 1));
}

Result<LiftedFrom> lift_from(const scans::Scanbox& scanbox, const scans::Package& package, size_t page,
                             std::span<const WantedSeal> wanted) {
    if (page >= package.pages.size()) return refused(trf("没有第 {} 页：材料包共 {} 页", page + 1, package.pages.size()));
    constexpr int kPdfDpi = 300;
    const scans::Page& sheet = package.pages[page];
    const bool pdf = sheet.format == "pdf";
    SEALDESK_LET(pixels, scanbox.render(package, sheet, 1, kPdfDpi));
    seals::PagePixels scan{pixels.rgba(), pixels.width(), pixels.height(), static_cast<double>(pdf ? kPdfDpi : sheet.dpi)};
    if (pdf) {
        SEALDESK_LET(held, scanbox.picture_dpi(package, sheet));
        scan.picture_dpi = held > 0 ? held : -1;
    }
    Result<Picked> picked = pick(scan, wanted.front());
    size_t as = 0;
    for (size_t other = 1; !picked && other < wanted.size(); ++other)
        if (auto found = pick(scan, wanted[other])) picked = std::move(found), as = other;
    if (!picked) return tl::unexpected(std::move(picked).error());
    return LiftedFrom{std::move(picked->seal), std::move(pixels), std::move(picked->picture), as};
}

std::string SealPress::pdf(const seals::Drawing& drawing) const { return reports::pdf_of(outlines_of(drawing)); }

}  // namespace sealdesk::desk
