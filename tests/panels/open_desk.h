// OpenDesk: a real desk on SQLite in a folder of its own, with a clock that the test moves; Shown: one panel of it on a
// headless screen.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "desk/desk.h"
#include "support/databases.h"
#include "support/orders.h"
#include "tests/support/headless.h"

namespace sealdesk::tests {

class OpenDesk {
public:
    explicit OpenDesk(desk::Settings settings = {}) {
        settings.home = folder.path();
        settings.database = (folder.path() / "desk.sqlite").string();
        settings.centre = "示例市电子签章服务中心";
        settings.centre_address = "江苏省南京市建邺区江东中路1号";
        settings.centre_mobile = "13900139000";
        const auto places = desk::find_places();
        if (!places) throw std::runtime_error(places.error().message);
        auto opened = desk::Desk::open(settings, *places, clock, random);
        if (!opened) throw std::runtime_error(opened.error().message + " " + opened.error().detail);
        desk = std::move(*opened);
    }
    ~OpenDesk() { wait_idle(); }
    void wait_idle() {
        desk->writing().wait_idle();
        desk->jobs().wait_idle();
    }

    void sign_in(const std::string& login, const std::string& name, staff::Roles roles) {
        desk->actor = staff::Actor{login, name, roles};
    }
    storage::Database& database() { return desk->database(); }
    orders::State state_of(const std::string& no) { return orders::load(database(), no)->state; }

    TemporaryFolder folder;
    TestClock clock;
    crypto::SystemRandom random;
    std::unique_ptr<desk::Desk> desk;
};

template <class Panel>
class Shown {
public:
    explicit Shown(OpenDesk& open, ImVec2 size = {1600, 900}) : open_(open), screen([this] { panel.draw(*open_.desk); }, size) {
        open_.desk->set_wake([this] { screen.wake(); });
    }
    ~Shown() {
        open_.desk->stop_shipping();
        open_.wait_idle();
        open_.desk->set_wake({});
    }
    // Longer than the ten seconds of one until(): KEYs make RSA keys on a machine that has other things to do.
    bool in_time(const std::function<bool()>& condition) {
        for (int i = 0; i < 6; ++i)
            if (screen.until(condition)) return true;
        return false;
    }
    // The same for what the database shows: a window that is about to hear of it changes under the next click.
    bool settles(const std::function<bool()>& condition) {
        if (!in_time(condition)) return false;
        for (int i = 0; i < 2; ++i) {  // the answer, and the questions that it raises
            open_.wait_idle();
            screen.frame(3);
        }
        return true;
    }
    bool says(const std::string& words) {
        return in_time([&] { return screen.says(words); });
    }
    bool shows(const std::string& name) {
        return in_time([&] { return screen.visible(name); });
    }

private:
    OpenDesk& open_;

public:
    Panel panel;
    Headless screen;
};

inline constexpr staff::Roles kClerk = static_cast<staff::Roles>(staff::Role::clerk);
inline constexpr staff::Roles kOfficer = static_cast<staff::Roles>(staff::Role::officer);
inline constexpr staff::Roles kSupervisor = static_cast<staff::Roles>(staff::Role::supervisor);
inline constexpr staff::Roles kAdministrator = static_cast<staff::Roles>(staff::Role::administrator);

}  // namespace sealdesk::tests
