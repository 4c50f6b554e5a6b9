// KeySettings: the list of keys in the settings: change, turn off, back to the usual one, and the switch for single letters.
// What was chosen belongs to the person and works at once. Owned by SettingsPanel, UI thread only.
#pragma once

#include <string>
#include <vector>

#include "panels/key_actions.h"

namespace sealdesk::panels {

class KeySettings {
public:
    void draw();

private:
    void draw_action(const KeyAction& action);
    void take_key();

    std::vector<KeyAction> actions_ = key_actions();
    std::string asking_for_;            // id of the action
    int drawn_ = 0;                     // number of the frame: somebody who looked at another panel asks anew
    std::string refused_at_, refused_;  // id and why
};

}  // namespace sealdesk::panels
