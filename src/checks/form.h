// Checks of the form alone: numbers, names, amounts, term, invoice, delivery, times. Pure: the portal may call them
// before an applicant submits, the desk calls them for every order. Amounts in fen.
#pragma once

#include <optional>
#include <vector>

#include "checks/finding.h"
#include "orders/fees.h"
#include "orders/order.h"

namespace sealdesk::checks {

// What the form is measured against.
struct FormContext {
    Instant now;
    const orders::Fees* fees = nullptr;   // null: amounts are not compared with the table
    int least_years = 1, most_years = 3;  // that the certificate's profile allows
    // Of all orders that were paid together: how many are here, and their sum without freight and handling fee.
    // Nothing before the payment: then only the order's own amounts are judged.
    std::optional<int> paid_together;
    Fen together;
};

// Every rule gives at least one finding, also when all is well.
std::vector<Finding> check_form(const orders::Order& order, const FormContext& context);

// One number with the words of its kind: warnings where a lawfully issued number may fail, faults where not even the
// shape is right. `basis` and evidence as in findings.
Finding check_document(const orders::Subject& subject, Day today);

// What a postal address lacks to be delivered: names of its parts, empty when it is complete.
std::vector<std::string> missing_in_address(std::string_view address);

}  // namespace sealdesk::checks
