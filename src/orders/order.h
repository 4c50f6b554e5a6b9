// The words of an order and its values, shared by desk and portal. No SQL, no JSON here.
// Amounts in fen, times in ms UTC.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "base/time.h"

namespace sealdesk::orders {

enum class OrderKind { create, replacement, renewal, change };  // 新办 补办 续期 变更
enum class ReplacementCause { none, lost, damaged };            // 遗失 损坏
enum class SubjectKind { unit, person };                        // 单位 个人
enum class PersonRole { none, legal_representative, cost_engineer, bid_evaluator, other };
enum class DocumentKind { uscc, organisation_code, identity_card, other };  // 统一社会信用代码 …
enum class Channel { alipay, cpcn };                                        // 支付宝 中金支付
enum class DeliveryMethod { courier, pickup };                              // 快递 自取

// Where an order stands on the desk (design.md section 3).
enum class State { paid, rejected, approved, issued, packed, completed, refunded };
// What the applicant reads on the portal.
enum class ApplicantState { unpaid, in_review, correction_needed, in_production, completed, refunded };

struct Subject {
    SubjectKind kind = SubjectKind::unit;
    std::string name;
    DocumentKind document_kind = DocumentKind::uscc;
    std::string document_number;
    PersonRole role = PersonRole::none;  // persons only
    std::string enterprise;              // the unit a person belongs to
    std::string handler;                 // 经办人
    std::string mobile;                  // of the handler, or of the person
};

struct InvoiceTitle {
    SubjectKind kind = SubjectKind::unit;
    std::string name;
    std::string tax_number;  // units only
};

struct Delivery {
    DeliveryMethod method = DeliveryMethod::courier;
    std::string recipient, mobile, address;  // address in full: province, city, district, street
};

struct Submission {
    int revision = 1;
    std::string package_sha256;  // lower-case hex
    std::string package_name;    // as the applicant named the file; data, never a path
    std::int64_t package_bytes = 0;
    Instant submitted_at;
};

// What one order costs; freight and handling fee belong to the payment.
struct Amounts {
    Fen certificate;  // certificate service, all years and KEYs
    Fen key;          // KEY hardware, all KEYs
    Fen total() const { return certificate + key; }
};

struct Payment {
    std::string no;
    Channel channel = Channel::alipay;
    std::string trade_no;  // the channel's number
    Fen freight, handling_fee, total;
    int orders = 1;  // how many orders were paid together
    Instant paid_at;
};

struct Order {
    std::string no;
    OrderKind kind = OrderKind::create;
    ReplacementCause cause = ReplacementCause::none;
    std::string replaced_certificate;  // serial of the certificate a replacement replaces, when the applicant knows it
    Subject subject;
    int years = 1;
    int quantity = 1;  // KEYs
    Amounts amounts;
    Payment payment;
    InvoiceTitle invoice_title;
    Delivery delivery;
    std::vector<Submission> submissions;  // oldest first, never empty for a paid order

    const Submission& current() const { return submissions.back(); }
};

// Names in code, database and JSON ("create", "paid" …).
const char* name_of(OrderKind kind);
const char* name_of(ReplacementCause cause);
const char* name_of(SubjectKind kind);
const char* name_of(PersonRole role);
const char* name_of(DocumentKind kind);
const char* name_of(Channel channel);
const char* name_of(DeliveryMethod method);
const char* name_of(State state);
const char* name_of(ApplicantState state);
template <class Enum>
std::optional<Enum> from_name(std::string_view name);  // nothing for a name we do not know

// Words on screen (新办, 单位, 待审核 …).
const char* word_of(OrderKind kind);
const char* word_of(ReplacementCause cause);
const char* word_of(SubjectKind kind);
const char* word_of(PersonRole role);
const char* word_of(DocumentKind kind);
const char* word_of(Channel channel);
const char* word_of(DeliveryMethod method);
const char* word_of(State state);
const char* word_of(ApplicantState state);

// The one table of legal transitions; everything else is refused with a sentence.
bool may_become(State from, State to);
Result<> check_transition(State from, State to);

// What the applicant is told when the desk is in this state.
ApplicantState applicant_state(State state);

// Numbers and ranges that every order must keep, wherever it comes from: sentence for the first that fails.
// Wrong check digits are not refused here: they are findings for the reviewer.
Result<> check_form(const Order& order);

}  // namespace sealdesk::orders
