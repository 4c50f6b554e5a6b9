// PrintBatches 批量打印: labels of several packed parcels, chosen here and printed one after the other as one batch; how far each
// batch is, ended and taken up again as a whole, one of its labels once more. A pane beside the printers; UI thread.
#pragma once

#include <set>

#include "desk/papers.h"
#include "panels/kept.h"
#include "panels/trouble.h"
#include "printing/print_batches.h"

namespace sealdesk::panels {

class PrintBatches {
public:
    void draw(desk::Desk& desk);

private:
    struct Lists {
        std::vector<desk::LabelState> labels;
        std::vector<printing::Batch> batches;
    };
    struct Done {
        std::string sentence;
        std::optional<Error> error;
        bool printed = false;  // nothing is chosen any more
    };
    template <class Job>
    void start(desk::Desk& desk, Job job);
    void ask(desk::Desk& desk);
    void take_result(desk::Desk& desk);
    std::string why_not(const desk::Desk& desk);
    void draw_labels(desk::Desk& desk, const Lists& lists);
    void draw_batches(desk::Desk& desk, const Lists& lists);
    void draw_batch(desk::Desk& desk, const printing::Batch& batch);

    Kept<Lists> lists_;
    Kept<std::vector<printing::PrintJob>> jobs_;  // of the open batch
    std::set<std::int64_t> chosen_;               // shipments
    std::string open_;                            // batch
    std::int64_t job_ = 0;                        // of it, to be printed once more
    std::string reason_;
    jobs::Async<Done> working_;
    std::string said_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
