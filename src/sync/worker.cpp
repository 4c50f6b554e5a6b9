#include "sync/worker.h"

#include <chrono>

namespace sealdesk::sync {

using std::chrono::milliseconds;

Worker::Worker(storage::Database& database, PortalClient portal, scans::PackageStore store, crypto::Random& random,
               std::function<void()> changed)
    : database_(database),
      portal_(std::move(portal)),
      store_(std::move(store)),
      random_(random),
      changed_(std::move(changed)),
      listener_([this](const std::stop_token& stop) { listen(stop); }),
      sender_([this](const std::stop_token& stop) { send(stop); }) {}

Worker::~Worker() {
    listener_.request_stop();
    sender_.request_stop();
    wake_.notify_all();
}

Status Worker::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

void Worker::nudge() {
    {
        const std::lock_guard lock(mutex_);
        ++nudges_;
    }
    wake_.notify_all();
}

void Worker::pause(const std::stop_token& stop, std::int64_t ms) {
    std::unique_lock lock(mutex_);
    const unsigned seen = nudges_;
    wake_.wait_for(lock, stop, milliseconds(ms), [&] { return nudges_ != seen; });
}

void Worker::note(const Result<>& outcome, bool news) {
    const auto backlog = acts::backlog(database_);
    {
        const std::lock_guard lock(mutex_);
        const std::string trouble = outcome ? "" : outcome.error().message;
        // That the portal said nothing new is nothing to ask the store and to draw for.
        news = news || status_.online != outcome.has_value() || status_.trouble != trouble;
        status_.online = outcome.has_value();
        status_.ever = status_.ever || outcome.has_value();
        status_.trouble = trouble;
        if (outcome) status_.heard_at = database_.now();
        if (backlog) status_.backlog = *backlog;
    }
    if (changed_ && news) changed_();
}

void Worker::listen(const std::stop_token& stop) {
    using namespace std::chrono_literals;
    for (int failures = 0; !stop.stop_requested();) {
        // The first answer of a connection comes at once, so that the screen knows where it stands.
        const auto taken = take_events(database_, portal_, failures == 0 && status().ever ? 25s : 0s, stop);
        if (stop.stop_requested()) return;
        if (taken && *taken > 0) {
            {
                const std::lock_guard lock(mutex_);
                status_.events += *taken;
            }
            nudge();  // the sender fetches their packages
        }
        note(taken ? Result<>{} : Result<>(tl::unexpected(taken.error())), taken && *taken > 0);
        failures = taken ? 0 : failures + 1;
        if (!taken) pause(stop, back_off_ms(failures, random_));
    }
}

void Worker::send(const std::stop_token& stop) {
    int list_failures = 0;
    Instant list_after;  // a list that was refused waits by itself, acts and packages go on
    for (int failures = 0; !stop.stop_requested();) {
        const auto sent = send_acts(database_, portal_, random_, stop);
        if (stop.stop_requested()) return;
        Result<bool> told = false;
        if (sent && is_due(list_after, database_.now(), acts::kLongestPause)) {
            told = send_list(database_, portal_, stop);
            if (stop.stop_requested()) return;
            list_failures = told ? 0 : list_failures + 1;
            list_after = told ? Instant{} : database_.now() + back_off_ms(list_failures, random_);
            const std::lock_guard lock(mutex_);
            status_.list_trouble = told || told.error().kind == ErrorKind::unavailable ? "" : told.error().message;
        }
        const auto fetched = sent ? fetch_packages(database_, portal_, store_, 20, stop) : Result<int>(0);
        if (stop.stop_requested()) return;
        failures = sent && fetched ? 0 : failures + 1;
        const auto backlog = acts::backlog(database_);
        {
            const std::lock_guard lock(mutex_);
            if (backlog) status_.backlog = *backlog;
            if (!sent && sent.error().kind != ErrorKind::unavailable) status_.trouble = sent.error().message;
        }
        if (changed_ && ((sent && sent->applied + sent->conflicts > 0) || (fetched && *fetched > 0))) changed_();
        if (fetched && *fetched > 0) continue;
        // Acts become due when their undo window ends: look once a second while something is held back.
        pause(stop, failures > 0 ? back_off_ms(failures, random_) : backlog && backlog->waiting > 0 ? kSecond / 2 : 5 * kSecond);
    }
}

}  // namespace sealdesk::sync
