#include "panels/shipping_printers.h"

#include <charconv>
#include <cmath>

#include "base/translate.h"
#include "desk/papers.h"
#include "desk/shipping_worker.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "panels/shipping_ids.h"
#include "printing/ipp.h"
#include "printing/media.h"
#include "printing/raw_socket.h"

namespace sealdesk::panels {

using printing::Use;

namespace {

constexpr const char* kInvoicePapers[] = {"a4", "form", "form_pre_printed"};

std::optional<double> millimetres(const std::string& typed) {
    double value = 0;
    const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), value);
    if (error != std::errc() || end != typed.data() + typed.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

constexpr Use kUses[] = {Use::label, Use::invoice, Use::a4};

constexpr const char* kSizes[] = {"100x180", "100x150", "76x130"};
constexpr int kResolutions[] = {203, 300};
constexpr double kLookAgain = 5;  // seconds

printing::Sheet sheet_of(const std::string& size) {
    const auto cross = size.find('x');
    return {100 * std::atoi(size.c_str()), cross == std::string::npos ? 0 : 100 * std::atoi(size.c_str() + cross + 1)};
}

Result<std::string> raw_state(const printing::Address& address, std::chrono::milliseconds patience) {
    SEALDESK_LET(status, printing::raw::look(address, patience));
    if (!status) return std::string(tr("连得上，但不回答状态：打印完成与否不能知道"));
    const auto reasons = status->reasons();
    return reasons.empty() ? std::string(tr("就绪")) : printing::words_of_reasons(reasons);
}

// How the printer at that address is now, in one sentence, and whether it knows the labels that it would get.
Result<std::string> state_at(Use use, const desk::ShippingSettings& settings) {
    if (settings.printer(use).empty()) return std::string();
    SEALDESK_LET(address, printing::parse_address(settings.printer(use)));
    constexpr std::chrono::milliseconds kPatience{3000};
    if (address.raw) return raw_state(address, kPatience);
    SEALDESK_LET(printer, printing::ipp::look(address, kPatience));
    std::string words = printer.name + " · " + printing::words_of_state(printer);
    const bool zpl = settings.label_format == "zpl";
    if (use == Use::label && zpl && !printing::reads_zpl(printer))
        words += " · " + std::string(tr("不认 ZPL，请不要勾选“用 ZPL”"));
    if (use == Use::label && !zpl && !printer.media.empty())
        if (const auto sheet = sheet_of(settings.label_size); !printing::media_for(sheet, printer.media).known())
            words += " · " + trf("不认识 {} 的纸，请在打印机上设好", printing::text_of(sheet));
    return words;
}

}  // namespace

// The paper that invoices are printed on, and how far they move on it.
void PrintersPane::draw_invoice_paper() {
    kit::gap(8);
    const std::string papers[] = {tr("发票用 A4 纸"), tr("发票用 241×140 毫米连续纸"), tr("发票用 241×140 毫米预印纸，只打内容")};
    kit::select(ids::kPrinterInvoicePaper, papers, &invoice_paper_, kit::px(480));
    kit::labelled_input(ids::kPrinterInvoiceRight, tr("发票右移，毫米"), &invoice_right_, {.width = kit::px(120)});
    kit::labelled_input(ids::kPrinterInvoiceDown, tr("发票下移，毫米"), &invoice_down_, {.width = kit::px(120)});
}

void PrintersPane::start_test(desk::Desk& desk, Use use) {
    trouble_.clear();
    said_.clear();
    testing_.start(desk.jobs(), [&desk, actor = *desk.actor, use]() -> Result<> {
        SEALDESK_TRY(desk::print_test_page(desk, actor, use));
        desk.shipping().nudge();
        return {};
    });
}

// What announces itself, each with the three uses that it may get.
void PrintersPane::draw_found(const std::vector<printing::Printer>& list) {
    int index = 0;
    for (const auto& printer : list) {
        const std::string place = std::to_string(++index) + ".";
        kit::note(printer.name + "  " + (printer.address.empty() ? printer.message : printer.address));
        if (printer.address.empty()) continue;
        for (const Use use : kUses) {
            if (kit::button(ids::with(ids::kPrinterFound, place + printing::name_of(use)).c_str(),
                            trf("用来打印{}", printing::word_of(use))))
                typed_.set_printer(use, printer.address);
            ImGui::SameLine(0, kit::px(8));
        }
        ImGui::NewLine();
    }
}

// What lies in the label printer.
void PrintersPane::draw_label_paper() {
    kit::checkbox(ids::kPrinterZpl, tr("面单打印机是热敏机，用 ZPL"), &zpl_);
    kit::note(tr("面单纸"));
    for (const char* size : kSizes) {
        ImGui::SameLine(0, kit::px(8));
        if (kit::tab(ids::with(ids::kPrinterLabelSize, size).c_str(), printing::text_of(sheet_of(size)), -1,
                     typed_.label_size == size))
            typed_.label_size = size;
    }
    if (!zpl_) return;
    kit::note(tr("分辨率"));
    for (const int dpi : kResolutions) {
        ImGui::SameLine(0, kit::px(8));
        if (kit::tab(ids::with(ids::kPrinterLabelDpi, std::to_string(dpi)).c_str(), fmt::format("{} dpi", dpi), -1,
                     typed_.label_dpi == dpi))
            typed_.label_dpi = dpi;
    }
}

void PrintersPane::draw_form(desk::Desk& desk, const Now* now, const std::string& off_for_test) {
    const kit::Inset inset;
    kit::gap(10);
    if (const Error* error = now_.error()) kit::callout(error->message, "", kit::Tone::red, kit::inset_width());
    for (size_t i = 0; i < std::size(kUses); ++i) {
        std::string address = typed_.printer(kUses[i]);
        if (kit::labelled_input(ids::with(ids::kPrinterAddress, printing::name_of(kUses[i])).c_str(), printing::word_of(kUses[i]),
                                &address, {.hint = "ipp://…/ipp/print, socket://…:9100", .width = kit::px(480)})
                .changed)
            typed_.set_printer(kUses[i], address);
        if (now && !now->settings.printer(kUses[i]).empty()) {
            if (kit::button(ids::with(ids::kPrinterTest, printing::name_of(kUses[i])).c_str(), tr("打印测试页"),
                            {.disabled_because = off_for_test}))
                start_test(desk, kUses[i]);
            ImGui::SameLine(0, kit::px(14));
            if (i < now->states.size() && now->states[i])
                kit::note_beside(*now->states[i], kit::px(38));
            else if (i < now->states.size())
                kit::note_beside(now->states[i].error().message, kit::px(38), kit::colour::red);
            else
                ImGui::NewLine();
        }
        kit::gap(8);
    }
    const auto& couriers = desk.shipping().couriers();
    const auto& service = desk.shipping().invoice_service();
    kit::labelled_input(
        ids::kPrinterCouriers, tr("快递账号文件（不填则只用号段）"), &typed_.couriers_file,
        {.hint = "couriers.toml", .refused = couriers ? std::string_view() : couriers.error().message, .width = kit::px(480)});
    kit::labelled_input(ids::kPrinterInvoices, tr("开票服务账号文件（不填则用本机号段开票）"), &typed_.invoice_service_file,
                        {.hint = "invoice-service.toml",
                         .refused = service ? std::string_view() : service.error().message,
                         .width = kit::px(480)});
    kit::note(tr("账号文件改了以后，点“保存”就生效"));
    draw_invoice_paper();
    kit::gap(8);
    draw_label_paper();
    kit::checkbox("shipping.printer.scan", tr("每个 KEY 扫描或读取以后才能打包"), &typed_.scan_to_pack);
    kit::checkbox("shipping.printer.sounds", tr("扫描时发出声音"), &typed_.sounds);
    kit::gap(8);
    trouble_.draw_beside();
    if (const auto* found = finding_.ready()) {
        if (!*found) kit::callout(found->error().message, "", kit::Tone::amber, kit::inset_width());
        if (*found) draw_found(**found);
        if (*found && (*found)->empty()) kit::note(tr("没有找到打印机"));
    }
}

void PrintersPane::draw_foot(desk::Desk& desk) {
    const bool clerk = desk.actor && (staff::has(desk.actor->roles, staff::Role::clerk) ||
                                      staff::has(desk.actor->roles, staff::Role::administrator));
    const bool measured = millimetres(invoice_right_) && millimetres(invoice_down_);
    const std::string off = saving_.running() ? tr("正在保存")
                            : !clerk          ? tr("只有发货员和管理员可以改打印机")
                            : !measured       ? tr("发票的位移应为毫米数，例如 -1.5")
                                              : "";
    if (kit::button(ids::kPrinterSave, tr("保存"), {.tone = kit::Tone::green, .disabled_because = off})) {
        said_.clear();
        trouble_.clear();
        typed_.label_format = zpl_ ? "zpl" : "pdf";
        typed_.invoice_paper = kInvoicePapers[invoice_paper_];
        typed_.invoice_right = millimetres(invoice_right_).value_or(0);
        typed_.invoice_down = millimetres(invoice_down_).value_or(0);
        saving_.start(desk.jobs(), [&desk, typed = typed_]() -> Result<std::shared_ptr<const desk::Accounts>> {
            SEALDESK_TRY(desk::save_shipping_settings(desk.settings().home, typed));
            return desk::read_accounts(desk);
        });
    }
    ImGui::SameLine(0, kit::px(10));
    if (kit::button(ids::kPrinterFind, tr("查找打印机"), {.disabled_because = finding_.running() ? tr("正在查找") : ""}))
        finding_.start(desk.jobs(), [] { return printing::ipp::find_printers(std::chrono::seconds(3)); });
    if (said_.empty()) return;
    ImGui::SameLine(0, kit::px(14));
    kit::note(said_, kit::colour::green);
}

void PrintersPane::draw(desk::Desk& desk) {
    if (testing_.arrived()) {
        if (const auto& tested = *testing_.ready(); tested)
            said_ = tr("测试页已送打印，打印的情况在“待处理”里");
        else
            trouble_.set(tested.error());
        desk.touch();
    }
    const std::string off_for_test = !desk.actor ? tr("请先登录") : testing_.running() ? tr("正在打印") : "";
    // A printer that runs out of paper does not tell the desk: it is asked again while somebody looks.
    if (!now_.running() && ImGui::GetTime() >= look_at_) {
        ++looks_;
        look_at_ = ImGui::GetTime() + kLookAgain;
    }
    kit::wake_in(kLookAgain);
    now_.refresh(desk, std::to_string(looks_), [home = desk.settings().home]() -> Result<Now> {
        SEALDESK_LET(settings, desk::load_shipping_settings(home));
        Now now{settings, {}};
        for (const Use use : kUses) now.states.push_back(state_at(use, settings));
        return now;
    });
    if (saving_.arrived()) {
        if (const auto& saved = *saving_.ready(); saved) {
            desk.shipping().use(*saved);
            said_ = tr("打印机已保存，马上生效");
        } else {
            trouble_.set(saved.error());
        }
        desk.touch();
    }
    const Now* now = now_.get();
    if (now && !filled_) {
        typed_ = now->settings;
        zpl_ = typed_.label_format == "zpl";
        for (int i = 0; i < static_cast<int>(std::size(kInvoicePapers)); ++i)
            if (typed_.invoice_paper == kInvoicePapers[i]) invoice_paper_ = i;
        invoice_right_ = fmt::format("{}", typed_.invoice_right);
        invoice_down_ = fmt::format("{}", typed_.invoice_down);
        filled_ = true;
    }
    const float right = std::max(kit::px(520), ImGui::GetContentRegionAvail().x * 0.5f);
    kit::begin_pane("printers", {-right - kit::px(1), 0});
    kit::title_strip(tr("打印机"), tr("每种单据一台；不填则只保存文件"));
    kit::begin_pane("printers.form", {0, -kit::px(kit::kFootHeight)});
    draw_form(desk, now, off_for_test);
    kit::end_pane();
    kit::line();
    kit::begin_pane("printers.foot", {0, 0}, kit::Ground::foot, kit::px(14, 11));
    draw_foot(desk);
    kit::end_pane();
    kit::end_pane();
    trouble_.draw_dialog("printers.trouble");
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("printers.batches", {0, 0});
    batches_.draw(desk);
    kit::end_pane();
}

}  // namespace sealdesk::panels
