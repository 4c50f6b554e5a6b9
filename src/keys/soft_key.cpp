#include "keys/soft_key.h"

#include <algorithm>
#include <cstdlib>

#include "base/files.h"
#include "base/translate.h"

namespace sealdesk::keys {

Result<std::string> soft_key_module() {
    for (const char* path : {"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                             "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so",
                             "/usr/local/lib/softhsm/libsofthsm2.so"}) {
        std::error_code error;
        if (std::filesystem::exists(path, error)) return path;
    }
    return fail(ErrorKind::unavailable, tr("没有找到软件 KEY（SoftHSM），请安装软件包 softhsm2"));
}

Result<std::unique_ptr<Tokens>> use_soft_keys(const std::filesystem::path& folder) {
    SEALDESK_LET(module, soft_key_module());
    std::error_code error;
    const auto absolute = std::filesystem::absolute(folder, error);
    if (error || absolute.string().find_first_of("\n\r#") != std::string::npos)
        return refused(tr("软件 KEY 的文件夹名称中有不允许的字符"));
    const auto tokens = absolute / "tokens", settings = absolute / "softhsm2.conf";
    SEALDESK_TRY(make_folder(tokens));
    std::filesystem::permissions(absolute, std::filesystem::perms::owner_all, error);
    if (error) return fail(ErrorKind::unavailable, trf("不能设置文件夹 {} 的权限", absolute.string()), error.message());
    SEALDESK_TRY(write_file(
        settings,
        "directories.tokendir = " + tokens.string() + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n",
        0600));
    setenv("SOFTHSM2_CONF", settings.c_str(), 1);
    return open_pkcs11(module);
}

Result<TokenInfo> add_soft_key(Tokens& tokens, const std::string& label, const crypto::Secret& so_pin,
                               const crypto::Secret& user_pin) {
    SEALDESK_LET(all, tokens.list());
    const auto unused = std::find_if(all.begin(), all.end(), [](const TokenInfo& token) { return !token.initialized; });
    if (unused == all.end()) return fail(ErrorKind::device, tr("软件 KEY 没有空闲的位置"));
    return tokens.initialize(*unused, so_pin, user_pin, label);
}

}  // namespace sealdesk::keys
