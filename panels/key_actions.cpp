#include "panels/key_actions.h"

#include <algorithm>

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/ids.h"
#include "panels/kit/frame.h"
#include "panels/shipping_ids.h"

namespace sealdesk::panels {

namespace {

constexpr const char* kOff = "off";

std::string memory_name(const KeyAction& action) { return "keys." + action.id; }

bool overlap(KeyPlace a, KeyPlace b) { return a == b || a == KeyPlace::everywhere || b == KeyPlace::everywhere; }

// Keys of every text field and dialog.
bool reserved(ImGuiKeyChord key) {
    const auto plain = static_cast<ImGuiKey>(key & ~ImGuiMod_Mask_);
    switch (plain) {
        case ImGuiKey_Enter:
        case ImGuiKey_KeypadEnter:
        case ImGuiKey_Escape:
        case ImGuiKey_Tab:
        case ImGuiKey_Backspace:
        case ImGuiKey_Delete: return true;
        case ImGuiKey_A:
        case ImGuiKey_C:
        case ImGuiKey_V:
        case ImGuiKey_X:
        case ImGuiKey_Y:
        case ImGuiKey_Z: return (key & ImGuiMod_Ctrl) != 0;
        default: return false;
    }
}

}  // namespace

const char* word_of(KeyPlace place) {
    switch (place) {
        case KeyPlace::everywhere: return tr("处处可用");
        case KeyPlace::review: return tr("审核");
        case KeyPlace::keys: return tr("制证");
        case KeyPlace::stock: return tr("库存");
        case KeyPlace::shipping: return tr("发货");
        case KeyPlace::invoices: return tr("发票");
        case KeyPlace::daily: return tr("日报");
        case KeyPlace::audit: return tr("审计");
    }
    return "";
}

std::vector<KeyAction> key_actions() {
    using enum KeyPlace;
    std::vector<KeyAction> list{
        {ids::search, tr("搜索"), ImGuiMod_Ctrl | ImGuiKey_K, everywhere},
        {ids::lock, tr("锁定"), ImGuiMod_Ctrl | ImGuiKey_L, everywhere},
        {ids::undo, tr("撤销结论"), ImGuiKey_Z, everywhere},
        {ids::keys, tr("快捷键"), ImGuiMod_Shift | ImGuiKey_Slash, everywhere},
        {ids::rail_review, tr("审核"), ImGuiKey_F1, everywhere},
        {ids::rail_keys, tr("制证"), ImGuiKey_F2, everywhere},
        {ids::rail_shipping, tr("发货"), ImGuiKey_F3, everywhere},
        {ids::rail_invoices, tr("发票"), ImGuiKey_F4, everywhere},
        {ids::rail_daily, tr("日报"), ImGuiKey_F5, everywhere},
        {ids::rail_audit, tr("审计"), ImGuiKey_F6, everywhere},
        {ids::rail_settings, tr("设置"), ImGuiKey_F7, everywhere},
        {ids::rail_stock, tr("库存"), ImGuiKey_F8, everywhere},
        {ids::review_next, tr("领取下一单"), ImGuiKey_N, review},
        {ids::review_claim, tr("领取这一单"), ImGuiKey_Enter, review},
        {ids::review_approve, tr("通过"), ImGuiKey_A, review},
        {ids::review_reject, tr("退回"), ImGuiKey_R, review},
        {ids::review_release, tr("放回"), ImGuiKey_H, review},
        {ids::review_batch, tr("批量通过"), ImGuiMod_Ctrl | ImGuiKey_B, review},
        {ids::review_down, tr("看下一行"), ImGuiKey_DownArrow, review},
        {ids::review_up, tr("看上一行"), ImGuiKey_UpArrow, review},
        {ids::review_findings_next, tr("看下一项"), ImGuiKey_V, review},
        {ids::review_findings_answer, tr("说明这一项"), ImGuiKey_E, review},
        {ids::review_items_next, tr("下一个核对项"), ImGuiKey_J, review},
        {ids::review_items_previous, tr("上一个核对项"), ImGuiKey_K, review},
        {ids::review_items_accept, tr("这一项合格"), ImGuiKey_Y, review},
        {ids::review_items_fault, tr("这一项有问题"), ImGuiKey_T, review},
        {ids::review_item_crop, tr("截图圈出"), ImGuiKey_G, review},
        {ids::review_preview, tr("预览"), ImGuiKey_P, review},
        {ids::viewer_previous, tr("上一页"), ImGuiKey_LeftArrow, review},
        {ids::viewer_next, tr("下一页"), ImGuiKey_RightArrow, review},
        {ids::viewer_page_up, tr("上一页（另一个键）"), ImGuiKey_PageUp, review},
        {ids::viewer_page_down, tr("下一页（另一个键）"), ImGuiKey_PageDown, review},
        {ids::viewer_zoom_in, tr("放大"), ImGuiKey_Equal, review},
        {ids::viewer_zoom_out, tr("缩小"), ImGuiKey_Minus, review},
        {ids::viewer_turn_left, tr("向左转"), ImGuiKey_LeftBracket, review},
        {ids::viewer_turn_right, tr("向右转"), ImGuiKey_RightBracket, review},
        {ids::viewer_fit, tr("适合宽度 / 整页"), ImGuiKey_F, review},
        {ids::viewer_double, tr("并排两页 / 一页"), ImGuiKey_D, review},
        {ids::viewer_compare, tr("与上次提交对比：并排 / 交替 / 不比"), ImGuiKey_C, review},
        {ids::viewer_earlier, tr("按住看上次提交"), ImGuiKey_B, review},
        {ids::viewer_invert, tr("按住反色"), ImGuiKey_I, review},
        {ids::viewer_contrast, tr("按住增强对比"), ImGuiKey_X, review},
        {ids::viewer_detach, tr("材料放到第二个窗口"), ImGuiKey_W, review},
        {ids::kKeysWrite, tr("写 KEY"), ImGuiKey_Enter, keys},
        {ids::kKeysWriteAll, tr("插着的全部写入"), ImGuiMod_Ctrl | ImGuiKey_Enter, keys},
        {ids::kKeysDown, tr("看下一行"), ImGuiKey_DownArrow, keys},
        {ids::kKeysUp, tr("看上一行"), ImGuiKey_UpArrow, keys},
        {ids::kSealLifted, tr("采用扫描的印章"), ImGuiKey_L, keys},
        {ids::kSealPageBack, tr("上一页"), ImGuiKey_LeftArrow, keys},
        {ids::kSealPageOn, tr("下一页"), ImGuiKey_RightArrow, keys},
        {ids::kStockReceive, tr("入库"), ImGuiKey_N, stock},
        {ids::kShippingPack, tr("打包"), ImGuiKey_Enter, shipping},
        {ids::kShippingDown, tr("看下一行"), ImGuiKey_DownArrow, shipping},
        {ids::kShippingUp, tr("看上一行"), ImGuiKey_UpArrow, shipping},
        // With Ctrl all of them: letters may come from the scanner.
        {ids::kShippingReadKeys, tr("读取 KEY"), ImGuiMod_Ctrl | ImGuiKey_R, shipping},
        {ids::kShippingHandOver, tr("交寄"), ImGuiMod_Ctrl | ImGuiKey_D, shipping},
        {ids::kShippingHandOverAll, tr("全部交寄"), ImGuiMod_Ctrl | ImGuiKey_H, shipping},
        {ids::kShippingReprint, tr("重印面单"), ImGuiMod_Ctrl | ImGuiKey_P, shipping},
        {ids::kShippingNext, tr("下一个包裹"), ImGuiMod_Ctrl | ImGuiKey_N, shipping},
        {ids::kShippingTabPack, tr("到“打包”"), ImGuiMod_Ctrl | ImGuiKey_1, shipping},
        {ids::kShippingTabOut, tr("到“交接”"), ImGuiMod_Ctrl | ImGuiKey_2, shipping},
        {ids::kShippingTabTroubles, tr("到“待处理”"), ImGuiMod_Ctrl | ImGuiKey_3, shipping},
        {ids::kShippingTabPrinters, tr("到“打印机”"), ImGuiMod_Ctrl | ImGuiKey_4, shipping},
        {ids::kInvoicesIssue, tr("开票"), ImGuiKey_Enter, invoices},
        {ids::kInvoicesDown, tr("看下一行"), ImGuiKey_DownArrow, invoices},
        {ids::kInvoicesUp, tr("看上一行"), ImGuiKey_UpArrow, invoices},
        {ids::kInvoicesReprint, tr("重印发票"), ImGuiKey_P, invoices},
        {ids::kInvoicesTitle, tr("更正抬头"), ImGuiKey_T, invoices},
        {ids::kInvoicesRed, tr("红冲"), ImGuiKey_R, invoices},
        {ids::kInvoicesVoid, tr("作废"), ImGuiKey_V, invoices},
        {ids::kInvoicesEach, tr("每单一张"), ImGuiKey_S, invoices},
        {ids::kInvoicesDiscount, tr("折扣"), ImGuiKey_D, invoices},
        {ids::kDailyBack, tr("前一天"), ImGuiKey_LeftArrow, daily},
        {ids::kDailyForward, tr("后一天"), ImGuiKey_RightArrow, daily},
        {ids::kDailyPdf, tr("导出 PDF"), ImGuiKey_P, daily},
        {ids::kAuditFilter, tr("查找记录"), ImGuiMod_Ctrl | ImGuiKey_F, audit},
        {ids::kAuditOlder, tr("更早"), ImGuiKey_PageDown, audit},
        {ids::kAuditNewest, tr("最新"), ImGuiKey_Home, audit},
        {ids::kAuditVerify, tr("校验审计链"), ImGuiKey_V, audit},
    };
    for (int digit = 1; digit <= 9; ++digit)
        list.push_back({ids::review_reason(digit), trf("退回原因 {}", digit), ImGuiKey_0 + digit, review});
    return list;
}

std::string why_not(const kit::Keymap& keymap, const KeyAction& action, ImGuiKeyChord key) {
    if (key == action.usual && !keymap.is_chosen(action.id)) return {};
    if (key != action.usual && reserved(key)) return trf("{} 用来编辑文字和回答对话框，不能换作他用", kit::key_name(key));
    for (const KeyAction& other : key_actions()) {
        if (other.id == action.id || !overlap(other.place, action.place)) continue;
        if (keymap.chosen(other.id, other.usual) == key)
            return trf("{} 已经是“{}”（{}）的快捷键，请先更改或关掉那一个", kit::key_name(key), other.word, word_of(other.place));
    }
    return {};
}

void recall_keys(const desk::Memory& memory, kit::Keymap& keymap) {
    keymap.restore_all();
    keymap.set_letters(memory.get("keys.letters") != kOff);
    for (const KeyAction& action : key_actions()) {
        const std::string& kept = memory.get(memory_name(action));
        if (kept.empty()) continue;
        if (kept == kOff)
            keymap.choose(action.id, 0);
        else if (const auto key = kit::chord_from(kept))
            keymap.choose(action.id, *key);
    }
}

void remember_keys(const kit::Keymap& keymap, desk::Memory& memory) {
    memory.set("keys.letters", keymap.letters() ? "" : kOff);
    for (const KeyAction& action : key_actions()) {
        const ImGuiKeyChord key = keymap.chosen(action.id, action.usual);
        memory.set(memory_name(action), !keymap.is_chosen(action.id) ? "" : key == 0 ? kOff : kit::text_of(key));
    }
}

}  // namespace sealdesk::panels
