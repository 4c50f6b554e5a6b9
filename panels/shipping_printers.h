// Printers of this desk: one address for labels, invoices and A4, how each is now, and what the network offers; beside them the
// labels that are printed together. A pane of its own: the shipping panel shows it, the settings may. UI thread.
#pragma once

#include "desk/shipping_settings.h"
#include "desk/shipping_worker.h"
#include "panels/kept.h"
#include "panels/print_batches.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

class PrintersPane {
public:
    void draw(desk::Desk& desk);

private:
    struct Now {
        desk::ShippingSettings settings;
        std::vector<Result<std::string>> states;  // one sentence for each use; "" when none is set
    };
    void start_test(desk::Desk& desk, printing::Use use);
    void draw_invoice_paper();
    void draw_label_paper();
    void draw_found(const std::vector<printing::Printer>& list);
    void draw_form(desk::Desk& desk, const Now* now, const std::string& off_for_test);
    void draw_foot(desk::Desk& desk);

    Kept<Now> now_;
    jobs::Async<Result<>> testing_;
    jobs::Async<Result<std::shared_ptr<const desk::Accounts>>> saving_;
    jobs::Async<Result<std::vector<printing::Printer>>> finding_;
    desk::ShippingSettings typed_;
    bool filled_ = false, zpl_ = false;
    int invoice_paper_ = 0;
    std::string invoice_right_, invoice_down_;  // mm, as typed
    unsigned looks_ = 0;
    double look_at_ = 0;  // next look at the printers, of Dear ImGui's clock
    PrintBatches batches_;
    std::string said_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
