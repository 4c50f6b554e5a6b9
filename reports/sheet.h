// What the centre's own papers have in common: head, signature lines, page numbers. On Layout; no state.
#pragma once

#include <string>

#include "reports/layout.h"

namespace sealdesk::reports {

constexpr double kSheetLeft = 15;  // mm, also on the right

// Title on the left over the centre's name, `number` as text under its Code 128 on the right. Returns where it ends (mm).
double sheet_head(Layout& layout, double page_width, const std::string& title, const std::string& centre,
                  const std::string& number);

// "签名：________" from x on.
void signature_line(Layout& layout, double x, double y, double width, const std::string& label);

// A caption over its value; the value shrinks and wraps in what is left of the height.
void captioned(Layout& layout, const Area& box, const std::string& caption, const std::string& value);

// "第 1 页 / 共 2 页" under every page, `words` on its left.
void sheet_feet(Layout& layout, double page_width, double y, const std::string& words);

}  // namespace sealdesk::reports
