#include "keys/authority_key.h"

#include <memory>
#include <mutex>

#include "base/translate.h"
#include "keys/issue.h"

namespace sealdesk::keys {

namespace {

ObjectId object_id() { return ObjectId::of("issuing CA"); }

class Holder {
public:
    Holder(Tokens& tokens, std::string serial, crypto::Secret pin)
        : tokens_(tokens), serial_(std::move(serial)), pin_(std::move(pin)) {}

    Result<TokenSession*> session() {
        if (session_) return session_.get();
        if (pin_refused_) return fail(ErrorKind::device, trf("CA 密钥所在的 KEY {} 不接受口令，请核对设置后重新启动", serial_));
        SEALDESK_LET(opened, tokens_.open(serial_));
        if (const auto entered = opened->login(pin_); !entered) {
            // One that was pulled, or is in another program's hands, says nothing of the PIN.
            pin_refused_ = is_refused_pin(entered.error());
            return tl::unexpected(entered.error());
        }
        session_ = std::move(opened);
        return session_.get();
    }
    Result<std::string> sign(std::string_view message) {
        const std::lock_guard lock(mutex_);
        SEALDESK_LET(session, this->session());
        auto signature = session->sign(object_id(), message);
        if (!signature) session_.reset();
        return signature;
    }

private:
    Tokens& tokens_;
    const std::string serial_;
    const crypto::Secret pin_;
    std::mutex mutex_;
    std::unique_ptr<TokenSession> session_;
    bool pin_refused_ = false;
};

}  // namespace

Result<crypto::SigningKey> authority_key(Tokens& tokens, const std::string& serial, const crypto::Secret& pin,
                                         crypto::KeyAlgorithm algorithm, AuthorityKey key) {
    if (algorithm == crypto::KeyAlgorithm::sm2) return refused(tr("PKCS#11 的 KEY 不能保管 SM2 的 CA 密钥，请用密钥文件"));
    const auto holder = std::make_shared<Holder>(tokens, serial, pin.clone());
    SEALDESK_LET(session, holder->session());
    SEALDESK_LET(pair, session->find_key_pair(object_id()));
    if (!pair && key == AuthorityKey::must_be_there) return refused(trf("KEY {} 上没有 CA 密钥", serial));
    if (!pair) {
        SEALDESK_LET(made, ensure_key_pair(*session, object_id(), "SealDesk CA", algorithm));
        pair = std::move(made);
    }
    if (pair->extractable || !pair->made_here || pair->was_ever_readable)
        return refused(trf("KEY {} 上的 CA 密钥可以被读出，不能使用", serial));
    EVP_PKEY_up_ref(pair->decoded.get());
    return crypto::SigningKey::elsewhere(crypto::KeyHandle(pair->decoded.get()),
                                         [holder](std::string_view message) { return holder->sign(message); });
}

}  // namespace sealdesk::keys
