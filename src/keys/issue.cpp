#include "keys/issue.h"

#include <algorithm>
#include <array>

#include "base/translate.h"
#include "crypto/handles.h"

namespace sealdesk::keys {

using namespace crypto;

namespace {

constexpr std::array<const char*, kSteps> kNames{"allocate",   "generate",  "request", "sign", "write_certificate",
                                                 "write_seal", "read_back", "prove",   "bind"};

}  // namespace

const char* name_of(Step step) { return kNames.at(static_cast<size_t>(step)); }

std::optional<Step> parse_step(std::string_view name) {
    const auto at = std::find(kNames.begin(), kNames.end(), name);
    if (at == kNames.end()) return std::nullopt;
    return static_cast<Step>(at - kNames.begin());
}

std::optional<Step> next(Step step) {
    if (step == Step::bind) return std::nullopt;
    return static_cast<Step>(static_cast<int>(step) + 1);
}

std::string title_of(Step step) {
    switch (step) {
        case Step::allocate: return tr("分配 KEY");
        case Step::generate: return tr("生成密钥");
        case Step::request: return tr("生成证书请求");
        case Step::sign: return tr("签发证书");
        case Step::write_certificate: return tr("写入证书");
        case Step::write_seal: return tr("写入印章");
        case Step::read_back: return tr("读回核对");
        case Step::prove: return tr("签名验证");
        case Step::bind: return tr("绑定激活");
    }
    return {};
}

Result<KeyPair> ensure_key_pair(TokenSession& session, const ObjectId& id, const std::string& label, KeyAlgorithm algorithm) {
    auto made = session.generate_key_pair(id, label, algorithm);
    if (made || made.error().kind != ErrorKind::conflict) return made;
    SEALDESK_LET(existing, session.find_key_pair(id));
    if (!existing) return made;
    if (existing->algorithm != algorithm) return refused(tr("KEY 上已有的密钥不是所需的算法"));
    if (!existing->made_here) return refused(tr("KEY 上的密钥是从外面导入的，不能使用"));
    return *existing;
}

Result<certificates::Request> make_request(TokenSession& session, const KeyPair& pair, const certificates::SubjectName& subject) {
    SEALDESK_LET(name, certificates::x509_name(subject));
    const RequestHandle request(X509_REQ_new());
    if (!request || X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
        X509_REQ_set_subject_name(request.get(), name.get()) != 1 ||
        !certificates::set_public_key(X509_REQ_get_X509_PUBKEY(request.get()), pair.public_key))
        return openssl_failed("X509_REQ_set_pubkey");

    const AlgorithmHandle algorithm(X509_ALGOR_new());
    const bool rsa = pair.algorithm == KeyAlgorithm::rsa_2048;
    if (!algorithm ||
        X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(rsa ? NID_sha256WithRSAEncryption : NID_ecdsa_with_SHA256),
                        rsa ? V_ASN1_NULL : V_ASN1_UNDEF, nullptr) != 1 ||
        X509_REQ_set1_signature_algo(request.get(), algorithm.get()) != 1)
        return openssl_failed("X509_REQ_set1_signature_algo");
    SEALDESK_LET(signature, session.sign(pair.id, der_of(i2d_re_X509_REQ_tbs, request.get())));
    BitStringHandle bits(ASN1_BIT_STRING_new());
    if (!bits || ASN1_BIT_STRING_set(bits.get(), reinterpret_cast<unsigned char*>(signature.data()),
                                     static_cast<int>(signature.size())) != 1)
        return openssl_failed("ASN1_BIT_STRING_set");
    // Without this OpenSSL would drop trailing zero bits of the signature.
    bits->flags &= ~(ASN1_STRING_FLAG_BITS_LEFT | 0x07);
    bits->flags |= ASN1_STRING_FLAG_BITS_LEFT;
    X509_REQ_set0_signature(request.get(), bits.release());

    auto checked = certificates::check_request(request.get(), pair.decoded);
    if (!checked || checked->public_key != pair.public_key)
        return fail(ErrorKind::device, tr("KEY 生成的签名不正确。请拔下重新插入后重试；再次出现请换一只 KEY"),
                    checked ? "other public key" : checked.error().message);
    return checked;
}

Result<> check_blank(TokenSession& session, const ObjectId& id) {
    SEALDESK_LET(others, session.strangers(id));
    if (others == 0) return {};
    SEALDESK_LET(token, session.look());
    return fail(ErrorKind::conflict,
                trf("KEY {} 不是空白的：上面有 {} 项密钥、证书或印章。没有写入任何内容，请换一个空白 KEY", token.serial, others));
}

Result<> read_back_seal(TokenSession& session, std::string_view seal) {
    SEALDESK_LET(stored, session.find_data(kSealLabel));
    if (!stored) return fail(ErrorKind::device, tr("KEY 上没有读到电子印章，请重新写入"));
    if (*stored != seal) return fail(ErrorKind::device, tr("从 KEY 读回的电子印章与写入的不一致，请重新写入"));
    return {};
}

Result<> read_back(TokenSession& session, const ObjectId& id, std::string_view certificate_der) {
    SEALDESK_LET(stored, session.find_certificate(id));
    if (!stored) return fail(ErrorKind::device, tr("KEY 上没有读到证书，请重新写入"), id.hex());
    if (stored->der != certificate_der)
        return fail(ErrorKind::device, tr("从 KEY 读回的证书与签发的不一致，请重新写入"), id.hex());
    return {};
}

Result<> prove(TokenSession& session, const ObjectId& id, const certificates::Certificate& certificate, Random& random) {
    SEALDESK_LET(pair, session.find_key_pair(id));
    if (!pair) return fail(ErrorKind::device, tr("KEY 上没有这张证书的密钥，请重新制作"), id.hex());
    if (!pair->made_here || pair->was_ever_readable)
        return fail(ErrorKind::device, tr("私钥不是在这只 KEY 上生成的，不能交付。请清除后重新制作"), id.hex());
    SEALDESK_LET(fits, certificates::has_public_key(certificate.der, pair->public_key));
    if (!fits) return fail(ErrorKind::device, tr("KEY 上的证书与密钥不是一对，请重新制作"), id.hex());
    const std::string challenge = "SealDesk KEY proof " + random.bytes(32);
    SEALDESK_LET(signature, session.sign(id, challenge));
    if (!certificates::signature_matches(certificate, challenge, signature))
        return fail(ErrorKind::device, tr("KEY 的签名不能用证书验证，不能交付。请重新制作或换一只 KEY"), id.hex());
    return session.check_not_extractable(id);
}

Secret random_pin(Random& random, size_t digits) {
    for (;;) {
        std::string pin;
        pin.reserve(digits);
        while (pin.size() < digits) pin += static_cast<char>('0' + below(random, 10));
        bool same = true, up = true, down = true;
        for (size_t i = 1; i < pin.size(); ++i) {
            same = same && pin[i] == pin[i - 1];
            up = up && pin[i] == pin[i - 1] + 1;
            down = down && pin[i] == pin[i - 1] - 1;
        }
        Secret result(std::move(pin));
        if (digits < 4 || (!same && !up && !down)) return result;
    }
}

}  // namespace sealdesk::keys
