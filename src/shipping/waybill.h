// Waybills and addresses as values: what a courier's number looks like, and when two deliveries are one place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "orders/order.h"

namespace sealdesk::shipping {

// As it is compared and kept: upper-case, half-width, without spaces.
std::string folded_waybill(std::string_view typed);
// Folded. Refused: other than 8 to 32 letters, digits and hyphens, or S10 with a wrong check digit.
Result<std::string> check_waybill(std::string_view typed);

// Refused when its Code 128 does not fit the narrowest label (76 mm) with bars that 203 dpi print and scanners read: more than
// 20 letters. Digits take half the room.
Result<> fits_label(std::string_view waybill);

// Courier by the number's shape, in Kuaidi100's codes ("ems", "shunfeng"); "" when the shape does not tell for certain.
std::string courier_of(std::string_view waybill);
// The same, and the likeliest one where several use the shape (digits only): a suggestion that a person may change.
std::string guess_courier(std::string_view waybill);
// Might be the number on a label of a courier's roll: the shape tells the courier, or digits as many as couriers use.
bool has_roll_shape(std::string_view waybill);
// Codes of the couriers that we have a word for.
const std::vector<std::string>& known_couriers();
std::string courier_name(std::string_view courier);  // 中国邮政 EMS, as paper has it; the code itself when we have no word
std::string courier_word(std::string_view courier);  // the same in the language of the screen

// What is left of an address when spaces, width, punctuation and case do not count. Between letters and digits
// any punctuation stays as one hyphen: 3-201 is not 32-01.
std::string folded_address(std::string_view address);
// Same method, recipient and mobile, and for the courier the same address, when folded.
bool same_place(const orders::Delivery& a, const orders::Delivery& b);
std::string place_key(const orders::Delivery& delivery);

}  // namespace sealdesk::shipping
