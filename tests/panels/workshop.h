// Workshop: root, issuing authority and a folder of software KEYs for panel tests. SoftHSM reads its folder once a process,
// so all tests of a program share it and each makes KEYs of its own.
#pragma once

#include <stdlib.h>

#include <filesystem>

#include "base/files.h"
#include "certificates/authority.h"
#include "desk/seal_maker.h"
#include "keys/soft_key.h"
#include "support/databases.h"

namespace sealdesk::tests {

inline crypto::Secret secret(const char* text) { return crypto::Secret(std::string(text)); }

// Root, issuing CA and the folder of the software KEYs.
class Workshop {
public:
    Workshop() : folder(made_folder()) {
        crypto::SystemRandom random;
        certificates::AuthorityPlan plan;
        plan.root.common_name = "示例根证书";
        plan.root.organisation = "示例市电子签章服务中心";
        plan.issuer.common_name = "示例签发证书";
        plan.issuer.organisation = "示例市电子签章服务中心";
        const auto files = certificates::create_authority(plan, secret("correct horse"), random, TestClock().now());
        if (!files) throw std::runtime_error(files.error().message + " " + files.error().detail);
        for (const auto& [name, bytes] :
             {std::pair{"root.pem", files->root_pem}, std::pair{"issuer.pem", files->issuer_pem},
              std::pair{"issuer.key", files->issuer_key_pem}, std::pair{"passphrase", std::string("correct horse\n")}})
            if (!write_file(folder / name, bytes, 0600)) throw std::runtime_error("the authority's files");
        if (!desk::make_seal_maker(folder, "示例市电子签章服务中心", secret("correct horse"), random, TestClock().now()))
            throw std::runtime_error("the seal maker's files");
        auto opened = keys::use_soft_keys(folder / "keys");
        if (!opened) throw std::runtime_error(opened.error().message);
        tokens = std::move(*opened);
    }
    ~Workshop() {
        tokens.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    std::string new_key() {
        const auto key = keys::add_soft_key(*tokens, "电子签章", secret("87654321"), secret("13572468"));
        if (!key) throw std::runtime_error(key.error().message);
        return key->serial;
    }
    // Without seals: most tests are about the KEY alone.
    desk::Settings settings(bool with_seals = false) const {
        desk::Settings settings;
        settings.authority = folder;
        settings.passphrase_file = folder / "passphrase";
        settings.soft_keys = folder / "keys";
        settings.write_seals = with_seals;
        settings.random_pin = false;  // a letter over every bench would be in the way of most tests
        return settings;
    }

    std::filesystem::path folder;
    std::unique_ptr<keys::Tokens> tokens;

private:
    // SoftHSM syncs every object it writes: in memory where there is a place for it.
    static std::filesystem::path made_folder() {
        std::string name =
            std::string(std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : "/tmp") + "/sealdesk_bench_XXXXXX";
        if (!mkdtemp(name.data())) throw std::runtime_error("no folder");
        return name;
    }
};

}  // namespace sealdesk::tests
