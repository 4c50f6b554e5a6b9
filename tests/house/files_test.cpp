#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/house/source_tree.h"

namespace {

const std::vector<std::string> folders = {"src", "panels", "reports", "assets", "data", "tests", ".ci"};

// `paths` in backticks of a README: what looks like a file or folder of this checkout.
std::vector<std::string> paths_named_in(const std::string& text) {
    static const std::regex quoted("`([^`\n]+)`");
    static const std::regex path(R"((\./)?[A-Za-z0-9_.][A-Za-z0-9_.\-]*(/[A-Za-z0-9_.\-]+)*/?)");
    static const std::regex file(R"(.*\.(h|cpp|md|txt|json|sql|yaml|po|toml|png|sh))");
    std::vector<std::string> found;
    for (std::sregex_iterator it(text.begin(), text.end(), quoted), end; it != end; ++it) {
        std::string name = (*it)[1];
        if (!std::regex_match(name, path)) continue;
        if (name.find('/') == std::string::npos && !std::regex_match(name, file)) continue;
        if (name.starts_with("./")) name = name.substr(2);
        if (name.starts_with("build/")) continue;  // made by the build
        found.push_back(name);
    }
    return found;
}

// Numbered files of one folder, or what is wrong with the numbering.
std::string fault_of_numbering(std::vector<std::string> names) {
    static const std::regex pattern(R"(([0-9]{4})_[a-z0-9_]+\.sql)");
    std::sort(names.begin(), names.end());
    for (size_t i = 0; i < names.size(); ++i) {
        std::smatch match;
        if (!std::regex_match(names[i], match, pattern)) return names[i] + " is not named 0001_what_it_does.sql";
        if (std::stoul(match[1]) != i + 1) return names[i] + " should be number " + std::to_string(i + 1);
    }
    return {};
}

bool is_text(const std::string& bytes) { return bytes.find('\0') == std::string::npos; }

}  // namespace

TEST(House, TopLevelHoldsOnlyTheAgreedNames) {
    const std::set<std::string> agreed = {"CMakeLists.txt", "src",       "panels",   "reports",           "assets",  "data",
                                          "tests",          "README.md", "sealdesk", "CMakePresets.json", "LICENSE", "build"};
    for (const auto& entry : house::fs::directory_iterator(house::root)) {
        const std::string name = entry.path().filename().string();
        EXPECT_TRUE(name.starts_with(".") || agreed.contains(name)) << name << " does not belong on the top level";
    }
}

TEST(House, FilesHaveOneSubjectAndItsName) {
    static const std::regex banned("(^|_)(utils?|helpers?|common|managers?|misc)(_|$)");
    for (const std::string& path : house::files_under({"src", "panels", "reports", "tests"})) {
        for (const auto& part : house::fs::path(path)) {
            EXPECT_FALSE(std::regex_search(part.stem().string(), banned)) << path << ": name its subject";
        }
    }
    for (const std::string& path : house::code_files()) {
        EXPECT_LE(house::lines_of(house::text_of(path)).size(), 600u) << path << " has more than one subject";
    }
}

TEST(House, HeadersOpenWithWhatTheyAre) {
    for (const std::string& path : house::code_files()) {
        if (!path.ends_with(".h")) continue;
        const std::string text = house::text_of(path);
        EXPECT_TRUE(text.starts_with("// ")) << path << ": say what it is, who owns it, which thread";
        EXPECT_NE(text.find("#pragma once"), std::string::npos) << path;
    }
}

TEST(House, NothingIsLeftForLater) {
    static const std::regex later(
        "\\b(TO"
        "DO|FIX"
        "ME|XX"
        "X)\\b");
    std::vector<std::string> files = house::files_under(folders);
    for (const char* name : {"CMakeLists.txt", "CMakePresets.json", "README.md", "sealdesk"}) files.emplace_back(name);
    for (const std::string& path : files) {
        const std::string text = house::text_of(path);
        if (!is_text(text)) continue;
        size_t number = 0;
        for (const std::string& line : house::lines_of(text)) {
            ++number;
            EXPECT_FALSE(line.size() < 2000 && std::regex_search(line, later)) << path << ":" << number << ": " << line;
        }
    }
}

TEST(House, EveryPackageHasAReason) {
    static const std::regex pattern(R"(\??([a-z0-9][a-z0-9+.\-]+)\s+# \S.{2,})");
    std::set<std::string> seen;
    for (const std::string& line : house::lines_of(house::text_of("data/packages.txt"))) {
        if (line.empty() || line.starts_with("#")) continue;
        std::smatch match;
        ASSERT_TRUE(std::regex_match(line, match, pattern)) << line;
        EXPECT_TRUE(seen.insert(match[1]).second) << line << ": named twice";
    }
    EXPECT_TRUE(seen.contains("cmake"));
}

TEST(House, PathsInTheReadmesExist) {
    ASSERT_THAT(paths_named_in(house::text_of("README.md")), testing::Contains("data/packages.txt"));
    for (const std::string readme : {"README.md", "src/README.md"}) {
        if (!house::fs::exists(house::root / readme)) continue;
        for (const std::string& path : paths_named_in(house::text_of(readme))) {
            EXPECT_TRUE(house::fs::exists(house::root / path) || house::fs::exists((house::root / readme).parent_path() / path))
                << readme << " names " << path << ", which is not there";
        }
    }
    EXPECT_THAT(paths_named_in("`src/base/` `a b` `README.md` `x.y()` `cmake` `build/log` `./sealdesk` `--out` `src/none.h`"),
                testing::ElementsAre("src/base/", "README.md", "sealdesk", "src/none.h"));
}

TEST(House, MigrationsAreNumberedWithoutGaps) {
    std::map<std::string, std::vector<std::string>> folders_of_migrations;
    for (const std::string& path : house::files_under({"data/migrations"})) {
        folders_of_migrations[house::fs::path(path).parent_path().generic_string()].push_back(
            house::fs::path(path).filename().string());
    }
    for (const auto& [folder, names] : folders_of_migrations) EXPECT_EQ(fault_of_numbering(names), "") << folder;
    EXPECT_EQ(fault_of_numbering({"0001_house.sql", "0002_acts.sql"}), "");
    EXPECT_NE(fault_of_numbering({"0001_house.sql", "0003_acts.sql"}), "");
    EXPECT_NE(fault_of_numbering({"0001_house.sql", "0001_acts.sql"}), "");
    EXPECT_NE(fault_of_numbering({"1_house.sql"}), "");
}
