// Stable names of the controls by which an administrator adds a number range.
#pragma once

namespace sealdesk::panels::ids {

inline constexpr const char* kSettingsRangeAdd = "settings.range.add";
inline constexpr const char* kSettingsRangeName = "settings.range.name.";  // + invoice or waybill
inline constexpr const char* kSettingsRangePattern = "settings.range.pattern";
inline constexpr const char* kSettingsRangeFirst = "settings.range.first";
inline constexpr const char* kSettingsRangeLast = "settings.range.last";
inline constexpr const char* kSettingsRangeSave = "settings.range.save";

}  // namespace sealdesk::panels::ids
