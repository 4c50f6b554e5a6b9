#include "demo/tour.h"

#include <X11/keysym.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "base/files.h"
#include "base/translate.h"
#include "panels/ids.h"

namespace sealdesk::demo {

namespace ids = panels::ids;
using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

std::vector<Tour::Step> Tour::steps() {
    std::vector<Step> list;
    const auto add = [&](std::string name, std::function<Result<>()> run) { list.push_back({std::move(name), std::move(run)}); };
    add(tr("审核员登录"), [this] { return sign_in("wangmin"); });
    add(tr("已支付订单到达"), [this] { return orders_arrive(); });
    add(tr("查看扫描件"), [this] { return look_at_scans(); });
    add(tr("撤销一次结论"), [this] { return undo_once(); });
    for (int i = 1; i <= 6; ++i) add(trf("审核 {}/6", i), [this, i] { return review(i == 6 ? 1000 : 12); });
    add(tr("重传的材料"), [this] { return corrections(); });
    add(tr("门户断开再恢复"), [this] { return portal_goes_away(); });
    add(tr("换制证员"), [this] { return change_to("zhaoqiang"); });
    for (int i = 1; i <= 6; ++i) add(trf("写 KEY {}/6", i), [this, i] { return write_keys(i == 6 ? 1000 : 12); });
    add(tr("换发货员"), [this] { return change_to("sunli"); });
    for (int i = 1; i <= 3; ++i) add(trf("开票 {}/3", i), [this, i] { return invoices(i == 3 ? 1000 : 20); });
    for (int i = 1; i <= 3; ++i) add(trf("打包 {}/3", i), [this, i] { return pack(i == 3 ? 1000 : 20); });
    add(tr("交寄"), [this] { return hand_over(); });
    add(tr("全部告知门户"), [this] { return acts_are_sent(); });
    add(tr("换主管"), [this] { return change_to("zhoubo"); });
    add(tr("日报"), [this] { return daily_report(); });
    add(tr("审计与设置"), [this] { return audit_and_settings(); });
    return list;
}

Result<std::vector<StepTime>> Tour::run() {
    std::vector<StepTime> times;
    SEALDESK_TRY(make_folder(options_.out / "screens"));
    SEALDESK_TRY(driver_.start());
    const auto all = steps();
    for (size_t i = 0; i < all.size(); ++i) {
        const auto began = Steady::now();
        const auto done = all[i].run();
        const double seconds = std::chrono::duration<double>(Steady::now() - began).count();
        std::printf("[%2zu/%zu] %-30s %6.1f s%s\n", i + 1, all.size(), all[i].name.c_str(), seconds, done ? "" : "  ✗");
        std::fflush(stdout);
        if (!done) {
            (void)shot("failed");
            return tl::unexpected(done.error());
        }
        times.push_back({all[i].name, seconds});
        if (options_.kill_between_steps && i + 1 < all.size()) {
            driver_.kill();
            SEALDESK_TRY(driver_.start());
            const std::string again = login_;
            login_.clear();
            SEALDESK_TRY(sign_in(again));
        }
    }
    return times;
}

Result<> Tour::shot(const std::string& name) { return driver_.screenshot(options_.out / "screens" / (name + ".png")); }

bool Tour::has_shot(const std::string& name) const { return std::filesystem::exists(options_.out / "screens" / (name + ".png")); }

Result<> Tour::shot_once(const std::string& name) {
    if (has_shot(name)) return {};
    return shot(name);
}

Result<> Tour::until(const std::string& what, const std::function<Result<bool>()>& condition, int seconds) {
    for (const auto end = Steady::now() + std::chrono::seconds(seconds); Steady::now() < end; std::this_thread::sleep_for(20ms)) {
        SEALDESK_LET(yes, condition());
        if (yes) return {};
    }
    return fail(ErrorKind::internal, trf("等了 {} 秒，没有等到：{}", seconds, what));
}

const Plan::Entry* Tour::planned(const std::string& no) const {
    for (const auto& entry : centre_.plan().orders)
        if (entry.no == no) return &entry;
    return nullptr;
}

// ---------------------------------------------------------------- people

Result<> Tour::sign_in(const std::string& login) {
    SEALDESK_TRY(driver_.until_visible(ids::sign_in_login));
    if (login_.empty()) SEALDESK_TRY(shot_once("01-sign-in"));
    SEALDESK_TRY(driver_.type_into(ids::sign_in_login, login));
    SEALDESK_TRY(driver_.type_into(ids::sign_in_password, kPassword));
    SEALDESK_TRY(driver_.press(XK_Return));
    SEALDESK_TRY(driver_.until_visible(ids::rail_review));
    login_ = login;
    return {};
}

Result<> Tour::change_to(const std::string& login) {
    if (login_ == login) return {};
    SEALDESK_TRY(driver_.click(ids::sign_out));
    return sign_in(login);
}

}  // namespace sealdesk::demo
