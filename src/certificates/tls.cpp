#include "certificates/tls.h"

#include <algorithm>

#include "base/translate.h"
#include "certificates/certificate.h"
#include "certificates/extensions.h"

namespace sealdesk::certificates {

using namespace crypto;

namespace {

bool is_host_name(const std::string& host) {
    return !host.empty() && host.size() <= 64 && host.front() != '.' && host.front() != '-' &&
           host.find("..") == std::string::npos && std::all_of(host.begin(), host.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
           });
}

bool add_alternative_name(X509* certificate, const std::string& host) {
    const OctetStringHandle address(a2i_IPADDRESS(host.c_str()));
    openssl_errors();  // a name is no address: that is not an error
    Handle<GENERAL_NAME, GENERAL_NAME_free> name(GENERAL_NAME_new());
    const Handle<GENERAL_NAMES, GENERAL_NAMES_free> names(sk_GENERAL_NAME_new_null());
    if (!name || !names) return false;
    if (address) {
        GENERAL_NAME_set0_value(name.get(), GEN_IPADD, ASN1_OCTET_STRING_dup(address.get()));
    } else {
        ASN1_IA5STRING* dns = ASN1_IA5STRING_new();
        if (!dns || ASN1_STRING_set(dns, host.data(), static_cast<int>(host.size())) != 1) return false;
        GENERAL_NAME_set0_value(name.get(), GEN_DNS, dns);
    }
    if (sk_GENERAL_NAME_push(names.get(), name.get()) == 0) return false;
    name.release();
    return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

}  // namespace

Result<TlsFiles> make_tls_certificate(const std::string& authority_name, const std::string& host, Random& random, Instant now) {
    const OctetStringHandle address(a2i_IPADDRESS(host.c_str()));
    openssl_errors();
    if (!address && !is_host_name(host)) return refused(trf("“{}”不是有效的主机名或 IP 地址", host));
    SEALDESK_LET(authority, x509_name({authority_name, {}, {}, "CN"}));
    SEALDESK_LET(subject, x509_name({host, {}, {}, "CN"}));
    SEALDESK_LET(authority_key, generate_key(KeyAlgorithm::p_256));
    SEALDESK_LET(key, generate_key(KeyAlgorithm::p_256));
    const Instant from = now + -kDay, to = now + 730 * kDay;
    const CertificateHandle root(X509_new()), server(X509_new());
    const auto begin = [&](X509* x509, X509_NAME* name, EVP_PKEY* public_key) {
        return x509 && X509_set_version(x509, X509_VERSION_3) == 1 &&
               X509_set_serialNumber(x509, SerialNumber::random(random).asn1().get()) == 1 &&
               X509_set_subject_name(x509, name) == 1 && X509_set_issuer_name(x509, authority.get()) == 1 &&
               set_validity(x509, from, to) && X509_set_pubkey(x509, public_key) == 1 && add_subject_key_id(x509);
    };
    const bool built = begin(root.get(), authority.get(), authority_key.get()) && add_constraints(root.get(), true, 0) &&
                       add_key_usage(root.get(), {5, 6}) && add_authority_key_id(root.get(), root.get()) &&
                       X509_sign(root.get(), authority_key.get(), EVP_sha256()) > 0 &&
                       begin(server.get(), subject.get(), key.get()) && add_constraints(server.get(), false, -1) &&
                       add_key_usage(server.get(), {0}) && add_extended_usage(server.get(), {NID_server_auth}) &&
                       add_authority_key_id(server.get(), root.get()) && add_alternative_name(server.get(), host) &&
                       X509_sign(server.get(), authority_key.get(), EVP_sha256()) > 0;
    if (!built) return openssl_failed("X509_sign");
    SEALDESK_LET(key_pem, clear_private_key_pem(key.get()));
    return TlsFiles{certificate_pem(der_of(i2d_X509, root.get())), certificate_pem(der_of(i2d_X509, server.get())), key_pem};
}

}  // namespace sealdesk::certificates
