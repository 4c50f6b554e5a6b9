#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/process.h"
#include "tests/house/source_tree.h"

namespace {

// Runs the tool over the files, as many at once as there are processors; what it prints on a failure.
std::string verdict(const std::vector<std::string>& tool, const std::vector<std::string>& files, int at_once) {
    std::vector<std::string> command = {
        "xargs", "-0", "-P", std::to_string(std::max(1u, std::thread::hardware_concurrency())), "-n", std::to_string(at_once)};
    command.insert(command.end(), tool.begin(), tool.end());
    std::string input;
    for (const std::string& file : files) input += (house::root / file).string() + '\0';
    const auto finished = sealdesk::run(command, {}, input);
    if (!finished) return finished.error().message + finished.error().detail;
    return finished->status == 0 ? std::string() : "status " + std::to_string(finished->status) + "\n" + finished->output;
}

}  // namespace

TEST(Layout, ClangFormatHasNothingToChange) {
    const std::string complaint = verdict({"clang-format", "--dry-run", "-Werror", "--style=file"}, house::code_files(), 8);
    EXPECT_TRUE(complaint.empty()) << complaint << "clang-format -i mends it";
}

// The ground floor here, in seconds; ./sealdesk lint goes over every file.
TEST(Layout, ClangTidyIsCleanOnTheGroundFloor) {
    std::vector<std::string> files = house::files_under({"src/base"});
    std::erase_if(files, [](const std::string& path) { return !path.ends_with(".cpp"); });
    ASSERT_FALSE(files.empty());
    const std::string database = house::fs::path(SEALDESK_BIN).parent_path().string();
    const std::string complaint = verdict({"clang-tidy", "--quiet", "--warnings-as-errors=*", "-p", database}, files, 1);
    EXPECT_TRUE(complaint.empty()) << complaint;
}

TEST(Layout, EveryCheckOfClangTidyHasAReason) {
    static const std::regex reason("# ([a-z0-9-]+): \\S.{10,}");
    static const std::regex check("  ([a-z][a-z0-9-]+),?");
    std::vector<std::string> reasons;
    std::vector<std::string> checks;
    for (const std::string& line : house::lines_of(house::text_of(".clang-tidy"))) {
        std::smatch match;
        if (std::regex_match(line, match, reason)) reasons.push_back(match[1]);
        if (std::regex_match(line, match, check)) checks.push_back(match[1]);
    }
    ASSERT_FALSE(checks.empty());
    EXPECT_THAT(checks, testing::UnorderedElementsAreArray(reasons));
    const auto known = sealdesk::run({"clang-tidy", "--list-checks", "--checks=*"});
    ASSERT_TRUE(known);
    for (const std::string& name : checks) EXPECT_THAT(known->output, testing::HasSubstr("    " + name + "\n"));
}
