#include "checks/papers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/translate.h"
#include "checks/writing.h"

namespace sealdesk::checks {

namespace {

// Measured on drawn and worn pages of 72 to 300 dpi: sharp ones have 0.18 and more, a blur of 1 px 0.05 to 0.12, of 1.5 px
// 0.02 to 0.06, of 2 px at most 0.03. A page of small print is readable down to a blur of 1 px.
constexpr double kBlurred = 0.04, kUnreadable = 0.015;
constexpr double kBlank = 0.0012;         // share of ink; one line of a form is 0.003
constexpr int kSmall = 900, kTiny = 500;  // px of the short side; A4 at 110 and 60 dpi
constexpr double kNearlySame = 0.02;      // compressed or shrunk again up to 0.002, another name on the form from 0.05
constexpr double kSomeRed = 0.001, kAnyRed = 0.0002;

std::string page_words(const Paper& paper) { return trf("第 {} 页（{}）", paper.number, paper.title); }

Finding on_page(const Rule& rule, Verdict verdict, const Paper& paper, std::string word, std::string evidence,
                std::string reason = {}) {
    auto made =
        finding(rule, verdict, "", std::move(word), std::move(evidence), paper.facts ? paper.facts->sha256 : paper.file_sha256);
    made.item = fmt::format("page:{}", paper.number);
    made.page = paper.number;
    made.reason = std::move(reason);
    return made;
}

std::string percent(double share) { return fmt::format("{:.2f}%", share * 100); }

struct Sorted {
    std::vector<std::string> codes;  // by page
    int unknown = 0;
};

Sorted sort(const std::vector<Demand>& demands, const Papers& papers) {
    Sorted sorted;
    for (const auto& paper : papers.pages) {
        sorted.codes.push_back(recognise(demands, paper));
        if (sorted.codes.back().empty()) ++sorted.unknown;
    }
    return sorted;
}

void check_material(std::vector<Finding>& all, const Demand& demand, const Papers& papers, const Sorted& sorted) {
    const auto& material = demand.material;
    std::string pages, basis;
    int first = 0;
    for (size_t i = 0; i < papers.pages.size(); ++i) {
        if (sorted.codes[i] != material.code) continue;
        if (first == 0) first = papers.pages[i].number;
        pages += (pages.empty() ? "" : tr("、")) + std::to_string(papers.pages[i].number);
        basis += papers.pages[i].file_sha256.substr(0, 16) + ";";
    }
    const auto say = [&](Verdict verdict, std::string word, std::string evidence, std::string reason = {}) {
        auto made = finding(rules::material, verdict, "", std::move(word), std::move(evidence),
                            fmt::format("{}:{}/{}", basis, papers.pages.size(), sorted.unknown));
        made.item = material.code;
        made.page = first;
        made.reason = std::move(reason);
        all.push_back(std::move(made));
    };
    if (first > 0) return say(Verdict::ok, tr("已有"), trf("{}：第 {} 页", material.title, pages));
    if (!demand.required) return;
    if (sorted.unknown > 0)
        return say(Verdict::unchecked, tr("待确认"),
                   trf("{}：有 {} 页从文件名看不出是什么材料，请看页面", material.title, sorted.unknown));
    say(Verdict::fault, tr("缺少"), trf("{}：{} 页材料里没有", material.title, papers.pages.size()), material.reason);
}

void check_stamp(std::vector<Finding>& all, const Demand& demand, const Papers& papers, const Sorted& sorted) {
    if (!demand.stamped) return;
    const Paper* best = nullptr;
    bool colour = false;  // a package that was scanned in black and white shows no red seal
    for (size_t i = 0; i < papers.pages.size(); ++i) {
        const auto& paper = papers.pages[i];
        if (!paper.facts) continue;
        colour = colour || paper.facts->red > kAnyRed;
        if (sorted.codes[i] != demand.material.code) continue;
        const double ring = paper.facts->stamp ? paper.facts->stamp->ring : -1,
                     so_far = best != nullptr && best->facts->stamp ? best->facts->stamp->ring : -1;
        if (best == nullptr || ring > so_far || (ring == so_far && paper.facts->red > best->facts->red)) best = &paper;
    }
    if (best == nullptr) return;  // missing, or not recognised: said already
    const auto& facts = *best->facts;
    const auto say = [&](Verdict verdict, std::string word, std::string evidence, std::string reason = {}) {
        auto made = on_page(rules::stamp, verdict, *best, std::move(word), std::move(evidence), std::move(reason));
        made.item = demand.material.code;
        all.push_back(std::move(made));
    };
    const std::string what = demand.material.title + " " + page_words(*best);
    if (facts.stamp)
        return say(
            Verdict::ok, tr("已盖章"),
            trf("{}：有红色圆章，圆边完整 {}，直径为页宽的 {}", what, percent(facts.stamp->ring), percent(facts.stamp->across)));
    if (!colour) return say(Verdict::unchecked, tr("黑白扫描"), trf("{}：材料都没有红色，看不出是否盖章", what));
    if (facts.red > kSomeRed)
        return say(Verdict::warning, tr("印章不清"), trf("{}：红色占 {}，但没有完整的圆章", what, percent(facts.red)),
                   "stamp_unclear");
    say(Verdict::fault, tr("未见印章"), trf("{}：没有红色印章（红色占 {}）", what, percent(facts.red)), "stamp_missing");
}

void check_page(std::vector<Finding>& all, const Paper& paper) {
    if (!paper.facts) {
        all.push_back(on_page(rules::unreadable, Verdict::fault, paper, tr("打不开"),
                              trf("{}：{}", page_words(paper), paper.trouble), "package_broken"));
        return;
    }
    const auto& facts = *paper.facts;
    const int shorter = std::min(facts.width, facts.height);
    if (facts.ink < kBlank && facts.red < kBlank) {
        all.push_back(on_page(rules::blank, Verdict::warning, paper, tr("空白"),
                              trf("{}：墨迹只占 {}", page_words(paper), percent(facts.ink))));
        return;  // nothing else can be said of it
    }
    if (facts.sharpness < kUnreadable)
        all.push_back(on_page(rules::blurred, Verdict::fault, paper, tr("模糊"),
                              trf("{}：清晰度 {:.3f}，低于 {:.3f}", page_words(paper), facts.sharpness, kUnreadable),
                              "picture_blurred"));
    else if (facts.sharpness < kBlurred)
        all.push_back(on_page(rules::blurred, Verdict::warning, paper, tr("不够清晰"),
                              trf("{}：清晰度 {:.3f}，低于 {:.3f}", page_words(paper), facts.sharpness, kBlurred),
                              "picture_blurred"));
    if (shorter < kSmall)
        all.push_back(on_page(rules::small, shorter < kTiny ? Verdict::fault : Verdict::warning, paper, tr("太小"),
                              trf("{}：{} × {} 像素，短边应不少于 {}", page_words(paper), facts.width, facts.height, kSmall),
                              "picture_blurred"));
    if (facts.orientation == Orientation::sideways)
        all.push_back(on_page(rules::turned, Verdict::warning, paper, tr("横放"),
                              trf("{}：文字行是竖的，页面可能转了 90 度", page_words(paper))));
    if (paper.upside_down)
        all.push_back(on_page(rules::turned, Verdict::warning, paper, tr("倒放"),
                              trf("{}：倒过来才能读通，页面上下颠倒", page_words(paper))));
}

void check_duplicates(std::vector<Finding>& all, const Papers& papers) {
    for (size_t i = 0; i < papers.pages.size(); ++i) {
        const auto& paper = papers.pages[i];
        if (!paper.facts || paper.facts->ink < kBlank) continue;
        for (size_t j = 0; j < i; ++j) {
            const auto& other = papers.pages[j];
            if (!other.facts || other.facts->ink < kBlank) continue;
            const bool same = other.facts->sha256 == paper.facts->sha256;
            const bool nearly = !same && hash_difference(other.facts->perceptual, paper.facts->perceptual) < kNearlySame;
            if (!same && !nearly) continue;
            all.push_back(on_page(rules::duplicate, Verdict::warning, paper, tr("重复"),
                                  same ? trf("{} 与第 {} 页完全相同", page_words(paper), other.number)
                                       : trf("{} 与第 {} 页几乎相同", page_words(paper), other.number)));
            break;
        }
    }
}

void check_reuse(std::vector<Finding>& all, const Papers& papers) {
    for (const auto& paper : papers.pages) {
        // Two blank sheets are the same everywhere.
        if (paper.seen_before.empty() || !paper.facts || paper.facts->ink < kBlank) continue;
        std::string orders;
        for (const auto& each : paper.seen_before)
            orders += (orders.empty() ? "" : tr("、")) + fmt::format("{}（{}）", each.order_no, each.subject_name);
        all.push_back(on_page(rules::reused, Verdict::warning, paper, tr("他人用过"),
                              trf("{} 与其他主体的订单里的页完全相同：{}", page_words(paper), orders)));
    }
}

// A rule that found nothing says so, with what it looked at.
void all_well(std::vector<Finding>& all, const Rule& rule, std::string sentence) {
    if (std::any_of(all.begin(), all.end(), [&](const Finding& each) { return each.rule == rule.name; })) return;
    all.push_back(finding(rule, Verdict::ok, "", word_of(Verdict::ok), std::move(sentence), ""));
}

}  // namespace

std::string recognise(const std::vector<Demand>& demands, const Paper& paper) {
    std::string best;
    size_t longest = 0;
    const auto look = [&](const std::string& code, const std::vector<std::string>& words, const std::string& in) {
        for (const auto& word : words)
            if (word.size() > longest && in.find(word) != std::string::npos) {
                longest = word.size();
                best = code;
            }
    };
    for (const auto& demand : demands) look(demand.material.code, demand.material.names, paper.title);
    if (best.empty() && paper.text) {
        const std::string text = plain_name(*paper.text);
        for (const auto& demand : demands) look(demand.material.code, demand.material.words, text);
    }
    return best;
}

std::vector<Finding> check_papers(const std::vector<Demand>& demands, const Papers& papers) {
    std::vector<Finding> all;
    if (!papers.opened) {
        const bool broken = papers.arrived;
        auto made = finding(rules::unreadable, broken ? Verdict::fault : Verdict::unchecked, "",
                            broken ? tr("打不开") : tr("未到"), papers.why_not, "");
        if (broken) made.reason = "package_broken";
        all.push_back(std::move(made));
        return all;
    }
    for (const auto& refused : papers.refused) {
        auto made = finding(rules::unreadable, Verdict::warning, "", tr("打不开"), refused.sentence, refused.name);
        made.item = refused.name;
        made.reason = "package_broken";
        all.push_back(std::move(made));
    }
    const Sorted sorted = sort(demands, papers);
    if (demands.empty())
        all.push_back(
            finding(rules::material, Verdict::unchecked, "", word_of(Verdict::unchecked), tr("这种订单没有材料清单"), ""));
    for (const auto& demand : demands) {
        check_material(all, demand, papers, sorted);
        check_stamp(all, demand, papers, sorted);
    }
    for (const auto& paper : papers.pages) check_page(all, paper);
    check_duplicates(all, papers);
    check_reuse(all, papers);
    const size_t count = papers.pages.size();
    all_well(all, rules::unreadable, trf("{} 页都能打开", count));
    all_well(all, rules::blank, tr("没有空白页"));
    all_well(all, rules::blurred, trf("{} 页都清晰", count));
    all_well(all, rules::small, trf("{} 页的分辨率都够", count));
    all_well(all, rules::turned, tr("没有横放或倒放的页"));
    all_well(all, rules::duplicate, tr("没有重复的页"));
    all_well(all, rules::reused, tr("没有在其他主体的订单里出现过的页"));
    return all;
}

}  // namespace sealdesk::checks
