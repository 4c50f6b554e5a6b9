// The parts of a certificate and a list that OpenSSL builds field by field; shared by the authority and the
// TLS certificates, seen by nobody else. Functions return false when OpenSSL refuses.
#pragma once

#include <string_view>
#include <vector>

#include "base/time.h"
#include "crypto/handles.h"

namespace sealdesk::certificates {

crypto::TimeHandle asn1_time(Instant at);
bool set_validity(X509* certificate, Instant not_before, Instant not_after);
// Basic constraints; `path_length` < 0 leaves the bound out.
bool add_constraints(X509* certificate, bool is_authority, int path_length);
bool add_key_usage(X509* certificate, const std::vector<int>& bits);
bool add_extended_usage(X509* certificate, const std::vector<int>& nids);
// SHA-1 of the public key bits, RFC 5280 4.2.1.2 method 1: an identifier, not a security property.
bool add_subject_key_id(X509* certificate);
crypto::Handle<AUTHORITY_KEYID, AUTHORITY_KEYID_free> authority_key_id(const X509* issuer);
bool add_authority_key_id(X509* certificate, const X509* issuer);
bool add_crl_url(X509* certificate, std::string_view url);

}  // namespace sealdesk::certificates
