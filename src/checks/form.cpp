#include "checks/form.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "base/translate.h"
#include "checks/writing.h"
#include "orders/numbers.h"

namespace sealdesk::checks {

using orders::DocumentKind;
using orders::Order;
using orders::SubjectKind;

namespace {

constexpr const char* kNumberDiffers = "number_differs";

// Letters that a code never has, and the digit that was probably meant (GB 32100-2015 leaves out I O S V Z).
std::string meant_digits(std::string_view code) {
    std::string hints;
    for (size_t i = 0; i < code.size(); ++i) {
        constexpr std::string_view kWrong = "IOSZ", kMeant = "1052";
        if (const auto which = kWrong.find(code[i]); which != std::string_view::npos)
            hints += trf("；第 {} 位“{}”可能是“{}”", i + 1, code[i], kMeant[which]);
    }
    return hints;
}

// The pilot before GB 32100 handed out codes whose check characters were not yet those of the standard; the ones known
// have an organisation code that begins with M000.
bool maybe_pilot(std::string_view code) { return code.size() == 18 && code.substr(8, 4) == "M000"; }

Finding judged(const Rule& rule, const char* where, const orders::NumberFinding& number, std::string basis, std::string fine) {
    if (number.ok) return finding(rule, Verdict::ok, where, tr("校验相符"), std::move(fine), std::move(basis));
    return finding(rule, number.overridable ? Verdict::warning : Verdict::fault, where,
                   number.overridable ? tr("校验不符") : tr("格式不对"), number.sentence, std::move(basis));
}

Finding check_uscc(const std::string& code) {
    auto found = judged(rules::document, field::document_number, orders::check_uscc(code), code,
                        trf("信用代码 {} 的两个校验位都相符", code));
    if (found.verdict == Verdict::fault) found.evidence += meant_digits(upper_ascii(half_width(code)));
    if (found.verdict == Verdict::warning && maybe_pilot(code))
        found.evidence += tr("；这可能是试点时期发放的代码，属实时可以说明后通过");
    return found;
}

// GB 11643: fifteen digits are the old form; the number as it would be today helps to find the person.
std::string as_eighteen(const std::string& old) {
    std::string number = old.substr(0, 6) + "19" + old.substr(6);
    constexpr std::array<int, 17> kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (size_t i = 0; i < 17; ++i) sum += (number[i] - '0') * kWeights[i];
    return number + "10X98765432"[sum % 11];
}

int age_on(std::string_view number, Day today) {
    const auto digits = [&](size_t from, size_t count) {
        int value = 0;
        for (size_t i = from; i < from + count; ++i) value = value * 10 + (number[i] - '0');
        return value;
    };
    const int year = digits(6, 4), month = digits(10, 2), day = digits(12, 2);
    return today.year - year - (std::pair(today.month, today.day) < std::pair(month, day) ? 1 : 0);
}

Finding check_identity(const std::string& typed, Day today) {
    const std::string number = upper_ascii(half_width(typed)), shown = masked(number, 6, 4);
    const bool digits = number.find_first_not_of("0123456789") == std::string::npos;
    if (number.size() == 15 && digits)
        return finding(rules::document, Verdict::warning, field::document_number, tr("旧号码"),
                       trf("这是 15 位旧身份证号，现在的号码应为 {}", masked(as_eighteen(number), 6, 4)), typed);
    auto found = judged(rules::document, field::document_number, orders::check_identity_number(typed, today), typed,
                        trf("身份证号 {} 的省份、出生日期和校验位都相符", shown));
    if (found.verdict != Verdict::ok) {
        if (number.find("E+") != std::string::npos) found.evidence += tr("；号码像是被表格软件改成了科学计数");
        return found;
    }
    const int age = age_on(number, today);
    if (age < 18 || age > 120) {
        found.verdict = Verdict::warning;
        found.word = trf("{} 岁", age);
        found.evidence = trf("按身份证号 {} 计算为 {} 岁", shown, age);
    }
    return found;
}

Finding check_subject_kind(const orders::Subject& subject) {
    const bool unit = subject.kind == SubjectKind::unit;
    const bool fits =
        subject.document_kind == DocumentKind::other ||
        unit == (subject.document_kind == DocumentKind::uscc || subject.document_kind == DocumentKind::organisation_code);
    const std::string pair = trf("{}填的是{}", word_of(subject.kind), word_of(subject.document_kind)),
                      basis =
                          fmt::format("{}/{}/{}", name_of(subject.kind), name_of(subject.document_kind), name_of(subject.role));
    if (!fits) return finding(rules::subject_kind, Verdict::fault, field::document_number, tr("类型不对"), pair, basis);
    if (!unit && subject.role == orders::PersonRole::none)
        return finding(rules::subject_kind, Verdict::warning, field::enterprise, tr("未填身份"), tr("个人没有选择身份"), basis);
    return finding(rules::subject_kind, Verdict::ok, "", word_of(Verdict::ok), pair, basis);
}

Finding check_name(const Rule& rule, const char* where, const std::string& name, bool required) {
    if (trimmed(name).empty())
        return required ? finding(rule, Verdict::fault, where, tr("没有填写"), trf("{}：没有填写", title_of(rule.name)), name)
                        : finding(rule, Verdict::unchecked, "", tr("没有填写"), trf("{}：没有填写", title_of(rule.name)), name);
    if (!is_utf8(name)) return finding(rule, Verdict::fault, where, tr("编码不对"), tr("不是可读的文字"), name);
    const auto odd = oddities(name);
    if (odd.empty()) return finding(rule, Verdict::ok, where, tr("写法正常"), trf("“{}”没有异常的字符", name), name);
    std::string all;
    bool control = false;
    for (const auto& each : odd) {
        all += (all.empty() ? "" : tr("；")) + each.sentence;
        control = control || each.kind == Oddity::Kind::control;
    }
    return finding(rule, control ? Verdict::fault : Verdict::warning, where, tr("有异常字符"), std::move(all), name);
}

Finding check_mobile(const std::string& mobile) {
    const std::string number = orders::normal_mobile(mobile);
    auto found = judged(rules::mobile, field::mobile, orders::check_mobile(mobile), mobile,
                        trf("手机号 {} 为 11 位，号段存在", masked(number, 3, 4)));
    if (found.verdict == Verdict::ok) found.word = tr("格式正确");
    return found;
}

Finding check_term(const Order& order, const FormContext& context) {
    const std::string said = trf("{} 年 × {} 个", order.years, order.quantity),
                      basis = fmt::format("{}x{}", order.years, order.quantity);
    constexpr int kMostKeys = 50, kMany = 10;
    if (order.years < context.least_years || order.years > context.most_years || order.quantity < 1 || order.quantity > kMostKeys)
        return finding(rules::term, Verdict::fault, field::term, tr("超出范围"),
                       trf("{}：年限应为 {} 到 {}，数量应为 1 到 {}", said, context.least_years, context.most_years, kMostKeys),
                       basis);
    if (order.subject.kind == SubjectKind::person && order.quantity > 1)
        return finding(rules::term, Verdict::warning, field::term, tr("数量"), trf("{}：个人一般只办 1 个 KEY", said), basis);
    if (order.quantity > kMany)
        return finding(rules::term, Verdict::warning, field::term, tr("数量"), trf("{}：数量较多，请确认", said), basis);
    return finding(rules::term, Verdict::ok, field::term, tr("范围内"), said, basis);
}

Finding check_amounts(const Order& order, const FormContext& context) {
    const std::string basis = fmt::format("{}+{}", order.amounts.certificate.value, order.amounts.key.value);
    if (context.fees == nullptr)
        return finding(rules::amounts, Verdict::unchecked, "", word_of(Verdict::unchecked), tr("没有收费表"), basis);
    const auto due = orders::quote(*context.fees, order.kind, order.subject.kind, order.years, order.quantity);
    if (due.certificate == order.amounts.certificate && due.key == order.amounts.key)
        return finding(rules::amounts, Verdict::ok, field::term, tr("费用相符"),
                       trf("证书 {}，KEY {}，与收费表相符", yuan(due.certificate), yuan(due.key)), basis);
    return finding(rules::amounts, Verdict::warning, field::term, tr("费用不符"),
                   trf("收费表：证书 {}、KEY {}；订单：证书 {}、KEY {}", yuan(due.certificate), yuan(due.key),
                       yuan(order.amounts.certificate), yuan(order.amounts.key)),
                   basis);
}

Finding check_payment(const Order& order, const FormContext& context) {
    const auto& payment = order.payment;
    if (!context.paid_together)
        return finding(rules::payment, Verdict::unchecked, "", word_of(Verdict::unchecked), tr("还没有支付"), "");
    const std::string basis = fmt::format("{}:{}/{}:{}", payment.no, *context.paid_together, payment.orders, payment.total.value);
    if (*context.paid_together < payment.orders)
        return finding(rules::payment, Verdict::unchecked, field::payment,
                       trf("合并支付，已到 {}/{} 单", *context.paid_together, payment.orders),
                       trf("支付 {} 的 {} 单只到了 {} 单，合计还不能核对", payment.no, payment.orders, *context.paid_together),
                       basis);
    const Fen sum = context.together + payment.freight + payment.handling_fee;
    if (sum == payment.total)
        return finding(rules::payment, Verdict::ok, field::payment, tr("费用相符"),
                       trf("{} 单 {} + 运费 {} + 手续费 {} = {}", payment.orders, yuan(context.together), yuan(payment.freight),
                           yuan(payment.handling_fee), yuan(payment.total)),
                       basis);
    return finding(rules::payment, Verdict::fault, field::payment, tr("费用不符"),
                   trf("各项相加为 {}，实际支付 {}，相差 {}", yuan(sum), yuan(payment.total), yuan(payment.total - sum)), basis);
}

Finding check_freight(const Order& order, const FormContext& context) {
    const auto& payment = order.payment;
    const std::string basis = fmt::format("{}+{}", payment.freight.value, payment.handling_fee.value);
    if (context.fees == nullptr || !context.paid_together || *context.paid_together < payment.orders)
        return finding(rules::freight, Verdict::unchecked, "", word_of(Verdict::unchecked),
                       tr("支付的订单没有到齐，或没有收费表"), basis);
    // What is picked up may have been paid together with what is posted: both freights are lawful then.
    const bool posted = order.delivery.method == orders::DeliveryMethod::courier || payment.freight.value > 0;
    const auto due = orders::settle(*context.fees, payment.channel, context.together,
                                    posted ? orders::DeliveryMethod::courier : orders::DeliveryMethod::pickup);
    if (due.freight == payment.freight && due.handling_fee == payment.handling_fee)
        return finding(rules::freight, Verdict::ok, "", word_of(Verdict::ok),
                       trf("运费 {}、手续费 {} 与收费表相符", yuan(due.freight), yuan(due.handling_fee)), basis);
    return finding(rules::freight, Verdict::warning, field::payment, tr("运费不符"),
                   trf("收费表：运费 {}、手续费 {}；支付：运费 {}、手续费 {}", yuan(due.freight), yuan(due.handling_fee),
                       yuan(payment.freight), yuan(payment.handling_fee)),
                   basis);
}

Finding check_title(const Order& order) {
    const auto& title = order.invoice_title;
    if (trimmed(title.name).empty())
        return finding(rules::invoice_title, Verdict::fault, field::invoice_title, tr("没有填写"), tr("没有填写发票抬头"),
                       title.name);
    auto found = check_name(rules::invoice_title, field::invoice_title, title.name, true);
    if (found.verdict != Verdict::ok) return found;
    const std::string& own = order.subject.kind == SubjectKind::unit ? order.subject.name : order.subject.enterprise;
    if (title.kind == SubjectKind::unit && !own.empty() && plain_name(title.name) != plain_name(own))
        return finding(rules::invoice_title, Verdict::warning, field::invoice_title, tr("抬头不同"),
                       trf("抬头“{}”与单位名称“{}”不同，请确认", title.name, own), title.name + "/" + own);
    found.word = tr("已填写");
    return found;
}

Finding check_tax_number(const Order& order) {
    const auto& title = order.invoice_title;
    const auto& subject = order.subject;
    const std::string number = upper_ascii(half_width(title.tax_number)), basis = title.name + "/" + number;
    const auto say = [&](Verdict verdict, std::string word, std::string evidence) {
        return finding(rules::tax_number, verdict, field::tax_number, std::move(word), std::move(evidence), basis);
    };
    if (title.kind == SubjectKind::person)
        return number.empty() ? say(Verdict::ok, tr("个人抬头"), tr("个人抬头不需要税号"))
                              : say(Verdict::warning, tr("多填税号"), trf("个人抬头不需要税号，填的是 {}", masked(number, 4, 4)));
    if (number.empty()) return say(Verdict::fault, tr("缺税号"), trf("单位抬头“{}”没有税号", title.name));
    const bool same_name = subject.kind == SubjectKind::unit && plain_name(title.name) == plain_name(subject.name);
    if (same_name && subject.document_kind == DocumentKind::uscc) {
        const std::string own = upper_ascii(half_width(subject.document_number));
        if (number == own) return say(Verdict::ok, tr("税号同证件"), trf("税号 {} 就是信用代码", number));
        auto found = say(Verdict::warning, tr("税号不同"), trf("抬头是本单位，税号 {} 与信用代码 {} 不同", number, own));
        found.stated = number;
        found.seen = own;
        return found;
    }
    if (number.size() == 18) {
        const auto judged_number = orders::check_uscc(number);
        if (judged_number.ok) return say(Verdict::ok, tr("税号正确"), trf("税号 {} 的校验位相符", number));
        return say(judged_number.overridable ? Verdict::warning : Verdict::fault, tr("税号有误"), judged_number.sentence);
    }
    if (number.size() == 15 || number.size() == 17 || number.size() == 20)
        return say(Verdict::warning, tr("旧税号"), trf("税号 {} 有 {} 位，是旧式号码，无法校验", number, number.size()));
    return say(Verdict::fault, tr("税号有误"), trf("税号应为 18 位，现在是 {} 位", number.size()));
}

Finding check_recipient(const orders::Delivery& delivery) {
    const std::string basis = fmt::format("{}/{}", delivery.recipient, delivery.mobile);
    if (delivery.method == orders::DeliveryMethod::pickup)
        return finding(rules::recipient, Verdict::ok, "", word_of(Verdict::ok), tr("自取，不需要收件人"), basis);
    const auto written = check_name(rules::recipient, field::delivery, delivery.recipient, true);
    if (written.verdict >= Verdict::warning) return written;
    if (const auto number = orders::check_mobile(delivery.mobile); !number.ok)
        return finding(rules::recipient, Verdict::warning, field::delivery, tr("收件手机"),
                       trf("收件人 {} 的手机：{}", delivery.recipient, number.sentence), basis);
    return finding(rules::recipient, Verdict::ok, "", word_of(Verdict::ok),
                   trf("收件人 {}，手机 {}", delivery.recipient, masked(orders::normal_mobile(delivery.mobile), 3, 4)), basis);
}

Finding check_address(const orders::Delivery& delivery) {
    if (delivery.method == orders::DeliveryMethod::pickup)
        return finding(rules::address, Verdict::ok, field::delivery, tr("自取"), tr("自取，不需要收件地址"), "pickup");
    const auto missing = missing_in_address(delivery.address);
    if (missing.empty())
        return finding(rules::address, Verdict::ok, field::delivery, tr("地址完整"),
                       trf("“{}”有省、市、区和门牌", delivery.address), delivery.address);
    std::string parts;
    for (const auto& part : missing) parts += (parts.empty() ? "" : tr("、")) + part;
    return finding(rules::address, trimmed(delivery.address).empty() ? Verdict::fault : Verdict::warning, field::delivery,
                   tr("地址不全"), trf("收件地址“{}”缺少：{}", delivery.address, parts), delivery.address);
}

Finding check_dates(const Order& order, Instant now) {
    std::string wrong, basis = std::to_string(order.payment.paid_at.ms);
    constexpr std::int64_t kClockSlack = 10 * kMinute;
    const auto say = [&](std::string sentence) { wrong += (wrong.empty() ? "" : tr("；")) + sentence; };
    if (order.payment.paid_at && order.payment.paid_at > now + kClockSlack)
        say(trf("支付时间 {} 在现在以后", date_time(order.payment.paid_at)));
    Instant before;
    for (const auto& submission : order.submissions) {
        basis += "/" + std::to_string(submission.submitted_at.ms);
        if (submission.submitted_at > now + kClockSlack)
            say(trf("第 {} 次提交的时间 {} 在现在以后", submission.revision, date_time(submission.submitted_at)));
        if (submission.submitted_at < before) say(trf("第 {} 次提交早于前一次", submission.revision));
        before = submission.submitted_at;
    }
    if (wrong.empty())
        return finding(rules::dates, Verdict::ok, "", word_of(Verdict::ok), trf("支付于 {}", date_time(order.payment.paid_at)),
                       basis);
    return finding(rules::dates, Verdict::warning, field::payment, tr("时间有误"), std::move(wrong), basis);
}

}  // namespace

Finding check_document(const orders::Subject& subject, Day today) {
    Finding found;
    switch (subject.document_kind) {
        case DocumentKind::uscc: found = check_uscc(subject.document_number); break;
        case DocumentKind::organisation_code:
            found = judged(rules::document, field::document_number, orders::check_organisation_code(subject.document_number),
                           subject.document_number, trf("组织机构代码 {} 的校验位相符", subject.document_number));
            break;
        case DocumentKind::identity_card: found = check_identity(subject.document_number, today); break;
        case DocumentKind::other:
            return finding(rules::document, Verdict::unchecked, field::document_number, word_of(Verdict::unchecked),
                           tr("其他证件的号码没有校验规则"), subject.document_number);
    }
    if (found.verdict == Verdict::fault) found.reason = kNumberDiffers;
    return found;
}

std::vector<std::string> missing_in_address(std::string_view address) {
    const std::string text = plain_name(address);
    const auto has = [&](std::initializer_list<std::string_view> words) {
        return std::any_of(words.begin(), words.end(),
                           [&](std::string_view word) { return text.find(word) != std::string::npos; });
    };
    std::vector<std::string> missing;
    const bool own_province = has({"北京", "天津", "上海", "重庆"});
    if (!own_province && !has({"省", "自治区", "内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门", "台湾"}))
        missing.emplace_back(tr("省份"));
    if (!own_province && !has({"市", "自治州", "盟", "地区", "香港", "澳门"})) missing.emplace_back(tr("城市"));
    if (!has({"区", "县", "旗", "镇", "乡", "开发区", "新城"})) {
        // 昆山市 inside 苏州市: a second city is the district.
        const auto first = text.find("市");
        if (first == std::string::npos || text.find("市", first + 1) == std::string::npos) missing.emplace_back(tr("区县"));
    }
    const bool street = has({"路", "街", "道", "巷", "弄", "村", "大厦", "广场", "园", "胡同", "组", "社区"});
    const bool number = text.find_first_of("0123456789") != std::string::npos ||
                        has({"一号", "二号", "三号", "四号", "五号", "六号", "七号", "八号", "九号", "十号"});
    if (!street || !number) missing.emplace_back(tr("街道门牌"));
    return missing;
}

std::vector<Finding> check_form(const Order& order, const FormContext& context) {
    const auto& subject = order.subject;
    const bool unit = subject.kind == SubjectKind::unit;
    std::vector<Finding> all;
    all.push_back(check_subject_kind(subject));
    all.push_back(check_name(rules::name, field::name, subject.name, true));
    all.push_back(check_document(subject, day_of(context.now)));
    if (!unit) all.push_back(check_name(rules::enterprise, field::enterprise, subject.enterprise, false));
    all.push_back(check_name(rules::handler, field::handler, subject.handler, unit));
    all.push_back(check_mobile(subject.mobile));
    all.push_back(check_term(order, context));
    all.push_back(check_amounts(order, context));
    all.push_back(check_payment(order, context));
    all.push_back(check_freight(order, context));
    all.push_back(check_title(order));
    all.push_back(check_tax_number(order));
    all.push_back(check_recipient(order.delivery));
    all.push_back(check_address(order.delivery));
    all.push_back(check_dates(order, context.now));
    return all;
}

}  // namespace sealdesk::checks
