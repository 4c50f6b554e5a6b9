#include "desk/memory.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/files.h"

namespace sealdesk::desk {

namespace {

constexpr size_t kMost = 1 << 20;  // bytes; a note has 500 characters

// A login is the person's name in the store; only plain ones become a file name.
std::filesystem::path file_of(const std::filesystem::path& home, const std::string& login) {
    const bool plain = !login.empty() && std::all_of(login.begin(), login.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    return plain ? home / "memory" / (login + ".json") : std::filesystem::path();
}

}  // namespace

Memory Memory::load(const std::filesystem::path& home, const std::string& login) {
    Memory memory;
    memory.login_ = login;
    const auto file = file_of(home, login);
    if (file.empty()) return memory;
    const auto bytes = read_file(file, kMost);
    if (!bytes) return memory;
    const auto json = nlohmann::json::parse(*bytes, nullptr, false);
    if (!json.is_object()) return memory;
    for (const auto& [name, value] : json.items())
        if (value.is_string()) memory.values_[name] = value.get<std::string>();
    return memory;
}

const std::string& Memory::get(const std::string& name) const {
    static const std::string nothing;
    const auto found = values_.find(name);
    return found == values_.end() ? nothing : found->second;
}

void Memory::set(const std::string& name, const std::string& value) {
    if (get(name) == value) return;
    if (value.empty())
        values_.erase(name);
    else
        values_[name] = value;
    changed_ = true;
}

Result<> Memory::save(const std::filesystem::path& home) const {
    const auto file = file_of(home, login_);
    if (file.empty()) return {};
    SEALDESK_TRY(make_folder(file.parent_path()));
    using nlohmann::json;
    return write_file(file, json(values_).dump(1, ' ', false, json::error_handler_t::replace), 0600);
}

}  // namespace sealdesk::desk
