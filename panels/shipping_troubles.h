// What parcels wait for somebody: labels that a courier refused, does not answer for or would not take back,
// papers that could not be made, invoices that came too late for them, print jobs that stand still, and KEYs
// that arrived and were never used. Fixed and retried in place. A pane of the shipping panel; UI thread.
#pragma once

#include "desk/late_invoices.h"
#include "desk/shipping_settings.h"
#include "panels/kept.h"
#include "panels/shipping_courier.h"
#include "panels/trouble.h"
#include "printing/print_jobs.h"
#include "shipping/tracking.h"
#include "shipping/waybills.h"

namespace sealdesk::panels {

class ShippingTroubles {
public:
    void draw(desk::Desk& desk, const std::string& why_not);
    // Asks again when the data may have changed; how many there are, -1 before the first answer.
    int count(desk::Desk& desk);

private:
    struct Label {
        shipping::Waybill row;
        shipping::Shipment shipment;
    };
    struct Lists {
        std::vector<Label> labels;
        std::vector<shipping::Shipment> papers;  // that could not be made
        std::vector<desk::LateInvoice> invoices;
        std::vector<printing::PrintJob> jobs;
        std::vector<shipping::FollowUp> follow_ups;
        desk::ShippingSettings settings;
    };
    struct Done {
        std::string sentence;
        std::optional<Error> error;
        bool asks_courier = false, prints = false;
    };
    void ask(desk::Desk& desk);
    void choose(const std::string& row);
    template <class Job>
    void start(desk::Desk& desk, Job job);
    void draw_rows(const Lists& lists);
    void draw_label(desk::Desk& desk, const Label& label, const std::string& off);
    // Recipient, mobile and address of the chosen row, to be put right; what stands in the fields is given.
    orders::Delivery draw_place(const orders::Delivery& place);
    void draw_stuck(desk::Desk& desk, const Label& label, const std::string& off);
    void draw_papers(desk::Desk& desk, const shipping::Shipment& parcel, const std::string& off);
    void draw_invoice(desk::Desk& desk, const desk::LateInvoice& late, const std::string& off);
    void draw_job(desk::Desk& desk, const printing::PrintJob& job, const std::string& off);
    void draw_printers(const printing::PrintJob& job);
    void draw_follow_up(desk::Desk& desk, const shipping::FollowUp& up, const std::string& off);

    Kept<Lists> lists_;
    std::string chosen_, filled_, printer_of_;  // row; the rows whose values stand in the fields
    std::string recipient_, mobile_, address_, typed_, note_, printer_;
    CourierChoice courier_;
    jobs::Async<Done> working_;
    std::string said_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
