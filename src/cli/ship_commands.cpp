#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "desk/couriers.h"
#include "desk/documents.h"
#include "desk/late_invoices.h"
#include "desk/papers.h"
#include "shipping/handover.h"
#include "shipping/packing.h"
#include "shipping/waybill.h"
#include "shipping/waybills.h"

namespace sealdesk::cli {

using nlohmann::json;
using shipping::Shipment;

namespace {

struct Words {
    std::string what, courier, number, reason, taken_by;
    std::vector<std::string> keys, parcels;
    bool without_the_rest = false, apart = false, together = false, unchecked = false;
};

json shown(const Shipment& parcel) {
    json orders = json::array(), keys = json::array();
    for (const auto& content : parcel.contents) {
        orders.push_back(content.order_no);
        for (const auto& serial : content.key_serials) keys.push_back(serial);
    }
    return {{"id", parcel.id},
            {"payment", parcel.payment_no},
            {"waybill", parcel.waybill},
            {"courier", parcel.courier},
            {"state", name_of(parcel.state)},
            {"orders", orders},
            {"keys", keys},
            {"prints", parcel.prints},
            {"stale", parcel.stale},
            {"blocked", parcel.blocked},
            {"manifest", parcel.manifest}};
}

std::string line_of(const Shipment& parcel) {
    std::string orders;
    for (const auto& content : parcel.contents) orders += (orders.empty() ? "" : " ") + content.order_no;
    const std::string number = parcel.delivery.method == orders::DeliveryMethod::pickup ? tr("自取")
                               : parcel.waybill.empty()                                 ? tr("正在取号")
                                                                                        : parcel.waybill;
    return fmt::format("{}\t{}\t{}\t{}\t{}\n", parcel.id, number, word_of(parcel.state), orders, parcel.stale);
}

// By its waybill, one of its orders, or its id.
Result<Shipment> parcel_of(desk::Desk& desk, const std::string& code) {
    SEALDESK_LET(there, shipping::by_code(desk.database(), code));
    if (there) return *there;
    if (!code.empty() && code.size() < 10 && code.find_first_not_of("0123456789") == std::string::npos)
        return shipping::find(desk.database(), std::stoll(code));
    return refused(trf("没有运单号或订单号是 {} 的包裹", code));
}

Result<> list(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(proposals, shipping::proposals(desk->database()));
    SEALDESK_LET(packed, shipping::waiting(desk->database()));
    SEALDESK_LET(left, shipping::not_handed_over(desk->database()));
    SEALDESK_LET(refunded, shipping::refunded(desk->database()));
    SEALDESK_LET(open, shipping::waybills_open(desk->database()));
    SEALDESK_LET(late, desk::late_invoices(*desk));
    json to_pack = json::array(), parcels = json::array(), troubles = json::array(), behind = json::array(),
         invoices = json::array();
    std::string text = trf("待打包 {}", proposals.size()) + "\n";
    for (const auto& each : proposals) {
        json orders = json::array();
        std::string numbers, why = each.incomplete;
        for (const auto& content : each.contents) {
            orders.push_back(content.order_no);
            numbers += " " + content.order_no;
        }
        for (const auto* sentence : {&each.stays, &each.differs, &each.waits})
            if (why.empty()) why = *sentence;
        to_pack.push_back({{"payment", each.payment_no}, {"orders", orders}, {"invoiced", each.invoiced}, {"choice", why}});
        text += fmt::format("{}{}\t{}\t{}\n", each.payment_no, numbers, each.delivery.recipient, why);
    }
    json must_stay = json::array();
    if (!refunded.empty()) text += trf("已退款，不要发货 {}", refunded.size()) + "\n";
    for (const auto& each : refunded) {
        must_stay.push_back({{"order", each.content.order_no}, {"shipment", each.shipment}, {"sentence", each.sentence}});
        text += each.content.order_no + "\t" + each.sentence + "\n";
    }
    text += trf("待交寄 {}", packed.size()) + "\n";
    for (const auto& each : packed) {
        parcels.push_back(shown(each));
        text += line_of(each);
    }
    for (const auto& each : left) behind.push_back(each.waybill);
    for (const auto& each : open) {
        const std::string& why = each.state == shipping::WaybillState::stuck ? each.said : each.reason;
        troubles.push_back({{"shipment", each.shipment_id},
                            {"state", name_of(each.state)},
                            {"reason", why},
                            {"waybill", each.waybill},
                            {"reference", each.reference}});
        text += trf("包裹 {}", each.shipment_id) + "\t" + word_of(each.state) + "\t" + each.reference + "\t" + why + "\n";
    }
    for (const auto& each : late) {
        const std::string why = desk::why_unprinted(each);
        invoices.push_back({{"number", each.paper.number}, {"shipment", each.parcel.id}, {"sentence", why}});
        text += each.paper.number + "\t" + why + "\n";
    }
    print(common,
          {{"to_pack", to_pack},
           {"refunded", must_stay},
           {"packed", parcels},
           {"not_handed_over", behind},
           {"waybills", troubles},
           {"invoices", invoices}},
          text);
    return {};
}

// What a scanned code is, as the packing screen sees it.
Result<> scan(Common& common, const std::string& code) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(found, shipping::identify(desk->database(), code));
    using What = shipping::Scanned::What;
    const char* what = found.what == What::order     ? "order"
                       : found.what == What::key     ? "key"
                       : found.what == What::waybill ? "waybill"
                       : found.what == What::payment ? "payment"
                                                     : "nothing";
    if (found.what == What::nothing) return refused(trf("不认识 {}", code));
    if (!found.alarm.empty()) common.status = 1;
    print(common,
          {{"what", what},
           {"code", found.code},
           {"order", found.order_no},
           {"payment", found.payment_no},
           {"shipment", found.shipment},
           {"alarm", found.alarm}},
          fmt::format("{} {}\t{} {}\n{}", what, found.code, found.payment_no, found.order_no,
                      found.alarm.empty() ? "" : found.alarm + "\n"));
    return {};
}

Result<shipping::NumberFrom> number_of(const Words& words) {
    const std::string typed_courier = words.courier == "sf" ? "shunfeng" : words.courier;
    if (!words.number.empty()) return shipping::NumberFrom{shipping::Source::typed, typed_courier, words.number};
    if (words.courier.empty()) return shipping::NumberFrom{};
    if (words.courier == "sf") return shipping::NumberFrom{shipping::Source::sf, "", ""};
    return shipping::NumberFrom{shipping::Source::kuaidi100, words.courier, ""};
}

// The courier is asked at once, as the window's worker would.
Result<> obtain_now(Common& common, desk::Desk& desk, std::int64_t shipment) {
    SEALDESK_LET(own, desk::load_shipping_settings(desk.settings().home));
    SEALDESK_LET(couriers, desk::load_couriers(desk.settings(), own, common.clock, common.random));
    SEALDESK_LET(rows, shipping::waybills_of(desk.database(), shipment));
    for (const auto& row : rows)
        if (row.state == shipping::WaybillState::asking) SEALDESK_TRY(shipping::obtain(desk.database(), couriers, row.id));
    return {};
}

Result<> told(Common& common, desk::Desk& desk, const staff::Actor& actor, std::int64_t id) {
    SEALDESK_LET(parcel, shipping::find(desk.database(), id));
    json files = json::array();
    std::string text = line_of(parcel);
    if (parcel.papers_due && (!parcel.waybill.empty() || parcel.delivery.method == orders::DeliveryMethod::pickup)) {
        SEALDESK_LET(papers, desk::print_papers(desk, actor, id));
        for (const auto& file : papers.files) {
            files.push_back(file.string());
            text += file.string() + "\n";
        }
        SEALDESK_LET(now, shipping::find(desk.database(), id));
        parcel = std::move(now);
    }
    json out = shown(parcel);
    out["files"] = files;
    print(common, out, text);
    return {};
}

// Each KEY that goes in is named, as the scanner would; a wrong one refuses the whole.
Result<> pack(Common& common, const Words& words) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(proposals, shipping::proposals(desk->database()));
    const auto chosen = std::find_if(proposals.begin(), proposals.end(), [&](const auto& each) {
        return each.payment_no == words.what || std::any_of(each.contents.begin(), each.contents.end(),
                                                            [&](const auto& content) { return content.order_no == words.what; });
    });
    if (chosen == proposals.end()) return refused(trf("{} 没有可以打包的订单", words.what));
    shipping::PackOrder what;
    auto contents = chosen->contents;
    if (words.together) {
        what.together_at = chosen->contents.front().order_no;
        for (const auto& other : proposals)
            if (&other != &*chosen && other.payment_no == chosen->payment_no)
                contents.insert(contents.end(), other.contents.begin(), other.contents.end());
    }
    for (const auto& content : contents) what.order_nos.push_back(content.order_no);
    shipping::Check check(contents);
    for (const auto& key : words.keys)
        if (check.take(key) == shipping::Check::Verdict::wrong) return refused(trf("KEY {} 不属于这个包裹", key));
    what.seen = check.seen_keys();
    what.all_seen = !words.unchecked;
    what.without_the_rest = words.without_the_rest;
    what.apart = words.apart;
    SEALDESK_LET(number, number_of(words));
    what.number = number;
    what.desk = desk::desk_name(*desk);
    SEALDESK_LET(parcel, shipping::pack(desk->database(), actor, what));
    if (parcel.waybill.empty() && parcel.delivery.method == orders::DeliveryMethod::courier)
        SEALDESK_TRY(obtain_now(common, *desk, parcel.id));
    return told(common, *desk, actor, parcel.id);
}

// One parcel by itself, or into its courier's open list; `close` hands the whole list over.
Result<> hand_over(Common& common, const std::string& code) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(parcel, parcel_of(*desk, code));
    SEALDESK_LET(out, shipping::hand_over(desk->database(), actor, parcel.id));
    print(common, shown(out), line_of(out));
    return {};
}

// Every courier's parcel that is on no list; what stays is named, and the status says so.
Result<> hand_over_all(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(sent, shipping::hand_over_all(desk->database(), actor));
    if (!sent.stayed.empty()) common.status = 1;
    std::string text = trf("已交寄 {} 个包裹", sent.count) + "\n";
    for (const auto& sentence : sent.stayed) text += sentence + "\n";
    print(common, {{"handed_over", sent.count}, {"stayed", sent.stayed}}, text);
    return {};
}

// Apart again, because something in it must not leave.
Result<> unpack(Common& common, const Words& words) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(parcel, parcel_of(*desk, words.what));
    SEALDESK_TRY(shipping::unpack(desk->database(), actor, parcel.id, words.reason));
    SEALDESK_LET(apart, shipping::find(desk->database(), parcel.id));
    print(common, shown(apart), line_of(apart));
    return {};
}

json shown(const shipping::Manifest& manifest) {
    json parcels = json::array();
    for (const auto& parcel : manifest.parcels) parcels.push_back(parcel.waybill);
    return {{"id", manifest.id},         {"number", manifest.number}, {"courier", manifest.courier},
            {"closed", manifest.closed}, {"parcels", parcels},        {"keys", manifest.keys()}};
}

std::string line_of(const shipping::Manifest& manifest) {
    return fmt::format("{}\t{}\t{}\n", manifest.number.empty() ? std::to_string(manifest.id) : manifest.number,
                       shipping::courier_word(manifest.courier),
                       trf("{} 个包裹 · {} 个 KEY", manifest.parcels.size(), manifest.keys()));
}

Result<> scan_out(Common& common, const std::string& waybill) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(manifest, shipping::scan_out(desk->database(), actor, waybill));
    print(common, shown(manifest), line_of(manifest));
    return {};
}

Result<> close(Common& common, const Words& words) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(open, shipping::open_manifests(desk->database()));
    const auto chosen = std::find_if(open.begin(), open.end(), [&](const auto& each) { return each.courier == words.courier; });
    if (chosen == open.end()) return refused(trf("{}没有还没交接的清单", shipping::courier_word(words.courier)));
    SEALDESK_LET(closed, shipping::close_manifest(desk->database(), actor, chosen->id, words.taken_by));
    SEALDESK_LET(papers, desk::print_manifest(*desk, actor, closed.id));
    json out = shown(closed);
    out["file"] = papers.files.front().string();
    print(common, out, line_of(closed) + papers.files.front().string() + "\n");
    return {};
}

// The number is not to be used any more; the parcel gets another one.
Result<> cancel(Common& common, const Words& words) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(parcel, parcel_of(*desk, words.what));
    SEALDESK_LET(number, number_of(words));
    SEALDESK_LET(changed,
                 shipping::change_waybill(desk->database(), actor, parcel.id, number, words.reason, desk::desk_name(*desk)));
    if (changed.waybill.empty()) SEALDESK_TRY(obtain_now(common, *desk, parcel.id));
    return told(common, *desk, actor, parcel.id);
}

Result<> reprint(Common& common, const Words& words) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    if (trimmed(words.reason).empty()) return refused(tr("重印要写明原因"));
    SEALDESK_LET(parcel, parcel_of(*desk, words.what));
    SEALDESK_LET(papers, desk::reprint_label(*desk, actor, parcel.id, words.reason));
    print(common, {{"waybill", parcel.waybill}, {"prints", papers.prints}, {"file", papers.files.back().string()}},
          (parcel.delivery.method == orders::DeliveryMethod::pickup
               ? trf("第 {} 次打印，签收单 {}", papers.prints, papers.files.back().string())
               : trf("第 {} 次打印，面单 {}", papers.prints, papers.files.back().string())) +
              "\n");
    return {};
}

// Labels of several parcels as one batch to the label printer; the desk's window sends what waits.
Result<> print_batch(Common& common, const Words& words) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    std::vector<std::int64_t> parcels;
    for (const auto& code : words.parcels) {
        SEALDESK_LET(parcel, parcel_of(*desk, code));
        if (std::find(parcels.begin(), parcels.end(), parcel.id) == parcels.end()) parcels.push_back(parcel.id);
    }
    SEALDESK_LET(papers, desk::print_labels(*desk, actor, parcels, trimmed(words.reason)));
    print(common, {{"parcels", parcels.size()}, {"asked", papers.asked}}, trf("{} 张单据已送打印", papers.asked) + "\n");
    return {};
}

}  // namespace

void add_ship_commands(CLI::App& app, Common& common) {
    const auto words = std::make_shared<Words>();
    auto* group = app.add_subcommand("ship", "parcels: packing, labels, hand-over");
    group->require_subcommand(1);
    on(group->add_subcommand("list", "what can be packed, what is packed, and what waits for somebody"), common,
       [&common] { return list(common); });
    auto* what = group->add_subcommand("scan", "what a code is: order, KEY, waybill or payment");
    what->add_option("code", words->what)->required();
    on(what, common, [&common, words] { return scan(common, words->what); });
    auto* packing = group->add_subcommand("pack", "pack what belongs to an order or payment, and print its papers");
    packing->add_option("order", words->what, "order or payment number")->required();
    packing->add_option("--key", words->keys, "serial of a KEY that goes in; once for each");
    packing->add_flag("--unchecked", words->unchecked, "without naming each KEY");
    packing->add_option("--waybill", words->number, "typed waybill; without it the next of the range");
    packing->add_option("--courier", words->courier,
                        "ask this service: sf, or Kuaidi100's code of a courier; with --waybill: whose number it is");
    packing->add_flag("--without-the-rest", words->without_the_rest, "orders of the same place are not ready: ship now");
    auto* apart = packing->add_flag("--apart", words->apart, "the payment has several places: a parcel for each");
    packing->add_flag("--together", words->together, "the payment has several places: all to that of the order named")
        ->excludes(apart);
    on(packing, common, [&common, words] { return pack(common, *words); });
    auto* out = group->add_subcommand("hand-over", "one parcel is out of the house, or over the counter");
    out->add_option("shipment", words->what, "waybill, order number or id")->required();
    on(out, common, [&common, words] { return hand_over(common, words->what); });
    on(group->add_subcommand("hand-over-all", "every courier's parcel that is on no list"), common,
       [&common] { return hand_over_all(common); });
    auto* apart_again = group->add_subcommand("unpack", "take a packed parcel apart and void its waybill");
    apart_again->add_option("shipment", words->what, "waybill, order number or id")->required();
    apart_again->add_option("--reason", words->reason)->required();
    on(apart_again, common, [&common, words] { return unpack(common, *words); });
    auto* into = group->add_subcommand("scan-out", "put a parcel on its courier's open list");
    into->add_option("waybill", words->what)->required();
    on(into, common, [&common, words] { return scan_out(common, words->what); });
    auto* closing = group->add_subcommand("close", "hand a courier's open list over and print it");
    closing->add_option("courier", words->courier, "code, as in the parcels")->required();
    closing->add_option("--taken-by", words->taken_by, "who came for it");
    on(closing, common, [&common, words] { return close(common, *words); });
    auto* void_it = group->add_subcommand("cancel", "void the parcel's waybill and take another one");
    void_it->add_option("shipment", words->what, "waybill, order number or id")->required();
    void_it->add_option("--reason", words->reason)->required();
    void_it->add_option("--waybill", words->number, "typed waybill; without it the next of the range");
    void_it->add_option("--courier", words->courier,
                        "ask this service: sf, or Kuaidi100's code of a courier; with --waybill: whose number it is");
    on(void_it, common, [&common, words] { return cancel(common, *words); });
    auto* again = group->add_subcommand("reprint", "the label once more");
    again->add_option("shipment", words->what, "waybill, order number or id")->required();
    again->add_option("--reason", words->reason)->required();
    on(again, common, [&common, words] { return reprint(common, *words); });
    auto* batch = group->add_subcommand("labels", "labels of several parcels as one batch, to the label printer");
    batch->add_option("shipment", words->parcels, "waybill, order number or id, one or more")->required();
    batch->add_option("--reason", words->reason, "needed when one was printed before");
    on(batch, common, [&common, words] { return print_batch(common, *words); });
    add_courier_commands(group, common);
}

}  // namespace sealdesk::cli
