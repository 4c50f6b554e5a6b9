#include "checks/finding.h"

#include "base/translate.h"

namespace sealdesk::checks {

const char* name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::ok: return "ok";
        case Verdict::unchecked: return "unchecked";
        case Verdict::warning: return "warning";
        case Verdict::fault: return "fault";
    }
    return "unchecked";
}

const char* word_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::ok: return tr("相符");
        case Verdict::unchecked: return tr("未核对");
        case Verdict::warning: return tr("注意");
        case Verdict::fault: return tr("不符");
    }
    return tr("未核对");
}

std::optional<Verdict> verdict_from(std::string_view name) {
    for (const Verdict verdict : {Verdict::ok, Verdict::unchecked, Verdict::warning, Verdict::fault})
        if (name == name_of(verdict)) return verdict;
    return std::nullopt;
}

namespace {

struct Titled {
    const Rule& rule;
    const char* title;
};

// The visible list of all rules.
std::vector<Titled> all_rules() {
    return {{rules::subject_kind, tr("主体与证件类型")},
            {rules::document, tr("证件号码")},
            {rules::name, tr("名称的写法")},
            {rules::enterprise, tr("所属单位的写法")},
            {rules::handler, tr("经办人的写法")},
            {rules::mobile, tr("手机号")},
            {rules::term, tr("年限与数量")},
            {rules::amounts, tr("订单金额与收费表")},
            {rules::payment, tr("支付合计")},
            {rules::freight, tr("运费与手续费")},
            {rules::invoice_title, tr("发票抬头")},
            {rules::tax_number, tr("税号")},
            {rules::recipient, tr("收件人")},
            {rules::address, tr("收件地址")},
            {rules::dates, tr("支付与提交时间")},
            {rules::live_key, tr("已有有效 KEY")},
            {rules::no_key, tr("没有可补办的 KEY")},
            {rules::replaced, tr("原证书")},
            {rules::open_order, tr("同一主体的其他订单")},
            {rules::material, tr("材料齐全")},
            {rules::unreadable, tr("无法读取的文件")},
            {rules::blank, tr("空白页")},
            {rules::blurred, tr("清晰度")},
            {rules::small, tr("分辨率")},
            {rules::turned, tr("页面方向")},
            {rules::duplicate, tr("重复页")},
            {rules::stamp, tr("盖章")},
            {rules::reused, tr("他人订单中的同一页")},
            {rules::paper_number, tr("材料上的号码")},
            {rules::paper_name, tr("材料上的名称")},
            {rules::expiry, tr("证件有效期")}};
}

}  // namespace

std::string title_of(std::string_view rule) {
    for (const auto& each : all_rules())
        if (each.rule.name == rule) return each.title;
    return std::string(rule);
}

int rules_version() {
    int sum = 0;
    for (const auto& each : all_rules()) sum += each.rule.version;
    return sum;
}

Finding finding(const Rule& rule, Verdict verdict, std::string field, std::string word, std::string evidence, std::string basis) {
    Finding made;
    made.rule = rule.name;
    made.version = rule.version;
    made.verdict = verdict;
    made.field = std::move(field);
    made.word = std::move(word);
    made.evidence = std::move(evidence);
    made.basis = std::move(basis);
    return made;
}

std::optional<Finding> heaviest(const std::vector<Finding>& findings, std::string_view field) {
    const Finding* best = nullptr;
    for (const auto& each : findings)
        if ((field.empty() || each.field == field) && (best == nullptr || each.verdict > best->verdict)) best = &each;
    return best == nullptr ? std::nullopt : std::optional(*best);
}

}  // namespace sealdesk::checks
