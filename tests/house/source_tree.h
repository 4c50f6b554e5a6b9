// The source tree as the house rules see it: which files there are, what they include, and which
// rooms CMakeLists.txt names. Read once per test from the disk; nothing is changed.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"

namespace house {

namespace fs = std::filesystem;

inline const fs::path root = SEALDESK_SOURCE;

inline std::string text_of(const std::string& path) {
    auto text = sealdesk::read_file(root / path);
    EXPECT_TRUE(text) << path << ": " << (text ? "" : text.error().message);
    return text ? *text : std::string();
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    size_t begin = 0;
    while (begin < text.size()) {
        const size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

// Paths from the top of the checkout, sorted, of everything under the folders (absent ones have nothing).
inline std::vector<std::string> files_under(const std::vector<std::string>& folders) {
    std::vector<std::string> files;
    for (const std::string& folder : folders) {
        if (!fs::is_directory(root / folder)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), root).generic_string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

inline bool is_code(const std::string& path) { return path.ends_with(".cpp") || path.ends_with(".h"); }

inline std::vector<std::string> code_files() {
    std::vector<std::string> files = files_under({"src", "panels", "reports", "tests"});
    std::erase_if(files, [](const std::string& path) { return !is_code(path); });
    return files;
}

struct Include {
    std::string name;
    bool ours = false;  // "name" instead of <name>
    size_t line = 0;
};

inline std::vector<Include> includes_in(const std::string& text) {
    static const std::regex pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    std::vector<Include> found;
    size_t number = 0;
    for (const std::string& line : lines_of(text)) {
        ++number;
        std::smatch match;
        if (std::regex_search(line, match, pattern)) found.push_back({match[2], match[1] == "\"", number});
    }
    return found;
}

// What CMakeLists.txt says about the house.
struct House {
    struct Room {
        std::string folder;               // "src/orders"
        std::vector<std::string> uses;    // names of rooms, visible to those above
        std::vector<std::string> hidden;  // names of rooms it uses for itself
    };
    std::map<std::string, Room> rooms;                         // by name, "orders"
    std::vector<std::string> order;                            // lowest floor first
    std::map<std::string, std::vector<std::string>> programs;  // main file -> rooms it is linked from
    std::vector<std::string> upward;                           // uses of a room that is listed later

    // The room whose folder holds the file, or nothing.
    std::string room_of(const std::string& path) const {
        const std::string folder = fs::path(path).parent_path().generic_string();
        for (const auto& [name, room] : rooms) {
            if (room.folder == folder) return name;
        }
        return {};
    }

    void see(const std::string& name, std::set<std::string>& seen) const {
        const auto room = rooms.find(name);
        if (room == rooms.end() || !seen.insert(name).second) return;
        for (const std::string& used : room->second.uses) see(used, seen);
    }

    // The rooms whose headers a file may include.
    std::set<std::string> visible_from(const std::string& path) const {
        std::set<std::string> seen;
        if (const auto program = programs.find(path); program != programs.end()) {
            for (const std::string& name : program->second) see(name, seen);
        }
        const std::string name = room_of(path);
        see(name, seen);
        if (const auto room = rooms.find(name); room != rooms.end()) {
            for (const std::string& used : room->second.hidden) see(used, seen);
        }
        return seen;
    }
};

inline House read_house(const std::string& cmake) {
    House house;
    static const std::regex call(R"((?:^|\n)(room|program)\(([^)]*)\))");
    for (std::sregex_iterator it(cmake.begin(), cmake.end(), call), end; it != end; ++it) {
        std::vector<std::string> words;
        static const std::regex word(R"(\S+)");
        const std::string arguments = (*it)[2];
        for (std::sregex_iterator w(arguments.begin(), arguments.end(), word); w != end; ++w) words.push_back(w->str());
        if ((*it)[1] == "program") {
            if (words.size() > 1) house.programs[words[1]] = {words.begin() + 2, words.end()};
            continue;
        }
        if (words.empty()) continue;
        House::Room room{words[0], {}, {}};
        std::string name = words[0].starts_with("src/") ? words[0].substr(4) : words[0];
        std::replace(name.begin(), name.end(), '/', '_');
        std::string section;
        for (size_t i = 1; i < words.size(); ++i) {
            if (words[i] == "USES" || words[i] == "PRIVATE" || words[i] == "WITHOUT") {
                section = words[i];
            } else if (section == "USES") {
                room.uses.push_back(words[i]);
            } else if (section == "PRIVATE") {
                room.hidden.push_back(words[i]);
            }
        }
        house.order.push_back(name);
        house.rooms[name] = std::move(room);
    }
    std::set<std::string> below;
    for (const std::string& name : house.order) {
        const House::Room& room = house.rooms[name];
        for (const auto* list : {&room.uses, &room.hidden}) {
            for (const std::string& used : *list) {
                if (house.rooms.contains(used) && !below.contains(used)) house.upward.push_back(name + " uses " + used);
            }
        }
        below.insert(name);
    }
    return house;
}

}  // namespace house
