// StockPanel 库存: how many KEYs there are and where, the boxes they came in, each KEY with its history. Scan or type a
// serial and press Enter. UI thread; verbs in jobs.
#pragma once

#include "keys/stock.h"
#include "panels/kept.h"
#include "panels/key_card.h"
#include "panels/trouble.h"

namespace sealdesk::panels {

class StockPanel {
public:
    void draw(desk::Desk& desk);
    // Shows this KEY: the search box comes this way.
    void open(const std::string& serial);
    // The order that somebody wants to see elsewhere; "" if none. Once.
    std::string wanted_order() { return card_.wanted_order(); }

private:
    struct Answer {
        keys::Ledger ledger;
        std::vector<keys::Box> boxes;
        std::vector<keys::Key> list;
    };
    void ask(desk::Desk& desk);
    void take_result();
    void draw_ledger(desk::Desk& desk, const Answer& answer);
    void draw_boxes(const Answer& answer);
    void draw_list(const Answer& answer);
    void draw_receive(desk::Desk& desk);
    void receive(desk::Desk& desk);

    keys::StockFilter filter_;
    int most_ = 0;  // rows asked for
    Kept<Answer> answer_;
    KeyCard card_;
    bool receiving_ = false, focus_ = false;
    keys::Delivery delivery_;
    std::string refused_;
    jobs::Async<Result<keys::Box>> taking_in_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
