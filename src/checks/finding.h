// Finding: what one check says about one order: verdict, evidence, and the name of the rule with its version. A value;
// findings advise, a person decides.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sealdesk::checks {

// In the order of their weight. unchecked: not applicable, or what it needs is not there (the evidence says which).
enum class Verdict { ok, unchecked, warning, fault };

const char* name_of(Verdict verdict);  // "warning": database
const char* word_of(Verdict verdict);  // 注意: screen
std::optional<Verdict> verdict_from(std::string_view name);

// A rule keeps its name; its version counts up when it judges differently, and stored findings are then made anew.
struct Rule {
    std::string_view name;
    int version = 1;
};

struct Finding {
    std::string rule;
    int version = 1;
    std::string item;  // which one, where a rule looks at several: "licence", "page:3"; "" for the only one
    Verdict verdict = Verdict::ok;
    std::string field;         // beside which field of the form its chip stands: "document_number"; "" for none
    std::string word;          // the chip: 校验相符
    std::string evidence;      // one sentence with the values
    std::string basis;         // the values that were judged, the same in every language: an override holds while they do
    std::string stated, seen;  // what the form says and what the paper says, when they are compared letter by letter
    int page = 0;              // from 1; 0: no page
    std::string reason;        // code of data/reasons.toml that fits; "" when none does
};

// Where the findings of form fields stand.
namespace field {
inline constexpr const char* name = "name";
inline constexpr const char* document_number = "document_number";
inline constexpr const char* mobile = "mobile";
inline constexpr const char* handler = "handler";
inline constexpr const char* enterprise = "enterprise";
inline constexpr const char* term = "term";  // years and quantity
inline constexpr const char* payment = "payment";
inline constexpr const char* invoice_title = "invoice_title";
inline constexpr const char* tax_number = "tax_number";
inline constexpr const char* delivery = "delivery";
inline constexpr const char* kind = "kind";
}  // namespace field

namespace rules {
inline constexpr Rule subject_kind{"form.subject_kind", 1}, document{"form.document", 1}, name{"form.name", 1},
    enterprise{"form.enterprise", 1}, handler{"form.handler", 1}, mobile{"form.mobile", 1}, term{"form.term", 2},
    amounts{"form.amounts", 1}, payment{"form.payment", 1}, freight{"form.freight", 1}, invoice_title{"form.invoice_title", 1},
    tax_number{"form.tax_number", 1}, recipient{"form.recipient", 1}, address{"form.address", 1}, dates{"form.dates", 1};
inline constexpr Rule live_key{"history.live_key", 1}, no_key{"history.no_key", 1}, replaced{"history.replaced", 1},
    open_order{"history.open_order", 1};
inline constexpr Rule material{"papers.material", 1}, unreadable{"papers.unreadable", 1}, blank{"papers.blank", 1},
    blurred{"papers.blurred", 1}, small{"papers.small", 1}, turned{"papers.turned", 2}, duplicate{"papers.duplicate", 1},
    stamp{"papers.stamp", 1}, reused{"papers.reused", 1};
inline constexpr Rule paper_number{"text.number", 1}, paper_name{"text.name", 1}, expiry{"text.expiry", 1};
}  // namespace rules

// 信用代码与证件号码 …; the name itself for a rule that this program does not know.
std::string title_of(std::string_view rule);
// Of all rules together: stored findings of another number are made anew.
int rules_version();

Finding finding(const Rule& rule, Verdict verdict, std::string field, std::string word, std::string evidence, std::string basis);

// The heaviest of those at a field, or of all for "".
std::optional<Finding> heaviest(const std::vector<Finding>& findings, std::string_view field);

}  // namespace sealdesk::checks
