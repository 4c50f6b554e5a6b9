// A TLS certificate for the portal of the demo and of tests, with a CA of its own that the desk is told to believe.
// Pure function.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "crypto/random.h"

namespace sealdesk::certificates {

struct TlsFiles {
    std::string authority_pem;  // what the client believes
    std::string server_pem;     // certificate of the host
    std::string key_pem;        // its key, in the clear: write it with mode 0600
};
// `host` is a DNS name or an IP address. P-256, valid from a day before `now` for two years. The CA key is thrown away.
Result<TlsFiles> make_tls_certificate(const std::string& authority_name, const std::string& host, crypto::Random& random,
                                      Instant now);

}  // namespace sealdesk::certificates
