// Seals on pixels and on paper: the installed fonts lend the letters, src/seals draws, reports/ fills the outlines. Slow enough
// (tens of ms, the first one 0.2 s for the fonts) to stay off the UI thread; otherwise any thread.
#pragma once

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

// The seal on a page of a package, and the page as it was looked at; through the sandbox. Pages of a PDF are drawn at 300 dpi.
struct LiftedFrom {
    seals::Lifted seal;
    scans::Pixels page;
};
Result<LiftedFrom> lift_from(const scans::Scanbox& scanbox, const scans::Package& package, size_t page, seals::SealShape shape);

}  // namespace sealdesk::desk
