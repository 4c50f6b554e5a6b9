// Trouble: what went wrong with a panel's last verb, told in the place that its kind asks for: a dialog for conflicts
// and faults, a sentence beside the control for everything else. Belongs to the panel; UI thread.
#pragma once

#include <optional>

#include "base/result.h"

namespace sealdesk::panels {

class Trouble {
public:
    void set(Error error);
    // Beside what stands there already: several KEYs that failed. One that has a dialog takes the others into it.
    void add(Error error);
    // In a dialog whatever its kind: the control that asked is not in sight any more.
    void raise(Error error);
    void clear();
    // The sentence, where the control stands; nothing when there is none or when it has a dialog. `next_step` follows
    // the sentence of a KEY or a printer. True when something was drawn.
    bool draw_beside(const char* next_step = nullptr) const;
    // Call once in every frame, outside panes.
    void draw_dialog(const char* id);
    bool in_dialog() const { return error_ && dialog_; }

private:
    std::optional<Error> error_;
    bool dialog_ = false, open_ = false;
};

}  // namespace sealdesk::panels
