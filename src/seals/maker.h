// The maker of seals: an SM2 key of the centre that signs seal data, with a certificate under a root of its own. A Maker is
// immutable after load() and may be used from several threads at once.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "certificates/certificate.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "seals/seal.h"

namespace sealdesk::seals {

constexpr const char* kMakerId = "SealDesk";  // vid of the seals made here

struct MakerPlan {
    certificates::SubjectName root, maker;
    int root_years = 20, maker_years = 10;
};
// Everything that init writes to files. Keys are PKCS#8 under the passphrase (PEM).
struct MakerFiles {
    std::string root_pem, root_key_pem;  // the root key belongs into a safe
    std::string maker_pem, maker_key_pem;
};
Result<MakerFiles> create_maker(const MakerPlan& plan, const crypto::Secret& passphrase, crypto::Random& random, Instant now);
// A new key and certificate of the maker under the same root, so that the seals of the old one stay believed; valid for
// plan.maker_years, at most as long as the root. Refused: a root that has ended or a key that is not its own.
Result<MakerFiles> renew_maker(const MakerPlan& plan, std::string_view root_pem, std::string_view root_key_pem,
                               const crypto::Secret& passphrase, crypto::Random& random, Instant now);

struct SealPlan {
    int type = kUnitSeal;
    std::string name;
    std::vector<certificates::Certificate> certificates;  // who may sign with it
    enum class Naming { certificates, digests } naming = Naming::certificates;
    Instant valid_from, valid_until;
    SealPicture picture;
};

// A new esID: 32 hexadecimal digits.
std::string new_seal_id(crypto::Random& random);

class Maker {
public:
    // Refused: wrong passphrase, no SM2 key, key and certificate that do not belong together, a root that did not sign it,
    // a certificate that may not sign.
    static Result<Maker> load(std::string_view root_pem, std::string_view maker_pem, std::string_view maker_key_pem,
                              const crypto::Secret& passphrase);
    Maker(Maker&&) noexcept;
    Maker& operator=(Maker&&) noexcept;
    ~Maker();

    // The seal (version 4, DER), read back and verified before it is handed out. Refused: a name that no certificate may
    // have, a picture that does not hold, a certificate that is damaged or not valid at `created`, a validity that is longer
    // than that of the certificates or of the maker.
    Result<std::string> make(const SealPlan& plan, std::string_view id, Instant created) const;

    const certificates::CertificateFacts& facts() const;
    const std::string& root_pem() const;

private:
    struct State;
    explicit Maker(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace sealdesk::seals
