#include "panels/page_ahead.h"

#include <algorithm>
#include <utility>

#include "panels/page_pictures.h"

namespace sealdesk::panels {

namespace {

// The oldest free order besides the one on the bench; "" when there is none. Only a guess of what claim_next will give.
std::string next_free(storage::Database& database, const std::string& order_no, Instant now) {
    constexpr int kLooked = 50;
    orders::Filter waiting;
    waiting.state = orders::State::paid;
    const auto rows = orders::page(database, waiting, std::nullopt, kLooked);
    if (!rows) return {};
    const auto free = std::find_if(rows->begin(), rows->end(), [&](const orders::Row& row) {
        return row.no != order_no && (row.claimed_by.empty() || row.claimed_until <= now);
    });
    return free == rows->end() ? std::string() : free->no;
}

}  // namespace

void PageAhead::look(desk::Desk& desk, const std::string& order_no) {
    if (looking_.arrived()) {
        Ready& found = *looking_.ready();
        ready_ = found.sha256.empty() ? std::nullopt : std::optional(std::move(found));
    }
    if (looking_.running()) return;
    if (beside_ == order_no && (ready_ || asked_generation_ == desk.generation())) return;
    beside_ = order_no;
    asked_generation_ = desk.generation();
    looking_.start(
        desk.jobs(),
        [&database = desk.database(), &box = desk.scanbox(), &store = desk.packages(), order_no,
         now = desk.clock().now()]() -> Ready {
            const std::string no = next_free(database, order_no, now);
            if (no.empty()) return {};
            const auto next = orders::load(database, no);
            if (!next || !store.has(next->order.current().package_sha256)) return {};
            const auto path = store.path_of(next->order.current().package_sha256);
            auto package = path ? box.open(*path) : tl::unexpected(path.error());
            if (!package) return {};  // told when the order is on the bench
            Ready ready{next->order.current().package_sha256, std::make_shared<const scans::Package>(std::move(*package)), {}, 1};
            if (!ready.package->pages.empty()) {
                const scans::Page& page = ready.package->pages.front();
                ready.shrink = rough_shrink(page);
                if (auto pixels = box.render(*ready.package, page, ready.shrink)) ready.first = std::move(*pixels);
            }
            return ready;
        });
}

std::optional<PageAhead::Ready> PageAhead::take(const std::string& sha256) {
    if (looking_.arrived()) ready_ = std::move(*looking_.ready());
    if (!ready_ || ready_->sha256 != sha256) return std::nullopt;
    return std::exchange(ready_, std::nullopt);
}

}  // namespace sealdesk::panels
