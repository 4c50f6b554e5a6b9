// Waybills and addresses as values: what a courier's number looks like, and when two deliveries are one place.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "orders/order.h"

namespace sealdesk::shipping {

// Upper-case without spaces. Refused: other than 8 to 32 letters, digits and hyphens, or S10 with a wrong check digit.
Result<std::string> check_waybill(std::string_view typed);

// Courier by the number's shape, in Kuaidi100's codes ("ems", "shunfeng"); "" when the shape says nothing.
std::string courier_of(std::string_view waybill);
std::string courier_name(std::string_view courier);  // 中国邮政 EMS, as paper has it; the code itself when we have no word
std::string courier_word(std::string_view courier);  // the same in the language of the screen

// What is left of an address when spaces, width, punctuation and case do not count. Between letters and digits
// any punctuation stays as one hyphen: 3-201 is not 32-01.
std::string folded_address(std::string_view address);
// Same method, recipient and mobile, and for the courier the same address, when folded.
bool same_place(const orders::Delivery& a, const orders::Delivery& b);
std::string place_key(const orders::Delivery& delivery);

}  // namespace sealdesk::shipping
