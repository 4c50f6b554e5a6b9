#include <algorithm>

#include "base/files.h"
#include "base/text.h"
#include "cli/commands.h"

namespace sealdesk::cli {

namespace {

Result<crypto::Secret> pin_of(const std::string& file) {
    SEALDESK_LET(text, read_file(file, 4096));
    return crypto::Secret(trimmed(text));
}

// Every unit that is still missing, each on the next blank KEY or on the KEY it was begun with.
Result<> issue(Common& common, const std::string& no, const std::string& wanted_key, const std::string& pin_file) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    if (desk->bench().tokens == nullptr) return fail(ErrorKind::device, desk->key_trouble());
    SEALDESK_LET(pin, pin_of(pin_file));
    SEALDESK_LET(tokens, desk->bench().tokens->list());
    SEALDESK_TRY(keys::seen(desk->database(), tokens));
    SEALDESK_LET(order, orders::load(desk->database(), no));
    nlohmann::json written = nlohmann::json::array();
    std::string text;
    for (;;) {
        SEALDESK_LET(jobs, keys::jobs_of(desk->database(), no));
        const auto open = std::find_if(jobs.begin(), jobs.end(), [](const auto& job) { return !job.finished(); });
        if (open == jobs.end() && static_cast<int>(jobs.size()) >= order.order.quantity) break;
        std::string serial = open != jobs.end() ? open->key_serial : wanted_key;
        for (const auto& token : tokens) {
            if (!serial.empty()) break;
            SEALDESK_LET(key, keys::find_key(desk->database(), token.serial));
            if (key && key->state == keys::KeyState::blank) serial = token.serial;
        }
        if (serial.empty()) return fail(ErrorKind::device, tr("没有空白 KEY，请插上一个"));
        SEALDESK_LET(job, keys::write(desk->database(), actor, desk->bench(), no, serial, pin));
        written.push_back({{"unit", job.unit_no}, {"key", job.key_serial}, {"certificate", job.certificate_serial}});
        text += trf("第 {} 个 KEY {} 已写入，证书 {}", job.unit_no, job.key_serial, job.certificate_serial) + "\n";
        if (!wanted_key.empty()) break;
    }
    print(common, written, text);
    return {};
}

}  // namespace

void add_key_commands(CLI::App& app, Common& common) {
    struct Words {
        std::string no, key, pin_file;
    };
    const auto words = std::make_shared<Words>();
    auto* command = app.add_subcommand("issue", "write the KEYs of an approved order");
    command->add_option("order", words->no)->required();
    command->add_option("--key", words->key, "serial of the KEY; without it the next blank one");
    command->add_option("--pin-file", words->pin_file, "file with the KEY's PIN")->required();
    on(command, common, [&common, words] { return issue(common, words->no, words->key, words->pin_file); });
}

}  // namespace sealdesk::cli
