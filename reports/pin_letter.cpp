#include "reports/pin_letter.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/translate.h"
#include "reports/layout.h"
#include "reports/pdf.h"
#include "reports/sheet.h"

namespace sealdesk::reports {
namespace {

constexpr double kWidth = 210, kHeight = 297, kInner = kWidth - 2 * kSheetLeft, kThird = kHeight / 3;

// Each character in its own box, four together, so that it is typed as it stands.
void pin_boxes(Layout& layout, double y, std::string_view pin) {
    const double gaps = static_cast<double>((pin.size() - 1) / 4) * 3;
    const double side = std::min(12.0, (kInner - gaps) / static_cast<double>(pin.size()));
    double x = (kWidth - side * static_cast<double>(pin.size()) - gaps) / 2;
    for (size_t i = 0; i < pin.size(); ++i) {
        if (i > 0 && i % 4 == 0) x += 3;
        layout.frame({x, y, side, 14}, 0.25);
        layout.text({x, y, side, 14}, pin.substr(i, 1),
                    {.size = side * 1.9, .smallest = 6, .weight = Weight::bold, .align = Align::centre, .lines = 1},
                    tr("PIN 码"));
        x += side;
    }
}

// What each kind of character is, so that 0 and O, 1 and l are not taken for each other.
std::string spelled(std::string_view pin) {
    std::string words;
    for (const char c : pin) {
        if (!words.empty()) words += "　";
        words += c >= '0' && c <= '9'   ? fmt::format("数字 {}", c)
                 : c >= 'A' && c <= 'Z' ? fmt::format("大写 {}", c)
                 : c >= 'a' && c <= 'z' ? fmt::format("小写 {}", c)
                                        : fmt::format("符号 {}", c);
    }
    return words;
}

}  // namespace

Result<Paper> layout_pin_letter(const PinLetter& letter, std::string_view pin, const Fonts& fonts) {
    if (pin.size() < 4 || pin.size() > 32 || !std::all_of(pin.begin(), pin.end(), [](char c) { return c > ' ' && c <= '~'; }))
        return refused(tr("PIN 码应为 4 到 32 位字母、数字或符号"));
    Layout layout(fonts, "密码信封");
    layout.page(kWidth, kHeight);

    // outside, behind the window of the envelope
    layout.text({kSheetLeft, 14, 90, 6}, letter.centre, {.size = 9, .smallest = 5, .colour = kGrey, .lines = 1}, tr("中心名称"));
    layout.text({110, 14, 85, 6}, "内有 KEY 密码，请本人拆启",
                {.size = 11, .weight = Weight::bold, .align = Align::right, .lines = 1}, tr("说明"));
    layout.text({kSheetLeft + 5, 46, 95, 18}, letter.recipient.address, {.size = 11, .smallest = 6, .stand = Stand::top},
                tr("收件地址"));
    layout.text({kSheetLeft + 5, 65, 95, 7}, letter.recipient.unit == letter.recipient.name ? "" : letter.recipient.unit,
                {.size = 11, .smallest = 5, .stand = Stand::top}, tr("收件单位"));
    layout.text({kSheetLeft + 5, 73, 95, 9}, letter.recipient.name + "　收", {.size = 13, .smallest = 6, .weight = Weight::bold},
                tr("收件人"));

    // inside
    double y = kThird + 8;
    layout.text({kSheetLeft, y, kInner, 9}, "KEY 初始密码（PIN）",
                {.size = 16, .weight = Weight::bold, .align = Align::centre, .lines = 1}, tr("标题"));
    pin_boxes(layout, y + 14, pin);
    layout.text({kSheetLeft, y + 31, kInner, 11}, spelled(pin),
                {.size = 9, .smallest = 4, .align = Align::centre, .colour = kGrey}, tr("PIN 码"));
    captioned(layout, {kSheetLeft, y + 48, 44, 14}, "KEY 序列号", letter.key_serial);
    captioned(layout, {kSheetLeft + 46, y + 48, 44, 14}, "订单号", letter.order_no);
    captioned(layout, {kSheetLeft + 92, y + 48, 56, 14}, "主体名称", letter.subject);
    captioned(layout, {kSheetLeft + 150, y + 48, kInner - 150, 14}, "写入时间", date_time(letter.written_at));

    y = 2 * kThird + 10;
    layout.text({kSheetLeft, y, kInner, 8}, "请您留意", {.size = 12, .weight = Weight::bold, .lines = 1}, tr("说明"));
    const std::string advice[] = {"1. 收到后请先核对 KEY 外壳上的序列号与本信一致，不一致时不要使用，并立即与我们联系。",
                                  "2. 首次使用时请修改密码；新密码只有您知道，本中心不保存，也不会以任何方式向您索要。",
                                  "3. 连续输错密码会锁定 KEY，锁定后须持有效证件到本中心办理解锁。",
                                  "4. 拆封时如发现本信已被打开过，请不要使用该 KEY。", "5. 修改密码后请销毁本信。"};
    double line = y + 10;
    for (const std::string& words : advice) {
        layout.text({kSheetLeft, line, kInner, 7}, words, {.size = 10.5, .smallest = 7, .lines = 1}, tr("说明"));
        line += 8;
    }
    layout.text({kSheetLeft, line + 4, kInner, 6}, fmt::format("咨询电话：{}", letter.telephone),
                {.size = 10, .smallest = 6, .lines = 1}, tr("电话"));
    for (const double fold : {kThird, 2 * kThird}) {
        layout.line(0, fold, 6, fold, 0.15, kGrey);
        layout.line(kWidth - 6, fold, kWidth, fold, 0.15, kGrey);
    }
    return layout.finish();
}

Result<std::string> pin_letter_pdf(const PinLetter& letter, std::string_view pin, const Fonts& fonts) {
    SEALDESK_LET(paper, layout_pin_letter(letter, pin, fonts));
    return pdf_of(paper, fonts);
}

}  // namespace sealdesk::reports
