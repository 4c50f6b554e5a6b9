#include "reports/sheet.h"

#include <fmt/format.h>

#include "reports/barcode.h"

namespace sealdesk::reports {

constexpr double kTitle = 45;  // mm that a title takes at most

double sheet_head(Layout& layout, double page_width, const std::string& title, const std::string& centre,
                  const std::string& number) {
    const double inner = page_width - 2 * kSheetLeft, half = inner * 0.55;
    layout.text({kSheetLeft, 10, half, 9}, title, {.size = 18, .weight = Weight::bold, .lines = 1}, title);
    layout.text({kSheetLeft, 19.5, half, 5.5}, centre, {.size = 9.5, .smallest = 5, .colour = kGrey, .lines = 1}, title);
    if (!number.empty()) {
        const double left = kSheetLeft + half;
        auto bars = code128(number, {left, 9, inner - half, 10});
        if (!bars) bars = code128(number, {kSheetLeft + kTitle, 9, inner - kTitle, 10});  // a long one beside the title alone
        layout.bars(std::move(bars));
        layout.text({left, 19.5, inner - half, 5}, number, {.size = 9, .align = Align::centre, .lines = 1}, title);
    }
    layout.line(kSheetLeft, 26.5, kSheetLeft + inner, 26.5, 0.4);
    return 29;
}

void signature_line(Layout& layout, double x, double y, double width, const std::string& label) {
    const TextStyle style{.size = 10, .smallest = 6, .lines = 1};
    const double words = width * 0.36;
    layout.text({x, y, words, 7}, label, style, label);
    layout.line(x + words, y + 6, x + width, y + 6, 0.2);
}

void captioned(Layout& layout, const Area& box, const std::string& caption, const std::string& value) {
    layout.text({box.x, box.y, box.w, 4}, caption, {.size = 7.5, .smallest = 5, .colour = kGrey, .lines = 1}, caption);
    layout.text({box.x, box.y + 4, box.w, box.h - 4}, value, {.size = 10, .smallest = 5, .stand = Stand::top}, caption);
}

void sheet_feet(Layout& layout, double page_width, double y, const std::string& words) {
    const size_t pages = layout.pages();
    for (size_t i = 0; i < pages; ++i) {
        layout.back_to(i);
        const double inner = page_width - 2 * kSheetLeft;
        layout.text({kSheetLeft, y, inner * 0.75, 4.5}, words, {.size = 7.5, .smallest = 4, .colour = kGrey, .lines = 1}, words);
        layout.text({kSheetLeft + inner * 0.75, y, inner * 0.25, 4.5}, fmt::format("第 {} 页 / 共 {} 页", i + 1, pages),
                    {.size = 7.5, .align = Align::right, .colour = kGrey, .lines = 1}, words);
    }
}

}  // namespace sealdesk::reports
