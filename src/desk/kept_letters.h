// KeptLetters: new PINs that nobody has written down yet, each for the person who set it, across locking and signing out;
// only in memory, wiped when the person has closed the letter or the program ends. Any thread.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "keys/pin.h"

namespace sealdesk::desk {

class KeptLetters {
public:
    void put(const std::string& login, keys::PinLetter letter) {
        const std::lock_guard lock(mutex_);
        letters_[login].push_back(std::make_shared<const keys::PinLetter>(std::move(letter)));
    }
    // The oldest of this person; null when there is none.
    std::shared_ptr<const keys::PinLetter> first(const std::string& login) const {
        const std::lock_guard lock(mutex_);
        const auto found = letters_.find(login);
        return found == letters_.end() ? nullptr : found->second.front();
    }
    // Of everybody.
    std::size_t count() const {
        const std::lock_guard lock(mutex_);
        std::size_t all = 0;
        for (const auto& [login, letters] : letters_) all += letters.size();
        return all;
    }
    // Whether its sheet went to the printer, whoever's screen it was on: another one is printed only when somebody asks for it.
    void at_printer(const keys::PinLetter* letter, bool is) {
        const std::lock_guard lock(mutex_);
        const auto one = [&](const auto& kept) { return kept.get() == letter; };
        const auto has = [&](const auto& of) { return std::any_of(of.second.begin(), of.second.end(), one); };
        if (!is)
            at_printer_.erase(letter);
        else if (std::any_of(letters_.begin(), letters_.end(), has))  // it may be gone since
            at_printer_.insert(letter);
    }
    bool at_printer(const keys::PinLetter* letter) const {
        const std::lock_guard lock(mutex_);
        return at_printer_.contains(letter);
    }
    // It is written down: it goes.
    void drop_first(const std::string& login) {
        const std::lock_guard lock(mutex_);
        const auto found = letters_.find(login);
        if (found == letters_.end()) return;
        at_printer_.erase(found->second.front().get());
        found->second.pop_front();
        if (found->second.empty()) letters_.erase(found);
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::deque<std::shared_ptr<const keys::PinLetter>>> letters_;  // no empty ones
    std::set<const keys::PinLetter*> at_printer_;
};

}  // namespace sealdesk::desk
