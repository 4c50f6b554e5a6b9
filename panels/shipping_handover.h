// Hand-over 交接: the open manifest of each courier, filled by scanning labels; what would be left behind; and the manifests of
// today. A pane of the shipping panel; UI thread.
#pragma once

#include "panels/kept.h"
#include "panels/shipping_scanner.h"
#include "panels/trouble.h"
#include "shipping/handover.h"

namespace sealdesk::panels {

class HandOverPane {
public:
    // `scanner`: of the panel; its codes are taken while this pane is shown.
    void draw(desk::Desk& desk, Scanner& scanner, const std::string& why_not);

private:
    struct Lists {
        std::vector<shipping::Manifest> open, closed;
        std::vector<shipping::Shipment> left;
    };
    struct Done {
        std::string sentence;
        std::optional<Error> error;
        bool scanned = false;
    };
    void ask(desk::Desk& desk);
    void take_scans(desk::Desk& desk, Scanner& scanner, const std::string& why_not);
    void draw_manifest(desk::Desk& desk, const shipping::Manifest& manifest, const std::string& off);
    void draw_left(const Lists& lists);

    Kept<Lists> lists_;
    jobs::Async<Done> working_;
    std::string taken_by_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
