// CmpServer: a CMP server of OpenSSL's own in the process of the test, for what the mock of the openssl command line cannot do:
// it certifies whatever it is asked for, says any failure of RFC 4210, and remembers what was revoked. One thread.
#pragma once

#include <gtest/gtest.h>
#include <openssl/cmp.h>
#include <openssl/crmf.h>
#include <openssl/err.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "certificates/cmp.h"

namespace sealdesk::tests {

class CmpServer {
public:
    CmpServer() : server_(OSSL_CMP_SRV_CTX_new(nullptr, nullptr)) {
        EXPECT_EQ(
            OSSL_CMP_SRV_CTX_init(server_.get(), this, on_request, on_revocation, nullptr, on_error, on_confirmation, on_poll),
            1);
        OSSL_CMP_CTX* context = OSSL_CMP_SRV_CTX_get0_cmp_ctx(server_.get());
        const std::string reference = "ra01", secret = "s3cret";
        OSSL_CMP_CTX_set1_referenceValue(context, crypto::bytes_of(reference), static_cast<int>(reference.size()));
        OSSL_CMP_CTX_set1_secretValue(context, crypto::bytes_of(secret), static_cast<int>(secret.size()));
    }
    CmpServer(const CmpServer&) = delete;

    // From now on it signs its answers, with this certificate, and looks at no protection of what it is asked.
    void sign_answers(const std::string& certificate_der, EVP_PKEY* key) {
        OSSL_CMP_CTX* context = OSSL_CMP_SRV_CTX_get0_cmp_ctx(server_.get());
        const auto certificate = crypto::read_der<crypto::CertificateHandle>(d2i_X509, certificate_der);
        EXPECT_EQ(OSSL_CMP_CTX_set1_secretValue(context, nullptr, 0), 1);
        EXPECT_EQ(OSSL_CMP_CTX_set1_cert(context, certificate.get()), 1);
        EXPECT_EQ(OSSL_CMP_CTX_set1_pkey(context, key), 1);
        EXPECT_EQ(OSSL_CMP_SRV_CTX_set_accept_unprotected(server_.get(), 1), 1);
    }

    // What it makes of a request: the certificate (DER).
    std::function<std::string(const certificates::Request&)> certify;
    std::string issuer_pem;   // sent along, so that the certificate leads to the root
    std::string ca_pubs_pem;  // a root that is sent along for the client to trust
    // PKIFailureInfo bits that requests and revocations are rejected with; -1: accepted, 0: rejected without saying why.
    int request_failure = -1;
    std::function<int(const std::string& serial)> revocation_failure = [](const std::string&) { return -1; };
    bool never_ready = false, away = false;

    int asked = 0;                                // messages that came
    std::vector<std::string> revoked, confirmed;  // serials

    // With the server's secret, or another one.
    certificates::CmpAccount account(const std::string& trusted_pem, const char* secret = "s3cret") const {
        certificates::CmpAccount account;
        account.recipient = "CMP Server";
        account.reference = "ra01";
        account.secret = crypto::Secret(std::string(secret));
        account.trusted_pem = trusted_pem;
        account.answer_seconds = 10;
        account.total_seconds = 20;
        return account;
    }
    certificates::CmpClient::Transport transport() {
        return [this](const std::string& message) -> Result<std::string> {
            ++asked;
            if (away) return fail(ErrorKind::unavailable, "CA 连不上");
            ERR_set_mark();  // the client must not see what went wrong in the server
            const unsigned char* at = crypto::bytes_of(message);
            OSSL_CMP_MSG* question = d2i_OSSL_CMP_MSG(nullptr, &at, static_cast<long>(message.size()));
            OSSL_CMP_MSG* answer = question ? OSSL_CMP_SRV_process_request(server_.get(), question) : nullptr;
            ERR_pop_to_mark();
            std::string bytes;
            if (answer) bytes = crypto::der_of(i2d_OSSL_CMP_MSG, answer);
            OSSL_CMP_MSG_free(question);
            OSSL_CMP_MSG_free(answer);
            if (bytes.empty()) return fail(ErrorKind::unavailable, "no answer");
            return ca_pubs_pem.empty() ? bytes : with_ca_pubs(bytes);
        };
    }

private:
    // DER, as much of it as a message consists of.
    static std::string element(int tag, const std::string& content) {
        std::string all(1, static_cast<char>(tag));
        if (content.size() < 128) {
            all += static_cast<char>(content.size());
        } else {
            all += static_cast<char>(0x82);
            all += static_cast<char>(content.size() >> 8);
            all += static_cast<char>(content.size() & 0xff);
        }
        return all + content;
    }
    static std::vector<std::string> parts_of(const std::string& der) {
        std::vector<std::string> parts;
        const unsigned char* at = crypto::bytes_of(der);
        const unsigned char* const end = at + der.size();
        long length = 0;
        int tag = 0, kind = 0;
        ASN1_get_object(&at, &length, &tag, &kind, end - at);
        while (at < end) {
            const unsigned char* const begin = at;
            ASN1_get_object(&at, &length, &tag, &kind, end - at);
            at += length;
            parts.emplace_back(begin, at);
        }
        return parts;
    }
    static int tag_of(const std::string& der) { return static_cast<unsigned char>(der.at(0)); }
    // OpenSSL's server leaves caPubs out of the answer to a PKCS#10 request: they are put in, and the answer protected anew.
    std::string with_ca_pubs(const std::string& answer) const {
        constexpr int kSequence = 0x30, kBits = 0x03, kFirst = 0xa0, kSecond = 0xa1, kCp = 0xa3;  // [0], [1], [3]
        auto parts = parts_of(answer);  // header, body, protection, extraCerts
        if (tag_of(parts.at(1)) != kCp) return answer;
        std::string reply = element(kSecond, element(kSequence, *crypto::from_pem("CERTIFICATE", ca_pubs_pem)));
        for (const auto& part : parts_of(parts_of(parts[1]).at(0))) reply += part;
        parts[1] = element(kCp, element(kSequence, reply));
        std::string method;  // the parameters of the header's protectionAlg
        for (const auto& field : parts_of(parts[0]))
            if (tag_of(field) == kSecond) method = parts_of(parts_of(field).at(0)).at(1);
        const auto parameters = crypto::read_der<crypto::Handle<OSSL_CRMF_PBMPARAMETER, OSSL_CRMF_PBMPARAMETER_free>>(
            d2i_OSSL_CRMF_PBMPARAMETER, method);
        const std::string covered = element(kSequence, parts[0] + parts[1]), secret = "s3cret";
        unsigned char* mac = nullptr;
        size_t size = 0;
        EXPECT_EQ(OSSL_CRMF_pbm_new(nullptr, nullptr, parameters.get(), crypto::bytes_of(covered), covered.size(),
                                    crypto::bytes_of(secret), secret.size(), &mac, &size),
                  1);
        parts.at(2) = element(kFirst, element(kBits, std::string(1, '\0') + std::string(mac, mac + size)));
        OPENSSL_free(mac);
        std::string all;
        for (const auto& part : parts) all += part;
        return element(kSequence, all);
    }

    static CmpServer& self(OSSL_CMP_SRV_CTX* context) {
        return *static_cast<CmpServer*>(OSSL_CMP_SRV_CTX_get0_custom_ctx(context));
    }
    static OSSL_CMP_PKISI* status(int failure) {
        return failure < 0 ? OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_accepted, 0, nullptr)
                           : OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_rejection, failure, nullptr);
    }
    static OSSL_CMP_PKISI* on_request(OSSL_CMP_SRV_CTX* context, const OSSL_CMP_MSG*, int, const OSSL_CRMF_MSG*,
                                      const X509_REQ* request, X509** made, STACK_OF(X509) * *chain, STACK_OF(X509) **) {
        CmpServer& server = self(context);
        *made = nullptr;
        *chain = nullptr;
        if (server.request_failure >= 0) return status(server.request_failure);
        if (server.never_ready) return OSSL_CMP_STATUSINFO_new(OSSL_CMP_PKISTATUS_waiting, 0, nullptr);
        const auto read = certificates::read_request(crypto::der_of(i2d_X509_REQ, const_cast<X509_REQ*>(request)));
        if (!read) return status(1 << OSSL_CMP_PKIFAILUREINFO_badPOP);
        server.pending_ = server.certify(*read);
        *made = crypto::read_der<crypto::CertificateHandle>(d2i_X509, server.pending_).release();
        *chain = sk_X509_new_null();
        const auto issuer = crypto::from_pem("CERTIFICATE", server.issuer_pem);
        if (issuer) sk_X509_push(*chain, crypto::read_der<crypto::CertificateHandle>(d2i_X509, *issuer).release());
        return status(-1);
    }
    static OSSL_CMP_PKISI* on_revocation(OSSL_CMP_SRV_CTX* context, const OSSL_CMP_MSG*, const X509_NAME*,
                                         const ASN1_INTEGER* serial) {
        CmpServer& server = self(context);
        BIGNUM* number = ASN1_INTEGER_to_BN(serial, nullptr);
        char* hex = BN_bn2hex(number);
        const std::string text(hex);
        OPENSSL_free(hex);
        BN_free(number);
        const int failure = server.revocation_failure(text);
        if (failure < 0) server.revoked.push_back(text);
        return status(failure);
    }
    static void on_error(OSSL_CMP_SRV_CTX*, const OSSL_CMP_MSG*, const OSSL_CMP_PKISI*, const ASN1_INTEGER*,
                         const OSSL_CMP_PKIFREETEXT*) {}
    static int on_confirmation(OSSL_CMP_SRV_CTX* context, const OSSL_CMP_MSG*, int, const ASN1_OCTET_STRING*,
                               const OSSL_CMP_PKISI* info) {
        CmpServer& server = self(context);
        // Without a status the certificate is accepted (RFC 4210 5.3.18).
        char words[200] = "";
        if (info != nullptr) OSSL_CMP_snprint_PKIStatusInfo(info, words, sizeof words);
        if (info == nullptr || std::string_view(words).find("accepted") != std::string_view::npos)
            server.confirmed.push_back(certificates::describe(server.pending_)->serial);
        return 1;
    }
    static int on_poll(OSSL_CMP_SRV_CTX*, const OSSL_CMP_MSG*, int, OSSL_CMP_MSG** request, int64_t* after) {
        *request = nullptr;
        *after = 1;
        return 1;
    }

    crypto::Handle<OSSL_CMP_SRV_CTX, OSSL_CMP_SRV_CTX_free> server_;
    std::string pending_;
};

}  // namespace sealdesk::tests
