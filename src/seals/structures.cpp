#include "seals/structures.h"

// OpenSSL's template macros are C.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wpedantic"

namespace sealdesk::seals::structures {

namespace {

ASN1_SEQUENCE(Header) = {ASN1_SIMPLE(Header, id, ASN1_IA5STRING), ASN1_SIMPLE(Header, version, ASN1_INTEGER),
                         ASN1_SIMPLE(Header, vid, ASN1_IA5STRING)} static_ASN1_SEQUENCE_END(Header);

ASN1_SEQUENCE(Property) = {ASN1_SIMPLE(Property, type, ASN1_INTEGER),
                           ASN1_SIMPLE(Property, name, ASN1_UTF8STRING),
                           ASN1_SIMPLE(Property, certListType, ASN1_INTEGER),
                           ASN1_SEQUENCE_OF(Property, certList, ASN1_ANY),
                           ASN1_SIMPLE(Property, createDate, ASN1_GENERALIZEDTIME),
                           ASN1_SIMPLE(Property, validStart, ASN1_GENERALIZEDTIME),
                           ASN1_SIMPLE(Property, validEnd, ASN1_GENERALIZEDTIME)} static_ASN1_SEQUENCE_END(Property);

ASN1_SEQUENCE(PropertyV1) = {ASN1_SIMPLE(PropertyV1, type, ASN1_INTEGER),
                             ASN1_SIMPLE(PropertyV1, name, ASN1_UTF8STRING),
                             ASN1_SEQUENCE_OF(PropertyV1, certList, ASN1_ANY),
                             ASN1_SIMPLE(PropertyV1, createDate, ASN1_UTCTIME),
                             ASN1_SIMPLE(PropertyV1, validStart, ASN1_UTCTIME),
                             ASN1_SIMPLE(PropertyV1, validEnd, ASN1_UTCTIME)} static_ASN1_SEQUENCE_END(PropertyV1);

ASN1_SEQUENCE(Picture) = {ASN1_SIMPLE(Picture, type, ASN1_IA5STRING), ASN1_SIMPLE(Picture, data, ASN1_OCTET_STRING),
                          ASN1_SIMPLE(Picture, width, ASN1_INTEGER),
                          ASN1_SIMPLE(Picture, height, ASN1_INTEGER)} static_ASN1_SEQUENCE_END(Picture);

ASN1_SEQUENCE(Information) = {ASN1_SIMPLE(Information, header, Header), ASN1_SIMPLE(Information, esID, ASN1_IA5STRING),
                              ASN1_SIMPLE(Information, property, Property), ASN1_SIMPLE(Information, picture, Picture),
                              ASN1_SEQUENCE_OF_OPT(Information, extDatas, ASN1_ANY)} static_ASN1_SEQUENCE_END(Information);

ASN1_SEQUENCE(InformationV1) = {ASN1_SIMPLE(InformationV1, header, Header), ASN1_SIMPLE(InformationV1, esID, ASN1_IA5STRING),
                                ASN1_SIMPLE(InformationV1, property, PropertyV1), ASN1_SIMPLE(InformationV1, picture, Picture),
                                ASN1_SEQUENCE_OF_OPT(InformationV1, extDatas, ASN1_ANY)} static_ASN1_SEQUENCE_END(InformationV1);

ASN1_SEQUENCE(SealV4) = {ASN1_SIMPLE(SealV4, information, Information), ASN1_SIMPLE(SealV4, cert, ASN1_OCTET_STRING),
                         ASN1_SIMPLE(SealV4, signAlgID, ASN1_OBJECT),
                         ASN1_SIMPLE(SealV4, signedValue, ASN1_BIT_STRING)} static_ASN1_SEQUENCE_END(SealV4);

ASN1_SEQUENCE(SealV5) = {ASN1_SIMPLE(SealV5, information, Information), ASN1_SIMPLE(SealV5, cert, ASN1_OCTET_STRING),
                         ASN1_SIMPLE(SealV5, signAlgID, ASN1_OBJECT), ASN1_SIMPLE(SealV5, signedValue, ASN1_BIT_STRING),
                         ASN1_EXP_OPT(SealV5, timeStamp, ASN1_BIT_STRING, 0)} static_ASN1_SEQUENCE_END(SealV5);

ASN1_SEQUENCE(SignInfoV1) = {ASN1_SIMPLE(SignInfoV1, cert, ASN1_OCTET_STRING),
                             ASN1_SIMPLE(SignInfoV1, signatureAlgorithm, ASN1_OBJECT),
                             ASN1_SIMPLE(SignInfoV1, signData, ASN1_BIT_STRING)} static_ASN1_SEQUENCE_END(SignInfoV1);

ASN1_SEQUENCE(SealV1) = {ASN1_SIMPLE(SealV1, information, InformationV1),
                         ASN1_SIMPLE(SealV1, signInfo, SignInfoV1)} static_ASN1_SEQUENCE_END(SealV1);

ASN1_SEQUENCE(SignedPartV1) = {ASN1_SIMPLE(SignedPartV1, information, InformationV1),
                               ASN1_SIMPLE(SignedPartV1, cert, ASN1_OCTET_STRING),
                               ASN1_SIMPLE(SignedPartV1, signatureAlgorithm, ASN1_OBJECT)} static_ASN1_SEQUENCE_END(SignedPartV1);

ASN1_SEQUENCE(Digest) = {ASN1_SIMPLE(Digest, type, ASN1_PRINTABLESTRING),
                         ASN1_SIMPLE(Digest, value, ASN1_OCTET_STRING)} static_ASN1_SEQUENCE_END(Digest);

ASN1_SEQUENCE(Extension) = {ASN1_SIMPLE(Extension, extnID, ASN1_OBJECT), ASN1_OPT(Extension, critical, ASN1_BOOLEAN),
                            ASN1_SIMPLE(Extension, extnValue, ASN1_OCTET_STRING)} static_ASN1_SEQUENCE_END(Extension);

}  // namespace

const ASN1_ITEM* item_of(const Information*) { return ASN1_ITEM_rptr(Information); }
const ASN1_ITEM* item_of(const SealV4*) { return ASN1_ITEM_rptr(SealV4); }
const ASN1_ITEM* item_of(const SealV5*) { return ASN1_ITEM_rptr(SealV5); }
const ASN1_ITEM* item_of(const SealV1*) { return ASN1_ITEM_rptr(SealV1); }
const ASN1_ITEM* item_of(const SignedPartV1*) { return ASN1_ITEM_rptr(SignedPartV1); }
const ASN1_ITEM* item_of(const Digest*) { return ASN1_ITEM_rptr(Digest); }
const ASN1_ITEM* item_of(const Extension*) { return ASN1_ITEM_rptr(Extension); }

}  // namespace sealdesk::seals::structures

#pragma GCC diagnostic pop
