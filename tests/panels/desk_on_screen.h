// A desk with its own data folder and a screen without window: what a panel test starts from.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/files.h"
#include "desk/desk.h"
#include "panels/ids.h"
#include "panels/screen.h"
#include "support/databases.h"
#include "support/orders.h"
#include "tests/support/headless.h"

namespace sealdesk::tests {

class DeskOnScreen : public testing::Test {
protected:
    // Members, as they will be when the test begins: wang 王敏 reviews, li 李晨 reviews too, chen 陈洁 ships.
    void open_desk(const std::string& home = "home") {
        settings_.home = folder_.path() / home;
        ASSERT_OK(make_folder(settings_.home));
        settings_.database = settings_.home / "desk.sqlite";
        auto opened = start();
        ASSERT_OK(opened);
        desk_ = std::move(*opened);
        add("root", "管理员", static_cast<staff::Roles>(staff::Role::administrator));
        add("wang", "王敏", static_cast<staff::Roles>(staff::Role::reviewer));
        add("li", "李晨", static_cast<staff::Roles>(staff::Role::reviewer));
        add("chen", "陈洁", static_cast<staff::Roles>(staff::Role::clerk));
    }
    Result<std::unique_ptr<desk::Desk>> start() {
        desk::Places places;
        places.data = source("data");
        places.scanbox = program("sealdesk-scanbox");
        return desk::Desk::open(settings_, places, clock_, random_);
    }
    // The program ends and is started again on the same folder; nobody is signed in.
    void restart() {
        close();
        auto opened = start();
        ASSERT_OK(opened);
        desk_ = std::move(*opened);
        open_screen();
    }
    void close() {
        if (!desk_) return;
        desk_->stop_sync();
        desk_->stop_shipping();
        desk_->writing().wait_idle();
        desk_->jobs().wait_idle();
        desk_->set_wake({});
        ui_.reset();
        screen_.reset();
        desk_.reset();
    }
    void open_screen() {
        screen_ = std::make_unique<panels::Screen>();
        ui_ = std::make_unique<Headless>([this] { screen_->draw(*desk_); });
        desk_->set_wake([this] { ui_->wake(); });
    }
    void SetUp() override { open_desk(); }
    void TearDown() override { close(); }

    void put_orders(int first, int last) {
        for (int n = first; n <= last; ++n) ASSERT_OK(put(desk_->database(), {sample_order(n)}, orders::State::paid));
        desk_->touch();
    }
    static std::string no(int n) { return sample_order(n).no; }
    orders::DeskOrder order(int n) {
        auto loaded = orders::load(desk_->database(), no(n));
        EXPECT_TRUE(loaded) << loaded.error().message;
        return loaded ? *loaded : orders::DeskOrder{};
    }
    std::vector<acts::Act> acts_of(int n) {
        auto list = acts::of_order(desk_->database(), no(n));
        EXPECT_TRUE(list);
        return list ? *list : std::vector<acts::Act>{};
    }
    static staff::Actor actor(const std::string& login, const std::string& name) {
        return {login, name, static_cast<staff::Roles>(staff::Role::reviewer)};
    }
    void sign_in(const std::string& login) {
        ui_->type_into(panels::ids::sign_in_login, login);
        ui_->type_into(panels::ids::sign_in_password, "Mima-" + login + "-2026");
        ui_->press(ImGuiKey_Enter);
        ASSERT_TRUE(ui_->until_visible(panels::ids::rail_review)) << ui_->text();
    }
    // Signs in and claims the oldest order with N.
    void begin_work(const std::string& login = "wang") {
        open_screen();
        sign_in(login);
        if (HasFatalFailure()) return;
        ui_->press(ImGuiKey_N);
        ASSERT_TRUE(ui_->until_visible(panels::ids::review_approve)) << ui_->text();
    }

    TemporaryFolder folder_;
    TestClock clock_;
    crypto::SystemRandom random_;
    desk::Settings settings_;
    std::unique_ptr<desk::Desk> desk_;
    std::unique_ptr<panels::Screen> screen_;
    std::unique_ptr<Headless> ui_;

private:
    void add(const std::string& login, const std::string& name, staff::Roles roles) {
        const staff::Actor root{"root", "管理员", static_cast<staff::Roles>(staff::Role::administrator)};
        ASSERT_OK(staff::add(desk_->database(), login == "root" ? nullptr : &root, {login, name, roles, true, {}},
                             crypto::Secret("Mima-" + login + "-2026")));
    }
};

}  // namespace sealdesk::tests
