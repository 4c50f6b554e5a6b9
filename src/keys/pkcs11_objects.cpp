#include "keys/pkcs11_objects.h"

#include <openssl/x509.h>

#include "base/translate.h"
#include "crypto/handles.h"
#include "keys/pkcs11_public_key.h"

namespace sealdesk::keys {

using crypto::KeyAlgorithm;

namespace {

constexpr std::string_view kApplication = "SealDesk";

}  // namespace

Result<std::optional<Objects::Found>> Objects::find_pair(const ObjectId& id) {
    SEALDESK_LET(privates, of(id, CKO_PRIVATE_KEY));
    SEALDESK_LET(publics, of(id, CKO_PUBLIC_KEY));
    if (privates.size() > 1 || publics.size() > 1)
        return fail(ErrorKind::device, tr("KEY 上有多个相同标识的密钥，请清除后重新制作"), id.hex());
    if (privates.empty() || publics.empty()) return std::nullopt;
    Found found{{}, privates[0], publics[0]};
    KeyPair& pair = found.pair;
    pair.id = id;
    SEALDESK_LET(label, read(found.private_key, CKA_LABEL));
    pair.label = label;
    SEALDESK_LET(type, read(found.public_key, CKA_KEY_TYPE));
    Template rsa;
    rsa.add_number(CKA_KEY_TYPE, CKK_RSA);
    if (type == std::string_view(static_cast<const char*>(rsa.data()->pValue), sizeof(CK_ULONG))) {
        SEALDESK_LET(modulus, read(found.public_key, CKA_MODULUS));
        SEALDESK_LET(exponent, read(found.public_key, CKA_PUBLIC_EXPONENT));
        SEALDESK_LET(key, rsa_public_key(modulus, exponent));
        pair.public_key = key;
    } else {
        SEALDESK_LET(point, read(found.public_key, CKA_EC_POINT));
        SEALDESK_LET(key, ec_public_key(point));
        pair.algorithm = KeyAlgorithm::p_256;
        pair.public_key = key;
    }
    SEALDESK_LET(local, is_set(found.private_key, CKA_LOCAL));
    SEALDESK_LET(extractable, is_set(found.private_key, CKA_EXTRACTABLE));
    SEALDESK_LET(never_extractable, is_set(found.private_key, CKA_NEVER_EXTRACTABLE));
    SEALDESK_LET(always_sensitive, is_set(found.private_key, CKA_ALWAYS_SENSITIVE));
    pair.made_here = local;
    pair.extractable = extractable;
    pair.was_ever_readable = !never_extractable || !always_sensitive;
    return std::optional(std::move(found));
}

Result<std::vector<CK_OBJECT_HANDLE>> Objects::of(const ObjectId& id, CK_OBJECT_CLASS kind) {
    Template wanted;
    wanted.add_number(CKA_CLASS, kind).add_bool(CKA_TOKEN, true).add(CKA_ID, id.bytes);
    return find_objects(f_, session_, wanted);
}

Result<std::vector<CK_OBJECT_HANDLE>> Objects::data(const std::string& label) {
    Template wanted;
    wanted.add_number(CKA_CLASS, CKO_DATA).add_bool(CKA_TOKEN, true);
    wanted.add(CKA_APPLICATION, kApplication).add(CKA_LABEL, label);
    return find_objects(f_, session_, wanted);
}

Result<> Objects::destroy(const std::vector<CK_OBJECT_HANDLE>& handles) {
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

Result<bool> Objects::is_set(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
    CK_BBOOL value = CK_FALSE;
    CK_ATTRIBUTE wanted{type, &value, sizeof value};
    const CK_RV answer = f_->C_GetAttributeValue(session_, object, &wanted, 1);
    if (answer == CKR_ATTRIBUTE_TYPE_INVALID) return false;
    if (answer != CKR_OK) return token_failed(answer, "C_GetAttributeValue");
    return value != CK_FALSE;
}

Result<StoredCertificate> Objects::certificate(CK_OBJECT_HANDLE handle) {
    SEALDESK_LET(id, read(handle, CKA_ID));
    SEALDESK_LET(label, read(handle, CKA_LABEL));
    SEALDESK_LET(der, read(handle, CKA_VALUE));
    return StoredCertificate{ObjectId{id}, label, der};
}

Result<> Objects::create_certificate(const ObjectId& id, const std::string& label, std::string_view der) {
    const auto parsed = crypto::read_der<crypto::CertificateHandle>(d2i_X509, der);
    if (!parsed) return fail(ErrorKind::corrupt, tr("证书已损坏，无法读取"));
    X509* x509 = parsed.get();
    Template object;
    object.add_number(CKA_CLASS, CKO_CERTIFICATE).add_number(CKA_CERTIFICATE_TYPE, CKC_X_509);
    object.add_bool(CKA_TOKEN, true).add_bool(CKA_PRIVATE, false).add(CKA_LABEL, label).add(CKA_ID, id.bytes);
    object.add(CKA_SUBJECT, crypto::der_of(i2d_X509_NAME, X509_get_subject_name(x509)));
    object.add(CKA_ISSUER, crypto::der_of(i2d_X509_NAME, X509_get_issuer_name(x509)));
    object.add(CKA_SERIAL_NUMBER, crypto::der_of(i2d_ASN1_INTEGER, X509_get0_serialNumber(x509)));
    object.add(CKA_VALUE, der);
    CK_OBJECT_HANDLE handle = 0;
    if (const CK_RV value = f_->C_CreateObject(session_, object.data(), object.size(), &handle); value != CKR_OK)
        return token_failed(value, "C_CreateObject");
    return {};
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
    CK_OBJECT_HANDLE handle = 0;
    if (const CK_RV value = f_->C_CreateObject(session_, object.data(), object.size(), &handle); value != CKR_OK)
        return token_failed(value, "C_CreateObject");
    return {};
}

}  // namespace sealdesk::keys
