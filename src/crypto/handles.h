// Owners of OpenSSL's C handles: each frees exactly once. Values; a handle belongs to one thread at a time
// (reading a finished key or certificate from several threads is fine).
#pragma once

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace sealdesk::crypto {

template <auto function>
struct FreeWith {
    template <class T>
    void operator()(T* handle) const {
        function(handle);
    }
};
template <class T, auto function>
using Handle = std::unique_ptr<T, FreeWith<function>>;

struct FreeCertificates {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }  // the certificates stay with their owners
};

using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using BioHandle = Handle<BIO, BIO_free_all>;
using BigNumber = Handle<BIGNUM, BN_free>;
using CertificateHandle = Handle<X509, X509_free>;
using CertificateStack = std::unique_ptr<STACK_OF(X509), FreeCertificates>;
using RequestHandle = Handle<X509_REQ, X509_REQ_free>;
using CrlHandle = Handle<X509_CRL, X509_CRL_free>;
using RevokedHandle = Handle<X509_REVOKED, X509_REVOKED_free>;
using NameHandle = Handle<X509_NAME, X509_NAME_free>;
using AlgorithmHandle = Handle<X509_ALGOR, X509_ALGOR_free>;
using StoreHandle = Handle<X509_STORE, X509_STORE_free>;
using StoreContext = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;
using IntegerHandle = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;
using EnumeratedHandle = Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free>;
using BitStringHandle = Handle<ASN1_BIT_STRING, ASN1_BIT_STRING_free>;
using OctetStringHandle = Handle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using TimeHandle = Handle<ASN1_TIME, ASN1_TIME_free>;

inline const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// Empties OpenSSL's error queue of this thread into one line for the log.
std::string openssl_errors();
// An internal error that says which call failed.
Failure openssl_failed(const char* call);

}  // namespace sealdesk::crypto
