#include "orders/order.h"

#include <array>

#include "base/text.h"
#include "base/translate.h"
#include "base/words.h"

namespace sealdesk::orders {

namespace {

template <class Enum>
constexpr auto kWords = std::array<Word<Enum>, 0>{};
template <>
constexpr auto kWords<OrderKind> = std::to_array<Word<OrderKind>>({{OrderKind::create, "create", "新办"},
                                                                   {OrderKind::replacement, "replacement", "补办"},
                                                                   {OrderKind::renewal, "renewal", "续期"},
                                                                   {OrderKind::change, "change", "变更"}});
template <>
constexpr auto kWords<ReplacementCause> = std::to_array<Word<ReplacementCause>>({{ReplacementCause::none, "none", "无"},
                                                                                 {ReplacementCause::lost, "lost", "遗失"},
                                                                                 {ReplacementCause::damaged, "damaged", "损坏"}});
template <>
constexpr auto kWords<SubjectKind> = std::to_array<Word<SubjectKind>>({{SubjectKind::unit, "unit", "单位"},
                                                                       {SubjectKind::person, "person", "个人"}});
template <>
constexpr auto kWords<PersonRole> = std::to_array<Word<PersonRole>>({{PersonRole::none, "none", "无"},
                                                                     {PersonRole::legal_representative, "legal_representative",
                                                                      "法人"},
                                                                     {PersonRole::cost_engineer, "cost_engineer", "造价员"},
                                                                     {PersonRole::bid_evaluator, "bid_evaluator", "评标专家"},
                                                                     {PersonRole::other, "other", "其他人员"}});
template <>
constexpr auto kWords<DocumentKind> =
    std::to_array<Word<DocumentKind>>({{DocumentKind::uscc, "uscc", "信用代码"},
                                       {DocumentKind::organisation_code, "organisation_code", "组织机构代码"},
                                       {DocumentKind::identity_card, "identity_card", "身份证号"},
                                       {DocumentKind::other, "other", "其他证件"}});
template <>
constexpr auto kWords<Channel> = std::to_array<Word<Channel>>({{Channel::alipay, "alipay", "支付宝"},
                                                               {Channel::cpcn, "cpcn", "中金支付"}});
template <>
constexpr auto kWords<DeliveryMethod> = std::to_array<Word<DeliveryMethod>>({{DeliveryMethod::courier, "courier", "快递"},
                                                                             {DeliveryMethod::pickup, "pickup", "自取"}});
template <>
constexpr auto kWords<State> = std::to_array<Word<State>>({{State::paid, "paid", "待审核"},
                                                           {State::rejected, "rejected", "已退回"},
                                                           {State::approved, "approved", "待制证"},
                                                           {State::issued, "issued", "待发货"},
                                                           {State::packed, "packed", "待交寄"},
                                                           {State::completed, "completed", "已完成"},
                                                           {State::refunded, "refunded", "已退款"}});
template <>
constexpr auto kWords<ApplicantState> =
    std::to_array<Word<ApplicantState>>({{ApplicantState::unpaid, "unpaid", "未支付"},
                                         {ApplicantState::in_review, "in_review", "待审核"},
                                         {ApplicantState::correction_needed, "correction_needed", "审核不通过"},
                                         {ApplicantState::in_production, "in_production", "制作中"},
                                         {ApplicantState::completed, "completed", "已完成"},
                                         {ApplicantState::refunded, "refunded", "已退款"}});

constexpr std::array<std::pair<State, State>, 13> kTransitions{
    {{State::paid, State::approved},
     {State::paid, State::rejected},
     {State::paid, State::refunded},
     {State::rejected, State::paid},
     {State::rejected, State::refunded},
     {State::approved, State::paid},  // decision taken back within the undo window
     {State::approved, State::refunded},
     {State::approved, State::issued},
     {State::issued, State::refunded},  // by a person, who has taken the KEYs back
     {State::issued, State::approved},  // keys::make_again alone: a KEY of it is gone
     {State::issued, State::packed},
     {State::packed, State::issued},  // its parcel was unpacked
     {State::packed, State::completed}}};

}  // namespace

template <class Enum>
std::optional<Enum> from_name(std::string_view name) {
    return value_of(kWords<Enum>, name);
}

#define SEALDESK_WORDS(Enum)                                                            \
    const char* name_of(Enum value) { return entry_of(kWords<Enum>, value).name; }      \
    const char* word_of(Enum value) { return tr(entry_of(kWords<Enum>, value).words); } \
    template std::optional<Enum> from_name<Enum>(std::string_view);
SEALDESK_WORDS(OrderKind)
SEALDESK_WORDS(ReplacementCause)
SEALDESK_WORDS(SubjectKind)
SEALDESK_WORDS(PersonRole)
SEALDESK_WORDS(DocumentKind)
SEALDESK_WORDS(Channel)
SEALDESK_WORDS(DeliveryMethod)
SEALDESK_WORDS(State)
SEALDESK_WORDS(ApplicantState)
#undef SEALDESK_WORDS

bool may_become(State from, State to) {
    for (const auto& [a, b] : kTransitions)
        if (a == from && b == to) return true;
    return false;
}

Result<> check_transition(State from, State to) {
    if (may_become(from, to)) return {};
    return fail(ErrorKind::conflict, trf("订单现在是“{}”，不能变为“{}”", word_of(from), word_of(to)));
}

ApplicantState applicant_state(State state) {
    switch (state) {
        case State::paid: return ApplicantState::in_review;
        case State::rejected: return ApplicantState::correction_needed;
        case State::approved:
        case State::issued:
        case State::packed: return ApplicantState::in_production;
        case State::completed: return ApplicantState::completed;
        case State::refunded: return ApplicantState::refunded;
    }
    return ApplicantState::in_review;
}

Result<> check_form(const Order& order) {
    const auto plain = [](const char* field, const std::string& value, size_t most) -> Result<> {
        if (value.empty()) return refused(trf("{}没有填写", field));
        if (code_points(value).size() > most) return refused(trf("{}超过 {} 个字", field, most));
        if (!is_utf8(value) || has_control_characters(value)) return refused(trf("{}含有不可见的字符", field));
        return {};
    };
    SEALDESK_TRY(plain(tr("订单号"), order.no, 40));
    for (const char c : order.no)
        if ((c < '0' || c > '9') && (c < 'A' || c > 'Z') && c != '-') return refused(trf("订单号 {} 含有不允许的字符", order.no));
    SEALDESK_TRY(plain(tr("名称"), order.subject.name, 100));
    SEALDESK_TRY(plain(tr("证件号码"), order.subject.document_number, 40));
    if (order.years < 1 || order.years > 5) return refused(trf("年限 {} 不在 1 到 5 之间", order.years));
    if (order.quantity < 1 || order.quantity > 50) return refused(trf("数量 {} 不在 1 到 50 之间", order.quantity));
    if (order.submissions.empty()) return refused(tr("订单没有材料包"));
    for (const auto& submission : order.submissions)
        if (submission.package_sha256.size() != 64 ||
            submission.package_sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
            return refused(tr("材料包的校验值格式不对"));
    if (order.amounts.certificate.value < 0 || order.amounts.key.value < 0 || order.payment.total.value < 0)
        return refused(tr("订单金额是负数"));
    if (order.delivery.method == DeliveryMethod::courier) {
        SEALDESK_TRY(plain(tr("收件人"), order.delivery.recipient, 60));
        SEALDESK_TRY(plain(tr("收件地址"), order.delivery.address, 200));
    }
    return {};
}

}  // namespace sealdesk::orders
