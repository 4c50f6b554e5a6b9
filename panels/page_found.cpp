#include "panels/page_found.h"

#include <algorithm>
#include <utility>

#include "base/translate.h"
#include "checks/known_pages.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

namespace {

constexpr double kBright = 1.5, kFading = 2.5;  // seconds

}  // namespace

PageBox around(const checks::ValuePlace& place) {
    double left = 1, top = 1, right = 0, low = 0;
    for (const auto& area : place.areas) {
        left = std::min(left, area.x);
        top = std::min(top, area.y);
        right = std::max(right, area.x + area.width);
        low = std::max(low, area.y + area.height);
    }
    return {left, top, std::max(0.0, right - left), std::max(0.0, low - top)};
}

void PageFound::clear() { *this = PageFound(); }

void PageFound::look_for(desk::Desk& desk, const PagePackage& package, const std::string& value) {
    if (value == value_ && places_.size() > 1) {
        next_ = (next_ + 1) % places_.size();
        wanted_ = places_[next_];
        return;
    }
    if (!package.package() || package.count() == 0) return;
    value_ = value;
    places_.clear();
    looking_.start(desk.jobs(),
                   [&database = desk.database(), &standards = desk.standards(), opened = package.package(),
                    no = package.subject()->order_no, value]() -> Result<Answer> {
                       SEALDESK_LET(known, checks::known_pages(database, standards, no, *opened));
                       Answer answer;
                       std::vector<std::string> read;
                       for (auto& page : known) read.push_back(std::move(page.text));
                       answer.read = std::any_of(read.begin(), read.end(), [](const std::string& text) { return !text.empty(); });
                       answer.places = checks::places_of(value, read);
                       return answer;
                   });
}

std::optional<checks::ValuePlace> PageFound::poll() {
    if (looking_.arrived()) {
        auto& answer = *looking_.ready();
        auto& toasts = kit::frame().toasts;
        if (!answer) {
            toasts.show(answer.error().message, kit::Tone::red);
        } else if (answer->places.empty()) {
            toasts.show(answer->read ? tr("读过的页面上没有找到这一项，请看页面") : tr("材料还没有识别文字，找不到位置"));
        } else {
            places_ = std::move(answer->places);
            next_ = 0;
            wanted_ = places_.front();
        }
    }
    if (!wanted_) return std::nullopt;
    shown_ = wanted_;
    shown_at_ = ImGui::GetTime();
    return std::exchange(wanted_, std::nullopt);
}

void PageFound::draw(ImDrawList* draw, const PagePlace& place, size_t page) const {
    const double age = ImGui::GetTime() - shown_at_;
    if (!shown_ || static_cast<size_t>(shown_->page) != page + 1 || age > kBright + kFading) return;
    kit::wake_in(age < kBright ? kBright - age : 0.05);
    const double faded = std::clamp((age - kBright) / kFading, 0.0, 1.0);
    const auto alpha = static_cast<unsigned>(255 * (1 - faded));
    for (const auto& area : shown_->areas) {
        const auto corners = on_screen(place, PageBox{area.x, area.y, area.width, area.height});
        const float edge = kit::px(5);
        const ImVec2 from(corners[0].x - edge, corners[0].y - edge), to(corners[1].x + edge, corners[1].y + edge);
        draw->AddRectFilled(from, to, kit::rgb(0xF6C177, alpha / 5), kit::px(4));
        draw->AddRect(from, to, kit::rgb(0xE5533D, alpha), kit::px(4), 0, kit::px(3));
    }
}

}  // namespace sealdesk::panels
