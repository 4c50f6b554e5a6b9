// SettingsPanel 设置: what this desk works with (told, not changed here), the language, and who may sign in. UI thread.
#pragma once

#include "certificates/certificate_register.h"
#include "panels/kept.h"
#include "panels/key_settings.h"
#include "panels/number_ranges_pane.h"
#include "panels/trouble.h"
#include "staff/staff.h"

namespace sealdesk::panels {

class SettingsPanel {
public:
    void draw(desk::Desk& desk);
    void recall(desk::Desk& desk, const desk::Memory& memory);
    void remember(const desk::Desk& desk, desk::Memory& memory) const;

private:
    void draw_desk(desk::Desk& desk);
    void draw_authority(desk::Desk& desk);
    void draw_language(desk::Desk& desk);
    void draw_staff(desk::Desk& desk);
    void switch_to(desk::Desk& desk, Language language);

    KeySettings keys_;
    Kept<std::vector<staff::Member>> staff_;
    NumberRangesPane ranges_;
    Kept<std::optional<certificates::StoredCrl>> list_;
    jobs::Async<Result<Language>> writing_;
    std::optional<Language> written_;
    Trouble trouble_;
};

}  // namespace sealdesk::panels
