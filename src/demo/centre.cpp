#include "demo/centre.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/text.h"
#include "certificates/tls.h"
#include "crypto/digest.h"
#include "desk/authority.h"
#include "desk/seal_maker.h"
#include "desk/shipping_settings.h"
#include "keys/soft_key.h"
#include "orders/number_ranges.h"

namespace sealdesk::demo {

namespace fs = std::filesystem;
using staff::Role;

const std::vector<Person>& people() {
    static const std::vector<Person> all{{"wangmin", "王敏", static_cast<staff::Roles>(Role::reviewer)},
                                         {"lijing", "李静", static_cast<staff::Roles>(Role::reviewer)},
                                         {"zhaoqiang", "赵强", static_cast<staff::Roles>(Role::officer)},
                                         {"sunli", "孙莉", static_cast<staff::Roles>(Role::clerk)},
                                         {"zhoubo", "周博", Role::supervisor | Role::administrator}};
    return all;
}

Result<Plan> read_plan(const desk::Places& places) {
    SEALDESK_LET(text, read_file(places.data / "demo/orders.json"));
    const auto json = nlohmann::json::parse(text, nullptr, false);
    try {
        Plan plan;
        for (const auto& order : json.at("orders")) {
            Plan::Entry entry{order.at("no"), order.at("verdict"), order.at("traits").get<std::vector<std::string>>()};
            if (order.contains("later")) {
                entry.resubmitted = order["later"].contains("resubmit");
                entry.refunded = order["later"].contains("refund");
            }
            plan.keys += order.at("quantity").get<int>();
            plan.orders.push_back(std::move(entry));
        }
        return plan;
    } catch (const nlohmann::json::exception& error) {
        return fail(ErrorKind::internal, tr("演示订单文件的写法不对"), error.what());
    }
}

Centre::Centre(const fs::path& home, const desk::Places& places, const Clock& clock, crypto::Random& random)
    : home_(fs::absolute(home)), places_(places), clock_(clock), random_(random) {}

Result<std::unique_ptr<Centre>> Centre::open(const fs::path& home, const desk::Places& places, const Clock& clock,
                                             crypto::Random& random, const Progress& progress) {
    std::unique_ptr<Centre> centre(new Centre(home, places, clock, random));
    SEALDESK_TRY(make_folder(centre->home_));
    SEALDESK_LET(plan, read_plan(places));
    centre->plan_ = std::move(plan);
    // The last file that set-up writes: without it the folder is half made and is made again.
    const bool ready = fs::exists(centre->home_ / "settings.toml");
    if (!ready) {
        progress(tr("证书与 KEY"));
        SEALDESK_TRY(centre->make_keys_and_authority());
        progress(tr("扫描件与演示订单"));
        SEALDESK_TRY(centre->make_scans_and_seed());
        progress(tr("人员与号段"));
        SEALDESK_TRY(centre->make_staff());
    } else {
        SEALDESK_LET(settings, desk::load_settings(centre->home_));
        centre->settings_ = std::move(settings);
        centre->port_ = std::atoi(centre->settings_.portal.substr(centre->settings_.portal.rfind(':') + 1).c_str());
    }
    progress(tr("门户"));
    SEALDESK_TRY(centre->start_portal());
    if (!ready) {
        centre->settings_.portal = fmt::format("https://localhost:{}", centre->port_);
        centre->settings_.crl_url = centre->settings_.portal + "/crl/issuer.crl";
        SEALDESK_TRY(write_file(centre->home_ / "settings.toml", desk::settings_text(centre->settings_)));
    }
    return centre;
}

Result<> Centre::make_keys_and_authority() {
    settings_ = desk::Settings{};
    settings_.home = home_;
    settings_.database = home_ / "desk.sqlite";
    settings_.centre = "翔云电子签章演示中心";
    settings_.centre_tax_number = "91320102MA27D5EK88";
    settings_.centre_address = "江苏省南京市玄武区演示路 1 号";
    settings_.centre_mobile = "025-00000000";
    settings_.portal_ca = home_ / "portal/ca.pem";
    settings_.portal_token_file = home_ / "portal/token";
    settings_.soft_keys = home_ / "keys";
    settings_.authority = home_ / "authority";
    settings_.passphrase_file = home_ / "authority/passphrase";
    settings_.undo_ms = 5 * kSecond;
    settings_.random_pin = false;  // who looks at the demo types the same PIN again
    for (const char* folder : {"portal", "authority", "scans"}) SEALDESK_TRY(make_folder(home_ / folder));
    desk::ShippingSettings shipping;
    shipping.scan_to_pack = false;  // its KEYs are software: there is nothing to scan
    SEALDESK_TRY(desk::save_shipping_settings(home_, shipping));

    SEALDESK_LET(tls, certificates::make_tls_certificate("SealDesk demo portal CA", "localhost", random_, clock_.now()));
    SEALDESK_TRY(write_file(home_ / "portal/ca.pem", tls.authority_pem));
    SEALDESK_TRY(write_file(home_ / "portal/server.pem", tls.server_pem));
    SEALDESK_TRY(write_file(home_ / "portal/server.key", tls.key_pem, 0600));
    SEALDESK_TRY(write_file(home_ / "portal/token", crypto::hex(random_.bytes(24)) + "\n", 0600));

    const std::string words = crypto::hex(random_.bytes(16));
    certificates::AuthorityPlan plan;
    plan.root = {settings_.centre + "根", settings_.centre, "", "CN"};
    plan.issuer = {settings_.centre + "签发", settings_.centre, "", "CN"};
    SEALDESK_LET(files, certificates::create_authority(plan, crypto::Secret(std::string(words)), random_, clock_.now()));
    SEALDESK_TRY(write_file(home_ / "authority/passphrase", words + "\n", 0600));
    SEALDESK_TRY(desk::save_authority(home_ / "authority", files));
    for (const char* name : {"seal_maker.key", "seal_maker.pem", "seal_root.key", "seal_root.pem"}) {
        std::error_code gone;
        fs::remove(home_ / "authority" / name, gone);
    }
    SEALDESK_TRY(
        desk::make_seal_maker(home_ / "authority", settings_.centre, crypto::Secret(std::string(words)), random_, clock_.now()));

    std::error_code ignored;
    fs::remove_all(settings_.soft_keys, ignored);
    SEALDESK_LET(tokens, keys::use_soft_keys(settings_.soft_keys));
    for (int i = 1; i <= plan_.keys + 4; ++i)
        SEALDESK_TRY(keys::add_soft_key(*tokens, fmt::format("KEY {:03}", i), crypto::Secret(std::string(kPin)),
                                        crypto::Secret(std::string(kPin))));
    return {};
}

Result<> Centre::make_scans_and_seed() {
    const fs::path seed = places_.data / "demo/orders.json", scans = home_ / "scans";
    SEALDESK_LET(recipes, run({places_.portal, "recipes", "--seed", seed, "--out", scans}));
    if (recipes.status != 0) return fail(ErrorKind::internal, tr("演示材料的配方做不出来"), recipes.output);
    SEALDESK_TRY(write_file(home_ / "recipes.json", recipes.output));
    SEALDESK_LET(made, run({places_.scan_maker, home_ / "recipes.json"}));
    if (made.status != 0) return fail(ErrorKind::internal, tr("演示扫描件做不出来"), made.output);
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::error_code ignored;
        fs::remove(home_ / ("portal/portal.sqlite" + std::string(suffix)), ignored);
        fs::remove(home_ / ("desk.sqlite" + std::string(suffix)), ignored);
    }
    return {};
}

Result<> Centre::make_staff() {
    SEALDESK_LET(database, storage::Database::open({settings_.database, places_.data / "migrations/desk", &clock_, &random_, 1}));
    // The first one is added by nobody, the others by the administrator.
    auto list = people();
    std::rotate(list.begin(), list.end() - 1, list.end());
    const staff::Actor administrator{list.front().login, list.front().name, list.front().roles};
    for (size_t i = 0; i < list.size(); ++i)
        SEALDESK_TRY(staff::add(*database, i == 0 ? nullptr : &administrator,
                                {list[i].login, list[i].name, list[i].roles, true, {}}, crypto::Secret(std::string(kPassword))));
    SEALDESK_LET(passphrase, desk::read_passphrase(settings_));
    const crypto::Secret none;
    SEALDESK_LET(authority, desk::open_authority(settings_, passphrase ? *passphrase : none, nullptr));
    return database->write([&](storage::Tx& tx) -> Result<> {
        SEALDESK_TRY(certificates::renew_crl(tx, authority));
        SEALDESK_TRY(orders::define(tx, {"invoice", "2632{:016}", 1, 9'999'999}));
        return orders::define(tx, {"waybill", "EA{s10}CN", 10'000'001, 10'099'999});
    });
}

std::vector<std::string> Centre::portal_command() const {
    return {places_.portal,
            "--database",
            portal_database(),
            "--packages",
            home_ / "portal/packages",
            "--data",
            places_.data,
            "--cert",
            home_ / "portal/server.pem",
            "--key",
            home_ / "portal/server.key",
            "--token-file",
            home_ / "portal/token"};
}

Result<> Centre::start_portal() {
    auto command = portal_command();
    for (const std::string& word :
         {std::string("--seed"), (places_.data / "demo/orders.json").string(), std::string("--seed-from"),
          (home_ / "scans").string(), std::string("--port"), std::to_string(port_)})
        command.push_back(word);
    int out[2];
    if (pipe2(out, O_CLOEXEC) != 0) return fail(ErrorKind::internal, tr("无法建立管道"));
    auto started = Process::start({command, {}, {}, home_ / "portal/portal.log", {{out[1], 1}}, true});
    close(out[1]);
    if (!started) {
        close(out[0]);
        return tl::unexpected(started.error());
    }
    std::string said;
    char block[256];
    ssize_t n = 0;
    while (said.find("listening ") == std::string::npos || said.back() != '\n') {
        n = read(out[0], block, sizeof block);
        if (n <= 0) break;
        said.append(block, static_cast<size_t>(n));
    }
    close(out[0]);
    const auto at = said.find("listening ");
    if (at == std::string::npos)
        return fail(ErrorKind::unavailable, trf("门户没有启动，请看 {}", (home_ / "portal/portal.log").string()), said);
    port_ = std::atoi(said.c_str() + at + 10);
    portal_ = std::move(*started);
    return {};
}

Result<> Centre::resubmit(const std::string& order_no) {
    fs::path package;
    for (const auto& entry : fs::directory_iterator(home_ / "scans"))
        if (entry.path().filename().string().starts_with(order_no + "-r2")) package = entry.path();
    if (package.empty()) return fail(ErrorKind::internal, trf("没有订单 {} 的重传材料", order_no));
    auto command = portal_command();
    command.insert(command.end(), {"resubmit", order_no, "--package", package});
    SEALDESK_LET(done, run(command));
    if (done.status != 0) return fail(ErrorKind::internal, trf("订单 {} 的重传没有成功", order_no), done.output);
    return {};
}

Result<> Centre::refund(const std::string& order_no) {
    auto command = portal_command();
    command.insert(command.end(), {"refund", order_no});
    SEALDESK_LET(done, run(command));
    if (done.status != 0) return fail(ErrorKind::internal, trf("订单 {} 的退款没有成功", order_no), done.output);
    return {};
}

}  // namespace sealdesk::demo
