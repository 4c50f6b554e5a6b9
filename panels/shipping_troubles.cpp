#include "panels/shipping_troubles.h"

#include "base/translate.h"
#include "desk/papers.h"
#include "desk/shipping_worker.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "panels/shipping_ids.h"
#include "shipping/waybill.h"

namespace sealdesk::panels {

using printing::PrintJob;
using shipping::WaybillState;

namespace {

constexpr std::int64_t kUnusedAfter = 7 * kDay;

std::string row_of(const shipping::Waybill& row) { return "label." + std::to_string(row.id); }
std::string row_of(const shipping::Shipment& parcel) { return "papers." + std::to_string(parcel.id); }
std::string row_of(const desk::LateInvoice& late) { return "invoice." + late.paper.number; }
std::string row_of(const PrintJob& job) { return "print." + std::to_string(job.id); }
std::string row_of(const shipping::FollowUp& up) { return "follow." + std::to_string(up.shipment.id); }

}  // namespace

void ShippingTroubles::ask(desk::Desk& desk) {
    lists_.refresh(desk, "troubles", [&desk]() -> Result<Lists> {
        Lists lists;
        SEALDESK_LET(open, shipping::waybills_open(desk.database()));
        for (auto& row : open) {
            SEALDESK_LET(shipment, shipping::find(desk.database(), row.shipment_id));
            lists.labels.push_back({std::move(row), std::move(shipment)});
        }
        SEALDESK_LET(papers, shipping::unprinted(desk.database()));
        lists.papers = std::move(papers);
        SEALDESK_LET(invoices, desk::late_invoices(desk));
        lists.invoices = std::move(invoices);
        SEALDESK_LET(jobs, printing::recent_jobs(desk.database(), desk::desk_name(desk), 200));
        for (auto& job : jobs) {
            const bool again = std::any_of(jobs.begin(), jobs.end(), [&](const PrintJob& other) {
                return other.kind == job.kind && other.subject == job.subject && other.copy_no > job.copy_no;
            });
            if (job.state != printing::State::done && job.state != printing::State::cancelled && !again)
                lists.jobs.push_back(job);
        }
        SEALDESK_LET(ups, shipping::follow_ups(desk.database(), kUnusedAfter));
        lists.follow_ups = std::move(ups);
        SEALDESK_LET(settings, desk::load_shipping_settings(desk.settings().home));
        lists.settings = std::move(settings);
        return lists;
    });
}

int ShippingTroubles::count(desk::Desk& desk) {
    ask(desk);
    const Lists* lists = lists_.get();
    if (!lists) return -1;
    return static_cast<int>(lists->labels.size() + lists->papers.size() + lists->invoices.size() + lists->jobs.size() +
                            lists->follow_ups.size());
}

void ShippingTroubles::choose(const std::string& row) {
    if (chosen_ == row) return;
    chosen_ = row;
    said_.clear();
    typed_.clear();
    note_.clear();
    trouble_.clear();
}

template <class Job>
void ShippingTroubles::start(desk::Desk& desk, Job job) {
    trouble_.clear();
    said_.clear();
    working_.start(desk.jobs(), std::move(job));
}

void ShippingTroubles::draw_rows(const Lists& lists) {
    const auto row = [&](const std::string& name, const kit::ListRow& look) {
        if (kit::list_row(ids::with(ids::kTroubleRow, name).c_str(), look)) choose(name);
    };
    kit::title_strip(trf("单号 {}", lists.labels.size()), tr("快递公司没有给出或没有取消"));
    for (const auto& [waybill, shipment] : lists.labels) {
        const bool failed = waybill.state == WaybillState::failed || waybill.state == WaybillState::stuck;
        const std::string& why = waybill.state == WaybillState::stuck ? waybill.said : waybill.reason;
        row(row_of(waybill), {.title = shipment.delivery.recipient,
                              .title_right = shipping::word_of(waybill.source),
                              .chips = {{shipping::word_of(waybill.state), failed ? kit::Tone::red : kit::Tone::amber}},
                              .note = why.empty() ? tr("等快递公司应答") : why,
                              .note_right = {date_time(waybill.asked_at), kit::Tone::plain},
                              .selected = chosen_ == row_of(waybill)});
    }
    if (!lists.papers.empty()) kit::title_strip(trf("单据 {}", lists.papers.size()), tr("没有做出来，还没有送打印"));
    for (const auto& parcel : lists.papers) {
        const bool waits = parcel.papers_trouble.empty();
        row(row_of(parcel),
            {.title = parcel.delivery.recipient,
             .title_right = parcel.waybill,
             .chips = {{waits ? tr("等发票文件") : tr("面单没有打印"), waits ? kit::Tone::amber : kit::Tone::red}},
             .note = shipping::why_unprinted(parcel),
             .note_right = {date_time(parcel.packed_at), kit::Tone::plain},
             .selected = chosen_ == row_of(parcel)});
    }
    if (!lists.invoices.empty()) kit::title_strip(trf("发票 {}", lists.invoices.size()), tr("包裹的单据打印以后才开出"));
    for (const auto& late : lists.invoices)
        row(row_of(late),
            {.title = late.parcel.delivery.recipient,
             .title_right = late.parcel.waybill,
             .chips = {{late.here() ? tr("还没有打印") : tr("包裹已经交出"), late.here() ? kit::Tone::amber : kit::Tone::red}},
             .note = desk::why_unprinted(late),
             .selected = chosen_ == row_of(late)});
    kit::title_strip(trf("打印 {}", lists.jobs.size()), tr("还没有打印出来"));
    for (const auto& job : lists.jobs) {
        const bool still =
            job.state == printing::State::stopped || job.state == printing::State::failed || job.state == printing::State::unsure;
        row(row_of(job), {.title = job.title,
                          .title_right = printing::word_of(job.kind),
                          .chips = {{printing::word_of(job.state), still ? kit::Tone::red : kit::Tone::blue}},
                          .note = job.said.empty() ? job.printer : job.said,
                          .note_right = {date_time(job.asked_at), kit::Tone::plain},
                          .selected = chosen_ == row_of(job)});
    }
    kit::title_strip(trf("回访 {}", lists.follow_ups.size()), tr("签收七天以后 KEY 还没有用过"));
    for (const auto& up : lists.follow_ups)
        row(row_of(up), {.title = up.shipment.delivery.recipient,
                         .title_right = up.shipment.delivery.mobile,
                         .note = up.shipment.waybill,
                         .note_right = {date_time(up.shipment.delivered_at), kit::Tone::plain},
                         .selected = chosen_ == row_of(up)});
}

orders::Delivery ShippingTroubles::draw_place(const orders::Delivery& place) {
    if (filled_ != chosen_) {
        filled_ = chosen_;
        recipient_ = place.recipient;
        mobile_ = place.mobile;
        address_ = place.address;
    }
    kit::labelled_input(ids::kTroubleRecipient, tr("收件人"), &recipient_, {.width = kit::px(260)});
    kit::labelled_input(ids::kTroubleMobile, tr("手机"), &mobile_, {.width = kit::px(260)});
    kit::labelled_input(ids::kTroubleAddress, tr("地址"), &address_);
    return {place.method, recipient_, mobile_, address_};
}

// The courier would not take the number back, or cannot be asked any more: whoever settles it says how.
void ShippingTroubles::draw_stuck(desk::Desk& desk, const Label& label, const std::string& off) {
    const auto& row = label.row;
    kit::callout(row.said, trf("问过 {} 次", row.attempts), kit::Tone::red, kit::inset_width());
    kit::note(row.waybill.empty() ? trf("我们的订单号 {}，快递公司可能给了单号", row.reference)
                                  : trf("快递单号 {}，我们的订单号 {}", row.waybill, row.reference));
    kit::gap(8);
    if (kit::button(ids::kTroubleRetry, tr("再请快递公司取消"), {.disabled_because = off}))
        start(desk, [&desk, actor = *desk.actor, id = row.id]() -> Done {
            const auto again = shipping::retry_waybill(desk.database(), actor, id);
            if (!again) return {"", again.error()};
            return {tr("正在重新取消"), {}, true};
        });
    kit::gap(12);
    kit::labelled_input(ids::kTroubleNote, tr("向快递公司核实的结果"), &note_, {.width = kit::px(420)});
    kit::gap(6);
    const std::string why = !off.empty() ? off : note_.empty() ? tr("请写下向快递公司核实的结果") : "";
    if (kit::button(ids::kTroubleSettle, tr("已核实"), {.tone = kit::Tone::green, .disabled_because = why}))
        start(desk, [&desk, actor = *desk.actor, id = row.id, note = note_]() -> Done {
            const auto settled = shipping::settle_waybill(desk.database(), actor, id, note);
            if (!settled) return {"", settled.error()};
            return {tr("已记下"), {}};
        });
}

void ShippingTroubles::draw_papers(desk::Desk& desk, const shipping::Shipment& parcel, const std::string& off) {
    kit::title_strip(trf("包裹 {}", parcel.id), parcel.waybill);
    kit::gap(6);
    const kit::Inset inset;
    const bool waits = parcel.papers_trouble.empty();
    kit::callout(shipping::why_unprinted(parcel), tr("单据没有打印"), waits ? kit::Tone::amber : kit::Tone::red,
                 kit::inset_width());
    kit::gap(8);
    // A place that no printer can print is what is usually in the way. Over the counter there is none.
    orders::Delivery place = parcel.delivery;
    if (place.method == orders::DeliveryMethod::courier) place = draw_place(parcel.delivery);
    kit::gap(8);
    if (kit::button(ids::kTroublePrint, tr("打印单据"), {.tone = kit::Tone::green, .disabled_because = off}))
        start(desk, [&desk, actor = *desk.actor, id = parcel.id, place, before = parcel.delivery]() -> Done {
            const bool changed =
                place.recipient != before.recipient || place.mobile != before.mobile || place.address != before.address;
            if (changed) {
                const auto corrected = shipping::correct_place(desk.database(), actor, id, place, desk::desk_name(desk));
                if (!corrected) return {"", corrected.error()};
                if (corrected->waybill.empty()) return {tr("收件信息已改，正在重新取号，取到以后自动打印"), {}, true};
            }
            const auto papers = desk::print_papers(desk, actor, id);
            if (!papers) return {"", papers.error()};
            return {trf("{} 张单据已做好", papers->files.size()), {}, false, true};
        });
}

// It came too late for its parcel: printed by hand after all, or given to the applicant in another way.
void ShippingTroubles::draw_invoice(desk::Desk& desk, const desk::LateInvoice& late, const std::string& off) {
    kit::title_strip(trf("发票 {}", late.paper.number), trf("包裹 {}", late.parcel.id), shipping::word_of(late.parcel.state));
    kit::gap(6);
    kit::field_row({.label = tr("收件人"), .value = late.parcel.delivery.recipient});
    kit::field_row({.label = tr("手机"), .value = late.parcel.delivery.mobile});
    const kit::Inset inset;
    kit::callout(desk::why_unprinted(late), tr("发票没有打印"), late.here() ? kit::Tone::amber : kit::Tone::red,
                 kit::inset_width());
    kit::gap(8);
    if (kit::button(ids::kTroublePrint, tr("打印发票"), {.tone = kit::Tone::green, .disabled_because = off}))
        start(desk, [&desk, actor = *desk.actor, number = late.paper.number]() -> Done {
            const auto papers = desk::print_invoice(desk, actor, number);
            if (!papers) return {"", papers.error()};
            return {papers->asked > 0 ? tr("已送打印") : desk.document_name(papers->files.back()), {}, false, true};
        });
    kit::gap(12);
    kit::labelled_input(ids::kTroubleNote, tr("怎样交给申请人的"), &note_,
                        {.hint = tr("另寄、电子邮件…"), .width = kit::px(420)});
    kit::gap(6);
    const std::string why = !off.empty() ? off : note_.empty() ? tr("请写下发票是怎样交给申请人的") : "";
    if (kit::button(ids::kTroubleSettle, tr("已交给申请人"), {.disabled_because = why}))
        start(desk, [&desk, actor = *desk.actor, number = late.paper.number, note = note_]() -> Done {
            const auto settled = invoices::settle_paper(desk.database(), actor, number, note);
            return settled ? Done{tr("已记下"), {}} : Done{"", settled.error()};
        });
}

void ShippingTroubles::draw_label(desk::Desk& desk, const Label& label, const std::string& off) {
    kit::title_strip(trf("包裹 {}", label.shipment.id), shipping::word_of(label.row.source), shipping::word_of(label.row.state));
    const kit::Inset inset;
    kit::gap(10);
    if (label.row.state == WaybillState::stuck) return draw_stuck(desk, label, off);
    if (!label.row.reason.empty())
        kit::callout(label.row.reason, trf("问过 {} 次", label.row.attempts), kit::Tone::red, kit::inset_width());
    if (label.row.state == WaybillState::cancelling) return kit::note(tr("正在请快递公司取消，不用再做什么"));
    kit::gap(8);
    const orders::Delivery place = draw_place(label.shipment.delivery);
    kit::gap(8);
    if (kit::button(ids::kTroubleRetry, tr("更正并重新取号"), {.tone = kit::Tone::green, .disabled_because = off})) {
        start(desk, [&desk, actor = *desk.actor, shipment = label.shipment.id, row = label.row.id, place]() -> Done {
            const auto corrected = shipping::correct_place(desk.database(), actor, shipment, place, desk::desk_name(desk));
            if (!corrected) return {"", corrected.error()};
            // Nothing was wrong with the address: as it is, once more. A conflict means that it is being asked already.
            (void)shipping::retry_waybill(desk.database(), actor, row);
            return {tr("正在重新取号"), {}, true};
        });
    }
    kit::gap(14);
    kit::labelled_input(ids::kTroubleTyped, tr("或者手工填写快递单号"), &typed_,
                        {.hint = tr("扫描或输入"), .width = kit::px(320)});
    courier_.draw(ids::kTroubleCourier, typed_);
    kit::gap(6);
    const std::string why = !off.empty() ? off : typed_.empty() ? tr("先填写单号") : courier_.why_not(typed_);
    if (kit::button(ids::kTroubleUseTyped, tr("用这个单号"), {.disabled_because = why}))
        start(desk,
              [&desk, actor = *desk.actor, shipment = label.shipment.id, typed = typed_,
               courier = courier_.courier(typed_)]() -> Done {
                  const auto changed = shipping::change_waybill(desk.database(), actor, shipment,
                                                                {shipping::Source::typed, courier, typed}, tr("手工填写单号"));
                  if (!changed) return {"", changed.error()};
                  const auto papers = desk::print_papers(desk, actor, shipment);
                  if (!papers) return {changed->waybill, papers.error(), true};
                  return {trf("快递单号 {}，面单已送打印", changed->waybill), {}, true, papers->asked > 0};
              });
}

// The printer that it goes to from now on: one of the desk's, or any other by its address.
void ShippingTroubles::draw_printers(const PrintJob& job) {
    if (printer_of_ != chosen_) printer_ = job.printer;
    printer_of_ = chosen_;
    kit::labelled_input(ids::kTroublePrinter, tr("打印机"), &printer_, {.width = kit::px(480)});
    const Lists* lists = lists_.get();
    for (const auto use : {printing::Use::label, printing::Use::invoice, printing::Use::a4}) {
        const std::string& address = lists ? lists->settings.printer(use) : std::string();
        if (address.empty()) continue;
        if (kit::tab(ids::with(ids::kTroublePrinterOf, printing::name_of(use)).c_str(), printing::word_of(use), -1,
                     printer_ == address))
            printer_ = address;
        ImGui::SameLine(0, kit::px(6));
    }
    ImGui::NewLine();
    kit::gap(6);
}

void ShippingTroubles::draw_job(desk::Desk& desk, const PrintJob& job, const std::string& off) {
    kit::title_strip(job.title, printing::word_of(job.kind), printing::word_of(job.state));
    kit::gap(6);
    kit::field_row({.label = tr("打印机"), .value = job.printer});
    const std::string when = trf("{} · {}", date_time(job.asked_at), job.asked_by), copy = trf("第 {} 次", job.copy_no);
    kit::field_row({.label = tr("时间"), .value = when});
    kit::field_row({.label = tr("份数"), .value = copy});
    const kit::Inset inset;
    if (!job.said.empty()) kit::callout(job.said, "", kit::Tone::amber, kit::inset_width());
    kit::gap(8);
    const bool redirects = job.state == printing::State::waiting || job.state == printing::State::failed;
    if (redirects || printing::is_over(job.state)) draw_printers(job);
    if (redirects) {
        const std::string why = !off.empty() ? off : printer_ == job.printer ? tr("先选另一台打印机") : "";
        if (kit::button(ids::kTroubleRedirect, tr("改到这台打印机"), {.tone = kit::Tone::green, .disabled_because = why}))
            start(desk, [&desk, actor = *desk.actor, id = job.id, printer = printer_]() -> Done {
                const auto moved = printing::redirect(desk.database(), actor, id, printer);
                if (!moved) return {"", moved.error()};
                return {tr("已改到另一台打印机"), {}, false, true};
            });
        kit::gap(8);
    }
    if (printing::is_over(job.state)) {
        kit::labelled_input(ids::kTroubleNote, tr("重印原因"), &note_, {.width = kit::px(360)});
        kit::gap(6);
        const std::string why = !off.empty() ? off : note_.empty() ? tr("先写原因") : "";
        if (kit::button(ids::kTroubleAgain, tr("再打一次"), {.tone = kit::Tone::green, .disabled_because = why}))
            start(desk, [&desk, actor = *desk.actor, id = job.id, reason = note_, printer = printer_]() -> Done {
                const auto again = printing::repeat(desk.database(), actor, id, reason, printer);
                if (!again) return {"", again.error()};
                return {tr("已送打印"), {}, false, true};
            });
        if (job.state == printing::State::unsure) {
            ImGui::SameLine(0, kit::px(10));
            if (kit::button(ids::kTroubleCameOut, tr("已经打出来了"), {.disabled_because = off}))
                start(desk, [&desk, actor = *desk.actor, id = job.id]() -> Done {
                    const auto noted = printing::came_out(desk.database(), actor, id);
                    return noted ? Done{tr("已记下"), {}} : Done{"", noted.error()};
                });
        }
        return;
    }
    const std::string cancelling = job.state == printing::State::cancelling ? tr("正在取消") : off;
    if (kit::button(ids::kTroubleCancel, tr("取消打印"), {.disabled_because = cancelling}))
        start(desk, [&desk, actor = *desk.actor, id = job.id]() -> Done {
            const auto cancelled = printing::cancel(desk.database(), actor, id);
            return cancelled ? Done{tr("已取消"), {}, false, true} : Done{"", cancelled.error()};
        });
    if (job.state == printing::State::waiting) return;
    // A printer that was carried away answers nobody; its label must not wait for it for ever.
    ImGui::SameLine(0, kit::px(10));
    if (kit::button(ids::kTroubleGiveUp, tr("不再等打印机"), {.disabled_because = off}))
        start(desk, [&desk, actor = *desk.actor, id = job.id]() -> Done {
            const auto given_up = printing::give_up(desk.database(), actor, id);
            return {tr("请看一下有没有打出来，再决定要不要重打"), given_up ? std::nullopt : std::optional(given_up.error())};
        });
}

void ShippingTroubles::draw_follow_up(desk::Desk& desk, const shipping::FollowUp& up, const std::string& off) {
    kit::title_strip(up.shipment.waybill, shipping::courier_word(up.shipment.courier));
    kit::gap(6);
    kit::field_row({.label = tr("收件人"), .value = up.shipment.delivery.recipient});
    kit::field_row({.label = tr("手机"), .value = up.shipment.delivery.mobile});
    const std::string delivered = date_time(up.shipment.delivered_at);
    kit::field_row({.label = tr("签收"), .value = delivered});
    std::string unused;
    for (const auto& serial : up.unused) unused += (unused.empty() ? "" : " ") + serial;
    kit::field_row({.label = "KEY", .value = unused, .verdict = {tr("没有用过"), kit::Tone::amber}});
    const kit::Inset inset;
    kit::labelled_input(ids::kTroubleNote, tr("回访结果"), &note_, {.width = kit::px(420)});
    kit::gap(6);
    const std::string why = !off.empty() ? off : note_.empty() ? tr("请写下回访的结果") : "";
    if (kit::button(ids::kTroubleSettle, tr("已回访"), {.tone = kit::Tone::green, .disabled_because = why}))
        start(desk, [&desk, actor = *desk.actor, id = up.shipment.id, note = note_]() -> Done {
            const auto settled = shipping::settle_follow_up(desk.database(), actor, id, note);
            return settled ? Done{tr("已记下"), {}} : Done{"", settled.error()};
        });
}

void ShippingTroubles::draw(desk::Desk& desk, const std::string& why_not) {
    ask(desk);
    if (working_.arrived()) {
        const Done done = *working_.ready();
        desk.touch();
        said_ = done.sentence;
        if (done.asks_courier || done.prints) desk.shipping().nudge();
        if (done.error) trouble_.set(*done.error);
    }
    const std::string off = working_.running() ? tr("正在处理") : why_not;
    const Lists* lists = lists_.get();
    // What waits for a number waits for this.
    if (const auto& couriers = desk.shipping().couriers(); !couriers)
        kit::banner("troubles.accounts",
                    trf("快递账号不能用：{}。改正账号文件以后，在“打印机”里点“保存”", couriers.error().message), "");
    kit::begin_pane("troubles.rows", {kit::px(520), 0});
    if (const Error* error = lists_.error()) kit::banner("shipping.retry", error->message, "");
    if (lists) draw_rows(*lists);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("troubles.chosen", {0, 0});
    bool shown = false;
    if (lists) {
        for (const auto& label : lists->labels)
            if (row_of(label.row) == chosen_) draw_label(desk, label, off), shown = true;
        for (const auto& parcel : lists->papers)
            if (row_of(parcel) == chosen_) draw_papers(desk, parcel, off), shown = true;
        for (const auto& late : lists->invoices)
            if (row_of(late) == chosen_) draw_invoice(desk, late, off), shown = true;
        for (const auto& job : lists->jobs)
            if (row_of(job) == chosen_) draw_job(desk, job, off), shown = true;
        for (const auto& up : lists->follow_ups)
            if (row_of(up) == chosen_) draw_follow_up(desk, up, off), shown = true;
    }
    {
        const kit::Inset inset;
        kit::gap(8);
        if (!said_.empty()) kit::callout(said_, "", kit::Tone::green, kit::inset_width());
        trouble_.draw_beside();
    }
    if (!shown && said_.empty())
        kit::empty_text(lists && count(desk) == 0 ? tr("没有要处理的。取不到的单号和没有打印出来的单据会列在左边")
                                                  : tr("选中一条，这里可以更正和重试"));
    kit::end_pane();
    trouble_.draw_dialog("troubles.trouble");
}

}  // namespace sealdesk::panels
