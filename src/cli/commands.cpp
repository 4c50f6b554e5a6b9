#include "cli/commands.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "base/files.h"
#include "base/text.h"
#include "crypto/secret_file.h"
#include "desk/authority.h"

namespace sealdesk::cli {

namespace fs = std::filesystem;

fs::path default_home() {
    const auto variable = [](const char* name) {
        return std::getenv(name) != nullptr ? fs::path(std::getenv(name)) : fs::path();
    };
    if (const auto home = variable("SEALDESK_HOME"); !home.empty()) return home;
    if (const auto data = variable("XDG_DATA_HOME"); !data.empty()) return data / "sealdesk";
    return variable("HOME") / ".local/share/sealdesk";
}

Result<std::unique_ptr<desk::Desk>> open_desk(Common& common) {
    SEALDESK_LET(places, desk::find_places());
    SEALDESK_LET(settings, desk::load_settings(common.home));
    set_language(settings.language, places.translations);
    return desk::Desk::open(std::move(settings), std::move(places), common.clock, common.random);
}

Result<crypto::Secret> typed(const std::string& prompt, const std::string& otherwise) {
    if (isatty(STDIN_FILENO) == 0) return refused(otherwise);
    std::fprintf(stderr, "%s", prompt.c_str());
    termios shown{};
    tcgetattr(STDIN_FILENO, &shown);
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    std::string line;
    std::getline(std::cin, line);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    std::fprintf(stderr, "\n");
    return crypto::Secret(std::move(line));
}

Result<crypto::Secret> password_of(const Common& common) {
    if (!common.password_file.empty()) return crypto::read_secret(common.password_file);
    return typed(trf("{} 的密码：", common.as), tr("请用 --password-file 给出密码文件"));
}

Result<crypto::Secret> passphrase_of(const desk::Settings& settings, const char* prompt) {
    SEALDESK_LET(words, desk::read_passphrase(settings));
    if (words) return std::move(*words);
    return typed(prompt, tr("没有 CA 密钥的口令：请在终端里输入，或在设置里写明 passphrase_file"));
}

Result<staff::Actor> sign_in(Common& common, desk::Desk& desk) {
    if (common.as.empty()) return refused(tr("请用 --as 登录名 说明是谁在操作"));
    SEALDESK_LET(password, password_of(common));
    return staff::sign_in(desk.database(), common.as, password);
}

void on(CLI::App* command, Common& common, std::function<Result<>()> body) {
    command->callback([&common, body = std::move(body)] {
        const auto done = body();
        if (done) return;
        std::fprintf(stderr, "sealdesk: %s\n", done.error().message.c_str());
        if (!done.error().detail.empty())
            std::fprintf(stderr, "          (%s: %s)\n", name_of(done.error().kind), done.error().detail.c_str());
        common.status = 1;
    });
}

void print(const Common& common, const nlohmann::json& json, const std::string& text) {
    std::printf("%s\n", common.json ? json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str() : text.c_str());
}

}  // namespace sealdesk::cli
