// Seals on pixels and on paper: the installed fonts lend the letters, src/seals draws, reports/ fills the outlines. Slow enough
// (tens of ms, the first one 0.2 s for the fonts) to stay off the UI thread; otherwise any thread.
#pragma once

#include <span>
#include <string>

#include "reports/fonts.h"
#include "scans/scanbox.h"
#include "seals/drawing.h"
#include "seals/lifting.h"

namespace sealdesk::desk {

constexpr double kSealDpi = 600;

class SealPress {
public:
    // Unavailable when no font with Chinese characters is installed.
    static Result<SealPress> open();

    Result<seals::Drawing> draw(const seals::SealText& text) const;
    Result<seals::Impression> print(const seals::Drawing& drawing, double dpi = kSealDpi) const;
    std::string pdf(const seals::Drawing& drawing) const;

private:
    explicit SealPress(reports::Fonts fonts) : fonts_(std::move(fonts)) {}
    reports::Fonts fonts_;
};

// The seal that is looked for on a sheet. Without a name only what every seal of the shape has is judged; with one that cannot be
// drawn that is a doubt.
struct WantedSeal {
    seals::SealText text;
    bool sized = false;  // the text's millimetres are the seal's, not just usual
};
// The seal on a page of a package as the first of the wanted ones that it is, the page as it was looked at, and the picture that
// goes into a seal; through the sandbox. Pages of a PDF are drawn at 300 dpi and judged by the scan that they hold. The picture
// has the millimetres that are wanted when the scan agrees, else those that were measured.
struct LiftedFrom {
    seals::Lifted seal;
    scans::Pixels page;
    seals::SealPicture picture;
    size_t as = 0;  // which of the wanted ones it is
};
// At least one is wanted. Refused when it is none of them, with what is wrong with it as the first.
Result<LiftedFrom> lift_from(const scans::Scanbox& scanbox, const scans::Package& package, size_t page,
                             std::span<const WantedSeal> wanted);
Result<LiftedFrom> lift_from(const scans::Scanbox& scanbox, const scans::Package& package, size_t page, const WantedSeal& wanted);

}  // namespace sealdesk::desk
