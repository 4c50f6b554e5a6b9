#include "keys/pkcs11_objects.h"

#include <openssl/x509.h>

#include "base/translate.h"
#include "crypto/handles.h"
#include "keys/pkcs11_public_key.h"

namespace sealdesk::keys {

using crypto::KeyAlgorithm;

namespace {

constexpr std::string_view kApplication = "SealDesk";

using Facts = std::map<CK_ATTRIBUTE_TYPE, std::string>;

bool is_set(const Facts& facts, CK_ATTRIBUTE_TYPE type) {
    const auto found = facts.find(type);
    return found != facts.end() && found->second.size() == sizeof(CK_BBOOL) && found->second[0] != CK_FALSE;
}

bool is_rsa(std::string_view key_type) {
    const CK_KEY_TYPE rsa = CKK_RSA;
    return key_type == std::string_view(reinterpret_cast<const char*>(&rsa), sizeof rsa);
}

Result<> check_single(const std::vector<CK_OBJECT_HANDLE>& handles, const ObjectId& id) {
    if (handles.size() < 2) return {};
    return fail(ErrorKind::device, tr("KEY 上有多个相同标识的密钥，请清除后重新制作"), id.hex());
}

}  // namespace

Result<std::optional<KeyPair>> Objects::find_pair(const ObjectId& id) {
    if (known_ && known_->id == id)
        if (auto pair = read_pair(*known_)) return std::move(*pair);
    known_.reset();  // gone, or not sought yet
    SEALDESK_LET(privates, of(id, CKO_PRIVATE_KEY));
    SEALDESK_LET(publics, of(id, CKO_PUBLIC_KEY));
    SEALDESK_TRY(check_single(privates, id));
    SEALDESK_TRY(check_single(publics, id));
    if (privates.empty() || publics.empty()) return std::nullopt;
    Place place{id, privates[0], publics[0], false, {}, {}, {}};
    SEALDESK_LET(pair, read_pair(place));
    known_ = std::move(place);
    return std::optional(std::move(pair));
}

Result<std::optional<std::string>> Objects::public_key(const ObjectId& id) {
    if (known_ && known_->id == id) return known_->encoded;
    SEALDESK_LET(pair, find_pair(id));
    if (!pair) return std::nullopt;
    return std::move(pair->public_key);
}

Result<KeyPair> Objects::read_pair(Place& place) {
    SEALDESK_LET(hidden,
                 read(place.private_key, {CKA_LABEL, CKA_LOCAL, CKA_EXTRACTABLE, CKA_NEVER_EXTRACTABLE, CKA_ALWAYS_SENSITIVE}));
    SEALDESK_LET(open, read(place.public_key, {CKA_KEY_TYPE, CKA_MODULUS, CKA_PUBLIC_EXPONENT, CKA_EC_POINT}));
    KeyPair pair;
    pair.id = place.id;
    const bool rsa = place.rsa = is_rsa(open[CKA_KEY_TYPE]);
    if (!rsa) pair.algorithm = KeyAlgorithm::p_256;
    const std::string now = rsa ? "RSA " + open[CKA_MODULUS] + "," + open[CKA_PUBLIC_EXPONENT] : "EC " + open[CKA_EC_POINT];
    if (now != place.read) {
        SEALDESK_LET(key, rsa ? rsa_public_key(open[CKA_MODULUS], open[CKA_PUBLIC_EXPONENT]) : ec_public_key(open[CKA_EC_POINT]));
        place.encoded = crypto::der_of(i2d_PUBKEY, key.get());
        place.decoded = std::move(key);
        place.read = now;
    }
    pair.public_key = place.encoded;
    pair.decoded = place.decoded;
    pair.label = hidden[CKA_LABEL];
    pair.made_here = is_set(hidden, CKA_LOCAL);
    pair.extractable = is_set(hidden, CKA_EXTRACTABLE);
    pair.was_ever_readable = !is_set(hidden, CKA_NEVER_EXTRACTABLE) || !is_set(hidden, CKA_ALWAYS_SENSITIVE);
    return pair;
}

Result<std::optional<Objects::Private>> Objects::find_private(const ObjectId& id) {
    if (known_ && known_->id == id)
        if (auto half = read_private(known_->private_key)) return *half;
    known_.reset();
    SEALDESK_LET(handles, of(id, CKO_PRIVATE_KEY));
    SEALDESK_TRY(check_single(handles, id));
    if (handles.empty()) return std::nullopt;
    SEALDESK_LET(half, read_private(handles[0]));
    return half;
}

Result<Objects::Private> Objects::read_private(CK_OBJECT_HANDLE handle) {
    SEALDESK_LET(key_type, read(handle, CKA_KEY_TYPE));
    return Private{handle, is_rsa(key_type)};
}

Result<std::optional<bool>> Objects::hands_out_private(const ObjectId& id) {
    if (!known_ || known_->id != id) {
        SEALDESK_LET(pair, find_pair(id));
        if (!pair) return std::nullopt;
    }
    CK_BBOOL extractable = CK_TRUE;
    CK_ATTRIBUTE wanted[] = {{CKA_EXTRACTABLE, &extractable, sizeof extractable},
                             {known_->rsa ? CKA_PRIVATE_EXPONENT : CKA_VALUE, nullptr, 0}};
    const CK_RV answer = f_->C_GetAttributeValue(session_, known_->private_key, wanted, 2);
    const bool refused = answer == CKR_ATTRIBUTE_SENSITIVE || answer == CKR_ATTRIBUTE_TYPE_INVALID;
    if (answer != CKR_OK && !refused) return token_failed(answer, "C_GetAttributeValue");
    // Refused is said of the whole question: the length tells whether it was the secret.
    const bool told = !refused || (wanted[1].ulValueLen != 0 && wanted[1].ulValueLen != CK_UNAVAILABLE_INFORMATION);
    return told || extractable != CK_FALSE;
}

Result<std::vector<CK_OBJECT_HANDLE>> Objects::of(const ObjectId& id, CK_OBJECT_CLASS kind) {
    if (kind == CKO_CERTIFICATE && no_certificate_) return std::vector<CK_OBJECT_HANDLE>{};
    Template wanted;
    wanted.add_number(CKA_CLASS, kind).add_bool(CKA_TOKEN, true).add(CKA_ID, id.bytes);
    return find_objects(f_, session_, wanted);
}

Result<std::vector<CK_OBJECT_HANDLE>> Objects::data(const std::string& label) {
    if (no_data_) return std::vector<CK_OBJECT_HANDLE>{};
    Template wanted;
    wanted.add_number(CKA_CLASS, CKO_DATA).add_bool(CKA_TOKEN, true);
    wanted.add(CKA_APPLICATION, kApplication).add(CKA_LABEL, label);
    return find_objects(f_, session_, wanted);
}

Result<> Objects::destroy(const std::vector<CK_OBJECT_HANDLE>& handles) {
    if (handles.empty()) return {};  // where the key pair lies is as true as before
    known_.reset();
    for (const CK_OBJECT_HANDLE handle : handles)
        if (const CK_RV value = f_->C_DestroyObject(session_, handle); value != CKR_OK)
            return token_failed(value, "C_DestroyObject");
    return {};
}

Result<int> Objects::remove(const ObjectId& id, CK_OBJECT_CLASS kind) {
    SEALDESK_LET(handles, of(id, kind));
    SEALDESK_TRY(destroy(handles));
    return static_cast<int>(handles.size());
}

Result<Facts> Objects::read(CK_OBJECT_HANDLE object, const std::vector<CK_ATTRIBUTE_TYPE>& types) {
    constexpr size_t kRoom = 2048;
    std::string bytes(kRoom * types.size(), '\0');
    std::vector<CK_ATTRIBUTE> wanted;
    for (const CK_ATTRIBUTE_TYPE type : types) wanted.push_back({type, bytes.data() + kRoom * wanted.size(), kRoom});
    const CK_RV answer = f_->C_GetAttributeValue(session_, object, wanted.data(), wanted.size());
    if (answer != CKR_OK && answer != CKR_ATTRIBUTE_TYPE_INVALID && answer != CKR_ATTRIBUTE_SENSITIVE &&
        answer != CKR_BUFFER_TOO_SMALL)
        return token_failed(answer, "C_GetAttributeValue");
    Facts facts;
    for (const CK_ATTRIBUTE& one : wanted)
        if (one.ulValueLen <= kRoom) facts.emplace(one.type, std::string(static_cast<const char*>(one.pValue), one.ulValueLen));
    return facts;
}

Result<StoredCertificate> Objects::certificate(CK_OBJECT_HANDLE handle) {
    SEALDESK_LET(facts, read(handle, {CKA_ID, CKA_LABEL, CKA_VALUE}));
    if (!facts.contains(CKA_VALUE)) {  // too large to come along
        SEALDESK_LET(der, read(handle, CKA_VALUE));
        facts[CKA_VALUE] = der;
    }
    return StoredCertificate{ObjectId{facts[CKA_ID]}, facts[CKA_LABEL], facts[CKA_VALUE]};
}

Result<> Objects::create_certificate(const ObjectId& id, const std::string& label, const certificates::Certificate& certificate) {
    X509* x509 = certificate.x509();
    Template object;
    object.add_number(CKA_CLASS, CKO_CERTIFICATE).add_number(CKA_CERTIFICATE_TYPE, CKC_X_509);
    object.add_bool(CKA_TOKEN, true).add_bool(CKA_PRIVATE, false).add(CKA_LABEL, label).add(CKA_ID, id.bytes);
    object.add(CKA_SUBJECT, crypto::der_of(i2d_X509_NAME, X509_get_subject_name(x509)));
    object.add(CKA_ISSUER, crypto::der_of(i2d_X509_NAME, X509_get_issuer_name(x509)));
    object.add(CKA_SERIAL_NUMBER, crypto::der_of(i2d_ASN1_INTEGER, X509_get0_serialNumber(x509)));
    object.add(CKA_VALUE, certificate.der);
    no_certificate_ = false;
    CK_OBJECT_HANDLE handle = 0;
    if (const CK_RV value = f_->C_CreateObject(session_, object.data(), object.size(), &handle); value != CKR_OK)
        return token_failed(value, "C_CreateObject");
    return {};
}

Result<bool> Objects::is_empty() {
    Template anything;
    anything.add_bool(CKA_TOKEN, true);
    SEALDESK_LET(handles, find_objects(f_, session_, anything));
    no_certificate_ = no_data_ = handles.empty();
    return handles.empty();
}

Result<std::vector<CK_OBJECT_HANDLE>> Objects::all(CK_OBJECT_CLASS kind) {
    Template wanted;
    wanted.add_number(CKA_CLASS, kind).add_bool(CKA_TOKEN, true);
    return find_objects(f_, session_, wanted);
}

Result<> Objects::create_data(const std::string& label, std::string_view bytes) {
    Template object;
    object.add_number(CKA_CLASS, CKO_DATA).add_bool(CKA_TOKEN, true).add_bool(CKA_PRIVATE, false);
    object.add(CKA_APPLICATION, kApplication).add(CKA_LABEL, label).add(CKA_VALUE, bytes);
    no_data_ = false;
    CK_OBJECT_HANDLE handle = 0;
    if (const CK_RV value = f_->C_CreateObject(session_, object.data(), object.size(), &handle); value != CKR_OK)
        return token_failed(value, "C_CreateObject");
    return {};
}

}  // namespace sealdesk::keys
