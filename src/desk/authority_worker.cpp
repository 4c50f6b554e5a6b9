#include "desk/authority_worker.h"

#include "base/translate.h"
#include "certificates/external.h"
#include "desk/authority.h"
#include "sync/exchange.h"

namespace sealdesk::desk {

using Steady = std::chrono::steady_clock;

// What did not succeed, "" for nothing.
static std::string publish(const Settings& settings, storage::Database& database, const KeyBench& bench) {
    const auto published = publish_list(settings, database);
    if (published) return {};
    // A list of before a restored backup does not say what was revoked since: the next one is signed where the key is open.
    const auto authority = bench.bench().authority;
    if (published.error().kind == ErrorKind::conflict && authority) {
        const auto renewed = certificates::renew_due_list(database, *authority);
        const auto again = renewed ? publish_list(settings, database) : tl::unexpected(renewed.error());
        if (!again) return published.error().message + "\n" + again.error().message;
    }
    return published.error().message;
}

static std::string tell(storage::Database& database, const KeyBench& bench) {
    if (const auto told = bench.tell_external_ca(); !told) return trf("吊销还没有告知外部 CA：{}", told.error().message);
    if (const auto untold = certificates::untold_revocations(database); untold && *untold > 0)
        return trf("{} 张外部 CA 的证书已在这里吊销，还没有告知它：请在设置里接入外部 CA（cmp_url）", *untold);
    return {};
}

std::vector<std::string> spread(const Settings& settings, storage::Database& database, const KeyBench& bench) {
    std::vector<std::string> troubles{publish(settings, database, bench), tell(database, bench)};
    std::erase(troubles, "");
    return troubles;
}

void AuthorityWorker::start(std::function<void()> changed) {
    if (thread_.joinable()) return;
    changed_ = std::move(changed);
    nudge();  // what was left over
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void AuthorityWorker::stop() {
    thread_.request_stop();
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    thread_ = {};
}

void AuthorityWorker::nudge() {
    {
        const std::lock_guard lock(mutex_);
        ++asked_;
    }
    wake_.notify_all();
}

std::vector<std::string> AuthorityWorker::troubles() const {
    const std::lock_guard lock(mutex_);
    return troubles_;
}

void AuthorityWorker::wait_idle() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&, asked = asked_] { return static_cast<int>(done_ - asked) >= 0; });
}

// The list goes into its file with every change; an external CA that is away is not asked with every click.
void AuthorityWorker::run(const std::stop_token& stop) {
    const auto later = [&](int failures) {
        return Steady::now() + std::chrono::milliseconds(sync::back_off_ms(failures, random_));
    };
    std::string untold;
    int unpublished_times = 0, untold_times = 0;  // in a row
    Steady::time_point ask_again{};
    while (!stop.stop_requested()) {
        unsigned asked = 0;
        {
            const std::lock_guard lock(mutex_);
            asked = asked_;
        }
        const std::string unpublished = publish(settings_, database_, bench_);
        unpublished_times = unpublished.empty() ? 0 : unpublished_times + 1;
        const bool asks = Steady::now() >= ask_again;
        if (asks) {
            untold = tell(database_, bench_);
            untold_times = untold.empty() ? 0 : untold_times + 1;
            ask_again = untold.empty() ? Steady::time_point{} : later(untold_times);
        }
        std::vector<std::string> troubles{unpublished, untold};
        std::erase(troubles, "");
        std::unique_lock lock(mutex_);
        if (asks) done_ = asked;
        const bool news = troubles != troubles_;
        troubles_ = std::move(troubles);
        wake_.notify_all();
        if (news && changed_) {
            lock.unlock();
            changed_();
            lock.lock();
        }
        const auto asked_again = [&] { return asked_ != asked; };
        auto until = Steady::time_point::max();
        if (untold_times > 0) until = ask_again;
        if (unpublished_times > 0) until = std::min(until, later(unpublished_times));
        if (until == Steady::time_point::max())
            wake_.wait(lock, stop, asked_again);
        else
            wake_.wait_until(lock, stop, until, asked_again);
    }
}

}  // namespace sealdesk::desk
