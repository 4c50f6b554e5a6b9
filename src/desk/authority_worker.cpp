#include "desk/authority_worker.h"

#include "base/translate.h"
#include "certificates/external.h"
#include "desk/authority.h"
#include "sync/exchange.h"

namespace sealdesk::desk {

std::vector<std::string> spread(const Settings& settings, storage::Database& database, const KeyBench& bench) {
    std::vector<std::string> troubles;
    if (const auto published = publish_list(settings, database); !published) troubles.push_back(published.error().message);
    if (const auto told = bench.tell_external_ca(); !told)
        troubles.push_back(trf("吊销还没有告知外部 CA：{}", told.error().message));
    else if (const auto untold = certificates::untold_revocations(database); untold && *untold > 0)
        troubles.push_back(trf("{} 张外部 CA 的证书已在这里吊销，还没有告知它：请在设置里接入外部 CA（cmp_url）", *untold));
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

void AuthorityWorker::run(const std::stop_token& stop) {
    for (int failures = 0; !stop.stop_requested();) {
        unsigned asked = 0;
        {
            const std::lock_guard lock(mutex_);
            asked = asked_;
        }
        auto troubles = spread(settings_, database_, bench_);
        failures = troubles.empty() ? 0 : failures + 1;
        std::unique_lock lock(mutex_);
        done_ = asked;
        const bool news = troubles != troubles_;
        troubles_ = std::move(troubles);
        wake_.notify_all();
        if (news && changed_) {
            lock.unlock();
            changed_();
            lock.lock();
        }
        const auto asked_again = [&] { return asked_ != asked; };
        if (failures == 0)
            wake_.wait(lock, stop, asked_again);
        else  // one that is away is not asked with every click
            wake_.wait_for(lock, stop, std::chrono::milliseconds(sync::back_off_ms(failures, random_)), [&] { return false; });
    }
}

}  // namespace sealdesk::desk
