#include <algorithm>

#include "base/text.h"
#include "base/translate.h"
#include "certificates/certificate.h"
#include "crypto/digest.h"
#include "keys/issue.h"
#include "keys/pkcs11_objects.h"
#include "keys/pkcs11_public_key.h"

namespace sealdesk::keys {

using crypto::KeyAlgorithm;

namespace {

constexpr std::string_view kP256Parameters("\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", 10);  // DER of prime256v1
constexpr std::string_view kExponent65537("\x01\x00\x01", 3);

Result<> check_label(const std::string& label) {
    if (label.empty() || label.size() > 64 || !is_utf8(label) || has_control_characters(label))
        return refused(tr("KEY 上内容的名称应为 1 到 64 个字节，且没有控制字符"));
    return {};
}

class Session final : public TokenSession {
public:
    Session(std::shared_ptr<Module> module, TokenInfo token, CK_SESSION_HANDLE handle)
        : module_(std::move(module)), f_(module_->f), token_(std::move(token)), session_(handle), objects_(f_, session_) {}
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() override {
        f_->C_Logout(session_);  // always: the answer to a login may have been lost
        f_->C_CloseSession(session_);
        module_->release(token_.serial);
    }

    Result<TokenInfo> look() override {
        CK_SESSION_INFO session{};
        if (const CK_RV value = f_->C_GetSessionInfo(session_, &session); value != CKR_OK)
            return token_failed(value, "C_GetSessionInfo");
        SEALDESK_LET(now, module_->token_in(session.slotID));
        if (now.serial != token_.serial)
            return fail(ErrorKind::device,
                        trf("插着的是 KEY {}，不是 {}。请换回 KEY {}", now.serial, token_.serial, token_.serial));
        token_ = now;
        return now;
    }

    Result<> login(const crypto::Secret& pin, LastTry last) override {
        SEALDESK_LET(now, look());
        if (now.pin_locked) return token_failed(CKR_PIN_LOCKED, "CKF_USER_PIN_LOCKED");
        if (now.pin_final && last == LastTry::spare)
            return fail(ErrorKind::device, tr("PIN 只剩最后一次机会，再输错 KEY 就会锁定。请确认后再试，或直接解锁"));
        if (const CK_RV value = f_->C_Login(session_, CKU_USER, writable(pin.view()), pin.size()); value != CKR_OK)
            return pin_failed(value, "C_Login");
        return {};
    }

    Result<> logout() override {
        const CK_RV value = f_->C_Logout(session_);
        if (value != CKR_OK && value != CKR_USER_NOT_LOGGED_IN) return token_failed(value, "C_Logout");
        return {};
    }

    Result<> change_pin(const crypto::Secret& old_pin, const crypto::Secret& new_pin) override {
        SEALDESK_LET(now, look());
        if (now.pin_locked) return token_failed(CKR_PIN_LOCKED, "CKF_USER_PIN_LOCKED");
        SEALDESK_TRY(check_length(now, new_pin));
        if (const CK_RV value =
                f_->C_SetPIN(session_, writable(old_pin.view()), old_pin.size(), writable(new_pin.view()), new_pin.size());
            value != CKR_OK)
            return pin_failed(value, "C_SetPIN");
        return {};
    }

    Result<> unlock(const crypto::Secret& so_pin, const crypto::Secret& new_pin, LastTry last) override {
        SEALDESK_LET(now, look());
        if (now.so_pin_locked)
            return fail(ErrorKind::device, tr("KEY 的管理员 PIN 已锁定，无法解锁。请把它登记为“损坏”，换一只 KEY"));
        if (now.so_pin_final && last == LastTry::spare)
            return fail(ErrorKind::device, tr("管理员 PIN 只剩最后一次机会，再输错 KEY 就报废了。请确认后再试"));
        SEALDESK_TRY(check_length(now, new_pin));
        SEALDESK_TRY(logout());
        if (const CK_RV value = f_->C_Login(session_, CKU_SO, writable(so_pin.view()), so_pin.size()); value != CKR_OK) {
            Error error = token_error(value, "C_Login SO");
            if (value == CKR_PIN_INCORRECT) error.message = tr("管理员 PIN 不正确。请核对后再输入，连续输错会使 KEY 报废");
            return tl::unexpected(std::move(error));
        }
        const CK_RV value = f_->C_InitPIN(session_, writable(new_pin.view()), new_pin.size());
        f_->C_Logout(session_);
        if (value != CKR_OK) return token_failed(value, "C_InitPIN");
        return {};
    }

    Result<std::vector<KeyPair>> key_pairs() override {
        SEALDESK_TRY(look());
        SEALDESK_LET(handles, objects_.all(CKO_PRIVATE_KEY));
        std::vector<KeyPair> pairs;
        for (const CK_OBJECT_HANDLE handle : handles) {
            SEALDESK_LET(id, objects_.read(handle, CKA_ID));
            SEALDESK_LET(pair, find_key_pair(ObjectId{id}));
            if (pair) pairs.push_back(std::move(*pair));
        }
        return pairs;
    }

    Result<std::optional<KeyPair>> find_key_pair(const ObjectId& id) override { return objects_.find_pair(id); }

    Result<KeyPair> generate_key_pair(const ObjectId& id, const std::string& label, KeyAlgorithm algorithm) override {
        SEALDESK_TRY(check_label(label));
        if (id.bytes.empty()) return refused(tr("没有指明密钥的标识"));
        if (algorithm == KeyAlgorithm::sm2) return refused(tr("这种 KEY 的驱动（PKCS#11）不支持 SM2，请把算法改为 rsa 或 p256"));
        SEALDESK_TRY(look());
        SEALDESK_LET(existing, find_key_pair(id));
        if (existing) return fail(ErrorKind::conflict, tr("KEY 上已经有这个标识的密钥"), id.hex());
        SEALDESK_TRY(objects_.remove(id, CKO_PRIVATE_KEY));  // halves that a pulled KEY left behind
        SEALDESK_TRY(objects_.remove(id, CKO_PUBLIC_KEY));

        CK_MECHANISM mechanism{algorithm == KeyAlgorithm::rsa_2048 ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, nullptr, 0};
        Template open, hidden;
        open.add_bool(CKA_TOKEN, true).add_bool(CKA_VERIFY, true).add(CKA_LABEL, label).add(CKA_ID, id.bytes);
        if (algorithm == KeyAlgorithm::rsa_2048)
            open.add_number(CKA_MODULUS_BITS, 2048).add(CKA_PUBLIC_EXPONENT, kExponent65537);
        else
            open.add(CKA_EC_PARAMS, kP256Parameters);
        hidden.add_bool(CKA_TOKEN, true).add_bool(CKA_PRIVATE, true).add_bool(CKA_SENSITIVE, true);
        hidden.add_bool(CKA_EXTRACTABLE, false).add_bool(CKA_SIGN, true).add(CKA_LABEL, label).add(CKA_ID, id.bytes);
        CK_OBJECT_HANDLE public_key = 0, private_key = 0;
        const CK_RV value = f_->C_GenerateKeyPair(session_, &mechanism, open.data(), open.size(), hidden.data(), hidden.size(),
                                                  &public_key, &private_key);
        if (value != CKR_OK) return token_failed(value, "C_GenerateKeyPair");
        SEALDESK_LET(made, find_key_pair(id));
        if (!made) return token_failed(CKR_DEVICE_ERROR, "C_GenerateKeyPair left nothing");
        return *made;
    }

    Result<std::vector<StoredCertificate>> certificates() override {
        SEALDESK_TRY(look());
        SEALDESK_LET(handles, objects_.all(CKO_CERTIFICATE));
        std::vector<StoredCertificate> result;
        for (const CK_OBJECT_HANDLE handle : handles) {
            SEALDESK_LET(one, objects_.certificate(handle));
            result.push_back(std::move(one));
        }
        return result;
    }

    Result<std::optional<StoredCertificate>> find_certificate(const ObjectId& id) override {
        SEALDESK_LET(handles, objects_.of(id, CKO_CERTIFICATE));
        std::optional<StoredCertificate> result;
        for (const CK_OBJECT_HANDLE handle : handles) {
            SEALDESK_LET(one, objects_.certificate(handle));
            if (result && result->der != one.der)
                return fail(ErrorKind::device, tr("KEY 上有两张相同标识的证书，请重新写入证书"), id.hex());
            result = std::move(one);
        }
        return result;
    }

    Result<> write_certificate(const ObjectId& id, const std::string& label,
                               const sealdesk::certificates::Certificate& certificate) override {
        SEALDESK_TRY(check_label(label));
        SEALDESK_TRY(look());
        SEALDESK_LET(key, objects_.public_key(id));
        if (!key) return fail(ErrorKind::device, tr("KEY 上没有这张证书的密钥，请核对是否插错了 KEY"), id.hex());
        SEALDESK_LET(fits, sealdesk::certificates::has_public_key(certificate.der, *key));
        if (!fits) return refused(tr("证书中的公钥与 KEY 上的密钥不符，没有写入"));

        SEALDESK_LET(old, objects_.of(id, CKO_CERTIFICATE));
        bool written = false;
        std::vector<CK_OBJECT_HANDLE> superfluous;
        for (const CK_OBJECT_HANDLE handle : old) {
            SEALDESK_LET(one, objects_.certificate(handle));
            if (!written && one.der == certificate.der)
                written = true;
            else
                superfluous.push_back(handle);
        }
        if (!written) SEALDESK_TRY(objects_.create_certificate(id, label, certificate));
        return objects_.destroy(superfluous);
    }

    Result<> write_data(const std::string& label, std::string_view bytes) override {
        SEALDESK_TRY(check_label(label));
        if (bytes.empty()) return refused(tr("没有可以写入 KEY 的内容"));
        SEALDESK_TRY(look());
        SEALDESK_LET(old, objects_.data(label));
        SEALDESK_TRY(objects_.create_data(label, bytes));
        return objects_.destroy(old);
    }

    Result<std::optional<std::string>> find_data(const std::string& label) override {
        SEALDESK_LET(handles, objects_.data(label));
        std::optional<std::string> result;
        for (const CK_OBJECT_HANDLE handle : handles) {
            SEALDESK_LET(bytes, objects_.read(handle, CKA_VALUE));
            if (result && *result != bytes) return fail(ErrorKind::device, trf("KEY 上有两份不同的“{}”，请重新写入", label));
            result = std::move(bytes);
        }
        return result;
    }

    Result<int> delete_data(const std::string& label) override {
        SEALDESK_TRY(check_label(label));
        SEALDESK_TRY(look());
        SEALDESK_LET(handles, objects_.data(label));
        SEALDESK_TRY(objects_.destroy(handles));
        return static_cast<int>(handles.size());
    }

    Result<int> strangers(const ObjectId& mine) override {
        SEALDESK_LET(is_empty, objects_.is_empty());
        if (is_empty) return 0;
        int count = 0;
        for (const CK_OBJECT_CLASS kind : {CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY}) {
            SEALDESK_LET(handles, objects_.all(kind));
            for (const CK_OBJECT_HANDLE handle : handles) {
                SEALDESK_LET(id, objects_.read(handle, CKA_ID));
                if (kind == CKO_CERTIFICATE || mine.bytes.empty() || id != mine.bytes) ++count;
            }
        }
        SEALDESK_LET(seals, objects_.data(kSealLabel));
        return count + static_cast<int>(seals.size());
    }

    Result<int> delete_objects(const ObjectId& id) override {
        if (id.bytes.empty()) return refused(tr("没有指明密钥的标识"));
        SEALDESK_TRY(look());
        int count = 0;
        for (const CK_OBJECT_CLASS kind : {CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY}) {
            SEALDESK_LET(gone, objects_.remove(id, kind));
            count += gone;
        }
        return count;
    }

    Result<std::string> sign(const ObjectId& id, std::string_view message) override {
        SEALDESK_LET(found, objects_.find_private(id));
        if (!found) return fail(ErrorKind::device, tr("KEY 上没有这个密钥，请核对是否插错了 KEY"), id.hex());
        const bool rsa = found->rsa;
        // The KEY hashes for RSA itself; plain ECDSA wants the digest.
        const std::string input = rsa ? std::string(message) : crypto::sha256(message);
        CK_MECHANISM mechanism{rsa ? CKM_SHA256_RSA_PKCS : CKM_ECDSA, nullptr, 0};
        CK_RV value = f_->C_SignInit(session_, &mechanism, found->handle);
        if (value != CKR_OK) return token_failed(value, "C_SignInit");
        std::string signature(1024, '\0');
        CK_ULONG length = signature.size();
        value = f_->C_Sign(session_, writable(input), input.size(), reinterpret_cast<CK_BYTE*>(signature.data()), &length);
        if (value != CKR_OK) return token_failed(value, "C_Sign");
        signature.resize(std::min<size_t>(length, signature.size()));
        if (rsa) return signature;
        return ecdsa_der(signature);
    }

    Result<> check_not_extractable(const ObjectId& id) override {
        SEALDESK_LET(hands_out, objects_.hands_out_private(id));
        if (!hands_out) return fail(ErrorKind::device, tr("KEY 上没有这个密钥，请核对是否插错了 KEY"), id.hex());
        if (*hands_out)
            return fail(ErrorKind::device, tr("这只 KEY 上的私钥可以被读出，不能交付。请把它登记为“损坏”，换一只空白 KEY"),
                        id.hex());
        return {};
    }

private:
    Failure pin_failed(CK_RV value, const char* call) {
        Error error = token_error(value, call);
        if (value == CKR_PIN_INCORRECT) {
            if (const auto now = look()) {  // say at once how it stands after this try
                if (now->pin_locked)
                    error.message = token_error(CKR_PIN_LOCKED, call).message;
                else if (now->pin_final)
                    error.message = tr("PIN 不正确，只剩最后一次机会。请先向申请人核实，再输错 KEY 就会锁定");
            }
        }
        return tl::unexpected(std::move(error));
    }

    static Result<> check_length(const TokenInfo& token, const crypto::Secret& pin) {
        if (pin.size() < token.shortest_pin || (token.longest_pin > 0 && pin.size() > token.longest_pin))
            return refused(trf("PIN 的长度应为 {} 到 {} 位", token.shortest_pin, token.longest_pin));
        return {};
    }

    std::shared_ptr<Module> module_;
    CK_FUNCTION_LIST* f_;
    TokenInfo token_;
    CK_SESSION_HANDLE session_;
    Objects objects_;
};

}  // namespace

std::unique_ptr<TokenSession> make_session(std::shared_ptr<Module> module, TokenInfo token, CK_SESSION_HANDLE handle) {
    return std::make_unique<Session>(std::move(module), std::move(token), handle);
}

}  // namespace sealdesk::keys
