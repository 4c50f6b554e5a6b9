#include "panels/page_compare.h"

#include <cmath>

#include "base/translate.h"
#include "panels/kit/frame.h"

namespace sealdesk::panels {

std::string PageCompare::label_of(const PageSubject& subject) { return trf("第 {} 次提交", subject.revision); }

void PageCompare::follow(desk::Desk& desk, PagePackage& current) {
    // The new package first: it is what the reviewer waits for.
    const bool ready = current.count() > 0 && wished_ && current.subject() && wished_->order_no == current.subject()->order_no;
    if (!ready || previous_.subject() != wished_) {
        pairs_.clear();
        paired_now_ = paired_before_ = nullptr;
        if (previous_.show(desk, ready ? wished_ : std::nullopt, PagePackage::Seen::later)) held_ = false;
    }
    previous_.poll(desk);
    const scans::Package *now = current.package().get(), *before = previous_.package().get();
    if (!ready || before == nullptr || (now == paired_now_ && before == paired_before_)) return;
    paired_now_ = now;
    paired_before_ = before;
    pairs_ = scans::pair_pages(scans::keys_of(*now, current.materials()), scans::keys_of(*before, previous_.materials()));
    unchanged_.clear();
    for (const auto& pair : pairs_) unchanged_.push_back(pair.unchanged);
}

bool PageCompare::earlier_now() const {
    if (held_) return true;
    if (mode() != Mode::blinking) return false;
    constexpr double kBlink = 0.8;  // seconds each
    const double now = ImGui::GetTime();
    kit::wake_in(kBlink - std::fmod(now, kBlink));
    return std::fmod(now, 2 * kBlink) < kBlink;
}

}  // namespace sealdesk::panels
