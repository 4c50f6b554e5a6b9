#include "panels/key_writers.h"

#include <utility>

namespace sealdesk::panels {

void KeyWriters::start(desk::Desk& desk, const std::string& order_no, const std::string& key_serial,
                       std::shared_ptr<crypto::Secret> pin, std::set<std::string> beside, bool random_pin, keys::LastTry last) {
    static_assert(std::is_constructible_v<Answer, Failure>, "a job that throws ends with a sentence");
    One& one = keys_[key_serial];
    if (one.writing.running()) return;
    beside.erase(key_serial);
    one.order_no = order_no;
    one.failed = false;
    one.failed_at.reset();
    one.progress = std::make_shared<WriteProgress>();
    one.writing.start(
        desk.writing(),
        [&desk, actor = *desk.actor, order_no, key_serial, pin = std::move(pin), beside = std::move(beside), random_pin, last,
         progress = one.progress]() -> Answer {
            bool begun = false;
            const auto at = [&](const keys::Job&, keys::Step step) {
                progress->begins(step);
                if (!std::exchange(begun, true)) desk.touch();  // its unit is taken: the other KEYs are for other units
            };
            keys::Bench bench = desk.bench();
            bench.rules.random_pin = random_pin;  // as the officer ticked
            Answer answer{keys::write(desk.database(), actor, bench, order_no, key_serial, *pin, at, beside, last), std::nullopt};
            if (!answer.job || !random_pin) return answer;
            // The letter is kept by the desk: whoever signs out meanwhile finds it again. The task that came
            // with the binding stands until it was read.
            auto letter = keys::set_initial_pin(desk.database(), actor, bench, key_serial, *pin);
            if (!letter) answer.no_pin = letter.error();
            if (letter) desk.letters().put(actor.login, std::move(*letter));
            return answer;
        });
}

bool KeyWriters::running(const std::string& key_serial) {
    const auto found = keys_.find(key_serial);
    return found != keys_.end() && found->second.writing.running();
}

std::set<std::string> KeyWriters::running_keys() {
    std::set<std::string> serials;
    for (auto& [serial, one] : keys_)
        if (one.writing.running()) serials.insert(serial);
    return serials;
}

std::optional<keys::Step> KeyWriters::step(const std::string& key_serial) {
    const auto found = keys_.find(key_serial);
    if (found == keys_.end()) return std::nullopt;
    if (found->second.writing.running()) return found->second.progress->step();
    return found->second.failed_at;
}

bool KeyWriters::failed(const std::string& key_serial) {
    const auto found = keys_.find(key_serial);
    return found != keys_.end() && !found->second.writing.running() && found->second.failed;
}

void KeyWriters::forget(const std::string& key_serial) {
    if (!running(key_serial)) keys_.erase(key_serial);
}

std::vector<WriteEnd> KeyWriters::ended() {
    std::vector<WriteEnd> list;
    for (auto& [serial, one] : keys_) {
        if (!one.writing.arrived()) continue;
        auto& answer = *one.writing.ready();
        one.failed = !answer.job.has_value();
        one.failed_at = one.failed ? one.progress->step() : std::nullopt;
        const bool wrong = one.failed && !one.failed_at && answer.job.error().kind == ErrorKind::device;
        list.push_back({serial, one.order_no, std::move(answer.job), std::move(answer.no_pin), wrong});
        one.writing.clear();
    }
    return list;
}

}  // namespace sealdesk::panels
