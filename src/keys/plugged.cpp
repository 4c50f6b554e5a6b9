#include "keys/plugged.h"

#include <optional>

#include "base/translate.h"
#include "keys/writing.h"

namespace sealdesk::keys {

namespace {

Key new_key(const TokenInfo& token) {
    Key key;
    key.serial = token.serial;
    key.label = token.label;
    key.model = token.model;
    return key;
}

// Certificates may be read without a PIN. Nothing when the KEY cannot be asked.
std::optional<int> certificates_on(Tokens& tokens, const std::string& serial) {
    const auto session = tokens.open(serial);
    if (!session) return std::nullopt;
    const auto list = (*session)->certificates();
    if (!list) return std::nullopt;
    return static_cast<int>(list->size());
}

}  // namespace

std::string why_not_taken_in(const PluggedKey& each) {
    const std::string& serial = each.token.serial;
    if (each.unread) return trf("没有读到 KEY {} 上的内容，没有入库，请拔下重新插入", serial);
    if (each.foreign > 0) return trf("KEY {} 上已有 {} 张不是本中心的证书，请换一个空白 KEY", serial, each.foreign);
    return {};
}

Result<std::vector<PluggedKey>> plugged_keys(storage::Database& database, Tokens& tokens, const std::set<std::string>& busy) {
    SEALDESK_LET(all, tokens.list());
    std::vector<PluggedKey> plugged;
    std::vector<TokenInfo> blank;  // and new here
    for (const auto& token : all) {
        if (token.serial.empty()) continue;
        SEALDESK_LET(known, find_key(database, token.serial));
        PluggedKey each{token, known.value_or(new_key(token))};
        if (!known) {
            const auto found = busy.contains(token.serial) ? std::nullopt : certificates_on(tokens, token.serial);
            each.unread = !found;
            each.foreign = found.value_or(0);
            if (found && *found == 0) blank.push_back(token);
        }
        plugged.push_back(std::move(each));
    }
    if (!blank.empty()) SEALDESK_TRY(seen(database, blank));
    return plugged;
}

}  // namespace sealdesk::keys
