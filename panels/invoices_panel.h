// InvoicesPanel 发票: payments that wait for their invoice on the left, what would be printed in the middle, issued
// invoices on the right. UI thread.
#pragma once

#include <filesystem>

#include "desk/documents.h"
#include "invoices/invoices.h"
#include "panels/kept.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

class InvoicesPanel {
public:
    void draw(desk::Desk& desk);

private:
    // An invoice in the middle: one that is there, or what issue() would make of a payment.
    struct Shown {
        std::string of;  // payment number, or number of an issued one
        bool issued = false;
        std::optional<invoices::Invoice> invoice;
        std::string blocked;
    };
    struct Printed {
        invoices::Invoice invoice;
        Result<std::filesystem::path> file;
    };

    void ask(desk::Desk& desk);
    void settle();
    void take_result(desk::Desk& desk);
    void issue(desk::Desk& desk);
    void reprint(desk::Desk& desk);
    std::string why_not(const desk::Desk& desk) const;
    const invoices::Candidate* candidate() const;

    void draw_candidates(desk::Desk& desk);
    void draw_invoice(desk::Desk& desk);
    void draw_paper(const invoices::Invoice& invoice, bool issued) const;
    void draw_issued();

    Kept<std::vector<invoices::Candidate>> candidates_;
    Kept<std::vector<invoices::Issued>> issued_;
    Kept<Shown> shown_;
    std::string payment_no_, number_;  // what is chosen; at most one of them
    jobs::Async<Result<Printed>> printing_;
    std::string said_;  // what was done last
    Trouble trouble_;
};

}  // namespace sealdesk::panels
