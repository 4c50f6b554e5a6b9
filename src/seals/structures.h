// The ASN.1 structures of GB/T 38540 and GM/T 0031 as OpenSSL templates, for seal.cpp alone. Each Tree owns what it holds.
#pragma once

#include <openssl/asn1t.h>

#include <memory>
#include <string>
#include <string_view>

namespace sealdesk::seals::structures {

struct Header {
    ASN1_IA5STRING* id;
    ASN1_INTEGER* version;
    ASN1_IA5STRING* vid;
};
// Dates are GeneralizedTime, in version 1 UTCTime without certListType before the list.
struct Property {
    ASN1_INTEGER* type;
    ASN1_UTF8STRING* name;
    ASN1_INTEGER* certListType;
    STACK_OF(ASN1_TYPE) * certList;
    ASN1_GENERALIZEDTIME *createDate, *validStart, *validEnd;
};
struct PropertyV1 {
    ASN1_INTEGER* type;
    ASN1_UTF8STRING* name;
    STACK_OF(ASN1_TYPE) * certList;
    ASN1_UTCTIME *createDate, *validStart, *validEnd;
};
struct Picture {
    ASN1_IA5STRING* type;
    ASN1_OCTET_STRING* data;
    ASN1_INTEGER *width, *height;
};
struct Information {
    Header* header;
    ASN1_IA5STRING* esID;
    Property* property;
    Picture* picture;
    STACK_OF(ASN1_TYPE) * extDatas;
};
struct InformationV1 {
    Header* header;
    ASN1_IA5STRING* esID;
    PropertyV1* property;
    Picture* picture;
    STACK_OF(ASN1_TYPE) * extDatas;
};
struct SealV4 {
    Information* information;
    ASN1_OCTET_STRING* cert;
    ASN1_OBJECT* signAlgID;
    ASN1_BIT_STRING* signedValue;
};
struct SealV5 {
    Information* information;
    ASN1_OCTET_STRING* cert;
    ASN1_OBJECT* signAlgID;
    ASN1_BIT_STRING* signedValue;
    ASN1_BIT_STRING* timeStamp;
};
struct SignInfoV1 {
    ASN1_OCTET_STRING* cert;
    ASN1_OBJECT* signatureAlgorithm;
    ASN1_BIT_STRING* signData;
};
struct SealV1 {
    InformationV1* information;
    SignInfoV1* signInfo;
};
struct SignedPartV1 {
    InformationV1* information;
    ASN1_OCTET_STRING* cert;
    ASN1_OBJECT* signatureAlgorithm;
};
struct Digest {
    ASN1_PRINTABLESTRING* type;
    ASN1_OCTET_STRING* value;
};
struct Extension {
    ASN1_OBJECT* extnID;
    ASN1_BOOLEAN critical;
    ASN1_OCTET_STRING* extnValue;
};

const ASN1_ITEM* item_of(const Information*);
const ASN1_ITEM* item_of(const SealV4*);
const ASN1_ITEM* item_of(const SealV5*);
const ASN1_ITEM* item_of(const SealV1*);
const ASN1_ITEM* item_of(const SignedPartV1*);
const ASN1_ITEM* item_of(const Digest*);
const ASN1_ITEM* item_of(const Extension*);

template <class T>
struct FreeTree {
    void operator()(T* tree) const {
        ASN1_item_free(reinterpret_cast<ASN1_VALUE*>(tree), item_of(static_cast<const T*>(nullptr)));
    }
};
template <class T>
using Tree = std::unique_ptr<T, FreeTree<T>>;

// Empty when memory is short.
template <class T>
Tree<T> new_tree() {
    return Tree<T>(reinterpret_cast<T*>(ASN1_item_new(item_of(static_cast<const T*>(nullptr)))));
}
// Empty when the bytes are something else; OpenSSL's error queue then names the field.
template <class T>
Tree<T> read_tree(std::string_view der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    Tree<T> tree(reinterpret_cast<T*>(
        ASN1_item_d2i(nullptr, &at, static_cast<long>(der.size()), item_of(static_cast<const T*>(nullptr)))));
    if (tree && at != reinterpret_cast<const unsigned char*>(der.data()) + der.size()) tree.reset();
    return tree;
}
template <class T>
std::string der_of(const T* tree) {
    unsigned char* bytes = nullptr;
    const int length = ASN1_item_i2d(reinterpret_cast<const ASN1_VALUE*>(tree), &bytes, item_of(static_cast<const T*>(nullptr)));
    if (length <= 0) return {};
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length));
    OPENSSL_free(bytes);
    return der;
}

}  // namespace sealdesk::seals::structures
