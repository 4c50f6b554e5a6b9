// What a scan does at the packing screen: it opens a parcel, ticks a KEY off, is refused, or is the number of a label that was
// printed before. The last right one packs and prints.
#include <algorithm>

#include "base/translate.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "panels/shipping_panel.h"
#include "shipping/waybill.h"

namespace sealdesk::panels {

using shipping::Check;
using shipping::Proposal;
using shipping::Scanned;

std::vector<shipping::Content> ShippingPanel::contents(const Proposal& proposal) const {
    if (places_ != Places::together || !parcels_.get()) return proposal.contents;
    std::vector<shipping::Content> all;
    for (const auto& each : parcels_.get()->proposals)
        if (each.payment_no == proposal.payment_no) all.insert(all.end(), each.contents.begin(), each.contents.end());
    return all;
}

const std::string& ShippingPanel::waits(const Proposal& proposal) const {
    return places_ == Places::together ? proposal.waits_together : proposal.waits;
}

// What a person must decide with a button, so that the last scan does not decide it.
std::string ShippingPanel::open_choice(const Proposal& proposal) const {
    if (!waits(proposal).empty()) return tr("还有订单没有制证：请选择先发还是等齐");
    return {};
}

std::string ShippingPanel::why_not_pack(const desk::Desk& desk, const Proposal& proposal) {
    if (const auto why = why_not(desk); !why.empty()) return why;
    if (working_.running()) return tr("正在处理");
    if (!proposal.incomplete.empty()) return proposal.incomplete;
    if (!proposal.stays.empty()) return proposal.stays;
    if (!proposal.differs.empty() && places_ == Places::open) return proposal.differs;
    if (proposal.delivery.method == orders::DeliveryMethod::courier)
        if (auto why = courier_.why_not(waybill_); !why.empty()) return why;
    // A parcel of papers alone has nothing to scan.
    if (parcels_.get()->settings.scan_to_pack && check_.expected() > 0 && !check_.complete())
        return trf("先扫描每个 KEY（{} / {}）", check_.seen_keys().size(), check_.expected());
    return {};
}

void ShippingPanel::take_scans(desk::Desk& desk) {
    if (finding_.arrived()) take(desk, *finding_.ready());
    if (finding_.running() || working_.running() || scanner_.codes().empty()) return;
    const std::string code = scanner_.codes().front();
    scanner_.codes().pop_front();
    finding_.start(desk.jobs(), [&database = desk.database(), code]() -> Found {
        auto scanned = shipping::identify(database, code);
        if (!scanned) return {{}, scanned.error()};
        if (scanned->code.empty()) scanned->code = code;
        return {*scanned, {}};
    });
}

std::string ShippingPanel::shown() const {
    if (shipment()) return std::to_string(packed_);
    return proposal() ? chosen_ : std::string();
}

void ShippingPanel::open(const Scanned& scanned) {
    said_.clear();
    trouble_.clear();
    const Parcels* all = parcels_.get();
    if (scanned.shipment != 0) {
        packed_ = scanned.shipment;
        chosen_.clear();
        return;
    }
    if (!all) return;
    for (const auto& each : all->proposals) {
        if (each.payment_no != scanned.payment_no) continue;
        const bool inside =
            scanned.order_no.empty() || std::any_of(each.contents.begin(), each.contents.end(),
                                                    [&](const auto& content) { return content.order_no == scanned.order_no; });
        if (!inside) continue;
        if (chosen_ != each.contents.front().order_no) {
            chosen_ = each.contents.front().order_no;
            into_view_ = true;
            places_ = Places::open;
            waybill_.clear();
        }
        packed_ = 0;
        settle();  // the ticks are of this parcel from now on
        return;
    }
}

void ShippingPanel::ticked(desk::Desk& desk, Check::Verdict verdict, const std::string& serial) {
    const Proposal* next = proposal();
    switch (verdict) {
        case Check::Verdict::wrong: return scanner_.say(desk, kit::Tone::red, trf("KEY {} 不属于这个包裹", serial));
        case Check::Verdict::again: return scanner_.say(desk, kit::Tone::amber, trf("KEY {} 已经扫描过", serial), false);
        case Check::Verdict::right:
            return scanner_.say(desk, kit::Tone::green,
                                trf("KEY {} 正确（{} / {}）", serial, check_.seen_keys().size(), check_.expected()));
        case Check::Verdict::last: break;
    }
    const std::string choice = next ? open_choice(*next) : std::string();
    const std::string off = next ? why_not_pack(desk, *next) : std::string();
    if (!choice.empty() || !off.empty())
        return scanner_.say(desk, kit::Tone::amber, trf("KEY 都对。{}", choice.empty() ? off : choice));
    scanner_.say(desk, kit::Tone::green, tr("KEY 都对，正在打包和打印"));
    if (next) pack(desk, *next);
}

void ShippingPanel::take_key(desk::Desk& desk, const Scanned& scanned) {
    if (!scanned.alarm.empty()) return scanner_.say(desk, kit::Tone::red, scanned.alarm);
    if (proposal() && check_.knows(scanned.code)) return ticked(desk, check_.take(scanned.code), scanned.code);
    // In a parcel that somebody opened by its order or label, and in the middle of any other, a KEY of another one is wrong;
    // before the first KEY of what came up by itself it opens its own.
    const bool opened = !opened_.empty() && opened_ == shown() && (packed_ == 0 || scanned.shipment != packed_);
    if (opened || (proposal() && !check_.seen_keys().empty() && !check_.complete()))
        return scanner_.say(desk, kit::Tone::red, shipping::wrong_key_sentence(scanned, scanned.code));
    open(scanned);
    if (scanned.shipment != 0) return scanner_.say(desk, kit::Tone::amber, trf("KEY {} 已经装在这个包裹里", scanned.code), false);
    if (proposal() && check_.knows(scanned.code)) return ticked(desk, check_.take(scanned.code), scanned.code);
    scanner_.say(desk, kit::Tone::red, trf("KEY {} 的订单 {} 还不能打包", scanned.code, scanned.order_no));
}

// Digits may as well be the serial of a KEY that nobody knows: as many as this parcel's KEYs have are no waybill.
bool ShippingPanel::is_of_roll(const Proposal& proposal, const std::string& number) const {
    if (!shipping::courier_of(number).empty()) return true;
    if (!shipping::has_roll_shape(number)) return false;
    for (const auto& content : contents(proposal))
        for (const auto& serial : content.key_serials) {
            const std::string folded = shipping::folded_serial(serial);
            if (folded.size() == number.size() && folded.find_first_not_of("0123456789") == std::string::npos) return false;
        }
    return true;
}

void ShippingPanel::take(desk::Desk& desk, const Found& found) {
    if (found.error) return trouble_.set(*found.error);
    const Scanned& scanned = found.scanned;
    switch (scanned.what) {
        case Scanned::What::key: return take_key(desk, scanned);
        case Scanned::What::waybill:
            open(scanned);
            opened_ = shown();
            if (!scanned.alarm.empty()) return scanner_.say(desk, kit::Tone::red, scanned.alarm);
            return scanner_.say(desk, kit::Tone::green, trf("包裹 {}", scanned.code), false);
        case Scanned::What::order:
        case Scanned::What::payment: {
            open(scanned);
            if (!scanned.alarm.empty()) return scanner_.say(desk, kit::Tone::red, scanned.alarm);
            const bool there = packed_ != 0 || (proposal() && proposal()->payment_no == scanned.payment_no);
            if (!there) return scanner_.say(desk, kit::Tone::red, trf("{} 没有可以打包的订单", scanned.code));
            opened_ = shown();
            return scanner_.say(desk, kit::Tone::green, scanned.code, false);
        }
        case Scanned::What::nothing: break;
    }
    // A label from the courier's roll: its number becomes the parcel's.
    if (const Proposal* next = proposal(); next && next->delivery.method == orders::DeliveryMethod::courier)
        if (const auto number = shipping::check_waybill(scanned.code); number && is_of_roll(*next, *number)) {
            waybill_ = *number;
            const std::string courier = courier_.courier(waybill_);
            if (courier.empty()) return scanner_.say(desk, kit::Tone::amber, trf("快递单号 {}：请选择快递公司", *number), false);
            return scanner_.say(desk, kit::Tone::green, trf("快递单号 {}（{}）", *number, shipping::courier_word(courier)),
                                false);
        }
    scanner_.say(desk, kit::Tone::red, trf("不认识 {}", scanned.code));
}

void ShippingPanel::read_keys(desk::Desk& desk) {
    reading_.start(desk.jobs(), [tokens = desk.bench().tokens, &database = desk.database()]() -> Result<std::vector<Scanned>> {
        SEALDESK_LET(list, tokens->list());
        std::vector<Scanned> keys;
        for (const auto& token : list) {
            if (token.serial.empty()) continue;
            SEALDESK_LET(key, shipping::identify(database, token.serial));
            key.code = token.serial;
            keys.push_back(std::move(key));
        }
        return keys;
    });
}

void ShippingPanel::take_read_keys(desk::Desk& desk) {
    if (!reading_.arrived()) return;
    const auto& answer = *reading_.ready();
    if (!answer) return trouble_.set(answer.error());
    if (!proposal()) return;
    auto verdict = Check::Verdict::again;
    std::string last, wrong;
    for (const auto& key : *answer) {
        const auto one = key.alarm.empty() ? check_.take(key.code, true) : Check::Verdict::wrong;
        if (one == Check::Verdict::wrong) {
            wrong += (wrong.empty() ? "" : tr("；")) + shipping::wrong_key_sentence(key, key.code);
            continue;
        }
        if (one != Check::Verdict::again) verdict = one;
        last = key.code;
    }
    // Whatever else was right: what is plugged in beside it must not slip into the parcel, so nothing is packed now.
    if (!wrong.empty()) return scanner_.say(desk, kit::Tone::red, wrong);
    if (last.empty()) return scanner_.say(desk, kit::Tone::red, tr("没有插 KEY"));
    ticked(desk, verdict, last);
}

}  // namespace sealdesk::panels
