// Reading what couriers answer: a status is no word of theirs, numbers come as numbers and as texts, objects as objects and as
// texts, times as Beijing's.
#pragma once

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "base/time.h"
#include "network/http.h"

namespace sealdesk::shipping {

// Whoever forbids may stand before the courier, and the order be there already.
inline network::HttpClient::Options by_body(network::HttpClient::Options options) {
    options.forbidden_is_answer = true;
    return options;
}

inline std::string text_at(const nlohmann::json& object, const char* name) {
    if (!object.is_object() || !object.contains(name)) return {};
    const auto& value = object.at(name);
    if (value.is_string()) return value.get<std::string>();
    return value.is_null() || value.is_structured() ? std::string() : value.dump();
}

inline nlohmann::json object_at(const nlohmann::json& object, const char* name) {
    if (!object.is_object() || !object.contains(name)) return {};
    const auto& value = object.at(name);
    return value.is_string() ? nlohmann::json::parse(value.get<std::string>(), nullptr, false) : value;
}

// "2026-11-22 09:30:00"; never for anything else.
inline Instant beijing_time(const std::string& text) {
    if (text.size() < 19) return {};
    const auto day = parse_day(text.substr(0, 10));
    if (!day) return {};
    const auto number = [&](size_t at) { return std::atoi(text.substr(at, 2).c_str()); };
    return start_of(*day) + (number(11) * kHour + number(14) * kMinute + number(17) * kSecond);
}

}  // namespace sealdesk::shipping
