// Faults are found again in the log by the number that was told.
#include "base/log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/files.h"

using namespace sealdesk;
namespace fs = std::filesystem;

namespace {

fs::path folder_of_test() {
    const fs::path folder = fs::temp_directory_path() / ("log." + std::to_string(getpid()));
    fs::remove_all(folder);
    return folder;
}

}  // namespace

TEST(Log, HoldsAnIncidentWithItsDetail) {
    const fs::path folder = folder_of_test();
    std::string first, second;
    for (std::string* incident : {&first, &second}) {  // a desk that is opened again adds to what is there
        auto log = Log::open(folder);
        ASSERT_TRUE(log) << log.error().message;
        *incident = log_incident({ErrorKind::internal, "保存失败", "constraint 19"});
    }
    const std::string text = read_file(folder / "desk.log").value_or("");
    fs::remove_all(folder);
    EXPECT_NE(first, second);
    EXPECT_NE(text.find(first + " internal: 保存失败 [constraint 19]"), std::string::npos) << text;
    EXPECT_NE(text.find(second), std::string::npos) << text;
}

TEST(Log, AFolderThatCannotBeThereIsToldInASentence) {
    const fs::path folder = folder_of_test();
    ASSERT_TRUE(write_file(folder, "a file"));
    const auto log = Log::open(folder / "log");
    fs::remove_all(folder);
    ASSERT_FALSE(log);
    EXPECT_EQ(log.error().kind, ErrorKind::unavailable);
    EXPECT_FALSE(log.error().message.empty());
}
