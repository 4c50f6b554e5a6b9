// Whether a seal is to be believed: signature, the maker's certificate up to a trusted root, validity, picture, and the
// certificate that signs with it. Every check is made and told, not only the first that fails. Values; pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "certificates/certificate.h"
#include "seals/seal.h"

namespace sealdesk::seals {

// Whose seals are believed.
struct SealTrust {
    std::vector<std::string> certificates;  // DER; each is trusted: roots, or makers themselves
    std::vector<std::string> lists;         // DER; revocation lists of those who certify makers, used where they fit
    // All certificates of a PEM text; corrupt when one is damaged or there is none.
    static Result<SealTrust> read(std::string_view pem);
    Result<> add_certificates(std::string_view pem);
    // A revocation list, PEM or DER; corrupt when it is none.
    Result<> add_list(std::string_view bytes);
};

enum class Concern { signature, maker, validity, picture, certificate, record };
const char* name_of(Concern concern);  // "signature": JSON
const char* word_of(Concern concern);  // 签名

struct SealCheck {
    Concern concern = Concern::signature;
    bool passed = false;
    std::string sentence;  // what was found, also when it is good
};

// A certificate that the seal names.
struct Signer {
    std::string subject, serial;  // empty when the seal names its digest alone
    std::string digest;           // SM3 of the certificate, hex
    Instant not_before, not_after;
};

struct Verdict {
    Seal seal;
    std::string maker_subject, maker_issuer, maker_serial;
    Instant maker_not_before, maker_not_after;
    std::vector<Signer> signers;
    std::vector<SealCheck> checks;
    std::vector<std::string> unchecked;  // what nobody looked at, each as a few words: the verdict says nothing about it
    Instant at;                          // when it is to be valid
    std::string asked;                   // DER of the certificate that the question was about; empty: none
    bool valid() const;
    std::string sentence() const;  // valid, or the reasons why not, and what was not looked at; in one line
};

// What judge() looks at in no certificate of a signer, in the words of `unchecked`: whoever knows them all takes it out.
const char* word_of_unknown_signers();

// At that instant. `certificate` (DER) asks whether it may sign with the seal; empty: only whether one of those that the seal
// names is in its validity. Corrupt, as read_seal(), when the bytes are no seal.
Result<Verdict> judge(std::string_view der, const SealTrust& trust, Instant at, std::string_view certificate = {});

}  // namespace sealdesk::seals
