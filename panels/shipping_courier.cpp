#include "panels/shipping_courier.h"

#include "base/translate.h"
#include "desk/shipping_worker.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"
#include "panels/shipping_ids.h"
#include "shipping/waybill.h"

namespace sealdesk::panels {

namespace {

// Buttons beside each other, and below when the line is full.
class Row {
public:
    Row() : right_(ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x) {}
    bool button(const std::string& id, const std::string& words, bool on) {
        const float gap = kit::px(6);
        if (!first_ && ImGui::GetItemRectMax().x + gap + kit::button_width(words) <= right_) ImGui::SameLine(0, gap);
        first_ = false;
        return kit::button(id.c_str(), words, {.tone = on ? kit::Tone::blue : kit::Tone::plain});
    }

private:
    float right_;
    bool first_ = true;
};

}  // namespace

void draw_number_sources(desk::Desk& desk, const char* id, shipping::NumberFrom& from) {
    const auto& couriers = desk.shipping().couriers();
    if (!couriers) {
        kit::callout(couriers.error().message, tr("快递账号不能用，现在只能用号段里的或自己输入的单号"), kit::Tone::amber,
                     kit::inset_width());
        return kit::gap(6);
    }
    if (couriers->services.empty()) return;
    kit::note(tr("快递单号从哪里来"));
    Row row;
    const auto choice = [&](shipping::Source source, const std::string& courier, const std::string& words) {
        const std::string name = std::string(shipping::name_of(source)) + (courier.empty() ? "" : "." + courier);
        if (row.button(ids::with(id, name), words, from.source == source && from.courier == courier))
            from = {source, courier, ""};
    };
    choice(shipping::Source::range, "", shipping::word_of(shipping::Source::range));
    const auto& services = couriers->services;
    if (services.contains(shipping::Source::sf)) choice(shipping::Source::sf, "", shipping::word_of(shipping::Source::sf));
    if (services.contains(shipping::Source::kuaidi100))
        for (const auto& courier : shipping::known_couriers())
            if (courier != "shunfeng") choice(shipping::Source::kuaidi100, courier, shipping::courier_word(courier));
    kit::gap(6);
}

void CourierChoice::draw(const char* id, const std::string& typed) {
    const std::string number = shipping::folded_waybill(typed);
    if (number.empty()) return;
    const std::string now = courier(number);
    kit::note(now.empty() ? tr("看不出是哪家快递，请选择") : tr("快递公司"),
              now.empty() ? kit::colour::amber : kit::colour::quiet);
    Row row;
    for (const auto& code : shipping::known_couriers())
        if (row.button(ids::with(id, code), shipping::courier_word(code), code == now)) {
            number_ = number;
            chosen_ = code;
            if (shipping::courier_of(number).empty()) rolls_[number.size()] = code;
        }
    kit::gap(6);
}

std::string CourierChoice::courier(const std::string& typed) const {
    const std::string number = shipping::folded_waybill(typed);
    if (number.empty()) return {};
    if (number == number_) return chosen_;
    if (auto certain = shipping::courier_of(number); !certain.empty()) return certain;
    const auto roll = rolls_.find(number.size());
    return roll != rolls_.end() ? roll->second : shipping::guess_courier(number);
}

std::string CourierChoice::why_not(const std::string& typed) const {
    const std::string number = shipping::folded_waybill(typed);
    if (number.empty()) return {};
    if (const auto whole = shipping::check_waybill(number); !whole) return whole.error().message;
    if (const auto fits = shipping::fits_label(number); !fits) return fits.error().message;
    return courier(number).empty() ? tr("请选择快递公司") : "";
}

}  // namespace sealdesk::panels
