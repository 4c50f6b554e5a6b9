// Where a KEY stands, and the one table of what it may become. Values only, any thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"

namespace sealdesk::keys {

enum class KeyState { blank, allocated, written, verified, bound, shipped, scrapped, returned };
inline constexpr int kKeyStates = 8;

const char* name_of(KeyState state);  // "blank": what the database holds
const char* word_of(KeyState state);  // 空白
std::optional<KeyState> parse_key_state(std::string_view name);

// A KEY that is new to the stock comes from nothing (no `from`), and is blank.
bool may_become(std::optional<KeyState> from, KeyState to);
// Conflict with both words when it may not.
Result<> check_movement(std::string_view serial, std::optional<KeyState> from, KeyState to);

}  // namespace sealdesk::keys
