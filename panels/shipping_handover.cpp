#include "panels/shipping_handover.h"

#include "base/translate.h"
#include "desk/papers.h"
#include "desk/shipping_worker.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "panels/shipping_ids.h"
#include "shipping/waybill.h"

namespace sealdesk::panels {

using shipping::Manifest;
using shipping::Shipment;

void HandOverPane::ask(desk::Desk& desk) {
    const Day today = day_of(desk.clock().now());
    lists_.refresh(desk, text_of(today), [&database = desk.database(), today]() -> Result<Lists> {
        SEALDESK_LET(open, shipping::open_manifests(database));
        SEALDESK_LET(closed, shipping::manifests_on(database, today));
        SEALDESK_LET(left, shipping::not_handed_over(database));
        return Lists{std::move(open), std::move(closed), std::move(left)};
    });
}

void HandOverPane::take_scans(desk::Desk& desk, Scanner& scanner, const std::string& why_not) {
    if (working_.arrived()) {
        const Done done = *working_.ready();
        desk.touch();
        if (done.error && done.scanned)
            scanner.say(desk, kit::Tone::red, done.error->message);
        else if (done.error)
            trouble_.set(*done.error);
        if (!done.sentence.empty()) scanner.say(desk, kit::Tone::green, done.sentence, done.scanned);
        if (!done.sentence.empty() && !done.scanned) desk.nudge();
    }
    if (working_.running() || scanner.codes().empty()) return;
    const std::string code = scanner.codes().front();
    scanner.codes().pop_front();
    if (!why_not.empty()) return scanner.say(desk, kit::Tone::red, why_not);
    working_.start(desk.jobs(), [&desk, actor = *desk.actor, code]() -> Done {
        const auto manifest = shipping::scan_out(desk.database(), actor, code);
        if (!manifest) return {"", manifest.error(), true};
        return {trf("{}：已扫描 {} 个包裹", shipping::courier_word(manifest->courier), manifest->parcels.size()), {}, true};
    });
}

void HandOverPane::draw_manifest(desk::Desk& desk, const Manifest& manifest, const std::string& off) {
    const std::string title = manifest.courier.empty() ? std::string(tr("其他快递")) : shipping::courier_word(manifest.courier);
    kit::title_strip(title, trf("{} 个包裹 · {} 个 KEY", manifest.parcels.size(), manifest.keys()),
                     manifest.closed ? trf("{} 交接", date_time(manifest.closed_at)) : date_time(manifest.opened_at));
    const kit::Column columns[] = {
        {tr("快递单号"), 200}, {tr("收件人"), 120}, {tr("地址")}, {"KEY", 60, kit::Align::right}, {"", 80}};
    const float height = kit::px(34) * static_cast<float>(manifest.parcels.size() + 1) + kit::px(8);
    if (!manifest.parcels.empty() && kit::begin_table(("out.table." + std::to_string(manifest.id)).c_str(), columns, height)) {
        for (const auto& parcel : manifest.parcels) {
            kit::table_row(("out.row." + std::to_string(parcel.id)).c_str());
            kit::cell(parcel.waybill);
            kit::cell(parcel.delivery.recipient);
            kit::cell(parcel.delivery.address);
            int keys = 0;
            for (const auto& content : parcel.contents) keys += content.quantity;
            kit::cell(std::to_string(keys));
            if (manifest.closed)
                kit::cell("");
            else if (kit::cell_link(ids::with(ids::kOutKeep, std::to_string(parcel.id)).c_str(), tr("留下")) && off.empty())
                working_.start(desk.jobs(), [&desk, actor = *desk.actor, id = parcel.id]() -> Done {
                    const auto kept = shipping::keep_back(desk.database(), actor, id);
                    if (!kept) return {"", kept.error(), false};
                    return {tr("已从清单里拿出"), {}, false};
                });
        }
        kit::end_table();
    }
    const kit::Inset inset;
    if (manifest.closed) {
        kit::gap(8);
        if (kit::button(ids::with(ids::kOutPrint, std::to_string(manifest.id)).c_str(), trf("打印交接清单 {}", manifest.number),
                        {.disabled_because = off})) {
            trouble_.clear();
            working_.start(desk.jobs(), [&desk, actor = *desk.actor, id = manifest.id]() -> Done {
                const auto papers = desk::print_manifest(desk, actor, id, tr("在交接页重新打印"));
                if (!papers) return {"", papers.error(), false};
                desk.shipping().nudge();
                return {trf("交接清单 {}", desk.document_name(papers->files.back())), {}, false};
            });
        }
        kit::gap(10);
        return;
    }
    kit::gap(8);
    std::string why = off;
    if (why.empty() && manifest.parcels.empty()) why = tr("清单里还没有包裹，先扫描要交出的面单");
    // The key of handing over, while there is no doubt which list is meant.
    const Lists* lists = lists_.get();
    const bool alone = lists != nullptr && lists->open.size() == 1;
    const auto key = alone ? kit::frame().keymap.of(ids::kShippingHandOver, ImGuiMod_Ctrl | ImGuiKey_D) : 0;
    if (kit::button(ids::with(ids::kOutClose, std::to_string(manifest.id)).c_str(),
                    trf("交接完成：{} 个包裹", manifest.parcels.size()),
                    {.tone = kit::Tone::green, .key = key, .disabled_because = why})) {
        trouble_.clear();
        working_.start(desk.jobs(), [&desk, actor = *desk.actor, id = manifest.id, taken = taken_by_]() -> Done {
            const auto closed = shipping::close_manifest(desk.database(), actor, id, taken);
            if (!closed) return {"", closed.error(), false};
            const std::string out = trf("已交寄 {} 个包裹，交接清单 {}", closed->parcels.size(), closed->number);
            const auto papers = desk::print_manifest(desk, actor, id);
            desk.shipping().nudge();
            return {out, papers ? std::nullopt : std::optional(papers.error()), false};
        });
    }
    kit::gap(10);
}

void HandOverPane::draw_left(const Lists& lists) {
    kit::title_strip(trf("没有交接 {}", lists.left.size()), tr("打好包、有单号、还没有扫描"));
    if (lists.left.empty()) {
        const kit::Inset inset;
        kit::gap(10);
        kit::note(tr("打好的包裹都已经扫描"));
        kit::gap(10);
    }
    for (const auto& parcel : lists.left) {
        kit::ListRow row;
        row.title = parcel.waybill;
        row.title_right = shipping::courier_word(parcel.courier);
        if (!parcel.stale.empty()) row.chips.push_back({tr("面单过期"), kit::Tone::red});
        if (!parcel.blocked.empty()) row.chips.push_back({tr("不能发出"), kit::Tone::red});
        row.note = parcel.delivery.recipient + " · " + parcel.delivery.address;
        row.note_right = {date_time(parcel.packed_at), kit::Tone::plain};
        kit::list_row(("out.left." + std::to_string(parcel.id)).c_str(), row);
    }
}

void HandOverPane::draw(desk::Desk& desk, Scanner& scanner, const std::string& why_not) {
    ask(desk);
    take_scans(desk, scanner, why_not);
    const Lists* lists = lists_.get();
    const std::string off = working_.running() ? tr("正在处理") : why_not;
    const float right = std::min(kit::px(440), ImGui::GetContentRegionAvail().x * 0.35f);
    kit::begin_pane("out.manifests", {-right - kit::px(1), 0});
    scanner.draw();
    {
        const kit::Inset inset;
        kit::gap(10);
        kit::labelled_input(ids::kOutTakenBy, tr("快递员"), &taken_by_, {.hint = tr("姓名或工号"), .width = kit::px(260)});
        kit::gap(8);
        trouble_.draw_beside();
    }
    if (lists) {
        for (const auto& manifest : lists->open) draw_manifest(desk, manifest, off);
        if (lists->open.empty()) {
            const kit::Inset inset;
            kit::callout(tr("扫描面单上的快递单号，包裹就进入这家快递的交接清单"), "", kit::Tone::blue, kit::inset_width());
            kit::gap(10);
        }
        for (const auto& manifest : lists->closed) draw_manifest(desk, manifest, off);
    }
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("out.left", {0, 0});
    if (const Error* error = lists_.error()) kit::banner("shipping.retry", error->message, "");
    if (lists) draw_left(*lists);
    kit::end_pane();
    trouble_.draw_dialog("out.trouble");
}

}  // namespace sealdesk::panels
