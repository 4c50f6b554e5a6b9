// KEYs in memory for stories that SoftHSM would take hours for: the same interface, P-256, and a fault at any call. What
// a KEY holds outlives its sessions, as on a real one; nothing else does. One thread.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "certificates/certificate.h"
#include "crypto/digest.h"
#include "keys/token.h"

namespace sealdesk::tests {

enum class Fault { none, not_done, answer_lost };

struct FakeKey {
    struct Pair {
        std::shared_ptr<EVP_PKEY> key;
        keys::KeyPair facts;
    };
    keys::TokenInfo info;
    std::map<keys::ObjectId, Pair> pairs;
    std::map<keys::ObjectId, keys::StoredCertificate> certificates;
    std::map<std::string, std::string> data;
    bool open = false;
    size_t room = 100;                 // objects that it holds at most
    std::shared_ptr<EVP_PKEY> cloned;  // a KEY that was copied at the factory: it "makes" this key
    bool signs_badly = false;
    std::string pin = "246810", so_pin = "12345678";
};

class FakeSession final : public keys::TokenSession {
public:
    FakeSession(std::shared_ptr<FakeKey> key, const std::function<Fault()>* fault, const unsigned long* value)
        : key_(std::move(key)), fault_(fault), value_(value) {
        key_->open = true;
    }
    ~FakeSession() override { key_->open = false; }

    Result<keys::TokenInfo> look() override {
        return call([&]() -> Result<keys::TokenInfo> { return key_->info; });
    }
    Result<> login(const crypto::Secret& pin, keys::LastTry) override {
        return call([&]() -> Result<> {
            if (key_->info.pin_locked) return tl::unexpected(keys::token_error(0xa4, "C_Login"));
            if (pin.view() != key_->pin) return tl::unexpected(keys::token_error(0xa0, "C_Login"));
            return {};
        });
    }
    Result<> logout() override { return {}; }
    Result<> change_pin(const crypto::Secret&, const crypto::Secret&) override { return {}; }
    Result<> unlock(const crypto::Secret&, const crypto::Secret&, keys::LastTry) override { return {}; }

    Result<std::vector<keys::KeyPair>> key_pairs() override {
        return call([&]() -> Result<std::vector<keys::KeyPair>> {
            std::vector<keys::KeyPair> list;
            for (const auto& [id, pair] : key_->pairs) list.push_back(pair.facts);
            return list;
        });
    }
    Result<std::optional<keys::KeyPair>> find_key_pair(const keys::ObjectId& id) override {
        return call([&]() -> Result<std::optional<keys::KeyPair>> {
            const auto found = key_->pairs.find(id);
            if (found == key_->pairs.end()) return std::nullopt;
            return found->second.facts;
        });
    }
    Result<keys::KeyPair> generate_key_pair(const keys::ObjectId& id, const std::string& label, crypto::KeyAlgorithm) override {
        return call([&]() -> Result<keys::KeyPair> {
            if (key_->pairs.contains(id)) return fail(ErrorKind::conflict, "there is one");
            SEALDESK_TRY(has_room());
            crypto::KeyHandle made;
            if (key_->cloned) {
                EVP_PKEY_up_ref(key_->cloned.get());
                made.reset(key_->cloned.get());
            } else {
                SEALDESK_LET(fresh, crypto::generate_key(crypto::KeyAlgorithm::p_256));
                made = std::move(fresh);
            }
            keys::KeyPair facts{id,    label, crypto::KeyAlgorithm::p_256, crypto::der_of(i2d_PUBKEY, made.get()), true, false,
                                false, {}};
            facts.decoded = std::move(made);
            key_->pairs.emplace(id, FakeKey::Pair{facts.decoded, facts});
            return facts;
        });
    }
    Result<std::vector<keys::StoredCertificate>> certificates() override {
        return call([&]() -> Result<std::vector<keys::StoredCertificate>> {
            std::vector<keys::StoredCertificate> list;
            for (const auto& [id, one] : key_->certificates) list.push_back(one);
            return list;
        });
    }
    Result<std::optional<keys::StoredCertificate>> find_certificate(const keys::ObjectId& id) override {
        return call([&]() -> Result<std::optional<keys::StoredCertificate>> {
            const auto found = key_->certificates.find(id);
            if (found == key_->certificates.end()) return std::nullopt;
            return found->second;
        });
    }
    Result<> write_certificate(const keys::ObjectId& id, const std::string& label,
                               const sealdesk::certificates::Certificate& certificate) override {
        return call([&]() -> Result<> {
            SEALDESK_TRY(has_room());
            key_->certificates.insert_or_assign(id, keys::StoredCertificate{id, label, certificate.der});
            return {};
        });
    }
    Result<> write_data(const std::string& label, std::string_view bytes) override {
        return call([&]() -> Result<> {
            SEALDESK_TRY(has_room());
            key_->data.insert_or_assign(label, std::string(bytes));
            return {};
        });
    }
    Result<std::optional<std::string>> find_data(const std::string& label) override {
        return call([&]() -> Result<std::optional<std::string>> {
            const auto found = key_->data.find(label);
            if (found == key_->data.end()) return std::nullopt;
            return found->second;
        });
    }
    Result<int> delete_data(const std::string& label) override {
        return call([&]() -> Result<int> { return static_cast<int>(key_->data.erase(label)); });
    }
    Result<int> strangers(const keys::ObjectId& mine) override {
        return call([&]() -> Result<int> {
            size_t count = key_->certificates.size() + key_->data.size();
            for (const auto& [id, pair] : key_->pairs) count += id == mine ? 0U : 2U;
            return static_cast<int>(count);
        });
    }
    Result<int> delete_objects(const keys::ObjectId& id) override {
        return call([&]() -> Result<int> { return static_cast<int>(2 * key_->pairs.erase(id) + key_->certificates.erase(id)); });
    }
    Result<std::string> sign(const keys::ObjectId& id, std::string_view message) override {
        return call([&]() -> Result<std::string> {
            const auto found = key_->pairs.find(id);
            if (found == key_->pairs.end()) return fail(ErrorKind::device, "no key");
            const crypto::DigestContext context(EVP_MD_CTX_new());
            size_t length = 0;
            EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, found->second.key.get());
            EVP_DigestSign(context.get(), nullptr, &length, crypto::bytes_of(message), message.size());
            std::string signature(length, '\0');
            EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, crypto::bytes_of(message),
                           message.size());
            signature.resize(length);
            if (key_->signs_badly) signature[length / 2] = static_cast<char>(signature[length / 2] ^ 1);
            return signature;
        });
    }
    Result<> check_not_extractable(const keys::ObjectId&) override {
        return call([]() -> Result<> { return {}; });
    }

private:
    Result<> has_room() const {
        if (2 * key_->pairs.size() + key_->certificates.size() + key_->data.size() < key_->room) return {};
        return tl::unexpected(keys::token_error(0x31, "C_CreateObject"));  // CKR_DEVICE_MEMORY
    }
    template <class Body>
    auto call(Body body) -> decltype(body()) {
        const Fault fault = *fault_ ? (*fault_)() : Fault::none;
        if (fault == Fault::none) return body();
        if (fault == Fault::answer_lost) static_cast<void>(body());
        return tl::unexpected(keys::token_error(*value_, "pulled"));
    }

    std::shared_ptr<FakeKey> key_;
    const std::function<Fault()>* fault_;
    const unsigned long* value_;
};

class FakeTokens final : public keys::Tokens {
public:
    std::function<Fault()> fault;  // asked at every call that a KEY would see
    unsigned long says = 0x32;     // what the driver returns then: CKR_DEVICE_REMOVED

    FakeKey& add(const std::string& serial) {
        auto key = std::make_shared<FakeKey>();
        key->info.serial = serial;
        key->info.label = "KEY";
        key->info.model = "FAKE";
        key->info.initialized = key->info.user_pin_set = true;
        return *keys_.emplace(serial, std::move(key)).first->second;
    }
    const FakeKey& key(const std::string& serial) const { return *keys_.at(serial); }
    FakeKey& change(const std::string& serial) { return *keys_.at(serial); }

    Result<std::vector<keys::TokenInfo>> list() override {
        std::vector<keys::TokenInfo> all;
        for (const auto& [serial, key] : keys_) all.push_back(key->info);
        return all;
    }
    Result<keys::TokenInfo> find(std::string_view serial) override {
        const auto found = keys_.find(serial);
        if (found == keys_.end()) return fail(ErrorKind::device, fmt::format("no KEY {}", serial));
        return found->second->info;
    }
    Result<std::unique_ptr<keys::TokenSession>> open(std::string_view serial) override {
        SEALDESK_TRY(find(serial));
        auto& key = keys_.find(serial)->second;
        if (key->open) return fail(ErrorKind::conflict, "in use");
        return std::make_unique<FakeSession>(key, &fault, &says);
    }
    Result<keys::TokenInfo> initialize(const keys::TokenInfo& token, const crypto::Secret& so_pin, const crypto::Secret& pin,
                                       const std::string&, keys::Contents contents) override {
        SEALDESK_TRY(find(token.serial));
        FakeKey& key = change(token.serial);
        if (contents == keys::Contents::keep) return refused("in use");
        if (so_pin.view() != key.so_pin) return tl::unexpected(keys::token_error(0xa0, "C_InitToken"));
        key.pairs.clear();
        key.certificates.clear();
        key.data.clear();
        key.pin = pin.view();
        key.info.pin_locked = key.info.pin_final = key.info.pin_low = false;
        return key.info;
    }

private:
    std::map<std::string, std::shared_ptr<FakeKey>, std::less<>> keys_;
};

}  // namespace sealdesk::tests
