// The subject of a certificate as fields, and the one place that judges them: names come from strangers.
// Values; pure functions.
#pragma once

#include <string>

#include "base/result.h"
#include "crypto/handles.h"

namespace sealdesk::certificates {

struct SubjectName {
    std::string common_name;   // CN: the unit's or the person's name
    std::string organisation;  // O: the unit; empty for a person who belongs to none
    std::string number;        // serialNumber: credit code or identity number; empty when the profile has none
    std::string country = "CN";
    bool operator==(const SubjectName&) const = default;
};

// Refused with a sentence: not UTF-8, empty CN, control or direction characters, blanks at an end, more than
// 64 characters in a field (RFC 5280 upper bounds), a number that is not plain ASCII.
Result<> check(const SubjectName& name);

// Checked, then as X.509: C and serialNumber PrintableString, the names UTF8String, in the order C, O, CN,
// serialNumber. What looks like syntax ("+", ",", "CN=") stays plain text inside its field.
Result<crypto::NameHandle> x509_name(const SubjectName& name);
// The fields of a certificate's subject; fields that SealDesk does not write are left out.
SubjectName subject_name(const X509_NAME* name);
// "CN=…, O=…" for people to read (RFC 2253 escapes, UTF-8 kept).
std::string text_of(const X509_NAME* name);

}  // namespace sealdesk::certificates
