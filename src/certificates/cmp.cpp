#include "certificates/cmp.h"

#include <openssl/cmp.h>
#include <openssl/err.h>

#include <algorithm>

#include "base/translate.h"

namespace sealdesk::certificates {

using namespace crypto;

namespace {

using CmpContext = Handle<OSSL_CMP_CTX, OSSL_CMP_CTX_free>;

constexpr int kLargestAnswer = 1 << 20;

// What happened to the transport of one transaction: OpenSSL only says "transfer error".
struct Wire {
    const CmpClient::Transport* transport = nullptr;
    std::optional<Error> error;
};

// What decides whether a certificate is taken: the chain, then whoever keeps it.
struct Confirmation {
    X509_STORE* store = nullptr;
    const CmpClient::Keep* keep = nullptr;
    std::optional<Error> error;
};

int confirm(OSSL_CMP_CTX* context, X509* certificate, int failure, const char** text) {
    auto& confirmation = *static_cast<Confirmation*>(OSSL_CMP_CTX_get_certConf_cb_arg(context));
    OSSL_CMP_CTX_set_certConf_cb_arg(context, confirmation.store);
    const int found = OSSL_CMP_certConf_cb(context, certificate, failure, text);
    OSSL_CMP_CTX_set_certConf_cb_arg(context, &confirmation);
    if (found != 0 || !*confirmation.keep) return found;
    const auto kept = (*confirmation.keep)(der_of(i2d_X509, certificate));
    if (kept) return 0;
    confirmation.error = kept.error();
    return 1 << OSSL_CMP_PKIFAILUREINFO_systemFailure;
}

OSSL_CMP_MSG* carry(OSSL_CMP_CTX* context, const OSSL_CMP_MSG* message) {
    auto& wire = *static_cast<Wire*>(OSSL_CMP_CTX_get_transfer_cb_arg(context));
    const BioHandle out(BIO_new(BIO_s_mem()));
    if (!out || i2d_OSSL_CMP_MSG_bio(out.get(), message) != 1) return nullptr;
    char* bytes = nullptr;
    const long length = BIO_get_mem_data(out.get(), &bytes);
    auto answer = (*wire.transport)(std::string(bytes, static_cast<size_t>(length)));
    if (!answer) {
        wire.error = answer.error();
        return nullptr;
    }
    if (answer->size() > kLargestAnswer) {
        wire.error = Error{ErrorKind::corrupt, tr("外部 CA 的回答太大"), ""};
        return nullptr;
    }
    const BioHandle in(BIO_new_mem_buf(answer->data(), static_cast<int>(answer->size())));
    OSSL_CMP_MSG* read = in ? d2i_OSSL_CMP_MSG_bio(in.get(), nullptr) : nullptr;
    if (!read) wire.error = Error{ErrorKind::corrupt, tr("外部 CA 的回答不是 CMP 消息"), ""};
    return read;
}

const char* wrong_secret() { return tr("口令或编号与外部 CA 的不一致，请核对"); }

// RFC 4210 5.2.3, PKIFailureInfo: what is said, and who can do something about it.
struct Known {
    int bit;
    ErrorKind kind;
    const char* sentence;
};

// Of several the first: what passes by itself, then what the CA has against us, then against what we asked for.
std::optional<Known> known_failure(int failure, bool by_secret) {
    using enum ErrorKind;
    const char* not_us = by_secret ? wrong_secret() : tr("外部 CA 不接受我们的身份，请核对证书");
    const Known all[] = {
        {OSSL_CMP_PKIFAILUREINFO_systemUnavail, unavailable, tr("外部 CA 暂时不能服务，请稍后再试")},
        {OSSL_CMP_PKIFAILUREINFO_systemFailure, unavailable, tr("外部 CA 内部出错，请稍后再试")},
        {OSSL_CMP_PKIFAILUREINFO_transactionIdInUse, unavailable, tr("外部 CA 已有同一编号的事务，请稍后再试")},  // by another
        {OSSL_CMP_PKIFAILUREINFO_badMessageCheck, denied, not_us},
        {OSSL_CMP_PKIFAILUREINFO_wrongIntegrity, denied, not_us},
        {OSSL_CMP_PKIFAILUREINFO_signerNotTrusted, denied, tr("外部 CA 不信任我们的证书")},
        {OSSL_CMP_PKIFAILUREINFO_notAuthorized, denied, tr("外部 CA 不允许我们做这件事")},
        {OSSL_CMP_PKIFAILUREINFO_badTime, denied, tr("外部 CA 认为时间不对，请核对本机时间")},
        {OSSL_CMP_PKIFAILUREINFO_badAlg, refused, tr("外部 CA 不接受这种算法")},
        {OSSL_CMP_PKIFAILUREINFO_badCertId, refused, tr("外部 CA 没有这张证书")},
        {OSSL_CMP_PKIFAILUREINFO_badPOP, refused, tr("外部 CA 不接受证书请求的签名")},
        {OSSL_CMP_PKIFAILUREINFO_certRevoked, refused, tr("这张证书早已被外部 CA 吊销")},
        {OSSL_CMP_PKIFAILUREINFO_certConfirmed, refused, tr("外部 CA 认为这张证书已经确认过")},
        {OSSL_CMP_PKIFAILUREINFO_wrongAuthority, refused, tr("这不是该外部 CA 的证书")},
        {OSSL_CMP_PKIFAILUREINFO_badCertTemplate, refused, tr("外部 CA 不接受证书请求的内容")},
        {OSSL_CMP_PKIFAILUREINFO_badRequest, refused, tr("外部 CA 不接受这个请求")},
    };
    for (const auto& one : all)
        if ((failure >> one.bit & 1) != 0) return one;
    return std::nullopt;
}

// Why the transaction failed. What passes by itself is unavailable, what a person must put right is denied or refused.
// `by_secret`: the account has a secret, no certificate.
Error why(OSSL_CMP_CTX* context, const Wire& wire, bool by_secret) {
    const auto reason_of = [](unsigned long error) { return ERR_GET_LIB(error) == ERR_LIB_CMP ? ERR_GET_REASON(error) : 0; };
    const int first = reason_of(ERR_peek_error()), reason = reason_of(ERR_peek_last_error());
    const int status = OSSL_CMP_CTX_get_status(context), failure = OSSL_CMP_CTX_get_failInfoCode(context);
    char text[512] = {};
    OSSL_CMP_CTX_snprint_PKIStatus(context, text, sizeof text);
    const std::string detail = std::string(text) + " | " + openssl_errors();
    if (wire.error) return {wire.error->kind, wire.error->message, wire.error->detail + " | " + detail};
    if (reason == CMP_R_TOTAL_TIMEOUT || status == OSSL_CMP_PKISTATUS_waiting)
        return {ErrorKind::unavailable, tr("外部 CA 在规定时间内没有签发，请稍后再试"), detail};
    if (reason == CMP_R_CERTIFICATE_NOT_ACCEPTED)  // by us: another key, or a chain that does not lead to the root
        return {ErrorKind::denied, tr("外部 CA 签发的证书与请求不符，或不是由所信任的根签发的，没有采用"), detail};
    if (failure > 0)
        if (const auto known = known_failure(failure, by_secret)) return {known->kind, known->sentence, detail};
    if (by_secret && first == CMP_R_MISSING_TRUST_ANCHOR)
        return {ErrorKind::denied, tr("外部 CA 的回答不是用口令保护的，没有采用：请核对编号，或请它也用口令保护回答"), detail};
    // The answer, often the error about our own message, is protected with another secret than ours.
    if (by_secret && (reason == CMP_R_WRONG_PBM_VALUE || reason == CMP_R_ERROR_VALIDATING_PROTECTION))
        return {ErrorKind::denied, wrong_secret(), detail};
    if (status == OSSL_CMP_PKISTATUS_rejection) return {ErrorKind::refused, tr("外部 CA 拒绝了请求"), detail};
    return {ErrorKind::denied, tr("外部 CA 的回答没有通过验证，没有采用"), detail};
}

X509_NAME* name_with(const std::string& common_name) {
    NameHandle name(X509_NAME_new());
    if (!name || X509_NAME_add_entry_by_NID(name.get(), NID_commonName, MBSTRING_UTF8, bytes_of(common_name),
                                            static_cast<int>(common_name.size()), -1, 0) != 1)
        return nullptr;
    return name.release();
}

// A store that trusts this root and nothing else; empty on failure.
StoreHandle trusting(X509* root) {
    StoreHandle store(X509_STORE_new());
    if (store && X509_STORE_add_cert(store.get(), root) != 1) store.reset();
    return store;
}

Result<CertificateHandle> certificate_from(std::string_view pem) {
    SEALDESK_LET(der, from_pem("CERTIFICATE", pem));
    auto certificate = read_der<CertificateHandle>(d2i_X509, der);
    if (!certificate) return fail(ErrorKind::corrupt, tr("证书已损坏，无法读取"));
    return certificate;
}

}  // namespace

struct CmpClient::State {
    CmpAccount account;
    Transport transport;
    CertificateHandle own, trusted, signer;
    KeyHandle key;
    NameHandle recipient;

    Result<CmpContext> begin(Wire& wire, std::string_view transaction) const {
        wire.transport = &transport;
        CmpContext context(OSSL_CMP_CTX_new(nullptr, nullptr));
        OctetStringHandle id(ASN1_OCTET_STRING_new());
        if (!context || !id ||
            ASN1_OCTET_STRING_set(id.get(), bytes_of(transaction), static_cast<int>(transaction.size())) != 1 ||
            OSSL_CMP_CTX_set1_transactionID(context.get(), id.get()) != 1 ||
            OSSL_CMP_CTX_set1_recipient(context.get(), recipient.get()) != 1 ||
            OSSL_CMP_CTX_set_option(context.get(), OSSL_CMP_OPT_MSG_TIMEOUT, account.answer_seconds) != 1 ||
            OSSL_CMP_CTX_set_option(context.get(), OSSL_CMP_OPT_TOTAL_TIMEOUT, account.total_seconds) != 1)
            return openssl_failed("OSSL_CMP_CTX_new");
        if (!(own ? by_signature(context.get()) : by_secret(context.get())))
            return openssl_failed("OSSL_CMP_CTX_set1_secretValue");
        OSSL_CMP_CTX_set_transfer_cb(context.get(), carry);
        OSSL_CMP_CTX_set_transfer_cb_arg(context.get(), &wire);
        return context;
    }

private:
    bool by_signature(OSSL_CMP_CTX* context) const {
        StoreHandle store = trusting(trusted.get());
        if (!store || OSSL_CMP_CTX_set0_trustedStore(context, store.get()) != 1) return false;
        (void)store.release();
        return OSSL_CMP_CTX_set1_cert(context, own.get()) == 1 && OSSL_CMP_CTX_set1_pkey(context, key.get()) == 1 &&
               (!signer || OSSL_CMP_CTX_set1_srvCert(context, signer.get()) == 1);
    }
    // Without a store OpenSSL takes no signature: what the secret does not protect is no answer.
    bool by_secret(OSSL_CMP_CTX* context) const {
        return OSSL_CMP_CTX_set1_referenceValue(context, bytes_of(account.reference),
                                                static_cast<int>(account.reference.size())) == 1 &&
               OSSL_CMP_CTX_set1_secretValue(context, bytes_of(account.secret.view()), static_cast<int>(account.secret.size())) ==
                   1;
    }
};

CmpClient::CmpClient(std::unique_ptr<State> state) : state_(std::move(state)) {}
CmpClient::CmpClient(CmpClient&&) noexcept = default;
CmpClient& CmpClient::operator=(CmpClient&&) noexcept = default;
CmpClient::~CmpClient() = default;

Result<CmpClient> CmpClient::open(CmpAccount account, Transport transport) {
    auto state = std::make_unique<State>();
    if (account.secret.empty() == account.certificate_pem.empty())
        return refused(tr("外部 CA 的账号要么有口令，要么有证书和密钥"));
    if (!account.secret.empty() && account.reference.empty()) return refused(tr("外部 CA 的账号缺少编号（reference）"));
    if (account.recipient.empty()) return refused(tr("没有写外部 CA 的名称"));
    SEALDESK_LET(trusted, certificate_from(account.trusted_pem));
    state->trusted = std::move(trusted);
    if (!account.signer_pem.empty()) {
        if (!account.secret.empty())
            return refused(tr("外部 CA 的账号用口令时，回答只由口令证明，不能另写签名证书（cmp_signer）"));
        SEALDESK_LET(signer, certificate_from(account.signer_pem));
        state->signer = std::move(signer);
    }
    if (!account.certificate_pem.empty()) {
        SEALDESK_LET(own, certificate_from(account.certificate_pem));
        SEALDESK_LET(key, read_private_key(account.key_pem, account.key_passphrase));
        if (X509_check_private_key(own.get(), key.get()) != 1) {
            openssl_errors();
            return refused(tr("外部 CA 账号的证书与密钥不是一对"));
        }
        state->own = std::move(own);
        state->key = std::move(key);
    }
    state->recipient.reset(name_with(account.recipient));
    if (!state->recipient) return openssl_failed("X509_NAME_add_entry_by_NID");
    state->account = std::move(account);
    state->transport = std::move(transport);
    return CmpClient(std::move(state));
}

Result<std::string> CmpClient::request(const Request& request, std::string_view transaction, const Keep& keep) const {
    Wire wire;
    SEALDESK_LET(context, state_->begin(wire, transaction));
    const auto pkcs10 = read_der<RequestHandle>(d2i_X509_REQ, request.der);
    if (!pkcs10 || OSSL_CMP_CTX_set1_p10CSR(context.get(), pkcs10.get()) != 1) return openssl_failed("OSSL_CMP_CTX_set1_p10CSR");
    // A certificate that does not lead to the trusted root is not confirmed. A store of the context's would not do: OpenSSL
    // adds whatever roots the CA sends along (caPubs) when the answer is protected with a secret (RFC 4210 5.3.2).
    const StoreHandle root = trusting(state_->trusted.get());
    if (!root) return openssl_failed("X509_STORE_add_cert");
    Confirmation confirmation{root.get(), &keep, {}};
    if (OSSL_CMP_CTX_set_certConf_cb(context.get(), confirm) != 1 ||
        OSSL_CMP_CTX_set_certConf_cb_arg(context.get(), &confirmation) != 1)
        return openssl_failed("OSSL_CMP_CTX_set_certConf_cb");
    X509* made = OSSL_CMP_exec_certreq(context.get(), OSSL_CMP_P10CR, nullptr);  // the context keeps it
    if (confirmation.error) return tl::unexpected(*confirmation.error);
    if (!made) return tl::unexpected(why(context.get(), wire, !state_->own));
    EVP_PKEY* certified = X509_get0_pubkey(made);
    if (!certified || EVP_PKEY_eq(certified, request.key()) != 1)
        return fail(ErrorKind::denied, tr("外部 CA 签发的证书不是为这只 KEY 的密钥签发的，没有采用"));
    return der_of(i2d_X509, made);
}

Result<> CmpClient::revoke(std::string_view certificate_der, RevocationReason reason, std::string_view transaction,
                           Confirmed confirmed) const {
    constexpr int kRevoked = 1 << OSSL_CMP_PKIFAILUREINFO_certRevoked;
    constexpr int kDropped = 1 << OSSL_CMP_PKIFAILUREINFO_badCertId | 1 << OSSL_CMP_PKIFAILUREINFO_badRequest;
    Wire wire;
    SEALDESK_LET(context, state_->begin(wire, transaction));
    const auto certificate = read_der<CertificateHandle>(d2i_X509, certificate_der);
    if (!certificate) return fail(ErrorKind::corrupt, tr("证书已损坏，无法读取"));
    if (OSSL_CMP_CTX_set1_oldCert(context.get(), certificate.get()) != 1 ||
        OSSL_CMP_CTX_set_option(context.get(), OSSL_CMP_OPT_REVOCATION_REASON, static_cast<int>(reason)) != 1)
        return openssl_failed("OSSL_CMP_CTX_set1_oldCert");
    if (OSSL_CMP_exec_RR_ses(context.get()) == 1) return {};
    const int failure = wire.error ? 0 : std::max(0, OSSL_CMP_CTX_get_failInfoCode(context.get()));
    // It is on its list, whoever asked for that; or the CA says nothing else than that there is nothing to revoke.
    const bool on_its_list = (failure & kRevoked) != 0;
    const bool dropped = confirmed == Confirmed::unsure && failure != 0 && (failure & ~kDropped) == 0;
    if (on_its_list || dropped) {
        openssl_errors();
        return {};
    }
    return tl::unexpected(why(context.get(), wire, !state_->own));
}

}  // namespace sealdesk::certificates
