#include "checks/paper_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/translate.h"
#include "checks/text_diff.h"
#include "checks/writing.h"
#include "orders/numbers.h"

namespace sealdesk::checks {

using orders::SubjectKind;

namespace {

// One letter in so many may differ for a stretch to be taken for what was looked for; none in a name of three.
constexpr int kShare = 4;

Finding said(const Rule& rule, const Paper& paper, const char* field, Verdict verdict, std::string word, std::string evidence,
             std::string basis) {
    auto made = finding(rule, verdict, verdict == Verdict::ok || verdict == Verdict::warning ? field : "", std::move(word),
                        std::move(evidence), std::move(basis));
    made.item = fmt::format("page:{}", paper.number);
    made.page = paper.number;
    return made;
}

// Letters that no credit code and no identity number has are the digits they look like.
std::string without_look_alikes(std::string text) {
    constexpr std::string_view kLetters = "OoIl|SZ", kDigits = "0011152";
    for (char& c : text)
        if (const auto at = kLetters.find(c); at != std::string_view::npos) c = kDigits[at];
    return text;
}

// Is what was read a number in its own right? Then the paper says something else than the form.
bool valid_number(const std::string& number, bool identity, Day today) {
    return identity ? orders::check_identity_number(number, today).ok : orders::check_uscc(number).ok;
}

void compare(std::vector<Finding>& all, const Rule& rule, const Paper& paper, const char* field, const std::string& stated,
             bool number, bool identity, Day today) {
    const std::string what = number ? tr("号码") : tr("名称"), place = trf("第 {} 页（{}）", paper.number, paper.title);
    const auto found = nearest(stated, number ? without_look_alikes(*paper.text) : *paper.text);
    const std::string basis = stated + "/" + (found ? found->found : "");
    const auto add = [&](Verdict verdict, std::string word, std::string evidence) -> Finding& {
        all.push_back(said(rule, paper, field, verdict, std::move(word), std::move(evidence), basis));
        all.back().stated = stated;
        return all.back();
    };
    const int letters = static_cast<int>(code_points(stated).size());
    if (!found || found->distance > letters / kShare) {
        add(Verdict::unchecked, tr("未读到"), trf("{}上没有读到填写的{}，请看页面", place, what)).stated.clear();
        return;
    }
    if (found->distance == 0) {
        add(Verdict::ok, tr("扫描件一致"), trf("{}上读到同样的{}", place, what)).stated.clear();
        return;
    }
    const bool sure = number && valid_number(found->found, identity, today);
    auto& made =
        add(Verdict::warning, tr("扫描件不同"),
            sure ? trf("{}上读到的{}是 {}，校验位相符", place, what, identity ? masked(found->found, 6, 4) : found->found)
                 : trf("{}上读到的{}可能不同，请看页面", place, what));
    made.seen = found->found;
    made.reason = number ? "number_differs" : "name_differs";
}

// "2039.06.01", "2039年6月1日", "2039-06-01" at `at`; moves behind it.
std::optional<Day> day_at(const std::string& text, size_t& at) {
    std::array<int, 3> parts{};
    size_t here = at;
    for (size_t i = 0; i < parts.size(); ++i) {
        size_t digits = 0;
        while (here < text.size() && text[here] >= '0' && text[here] <= '9' && digits < 4) {
            parts[i] = parts[i] * 10 + (text[here++] - '0');
            ++digits;
        }
        if (digits == 0 || (i == 0 && digits != 4) || (i > 0 && digits > 2)) return std::nullopt;
        if (i == 2) break;
        const auto rest = std::string_view(text).substr(here);
        size_t gap = 0;
        for (const std::string_view mark : {"年", "月", ".", "-", "/", "。", ","})
            if (rest.starts_with(mark)) gap = mark.size();
        if (gap == 0) return std::nullopt;
        here += gap;
    }
    const auto day = parse_day(fmt::format("{:04}-{:02}-{:02}", parts[0], parts[1], parts[2]));
    if (!day) return std::nullopt;
    at = here;
    return *day;
}

void check_expiry(std::vector<Finding>& all, const Paper& paper, Day today) {
    const auto validity = validity_in(*paper.text);
    const std::string place = trf("第 {} 页（{}）", paper.number, paper.title);
    const auto add = [&](Verdict verdict, std::string word, std::string evidence, std::string basis) {
        auto made = finding(rules::expiry, verdict, "", std::move(word), std::move(evidence), std::move(basis));
        made.item = fmt::format("page:{}", paper.number);
        made.page = paper.number;
        if (verdict == Verdict::warning) made.reason = "document_expired";
        all.push_back(std::move(made));
    };
    if (!validity) return add(Verdict::unchecked, tr("未读到"), trf("{}上没有读到有效期，请看页面", place), "");
    if (validity->forever) return add(Verdict::ok, tr("长期"), trf("{}：长期有效", place), "forever");
    const std::string until = text_of(*validity->until);
    if (*validity->until < today)
        return add(Verdict::warning, tr("证件过期"), trf("{}：有效期到 {}，已过期", place, until), until);
    add(Verdict::ok, tr("有效"), trf("{}：有效期到 {}", place, until), until);
}

}  // namespace

bool is_identity(std::string_view code) { return code == "handler_identity" || code == "holder_identity"; }

std::optional<Nearest> nearest(std::string_view wanted_text, std::string_view text) {
    const std::u32string wanted = code_points(plain_name(wanted_text)), all = code_points(plain_name(text));
    if (wanted.empty() || all.empty()) return std::nullopt;
    // Cost of making the first i letters wanted out of a stretch that ends at j and may begin anywhere.
    const size_t wide = all.size() + 1;
    std::vector<int> cost((wanted.size() + 1) * wide);
    const auto at = [&](size_t i, size_t j) -> int& { return cost[i * wide + j]; };
    for (size_t i = 1; i <= wanted.size(); ++i) {
        at(i, 0) = static_cast<int>(i);
        for (size_t j = 1; j <= all.size(); ++j)
            at(i, j) = std::min({at(i - 1, j - 1) + (wanted[i - 1] == all[j - 1] ? 0 : 1), at(i - 1, j) + 1, at(i, j - 1) + 1});
    }
    size_t end = 0;
    for (size_t j = 1; j <= all.size(); ++j)
        if (at(wanted.size(), j) < at(wanted.size(), end)) end = j;
    // Another letter is likelier than a missing one.
    if (end < all.size() && at(wanted.size(), end) > 0 && at(wanted.size(), end + 1) == at(wanted.size(), end)) ++end;
    size_t i = wanted.size(), from = end;
    while (i > 0) {
        if (from > 0 && at(i, from) == at(i - 1, from - 1) + (wanted[i - 1] == all[from - 1] ? 0 : 1))
            --i, --from;
        else if (at(i, from) == at(i - 1, from) + 1)
            --i;
        else
            --from;
    }
    Nearest best;
    best.distance = at(wanted.size(), end);
    for (size_t k = from; k < end; ++k) best.found += utf8(all[k]);
    return best;
}

std::optional<Validity> validity_in(std::string_view read) {
    const std::string text = plain_name(read);
    for (const std::string_view word : {"有效期限", "有效期", "营业期限", "经营期限", "有效日期"}) {
        const auto begin = text.find(word);
        if (begin == std::string::npos) continue;
        // The dates stand behind the word, on a form perhaps after another field; the last one within reach is the end.
        constexpr size_t kReach = 120;
        const size_t stop = std::min(text.size(), begin + word.size() + kReach);
        std::optional<Day> last;
        int dates = 0;
        for (size_t at = begin + word.size(); at < stop;) {
            if (std::string_view(text).substr(at).starts_with("长期")) return Validity{std::nullopt, true};
            if (const auto day = day_at(text, at)) {
                last = day;
                // A period has two ends; a third date belongs to something else.
                if (++dates == 2) break;
            } else {
                ++at;
            }
        }
        if (last) return Validity{last, false};
    }
    return std::nullopt;
}

std::vector<Finding> check_texts(const orders::Order& order, const std::vector<Demand>& demands, const Papers& papers,
                                 Day today) {
    std::vector<Finding> all;
    const bool unit = order.subject.kind == SubjectKind::unit;
    for (const auto& paper : papers.pages) {
        if (!paper.text) continue;
        const std::string code = recognise(demands, paper);
        if (code == "licence" && unit) {
            compare(all, rules::paper_number, paper, field::document_number, order.subject.document_number, true, false, today);
            compare(all, rules::paper_name, paper, field::name, order.subject.name, false, false, today);
            check_expiry(all, paper, today);
        } else if (is_identity(code)) {
            if (!unit) {
                compare(all, rules::paper_number, paper, field::document_number, order.subject.document_number, true, true,
                        today);
                compare(all, rules::paper_name, paper, field::name, order.subject.name, false, true, today);
            } else if (!order.subject.handler.empty()) {
                compare(all, rules::paper_name, paper, field::handler, order.subject.handler, false, true, today);
            }
            check_expiry(all, paper, today);
        }
    }
    return all;
}

}  // namespace sealdesk::checks
