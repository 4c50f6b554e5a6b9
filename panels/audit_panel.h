// AuditPanel 审计: the newest rows of the audit log, those of one subject, one row in full, and the check of the chain.
// UI thread.
#pragma once

#include "audit/audit.h"
#include "panels/kept.h"

namespace sealdesk::panels {

class AuditPanel {
public:
    void draw(desk::Desk& desk);

private:
    struct Page {
        std::string subject;
        std::int64_t before = 0;
        std::vector<audit::Row> rows;
    };

    void draw_head(desk::Desk& desk);
    void draw_rows();
    void draw_row();

    std::string subject_;
    std::int64_t before_ = 0;  // 0: the newest page
    std::int64_t chosen_ = 0;
    Kept<Page> page_;
    jobs::Async<Result<audit::Verdict>> verdict_;
};

}  // namespace sealdesk::panels
