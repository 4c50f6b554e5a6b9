#include "desk/saved_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "audit/audit.h"
#include "base/files.h"
#include "base/text.h"
#include "base/translate.h"
#include "crypto/digest.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

namespace {

// Letters of any script, digits and what names are joined with.
bool plain(char32_t sign) {
    if (sign < 0x80)
        return (sign >= U'0' && sign <= U'9') || (sign >= U'A' && sign <= U'Z') || (sign >= U'a' && sign <= U'z') ||
               std::u32string_view(U"-_.() ").find(sign) != std::u32string_view::npos;
    // Han, kana, Latin with accents, full-width forms; no marks that turn the direction of writing, nothing private.
    return (sign >= 0xC0 && sign < 0x2000) || (sign >= 0x3001 && sign < 0xD800) || (sign >= 0xF900 && sign < 0xFB00) ||
           (sign >= 0xFF01 && sign < 0xFFEF) || (sign >= 0x20000 && sign < 0x32000);
}

std::string with_number(const std::string& name, int number) {
    const auto dot = name.rfind('.');
    const std::string tail = fmt::format(" ({})", number);
    return dot == std::string::npos || dot == 0 ? name + tail : name.substr(0, dot) + tail + name.substr(dot);
}

}  // namespace

std::string safe_name(const std::string& order_no, const std::string& strangers_name) {
    const auto slash = strangers_name.find_last_of("/\\");
    std::u32string name;
    for (const char32_t sign :
         code_points(to_utf8(slash == std::string::npos ? strangers_name : strangers_name.substr(slash + 1))))
        name += plain(sign) && !has_control_characters(utf8(sign)) ? sign : U'_';
    while (!name.empty() && (name.front() == U'.' || name.front() == U' ')) name.erase(0, 1);
    while (!name.empty() && (name.back() == U'.' || name.back() == U' ')) name.pop_back();
    if (name.empty()) name = U"file";
    const auto bytes = [](std::u32string_view text) {
        std::string all;
        for (const char32_t sign : text) all += utf8(sign);
        return all;
    };
    constexpr size_t kMost = 120, kEnding = 8;
    const auto dot = name.rfind(U'.');
    const bool ends = dot != std::u32string::npos && dot > 0 && name.size() - dot <= kEnding;
    std::u32string stem = ends ? name.substr(0, dot) : name;
    const std::string ending = ends ? bytes(name.substr(dot)) : "", head = order_no + "-";
    while (stem.size() > 1 && head.size() + bytes(stem).size() + ending.size() > kMost) stem.pop_back();
    return head + bytes(stem) + ending;
}

fs::path saved_folder(const Settings& settings) { return settings.home / "documents" / "saved"; }

Result<fs::path> save_entry(storage::Database& database, const staff::Actor& actor, const scans::Scanbox& box,
                            const scans::Package& package, const SavedFile& wish, const fs::path& folder) {
    if (!staff::has(actor.roles, staff::Role::reviewer) && !staff::has(actor.roles, staff::Role::supervisor))
        return fail(ErrorKind::denied, tr("材料里有身份证件，只有审核员和主管可以查看"));
    const auto listed = std::find_if(package.entries.begin(), package.entries.end(),
                                     [&](const scans::Entry& each) { return each.index == wish.entry; });
    if (listed == package.entries.end()) return refused(tr("材料包里没有这个文件"));
    SEALDESK_LET(bytes, box.bytes_of(package, wish.entry));
    SEALDESK_TRY(make_folder(folder));
    // First the log, then the file: what cannot be logged leaves nothing behind.
    SEALDESK_TRY(database.write([&](storage::Tx& tx) -> Result<> {
        audit::append(tx, actor.login, "scans.save", wish.order_no,
                      nlohmann::json{{"revision", wish.revision}, {"name", listed->name}, {"sha256", listed->sha256}}.dump(
                          -1, ' ', false, nlohmann::json::error_handler_t::replace));
        return {};
    }));
    const std::string name = safe_name(wish.order_no, listed->name);
    constexpr int kTries = 1000;
    for (int number = 1; number < kTries; ++number) {
        const fs::path path = folder / (number == 1 ? name : with_number(name, number));
        std::error_code error;
        if (!fs::exists(fs::symlink_status(path, error))) {
            SEALDESK_TRY(write_file(path, bytes, 0600));
            return path;
        }
        if (const auto there = read_file(path); there && sha256_hex(*there) == listed->sha256) return path;
    }
    return fail(ErrorKind::unavailable, trf("{} 里同名的文件太多", folder.string()));
}

}  // namespace sealdesk::desk
