// Which invoices lie in which parcel. An invoice lies in one parcel; the slips of the payment's other parcels say in which. Any
// thread.
#pragma once

#include "shipping/shipping.h"

namespace sealdesk::shipping {

struct Enclosed {
    std::string number;
    std::int64_t shipment = 0;
    std::string waybill;  // of that parcel; "" while it has none
};
// Puts the invoices into the parcel, as far as they do not lie in another one already; where each lies now, in their order.
Result<std::vector<Enclosed>> enclose(storage::Database& database, std::int64_t shipment,
                                      const std::vector<std::string>& numbers);
// Where they lie; what lies nowhere is left out.
Result<std::vector<Enclosed>> enclosed(storage::Database& database, const std::vector<std::string>& numbers);
// An invoice for these orders will still be printed with the papers of a parcel: one of them is not packed yet, or its parcel's
// papers are not out.
bool comes_with_papers(storage::Tx& tx, const std::vector<std::string>& order_nos);
// The parcel of an invoice that comes after the papers of all its parcels: one that is still in the house, else the one that left
// last. Nothing while it will be printed with a parcel's papers, and when nothing was packed. `order_no`: of an invoice for one
// order.
Result<std::optional<Shipment>> late_parcel(storage::Tx& tx, const std::string& payment_no, const std::string& order_no);
// It is printed after the parcel's own papers: the parcel says from then on that somebody has to put it in.
void enclose_late(storage::Tx& tx, std::int64_t shipment, const std::string& number);
// A parcel that is unpacked holds nothing any more.
void take_out_invoices(storage::Tx& tx, std::int64_t shipment);

}  // namespace sealdesk::shipping
