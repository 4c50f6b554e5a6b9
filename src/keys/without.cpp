#include "keys/without.h"

#include "base/translate.h"

namespace sealdesk::keys {

namespace {

class Without final : public Tokens {
public:
    Without(Tokens& tokens, std::string serial) : tokens_(tokens), serial_(std::move(serial)) {}

    Result<std::vector<TokenInfo>> list() override {
        SEALDESK_LET(all, tokens_.list());
        std::erase_if(all, [&](const TokenInfo& token) { return token.serial == serial_; });
        return all;
    }
    Result<TokenInfo> find(std::string_view serial) override {
        SEALDESK_TRY(check(serial));
        return tokens_.find(serial);
    }
    Result<std::unique_ptr<TokenSession>> open(std::string_view serial) override {
        SEALDESK_TRY(check(serial));
        return tokens_.open(serial);
    }
    Result<TokenInfo> initialize(const TokenInfo& token, const crypto::Secret& so_pin, const crypto::Secret& user_pin,
                                 const std::string& label, Contents contents) override {
        SEALDESK_TRY(check(token.serial));
        return tokens_.initialize(token, so_pin, user_pin, label, contents);
    }

private:
    Result<> check(std::string_view serial) const {
        if (serial != serial_) return {};
        return refused(trf("KEY {} 存放着签发 CA 的密钥，不能当作空白 KEY 使用", serial_));
    }

    Tokens& tokens_;
    const std::string serial_;
};

}  // namespace

std::unique_ptr<Tokens> without(Tokens& tokens, std::string serial) {
    return std::make_unique<Without>(tokens, std::move(serial));
}

}  // namespace sealdesk::keys
