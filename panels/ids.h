// Stable addresses of the controls on screen, shared by panels, tests and the tour. The words beside a control are
// translated; these are not.
#pragma once

#include <string>

namespace sealdesk::panels::ids {

inline constexpr const char* start_retry = "start.retry";  // the desk could not be opened
inline constexpr const char* start_leave = "start.leave";
inline constexpr const char* closing_close = "closing.close";
inline constexpr const char* closing_stay = "closing.stay";
inline constexpr const char* sign_in_login = "sign_in.login";
inline constexpr const char* sign_in_password = "sign_in.password";
inline constexpr const char* sign_in_enter = "sign_in.enter";
inline constexpr const char* sign_in_leave = "sign_in.leave";  // on the lock screen: sign out instead

inline constexpr const char* rail_review = "rail.review";
inline constexpr const char* rail_keys = "rail.keys";
inline constexpr const char* rail_stock = "rail.stock";
inline constexpr const char* rail_shipping = "rail.shipping";
inline constexpr const char* rail_invoices = "rail.invoices";
inline constexpr const char* rail_daily = "rail.daily";
inline constexpr const char* rail_audit = "rail.audit";
inline constexpr const char* rail_settings = "rail.settings";

inline constexpr const char* search = "top.search";
inline constexpr const char* find_list = "find.list";  // what opens below it
inline std::string find_hit(const std::string& order_no) { return "find.hit." + order_no; }
inline constexpr const char* undo = "review.undo";  // stands in the top bar, so that it works in every panel
inline constexpr const char* troubles = "top.troubles";
inline constexpr const char* troubles_close = "troubles.close";
inline constexpr const char* lock = "top.lock";
inline constexpr const char* sign_out = "top.sign_out";
inline constexpr const char* portal_retry = "portal.retry";
inline constexpr const char* database_retry = "database.retry";
inline constexpr const char* keys = "status.keys";

inline constexpr const char* tab_waiting = "review.tab.waiting";
inline constexpr const char* tab_mine = "review.tab.mine";
inline constexpr const char* tab_rejected = "review.tab.rejected";
inline constexpr const char* tab_all = "review.tab.all";
inline constexpr const char* review_rows = "review.rows";  // the pane that scrolls
inline constexpr const char* review_next = "review.next";
inline constexpr const char* review_down = "review.down";  // no controls: keys only
inline constexpr const char* review_up = "review.up";
inline constexpr const char* review_sort = "review.sort";
inline constexpr const char* review_only = "review.only";
inline constexpr const char* review_kind = "review.kind";
inline constexpr const char* review_batch = "review.batch";
inline constexpr const char* batch_dialog = "batch.dialog";
inline constexpr const char* batch_all = "batch.all";
inline constexpr const char* batch_go = "batch.go";
inline constexpr const char* batch_close = "batch.close";
inline std::string batch_row(const std::string& order_no) { return "batch.row." + order_no; }
inline constexpr const char* review_claim = "review.claim";
inline constexpr const char* review_approve = "review.approve";
inline constexpr const char* review_reject = "review.reject";
inline constexpr const char* review_release = "review.release";
inline constexpr const char* review_note = "review.note";
inline constexpr const char* review_conflict = "review.conflict";  // the dialog; its answer is "close"
inline constexpr const char* review_findings_next = "review.findings.next";
inline constexpr const char* review_findings_answer = "review.findings.answer";
inline constexpr const char* review_findings_all = "review.findings.all";
inline constexpr const char* review_answer_dialog = "review.answer";
inline constexpr const char* review_answer_reason = "review.answer.reason";
inline constexpr const char* review_answer_save = "review.answer.save";
inline constexpr const char* review_answer_cancel = "review.answer.cancel";
inline constexpr const char* review_answer_trouble = "review.answer.trouble";
// A finding by its rule and item: its row, and what can be done about it.
inline std::string review_finding(const std::string& rule, const std::string& item) { return "finding." + rule + "/" + item; }
inline std::string review_answer(const std::string& rule, const std::string& item) { return "answer." + rule + "/" + item; }
inline std::string review_withdraw(const std::string& rule, const std::string& item) { return "withdraw." + rule + "/" + item; }
inline std::string review_as_reason(const std::string& rule, const std::string& item) { return "as_reason." + rule + "/" + item; }
inline std::string review_row(const std::string& order_no) { return "review.row." + order_no; }
inline std::string review_reason(int digit) { return "review.reason." + std::to_string(digit); }

// The checklist, item by item.
inline constexpr const char* review_items_next = "review.items.next";  // keys
inline constexpr const char* review_items_previous = "review.items.previous";
inline constexpr const char* review_items_accept = "review.items.accept";
inline constexpr const char* review_items_fault = "review.items.fault";
inline constexpr const char* review_items_all = "review.items.all";
inline constexpr const char* review_item_note = "review.item.note";
inline constexpr const char* review_item_crop = "review.item.crop";
inline constexpr const char* review_item_no_crop = "review.item.no_crop";
inline constexpr const char* review_item_leave = "review.item.leave";
inline constexpr const char* review_item_trouble = "review.item.trouble";
inline constexpr const char* review_preview = "review.preview";
inline constexpr const char* review_preview_dialog = "review.preview.dialog";
inline constexpr const char* review_preview_close = "review.preview.close";
inline std::string review_item(const std::string& code) { return "review.item." + code; }
inline std::string review_item_reason(int digit) { return "review.item.reason." + std::to_string(digit); }
inline std::string review_blank(const std::string& reason, const std::string& blank) {
    return "review.blank." + reason + "/" + blank;
}

inline constexpr const char* viewer_page = "viewer.page";
inline constexpr const char* viewer_zoom_in = "viewer.zoom_in";
inline constexpr const char* viewer_zoom_out = "viewer.zoom_out";
inline constexpr const char* viewer_turn_left = "viewer.turn_left";
inline constexpr const char* viewer_turn_right = "viewer.turn_right";
inline constexpr const char* viewer_fit = "viewer.fit";
inline constexpr const char* viewer_double = "viewer.double";      // two pages side by side
inline constexpr const char* viewer_compare = "viewer.compare";    // with the submission before: side by side, blinking, not
inline constexpr const char* viewer_earlier = "viewer.earlier";    // while it is held: the page before
inline constexpr const char* viewer_invert = "viewer.invert";      // while it is held
inline constexpr const char* viewer_contrast = "viewer.contrast";  // while it is held
inline constexpr const char* viewer_crop_use = "viewer.crop.use";  // what was marked on the page
inline constexpr const char* viewer_crop_leave = "viewer.crop.leave";
inline constexpr const char* viewer_detach = "viewer.detach";  // into a window of its own, and back
inline constexpr const char* viewer_return = "viewer.return";  // where the pages were
inline constexpr const char* viewer_previous = "viewer.previous";
inline constexpr const char* viewer_password = "viewer.password";  // of an encrypted archive
inline constexpr const char* viewer_unlock = "viewer.unlock";
inline constexpr const char* viewer_retry = "viewer.retry";
inline constexpr const char* viewer_next = "viewer.next";
inline constexpr const char* viewer_page_up = "viewer.page_up";
inline constexpr const char* viewer_page_down = "viewer.page_down";
inline std::string viewer_thumb(int page_from_1) { return "viewer.thumb." + std::to_string(page_from_1); }
inline std::string viewer_save(int entry_from_1) { return "viewer.save." + std::to_string(entry_from_1); }
inline std::string review_value(const std::string& field) { return "value." + field; }       // a click shows it on the scans
inline std::string review_key(const std::string& serial) { return "review.key." + serial; }  // a click opens its card
inline std::string viewer_refusal(int from_1) { return "viewer.refusal." + std::to_string(from_1); }

}  // namespace sealdesk::panels::ids
