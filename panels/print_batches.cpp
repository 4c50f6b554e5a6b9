#include "panels/print_batches.h"

#include <algorithm>

#include "base/translate.h"
#include "desk/shipping_worker.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "panels/shipping_ids.h"

namespace sealdesk::panels {

using desk::LabelState;
using printing::Batch;
using printing::PrintJob;
using printing::State;

namespace {

constexpr int kBatchesShown = 20;

// Nothing of it came out, and nothing is under way.
bool unprinted(const LabelState& label) {
    return label.shipment.papers_due || !label.job || label.job->state == State::failed || label.job->state == State::cancelled;
}

kit::Chip chip_of(const PrintJob& job) {
    const bool bad = job.state == State::failed || job.state == State::unsure || job.state == State::stopped;
    return {printing::word_of(job.state), bad ? kit::Tone::red : job.state == State::done ? kit::Tone::green : kit::Tone::blue};
}

kit::Chip chip_of(const LabelState& label) {
    if (label.job) return chip_of(*label.job);
    if (label.shipment.prints > 0) return {tr("只存了文件"), kit::Tone::plain};
    return {tr("没有打印过"), kit::Tone::amber};
}

kit::Chip chip_of(const Batch& batch) {
    if (batch.stopped > 0) return {tr("打印机停了"), kit::Tone::red};
    if (batch.open > 0) return {tr("正在打印"), kit::Tone::blue};
    if (batch.unsure > 0) return {trf("{} 张要看一下", batch.unsure), kit::Tone::red};
    if (batch.left > 0) return {trf("{} 张没有打印", batch.left), kit::Tone::amber};
    return {tr("已打印"), kit::Tone::green};
}

}  // namespace

template <class Job>
void PrintBatches::start(desk::Desk& desk, Job job) {
    trouble_.clear();
    said_.clear();
    working_.start(desk.jobs(), std::move(job));
}

void PrintBatches::ask(desk::Desk& desk) {
    lists_.refresh(desk, "batches", [&desk]() -> Result<Lists> {
        SEALDESK_LET(labels, desk::labels_to_print(desk));
        SEALDESK_LET(batches, printing::batches(desk.database(), desk::desk_name(desk), kBatchesShown));
        return Lists{std::move(labels), std::move(batches)};
    });
    if (!open_.empty())
        jobs_.refresh(desk, open_,
                      [&desk, batch = open_] { return printing::batch_jobs(desk.database(), desk::desk_name(desk), batch); });
}

void PrintBatches::take_result(desk::Desk& desk) {
    if (!working_.arrived()) return;
    const Done done = *working_.ready();
    desk.touch();
    desk.shipping().nudge();
    said_ = done.sentence;
    if (done.error) return trouble_.set(*done.error);
    reason_.clear();
    job_ = 0;
    if (done.printed) chosen_.clear();
}

std::string PrintBatches::why_not(const desk::Desk& desk) {
    if (working_.running()) return tr("正在处理");
    if (!desk.actor) return tr("请先登录");
    if (!staff::has(desk.actor->roles, staff::Role::clerk)) return tr("只有发货员可以打印面单");
    return {};
}

void PrintBatches::draw_labels(desk::Desk& desk, const Lists& lists) {
    const auto open = static_cast<int>(std::count_if(lists.labels.begin(), lists.labels.end(), unprinted));
    kit::title_strip(trf("批量打印面单 {}", lists.labels.size()), trf("{} 个没有打印，点一下选中", open));
    kit::begin_pane("batches.labels", {0, ImGui::GetContentRegionAvail().y * (open_.empty() ? 0.45f : 0.25f)});
    if (lists.labels.empty()) kit::empty_text(tr("没有待交寄的快递包裹"));
    for (const auto& label : lists.labels) {
        const std::int64_t id = label.shipment.id;
        kit::ListRow row;
        row.title = label.shipment.delivery.recipient;
        row.title_right = label.shipment.waybill;
        row.chips.push_back(chip_of(label));
        if (label.shipment.papers_due) row.chips.push_back({tr("单据没有打印"), kit::Tone::amber});
        row.note = label.shipment.delivery.address;
        row.note_right = {date_time(label.shipment.packed_at), kit::Tone::plain};
        row.selected = chosen_.contains(id);
        if (kit::list_row(ids::with(ids::kBatchParcel, std::to_string(id)).c_str(), row) && chosen_.erase(id) == 0)
            chosen_.insert(id);
    }
    kit::end_pane();
    kit::line();
    // In the order of the list, and only what is still in it.
    std::vector<std::int64_t> wanted;
    bool again = false, printed = false;
    for (const auto& label : lists.labels) {
        if (!chosen_.contains(label.shipment.id)) continue;
        wanted.push_back(label.shipment.id);
        again = again || !unprinted(label);
        printed = printed || label.shipment.prints > 0;
    }
    const kit::Inset inset;
    kit::gap(8);
    if (printed && job_ == 0)
        kit::labelled_input(ids::kBatchReason, tr("选中的有打印过的，写明重印原因"), &reason_, {.width = kit::px(420)});
    if (kit::button(ids::kBatchAllUnprinted, trf("选中没有打印的 {} 个", open),
                    {.disabled_because = open == 0 ? tr("都打印过了") : ""})) {
        chosen_.clear();
        for (const auto& label : lists.labels)
            if (unprinted(label)) chosen_.insert(label.shipment.id);
    }
    ImGui::SameLine(0, kit::px(8));
    if (kit::button(ids::kBatchNone, tr("都不选"), {.disabled_because = wanted.empty() ? tr("没有选中的") : ""})) chosen_.clear();
    ImGui::SameLine(0, kit::px(8));
    std::string off = why_not(desk);
    if (off.empty() && wanted.empty()) off = tr("先选要打印的包裹");
    if (off.empty() && again && reason_.empty()) off = tr("重印要写明原因");
    if (kit::button(ids::kBatchPrint, trf("打印 {} 个包裹的面单", wanted.size()),
                    {.tone = kit::Tone::green, .disabled_because = off}))
        start(desk, [&desk, actor = *desk.actor, wanted, reason = again ? reason_ : std::string()]() -> Done {
            const auto papers = desk::print_labels(desk, actor, wanted, reason);
            if (!papers) return {"", papers.error()};
            return {trf("{} 张单据已送打印", papers->asked), {}, true};
        });
    ImGui::SameLine(0, kit::px(8));
    // For a printer that this desk does not reach; every label in it counts as printed.
    if (off.empty() && printed && reason_.empty()) off = tr("有存过文件或打印过的，重印要写明原因");
    if (kit::button(ids::kBatchFile, tr("存成一个文件"), {.disabled_because = off}))
        start(desk, [&desk, actor = *desk.actor, wanted, reason = printed ? reason_ : std::string()]() -> Done {
            const auto own = desk::load_shipping_settings(desk.settings().home);
            if (!own) return {"", own.error()};
            const auto papers = desk::labels_as_file(desk, actor, wanted, desk::label_paper(*own), reason);
            if (!papers) return {"", papers.error()};
            return {trf("{} 张面单在 {}", wanted.size(), desk.document_name(papers->files.back())), {}, true};
        });
    kit::gap(8);
}

void PrintBatches::draw_batch(desk::Desk& desk, const Batch& batch) {
    const kit::Inset inset;
    const std::string off = why_not(desk);
    kit::gap(6);
    if (kit::button(ids::kBatchCancel, tr("取消这一批"),
                    {.disabled_because = !off.empty()      ? off
                                         : batch.open == 0 ? tr("没有在打印的")
                                                           : ""}))
        start(desk, [&desk, actor = *desk.actor, name = batch.name]() -> Done {
            const auto count = printing::cancel_batch(desk.database(), actor, desk::desk_name(desk), name);
            if (!count) return {"", count.error()};
            return {trf("{} 张不再打印", *count), {}};
        });
    ImGui::SameLine(0, kit::px(8));
    if (kit::button(ids::kBatchResume, trf("接着打印 {} 张", batch.left),
                    {.disabled_because = !off.empty()      ? off
                                         : batch.left == 0 ? tr("没有取消或失败的")
                                                           : ""}))
        start(desk, [&desk, actor = *desk.actor, name = batch.name]() -> Done {
            const auto count = desk::resume_batch(desk, actor, name);
            if (!count) return {"", count.error()};
            return {trf("{} 张单据已送打印", *count), {}};
        });
    // Below the buttons, which stay where they are while a printer changes its mind.
    if (!batch.said.empty()) kit::callout(batch.said, "", kit::Tone::amber, kit::inset_width());
    const auto* jobs = jobs_.get();
    if (!jobs || jobs->empty() || jobs->front().batch != batch.name) return;
    for (const auto& job : *jobs) {
        if (!job.said.empty()) kit::note(job.title + "  " + job.said);
        if (job.id != job_) continue;
        kit::labelled_input(ids::kBatchReason, tr("重印原因"), &reason_, {.width = kit::px(300)});
        const std::string why = !off.empty()                    ? off
                                : !printing::is_over(job.state) ? tr("它还没有打完")
                                : reason_.empty()               ? tr("重印要写明原因")
                                                                : "";
        if (kit::button(ids::kBatchAgain, trf("再打一次 {}", job.title), {.disabled_because = why}))
            start(desk, [&desk, actor = *desk.actor, id = job.id, reason = reason_]() -> Done {
                const auto again = printing::repeat(desk.database(), actor, id, reason);
                if (!again) return {"", again.error()};
                return {tr("已送打印"), {}};
            });
    }
    kit::begin_pane("batches.jobs", {0, 0});
    for (const auto& job : *jobs) {
        kit::ListRow row;
        row.title = job.title;
        row.title_right = job.copy_no > 1 ? trf("第 {} 次", job.copy_no) : std::string();
        row.chips.push_back(chip_of(job));
        row.note = job.printer;
        row.selected = job.id == job_;
        if (kit::list_row(ids::with(ids::kBatchJob, std::to_string(job.id)).c_str(), row)) job_ = job_ == job.id ? 0 : job.id;
    }
    kit::end_pane();
}

void PrintBatches::draw_batches(desk::Desk& desk, const Lists& lists) {
    kit::title_strip(trf("批次 {}", lists.batches.size()), tr("点一下看里面的每一张"));
    {
        const kit::Inset inset;
        if (!said_.empty()) kit::callout(said_, "", kit::Tone::green, kit::inset_width());
        trouble_.draw_beside();
    }
    const Batch* shown = nullptr;
    int index = 0;
    kit::begin_pane("batches.list", {0, ImGui::GetContentRegionAvail().y * (open_.empty() ? 1.0f : 0.3f)});
    for (const auto& batch : lists.batches) {
        kit::ListRow row;
        row.title = trf("{} · {} 张", date_time(batch.asked_at), batch.total);
        row.title_right = fmt::format("{} / {}", batch.done, batch.total);
        row.chips.push_back(chip_of(batch));
        row.note = batch.said.empty() ? batch.asked_by : batch.said;
        row.selected = batch.name == open_;
        if (row.selected) shown = &batch;
        if (kit::list_row(ids::with(ids::kBatchRow, std::to_string(++index)).c_str(), row)) {
            open_ = row.selected ? std::string() : batch.name;
            job_ = 0;
        }
    }
    kit::end_pane();
    if (shown) draw_batch(desk, *shown);
}

void PrintBatches::draw(desk::Desk& desk) {
    take_result(desk);
    ask(desk);
    if (const Error* error = lists_.error()) kit::banner("batches.retry", error->message, "");
    if (const Lists* lists = lists_.get()) {
        draw_labels(desk, *lists);
        draw_batches(desk, *lists);
    }
    trouble_.draw_dialog("batches.trouble");
}

}  // namespace sealdesk::panels
