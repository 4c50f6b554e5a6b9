// InvoicesPanel 发票: what waits for its invoice on the left, the paper in the middle with what can be done about it, and on the
// right refunds that wait for a red letter, what a service was asked for, and what was issued. UI thread.
#pragma once

#include <filesystem>
#include <functional>

#include "desk/invoicing.h"
#include "invoices/invoices.h"
#include "panels/kept.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

class InvoicesPanel {
public:
    void draw(desk::Desk& desk);
    // What was issued is looked through: the search box comes this way.
    void search(const std::string& text);

private:
    // An invoice in the middle: one that is there, or what issue() would make of a payment.
    struct Shown {
        std::string of;  // payment number, or number of an issued one
        bool issued = false;
        std::optional<invoices::Invoice> invoice;
        std::string blocked;
        std::vector<invoices::Invoice> pair;  // of an issued one: itself, and red letters with their blue one
    };
    struct Side {
        std::vector<invoices::RefundDue> refunds;
        std::vector<invoices::Request> requests;
        std::vector<invoices::Issued> issued;
        std::vector<invoices::SpoiledSheet> spoiled;
    };
    // What a verb did: a sentence, what is shown next, and what went wrong behind it.
    struct Done {
        std::string sentence, number;
        std::optional<Error> error;
        bool work = false;  // for the worker
    };
    enum class Asking { nothing, title, discount, red, void_it, spoiled, drop, without_red };

    void ask(desk::Desk& desk);
    void settle();
    void take_result(desk::Desk& desk);
    void start(desk::Desk& desk, std::function<Done()> job);
    void issue(desk::Desk& desk);
    void reprint(desk::Desk& desk);
    void confirm(desk::Desk& desk);
    void correct(desk::Desk& desk);
    void give_discount(desk::Desk& desk);
    void retry(desk::Desk& desk, std::int64_t id);
    // In a job: asks the service for it once more.
    static Done resubmitted(desk::Desk& desk, const staff::Actor& actor, std::int64_t id);
    void reverse(desk::Desk& desk);
    std::vector<invoices::Line> lines_left() const;  // of the invoice in the middle
    std::string allowance_order() const;             // whose amount is asked for; "": none
    void begin_red(invoices::RedReason reason, std::vector<std::string> orders);
    std::string why_not_red() const;
    void choose(const std::string& payment, const std::string& order, const std::string& number, std::int64_t request);
    void begin(Asking what);
    std::string why_not(const desk::Desk& desk) const;
    std::string why_not_confirm();
    orders::InvoiceTitle typed_title() const;
    const invoices::Candidate* candidate() const;
    const invoices::Request* request() const;

    void draw_candidates(desk::Desk& desk);
    void draw_invoice(desk::Desk& desk);
    void draw_paper(const invoices::Invoice& invoice, bool issued) const;
    void draw_pair(const std::vector<invoices::Invoice>& pair);
    void draw_request(desk::Desk& desk, const invoices::Request& row);
    void draw_side(desk::Desk& desk);
    void draw_refunds(desk::Desk& desk, const std::vector<invoices::RefundDue>& list);
    void draw_requests(const std::vector<invoices::Request>& list);
    void draw_issued(const std::vector<invoices::Issued>& list);
    void draw_spoiled(const std::vector<invoices::SpoiledSheet>& list);
    void draw_form(desk::Desk& desk);
    bool draw_title_form(bool focus);
    bool draw_red_form(bool focus);
    void draw_red_orders();
    void draw_void_ticks();
    void draw_foot(desk::Desk& desk);
    void draw_foot_of_candidate(desk::Desk& desk);
    void draw_foot_of_issued(desk::Desk& desk, const invoices::Invoice& invoice);
    void draw_said();

    Kept<std::vector<invoices::Candidate>> candidates_;
    Kept<Side> side_;
    Kept<Shown> shown_;
    std::string payment_no_, order_no_, number_;  // what is chosen: a payment (or one order of it), or a number
    bool into_view_ = false;                      // the list scrolls to it
    std::int64_t request_ = 0;                    // or what a service was asked for
    Asking asking_ = Asking::nothing;
    bool just_asked_ = false;   // the form takes the keyboard
    float form_top_ = 0;        // where it stood when last drawn, pixels from the pane's beginning
    bool just_failed_ = false;  // why is shown
    std::string name_, tax_number_, discount_, reason_;
    std::string allowance_, allowance_for_;  // yuan, and the order that it was offered for
    orders::SubjectKind title_kind_ = orders::SubjectKind::unit;
    std::string search_;
    bool spoiled_shown_ = false;  // instead of what was issued
    invoices::RedReason red_reason_ = invoices::RedReason::mistake;
    invoices::VoidTicks ticks_;
    std::vector<std::string> red_orders_;  // the refund's order also for Asking::without_red
    jobs::Async<Done> working_;
    std::string said_;  // what was done last
    Trouble trouble_;
};

}  // namespace sealdesk::panels
