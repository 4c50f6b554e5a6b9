#include "desk/account_file.h"

#include "base/files.h"
#include "base/translate.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

Result<toml::table> read_accounts(const fs::path& file) try {
    const auto status = fs::status(file);
    if (!fs::exists(status)) return refused(trf("没有账号文件 {}", file.string()));
    if ((status.permissions() & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none)
        return refused(trf("账号文件 {} 别人也能读，请改成只有自己能读（chmod 600）", file.string()));
    SEALDESK_LET(bytes, read_file(file, size_t{1} << 16));
    return toml::parse(bytes);
} catch (const toml::parse_error& error) {
    // Not its words: they quote the file.
    return refused(trf("账号文件第 {} 行写法不对", error.source().begin.line));
} catch (const fs::filesystem_error& error) {
    return fail(ErrorKind::unavailable, trf("打不开账号文件 {}", file.string()), error.what());
}

std::string account_text(const toml::table& table, const char* name, const char* otherwise) {
    return table[name].value_or(std::string(otherwise));
}

Result<> check_names(const toml::table& table, const std::set<std::string>& known) {
    for (const auto& [name, node] : table)
        if (!known.contains(std::string(name.str()))) return refused(trf("账号文件里不认识“{}”", name.str()));
    return {};
}

network::HttpClient::Options account_options(const toml::table& table, const std::string& base) {
    network::HttpClient::Options options;
    options.base = base;
    options.ca_file = account_text(table, "ca_file", "/etc/ssl/certs/ca-certificates.crt");
    options.timeout = std::chrono::seconds(15);
    return options;
}

}  // namespace sealdesk::desk
