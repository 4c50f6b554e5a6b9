// What is between the centre and its couriers, below `sealdesk ship`: questions that are open, tracking, numbers to settle.
#include <algorithm>
#include <iostream>

#include "base/files.h"
#include "cli/commands.h"
#include "desk/couriers.h"
#include "desk/documents.h"
#include "desk/invoicing.h"
#include "desk/late_invoices.h"
#include "desk/papers.h"
#include "shipping/kuaidi100.h"
#include "shipping/tracking.h"
#include "shipping/waybills.h"

namespace sealdesk::cli {

using nlohmann::json;

namespace {

struct Words {
    std::string what, reason;
};

// The bidding platform, or the applicant, says that a KEY was used.
Result<> used(Common& common, const std::string& serial) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_TRY(shipping::key_used(desk->database(), actor, serial));
    print(common, {{"key", serial}}, serial + "\n");
    return {};
}

// What Kuaidi100 posted to the centre's web server, which pipes the body into this and gives the words back as the answer.
Result<> push(Common& common, const std::string& file) {
    constexpr size_t kMost = size_t{1} << 20;
    std::string body;
    if (file == "-") {
        // One more than allowed tells that it is too long.
        body.resize(kMost + 1);
        std::cin.read(body.data(), static_cast<std::streamsize>(body.size()));
        body.resize(static_cast<size_t>(std::cin.gcount()));
        if (body.size() > kMost) return refused(tr("推送的内容太长"));
    } else {
        SEALDESK_LET(bytes, read_file(file, kMost));
        body = std::move(bytes);
    }
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(own, desk::load_shipping_settings(desk->settings().home));
    SEALDESK_LET(salt, desk::load_push_salt(desk->settings(), own));
    SEALDESK_LET(form, shipping::read_push_form(body));
    SEALDESK_LET(pushed, shipping::read_kuaidi100_push(form.param, form.sign, salt.view()));
    SEALDESK_TRY(shipping::take_track(desk->database(), pushed.waybill, pushed.track));
    const json answer{{"result", true}, {"returnCode", "200"}, {"message", "成功"}};
    print(common, answer, answer.dump() + "\n");
    return {};
}

// A person rang the courier about a number that it would not take back; or the applicant got an invoice that came too late for
// its parcel.
Result<> settle(Common& common, const Words& words) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(open, shipping::waybills_open(desk->database()));
    const auto row = std::find_if(open.begin(), open.end(), [&](const auto& each) {
        return each.reference == words.what || (!each.waybill.empty() && each.waybill == words.what);
    });
    if (row == open.end()) {
        SEALDESK_LET(late, desk::late_invoices(*desk));
        if (std::none_of(late.begin(), late.end(), [&](const auto& each) { return each.paper.number == words.what; }))
            return refused(trf("没有等人核实的单号 {}", words.what));
        SEALDESK_TRY(invoices::settle_paper(desk->database(), actor, words.what, words.reason));
        print(common, {{"invoice", words.what}}, words.what + "\n");
        return {};
    }
    SEALDESK_TRY(shipping::settle_waybill(desk->database(), actor, row->id, words.reason));
    print(common, {{"reference", row->reference}, {"waybill", row->waybill}}, row->reference + "\n");
    return {};
}

// For a timer where no window is open: couriers, invoice service, tracking.
Result<> poll(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(own, desk::load_shipping_settings(desk->settings().home));
    SEALDESK_LET(couriers, desk::load_couriers(desk->settings(), own, common.clock, common.random));
    SEALDESK_LET(numbers, shipping::obtain_due(desk->database(), couriers));
    int printed = desk::print_late_papers(*desk);
    constexpr int kAtOnce = 200;
    SEALDESK_LET(tracked, shipping::poll_due(desk->database(), couriers, kAtOnce));
    int invoiced = 0;
    SEALDESK_LET(service, desk::load_invoice_service(desk->settings(), own, common.clock, common.random));
    if (service) {
        SEALDESK_LET(taxes, desk::taxes_of(desk->settings(), desk->places()));
        SEALDESK_LET(moved, invoices::advance_due(desk->database(), *service, taxes, desk->documents() / "invoices"));
        invoiced = moved;
    }
    printed += desk::print_late_invoices(*desk);
    print(common, {{"numbers", numbers}, {"papers", printed}, {"tracked", tracked}, {"invoices", invoiced}},
          trf("单号 {}，物流 {}，发票 {}", numbers, tracked, invoiced) + "\n");
    return {};
}

}  // namespace

void add_courier_commands(CLI::App* group, Common& common) {
    const auto words = std::make_shared<Words>();
    auto* in_use = group->add_subcommand("used", "a KEY was seen in use: it needs no follow-up");
    in_use->add_option("serial", words->what)->required();
    on(in_use, common, [&common, words] { return used(common, words->what); });
    auto* settling = group->add_subcommand("settle",
                                           "what only a person can settle: a number that the courier would not take back, an "
                                           "invoice that came when its parcel had left");
    settling->add_option("number", words->what, "waybill, our reference, or invoice, as in list")->required();
    settling->add_option("--note", words->reason, "how")->required();
    on(settling, common, [&common, words] { return settle(common, *words); });
    auto* pushing = group->add_subcommand("push", "tracking that Kuaidi100 posted to the centre's web server");
    pushing->add_option("file", words->what, "the posted body; - reads it from standard input")->required();
    on(pushing, common, [&common, words] { return push(common, words->what); });
    on(group->add_subcommand("poll", "ask couriers and the invoice service for what is open, where no window is"), common,
       [&common] { return poll(common); });
}

}  // namespace sealdesk::cli
