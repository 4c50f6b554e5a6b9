// Revocation lists of a CA made for the test.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "certificates/authority.h"
#include "crypto/random.h"

namespace sealdesk::tests {

class ListMaker {
public:
    explicit ListMaker(Instant now) : now_(now) {
        certificates::AuthorityPlan plan;
        plan.root = {"江东签章根 CA", "江东签章服务中心", "", "CN"};
        plan.issuer = {"江东签章签发 CA", "江东签章服务中心", "", "CN"};
        plan.algorithm = crypto::KeyAlgorithm::p_256;
        const crypto::Secret words(std::string("correct horse battery"));
        files = *certificates::create_authority(plan, words, random_, now);
        authority = std::make_shared<const certificates::Authority>(
            *certificates::Authority::load(files.root_pem, files.issuer_pem, files.issuer_key_pem, words, ""));
    }
    // DER, with that many revoked certificates.
    std::string list(std::uint64_t number, int revoked = 0) {
        std::vector<certificates::Revoked> all;
        for (int i = 0; i < revoked; ++i)
            all.push_back({certificates::SerialNumber::random(random_), now_, certificates::RevocationReason::superseded});
        const auto der = authority->make_crl(all, number, now_, now_ + 7 * kDay);
        if (!der) throw std::runtime_error(der.error().message);
        return *der;
    }

    certificates::AuthorityFiles files;
    std::shared_ptr<const certificates::Authority> authority;

private:
    crypto::SystemRandom random_;
    Instant now_;
};

}  // namespace sealdesk::tests
