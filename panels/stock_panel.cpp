#include "panels/stock_panel.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

using keys::KeyState;

constexpr int kRows = 200, kBoxes = 50;

void StockPanel::open(const std::string& serial) {
    filter_ = {std::nullopt, serial, 0};
    card_.show(serial);
}

void StockPanel::ask(desk::Desk& desk) {
    most_ = std::max(most_, kRows);
    const std::string question = filter_.text + "\n" + (filter_.state ? name_of(*filter_.state) : "") + "\n" +
                                 std::to_string(filter_.box) + "\n" + std::to_string(most_);
    answer_.refresh(desk, question, [&database = desk.database(), filter = filter_, most = most_]() -> Result<Answer> {
        SEALDESK_LET(ledger, keys::ledger(database));
        SEALDESK_LET(boxes, keys::boxes(database, kBoxes));
        SEALDESK_LET(list, keys::stock_page(database, filter, "", most));
        return Answer{ledger, std::move(boxes), std::move(list)};
    });
}

void StockPanel::take_result() {
    if (!taking_in_.arrived()) return;
    const auto& result = *taking_in_.ready();
    if (!result) {
        refused_ = result.error().message;
        return;
    }
    receiving_ = false;
    delivery_ = {};
    filter_ = {std::nullopt, "", result->id};
    kit::frame().toasts.show(keys::came_in(*result), kit::Tone::green);
}

void StockPanel::receive(desk::Desk& desk) {
    refused_.clear();
    taking_in_.start(desk.jobs(), [&desk, actor = *desk.actor, delivery = delivery_] {
        auto box = keys::receive(desk.database(), actor, delivery, desk.settings().authority_token);
        desk.touch();
        return box;
    });
}

void StockPanel::draw(desk::Desk& desk) {
    ask(desk);
    take_result();
    const float right = std::min(kit::px(470), ImGui::GetContentRegionAvail().x * 0.34f);
    const Answer* answer = answer_.get();
    kit::begin_pane("stock.ledger", {kit::px(332), 0});
    if (const Error* error = answer_.error()) kit::banner("stock.retry", error->message, "");
    if (answer != nullptr) {
        draw_ledger(desk, *answer);
        draw_boxes(*answer);
    }
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("stock.keys", {-right - kit::px(1), 0});
    if (answer != nullptr) draw_list(*answer);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("stock.card", {0, 0});
    if (card_.serial().empty()) {
        kit::title_strip(tr("KEY"));
        card_.draw_file_check(desk);
        kit::empty_text(tr("选中一个 KEY，它的状态、证书和经过会显示在这里"));
    }
    card_.draw(desk);
    kit::end_pane();
    card_.draw_dialogs(desk);
    draw_receive(desk);
    trouble_.draw_dialog("stock.trouble");
}

void StockPanel::draw_ledger(desk::Desk& desk, const Answer& answer) {
    const keys::Ledger& book = answer.ledger;
    kit::title_strip(trf("库存 {}", book.in), book.balances() ? tr("账实相符") : "");
    const std::int64_t blank = book.of(KeyState::blank);
    const auto low = desk.settings().low_key_stock;
    if (!book.balances() || blank <= low) {
        kit::gap(8);
        const kit::Inset inset;
        if (!book.balances())
            kit::callout(tr("台账不平：入库总数与各状态之和不同"), tr("请运行 sealdesk keys check，并告诉管理员"), kit::Tone::red,
                         kit::inset_width());
        if (blank <= low)
            kit::callout(trf("空白 KEY 只剩 {} 个", blank), trf("不多于 {} 个时提醒，请补货", low), kit::Tone::amber,
                         kit::inset_width());
        kit::gap(4);
    }
    const auto row = [&](const char* name, const char* word, std::int64_t count, std::optional<KeyState> state) {
        kit::ListRow line;
        line.title = word;
        line.title_right = std::to_string(count);
        line.selected = filter_.state == state && filter_.box == 0;
        if (kit::check_row(ids::with(ids::kStockState, name).c_str(), word, line.selected ? kit::Check::right : kit::Check::open,
                           std::to_string(count), line.selected)) {
            filter_.state = state;
            filter_.box = 0;
            most_ = 0;
        }
    };
    kit::gap(6);
    const kit::Inset inset;
    row("all", tr("全部"), book.in, std::nullopt);
    for (int i = 0; i < keys::kKeyStates; ++i) {
        const auto state = static_cast<KeyState>(i);
        row(name_of(state), word_of(state), book.of(state), state);
    }
    kit::gap(10);
    const bool officer = desk.actor && staff::has(desk.actor->roles, staff::Role::officer);
    if (kit::button(ids::kStockReceive, tr("入库"),
                    {.tone = kit::Tone::green, .key = ImGuiKey_N, .disabled_because = officer ? "" : tr("只有制证员可以入库")})) {
        receiving_ = focus_ = true;
        refused_.clear();
    }
    kit::gap(10);
}

void StockPanel::draw_boxes(const Answer& answer) {
    kit::line();
    kit::title_strip(tr("包装盒"), tr("最新在上"));
    if (answer.boxes.empty()) return kit::empty_text(tr("还没有入库的盒子。按 N 登记一盒"), "N", tr("入库"));
    kit::begin_pane("stock.boxes", {0, 0});
    for (const auto& box : answer.boxes) {
        kit::ListRow row;
        row.title = box.name.empty() ? box.first_serial : box.name;
        row.title_right = trf("空白 {} / {}", box.blank, box.keys);
        row.note = box.keys > 1 ? trf("{} 至 {}", box.first_serial, box.last_serial) : box.first_serial;
        row.note_right = {text_of(day_of(box.received_at)), kit::Tone::plain};
        row.selected = filter_.box == box.id;
        if (kit::list_row(ids::with(ids::kStockBox, std::to_string(box.id)).c_str(), row)) {
            filter_ = {std::nullopt, "", row.selected ? 0 : box.id};
            most_ = 0;
        }
    }
    kit::end_pane();
}

void StockPanel::draw_list(const Answer& answer) {
    kit::title_strip(tr("KEY"), tr("扫描或输入序列号，按 Enter 打开"));
    kit::gap(8);
    {
        const kit::Inset inset;
        const auto event = kit::input(ids::kStockSearch, &filter_.text, {.hint = tr("序列号开头"), .width = kit::inset_width()});
        if (event.changed) most_ = 0;
        // A scanner types the serial and presses Enter at once: the list may not have followed yet.
        if (event.entered && !trimmed(filter_.text).empty()) {
            const auto& list = answer.list;
            const std::string typed = trimmed(filter_.text);
            const bool one = list.size() == 1 && keys::folded_serial(list.front().serial).starts_with(keys::folded_serial(typed));
            card_.show(one ? list.front().serial : typed);
        }
    }
    kit::gap(8);
    kit::line();
    if (answer.list.empty())
        return kit::empty_text(filter_.text.empty() && !filter_.state && filter_.box == 0
                                   ? tr("库存里还没有 KEY。登记一盒，或插上一只")
                                   : tr("没有符合的 KEY"));
    kit::begin_pane("stock.list", {0, 0});
    for (const auto& key : answer.list) {
        kit::ListRow row;
        row.title = key.serial;
        const auto tone = key.state == KeyState::blank      ? kit::Tone::green
                          : key.state == KeyState::scrapped ? kit::Tone::red
                          : key.state < KeyState::bound     ? kit::Tone::amber
                                                            : kit::Tone::blue;
        row.chips.push_back({word_of(key.state), tone});
        row.note =
            key.order_no.empty() ? (key.model.empty() ? key.label : key.model) : trf("{} · 第 {} 个", key.order_no, key.unit_no);
        row.note_right = {date_time(key.updated_at), kit::Tone::plain};
        row.selected = key.serial == card_.serial();
        if (kit::list_row(ids::with(ids::kStockKey, key.serial).c_str(), row)) card_.show(key.serial);
    }
    if (static_cast<int>(answer.list.size()) >= most_ && kit::link(ids::kStockMore, tr("再显示一些"))) most_ += kRows;
    kit::end_pane();
}

void StockPanel::draw_receive(desk::Desk& desk) {
    if (!receiving_) return;
    if (!kit::begin_dialog("stock.receive_dialog", tr("KEY 入库"), &receiving_, 520)) return;
    kit::wrapped(tr("一盒按包装上的号段登记；单个 KEY 只填首号，可以直接扫描"), kit::colour::quiet);
    kit::gap(8);
    kit::labelled_input(ids::kStockFirst, tr("首号"), &delivery_.first_serial,
                        {.refused = refused_, .focus = std::exchange(focus_, false)});
    kit::labelled_input(ids::kStockLast, tr("尾号（单个不填）"), &delivery_.last_serial);
    kit::labelled_input(ids::kStockBoxName, tr("盒号或送货单"), &delivery_.name);
    kit::labelled_input(ids::kStockModel, tr("型号"), &delivery_.model);
    kit::gap(6);
    std::string off = taking_in_.running() ? tr("正在入库") : "";
    if (!trimmed(delivery_.first_serial).empty()) {
        if (const auto serials = keys::serials_of(delivery_))
            kit::bold(serials->size() == 1 ? trf("1 个：{}", serials->front())
                                           : trf("{} 个：{} 至 {}", serials->size(), serials->front(), serials->back()));
        else {
            kit::wrapped(serials.error().message, kit::colour::red);
            off = serials.error().message;
        }
    } else if (off.empty()) {
        off = tr("请填写首号");
    }
    kit::gap(14);
    kit::align_right(kit::button_width(tr("入库"), ImGuiKey_Enter) + kit::button_width(tr("取消")) + kit::px(8), 0);
    if (kit::button(ids::kStockNotIn, tr("取消"))) receiving_ = false;
    ImGui::SameLine(0, kit::px(8));
    if (kit::button(ids::kStockTakeIn, tr("入库"), {.tone = kit::Tone::green, .key = ImGuiKey_Enter, .disabled_because = off}))
        receive(desk);
    if (!receiving_) ImGui::CloseCurrentPopup();
    kit::end_dialog();
}

}  // namespace sealdesk::panels
