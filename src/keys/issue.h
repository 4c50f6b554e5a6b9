// What writing one KEY consists of: the steps in their order, and the pieces that need a KEY but no database. The
// verb journals every step before and after; each piece is safe to repeat. Worker thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "certificates/certificate.h"
#include "certificates/subject_name.h"
#include "crypto/random.h"
#include "keys/token.h"

namespace sealdesk::keys {

enum class Step { allocate, generate, request, sign, write_certificate, write_seal, read_back, prove, bind };
inline constexpr int kSteps = 9;
const char* name_of(Step step);                    // "write_certificate": what the journal stores
std::optional<Step> parse_step(std::string_view);  // empty for an unknown name
std::optional<Step> next(Step step);               // empty after the last
std::string title_of(Step step);                   // for the bench: "写入证书"

// Step generate: the pair with the id, made now or found from before. Refused when it was not generated on the KEY or
// is of another algorithm.
Result<KeyPair> ensure_key_pair(TokenSession& session, const ObjectId& id, const std::string& label,
                                crypto::KeyAlgorithm algorithm);
// Step request: PKCS#10 for the pair, signed on the KEY, verified here.
Result<certificates::Request> make_request(TokenSession& session, const KeyPair& pair, const certificates::SubjectName& subject);
// The name that the seal has among the KEY's data.
inline constexpr const char* kSealLabel = "seal";
// Before anything is written: the KEY holds nothing but, from an interrupted try, the pair with the id; no half of another
// pair, no seal.
Result<> check_blank(TokenSession& session, const ObjectId& id);
// Step read_back, for the seal: byte for byte what was written.
Result<> read_back_seal(TokenSession& session, std::string_view seal);
// Step read_back: what is on the KEY is byte for byte the certificate.
Result<> read_back(TokenSession& session, const ObjectId& id, std::string_view certificate_der);
// Step prove: the pair was made on this KEY and is the certificate's; a fresh challenge signed on the KEY is verified with the
// certificate; the private key is not readable.
Result<> prove(TokenSession& session, const ObjectId& id, const certificates::Certificate& certificate, crypto::Random& random);

// An initial PIN of `digits` digits: not all the same, not a run like 123456. Shown once, never stored.
crypto::Secret random_pin(crypto::Random& random, size_t digits = 8);

}  // namespace sealdesk::keys
