#include "panels/number_ranges_pane.h"

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "panels/range_ids.h"

namespace sealdesk::panels {

static const char* word_of(const std::string& name) {
    return name == "invoice" ? tr("发票号码") : name == "waybill" ? tr("快递单号") : tr("交接清单");
}

// Both shapes of an invoice's number, each with what its pattern gives.
static void draw_invoice_shapes(Day today) {
    constexpr const char *kDigital = "{yy}320{:015}", *kPaper = "032002600011-{:08}";
    const auto first = [&](const char* pattern) { return orders::render(pattern, 1, today); };
    kit::wrapped(trf("数电票，20 位号码：{}，第 1 号是 {}", kDigital, first(kDigital)), kit::colour::quiet);
    kit::wrapped(trf("纸质发票，10 或 12 位代码、连字符、8 位号码：{}，第 1 号是 {}", kPaper, first(kPaper)), kit::colour::quiet);
}

void NumberRangesPane::draw_form(desk::Desk& desk) {
    for (const char* name : {"waybill", "invoice"}) {
        if (kit::button(ids::with(ids::kSettingsRangeName, name).c_str(), word_of(name),
                        {.tone = name_ == name ? kit::Tone::blue : kit::Tone::plain}))
            name_ = name;
        ImGui::SameLine(0, kit::px(6));
    }
    ImGui::NewLine();
    kit::labelled_input(ids::kSettingsRangePattern, tr("格式：{s10}、{:015} 或 {} 是流水号，{yy} 是年份"), &pattern_,
                        {.hint = name_ == "waybill" ? "EA{s10}CN" : "{yy}320{:015}"});
    if (name_ == "invoice") draw_invoice_shapes(day_of(desk.clock().now()));
    kit::labelled_input(ids::kSettingsRangeFirst, tr("起始流水号"), &first_, {.width = kit::px(180)});
    kit::labelled_input(ids::kSettingsRangeLast, tr("结束流水号"), &last_, {.width = kit::px(180)});
    kit::gap(6);
    std::string why = adding_.running() ? tr("正在保存") : "";
    if (why.empty() && (pattern_.empty() || first_.empty() || last_.empty())) why = tr("格式和起止号都要填写");
    if (!kit::button(ids::kSettingsRangeSave, tr("添加号段"), {.tone = kit::Tone::green, .disabled_because = why})) return;
    trouble_.clear();
    said_.clear();
    adding_.start(desk.jobs(),
                  [&database = desk.database(), actor = *desk.actor, name = name_, pattern = pattern_, first = first_,
                   last = last_]() -> Result<> {
                      SEALDESK_LET(range, orders::parse_range(name, pattern, first, last));
                      return orders::add_range(database, actor, range);
                  });
}

void NumberRangesPane::draw(desk::Desk& desk) {
    if (adding_.arrived()) {
        const auto& added = *adding_.ready();
        if (added) {
            said_ = tr("号段已添加，前面的用完以后接着用");
            pattern_.clear();
            first_.clear();
            last_.clear();
            open_ = false;
            desk.touch();
        } else {
            trouble_.set(added.error());
        }
    }
    ranges_.refresh(desk, "ranges", [&database = desk.database()] { return orders::ranges(database); });
    kit::title_strip(tr("号段"), tr("发票号码和快递单号从这里取"));
    kit::gap(6);
    constexpr std::int64_t kFew = 100;
    const auto* list = ranges_.get();
    bool any = false;
    if (list)
        for (const auto& each : *list) {
            if (each.in_use.name == "manifest") continue;
            any = true;
            kit::field_row(
                {.label = word_of(each.in_use.name),
                 .value = each.in_use.pattern,
                 .verdict = {trf("还剩 {}", each.remaining()), each.remaining() < kFew ? kit::Tone::red : kit::Tone::green}});
            for (const auto& range : each.waiting) {
                const std::string span = fmt::format("{} · {}–{}", range.pattern, range.next, range.last);
                kit::field_row(
                    {.label = tr("排队"), .value = span, .verdict = {trf("{} 个", range.remaining()), kit::Tone::plain}});
            }
        }
    const kit::Inset inset;
    if (list && !any) kit::note(tr("还没有号段。管理员登记以后，这里会显示还剩多少"));
    if (desk.actor && staff::has(desk.actor->roles, staff::Role::administrator)) {
        kit::gap(4);
        if (kit::button(ids::kSettingsRangeAdd, open_ ? tr("先不添加") : tr("添加号段…"))) open_ = !open_;
    } else if (list) {
        kit::note(tr("新的号段由管理员添加"));
    }
    if (!said_.empty()) kit::callout(said_, "", kit::Tone::green, kit::inset_width());
    if (open_) draw_form(desk);
    trouble_.draw_beside();
    trouble_.draw_dialog("settings.range.trouble");
    kit::gap(10);
}

}  // namespace sealdesk::panels
