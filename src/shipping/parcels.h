// What the shipping room reads for itself: the orders of a payment with their places. Inside a transaction.
#pragma once

#include <set>

#include "orders/orders.h"
#include "shipping/shipping.h"

namespace sealdesk::shipping {

Content content_of(storage::Tx& tx, const orders::DeskOrder& order);
// Sentence when the order was refunded, at whatever time, and so must not leave the house; else "".
std::string refund_of(storage::Tx& tx, const std::string& order_no);
// Sentence when one of its KEYs must not leave the house for now, else "".
Result<std::string> why_it_stays(storage::Tx& tx, const Content& content);
// Every order of the payment that is not refunded.
Result<std::vector<orders::DeskOrder>> orders_of(storage::Tx& tx, const std::string& payment_no);
std::set<std::string> places_of(const std::vector<orders::DeskOrder>& list);
// Places for which something is still to be packed: more than one is a choice that a person makes.
std::set<std::string> open_places_of(const std::vector<orders::DeskOrder>& list);
// The parcel an order lies in; nothing when it is not packed.
std::optional<std::int64_t> shipment_of(storage::Tx& tx, const std::string& order_no);
std::vector<std::string> orders_in(storage::Tx& tx, std::int64_t shipment_id);
Result<Shipment> load_shipment(storage::Tx& tx, std::int64_t id);
// KEYs shipped, orders completed, "shipped" queued; the caller has looked whether it may go.
Result<> send_off(storage::Tx& tx, const std::string& login, const Shipment& shipment);
// The parcel's number, if it has one or asks for one, is not used any more.
void take_number_back(storage::Tx& tx, const std::string& login, std::int64_t shipment_id, const std::string& reason);
bool has_invoice(storage::Tx& tx, const std::string& payment_no);

}  // namespace sealdesk::shipping
