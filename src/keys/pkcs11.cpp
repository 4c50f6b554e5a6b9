#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/translate.h"
#include "crypto/digest.h"
#include "keys/pkcs11_module.h"

namespace sealdesk::keys {

ObjectId ObjectId::of(std::string_view text) { return {crypto::sha256(text).substr(0, 16)}; }
std::string ObjectId::hex() const { return crypto::hex(bytes); }

namespace {

class Pkcs11Tokens final : public Tokens {
public:
    explicit Pkcs11Tokens(std::shared_ptr<Module> module) : module_(std::move(module)) {}

    Result<std::vector<TokenInfo>> list() override { return module_->tokens(); }

    Result<TokenInfo> find(std::string_view serial) override {
        if (serial.empty()) return refused(tr("没有指明 KEY 的序列号"));
        SEALDESK_LET(tokens, module_->tokens());
        const auto same = [&](const TokenInfo& token) { return token.serial == serial; };
        const auto count = std::count_if(tokens.begin(), tokens.end(), same);
        if (count == 0) return fail(ErrorKind::device, trf("没有找到序列号为 {} 的 KEY，请插入这只 KEY", serial));
        if (count > 1) return fail(ErrorKind::device, trf("有两只 KEY 的序列号都是 {}，请拔下另一只，不要再用它", serial));
        return *std::find_if(tokens.begin(), tokens.end(), same);
    }

    Result<std::unique_ptr<TokenSession>> open(std::string_view serial) override {
        SEALDESK_LET(token, find(serial));
        if (!token.initialized) return fail(ErrorKind::device, trf("KEY {} 还没有初始化", serial));
        if (!module_->reserve(token.serial)) return fail(ErrorKind::conflict, trf("KEY {} 正在另一个任务中使用", serial));
        CK_SESSION_HANDLE handle = 0;
        const CK_RV value = module_->f->C_OpenSession(token.slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &handle);
        if (value != CKR_OK) {
            module_->release(token.serial);
            return token_failed(value, "C_OpenSession");
        }
        auto session = make_session(module_, token, handle);
        SEALDESK_TRY(session->look());  // still the same KEY after the session was opened
        return session;
    }

    Result<TokenInfo> initialize(const TokenInfo& token, const crypto::Secret& so_pin, const crypto::Secret& user_pin,
                                 const std::string& label, Contents contents) override {
        if (label.empty() || label.size() > 32 || has_control_characters(label))
            return refused(tr("KEY 的名称应为 1 到 32 个字节，且没有控制字符"));
        SEALDESK_LET(before, module_->tokens());
        const auto here = std::find_if(before.begin(), before.end(), [&](const TokenInfo& one) {
            return one.serial == token.serial && (!token.serial.empty() || one.slot == token.slot);
        });
        if (here == before.end()) return fail(ErrorKind::device, tr("KEY 已被拔出，请插回同一只 KEY"));
        if (here->initialized && contents == Contents::keep)
            return refused(trf("KEY {} 已经初始化过，重新初始化会清除其中的密钥和证书", here->serial));
        if (here->initialized && here->so_pin_locked) return token_failed(CKR_PIN_LOCKED, "CKF_SO_PIN_LOCKED");
        const std::string reserved = here->serial;
        if (!reserved.empty() && !module_->reserve(reserved))
            return fail(ErrorKind::conflict, trf("KEY {} 正在另一个任务中使用", reserved));
        auto result = initialize_here(*here, before, so_pin, user_pin, label);
        if (!reserved.empty()) module_->release(reserved);
        return result;
    }

private:
    Result<TokenInfo> initialize_here(const TokenInfo& token, const std::vector<TokenInfo>& before, const crypto::Secret& so_pin,
                                      const crypto::Secret& user_pin, const std::string& label) {
        CK_FUNCTION_LIST* f = module_->f;
        std::string padded = label;
        padded.resize(32, ' ');
        if (const CK_RV value = f->C_InitToken(token.slot, writable(so_pin.view()), so_pin.size(), writable(padded));
            value != CKR_OK)
            return token_failed(value, "C_InitToken");

        // A software KEY has its serial only now, and may have moved: the same serial, else the one that is new.
        SEALDESK_LET(after, module_->tokens());
        std::set<std::string> known;
        for (const TokenInfo& one : before) known.insert(one.serial);
        const auto found = std::find_if(after.begin(), after.end(), [&](const TokenInfo& one) {
            return one.initialized && one.label == trimmed(label) &&
                   (token.serial.empty() ? !known.contains(one.serial) : one.serial == token.serial);
        });
        if (found == after.end()) return fail(ErrorKind::device, tr("KEY 初始化后没有再找到，请拔下重新插入后重试"));

        CK_SESSION_HANDLE handle = 0;
        if (const CK_RV value = f->C_OpenSession(found->slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &handle);
            value != CKR_OK)
            return token_failed(value, "C_OpenSession");
        const char* call = "C_Login";
        CK_RV value = f->C_Login(handle, CKU_SO, writable(so_pin.view()), so_pin.size());
        if (value == CKR_OK) {
            call = "C_InitPIN";
            value = f->C_InitPIN(handle, writable(user_pin.view()), user_pin.size());
            f->C_Logout(handle);
        }
        f->C_CloseSession(handle);
        if (value != CKR_OK) return token_failed(value, call);
        return find(found->serial);
    }

    std::shared_ptr<Module> module_;
};

}  // namespace

Result<std::unique_ptr<Tokens>> open_pkcs11(const std::string& path) {
    SEALDESK_LET(module, Module::load(path));
    return tokens_over(std::move(module));
}

std::unique_ptr<Tokens> tokens_over(std::shared_ptr<Module> module) { return std::make_unique<Pkcs11Tokens>(std::move(module)); }

}  // namespace sealdesk::keys
