// The program that draws the demo's scans says what is wrong with a recipe and draws the same twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_packages.h"

using namespace sealdesk;
using namespace sealdesk::tests;
using testing::HasSubstr;

namespace {

Finished draw(const Folder& folder, const std::string& recipe) {
    const auto path = folder.write("recipe.json", recipe);
    return run({SEALDESK_BIN "/sealdesk-scanmaker", path.string(), "--forms", SEALDESK_SOURCE "/assets/forms"}).value();
}

}  // namespace

TEST(ScanMaker, RefusesAWrongRecipe) {
    const Folder folder;
    EXPECT_EQ(draw(folder, "{").status, 1);
    EXPECT_EQ(draw(folder, R"({"packages":[{"pages":[]}]})").status, 1);
    EXPECT_EQ(draw(folder, R"({"packages":[{"out":"a.zip","pages":[{"template":"no_such_form"}]}]})").status, 1);
    EXPECT_FALSE(std::filesystem::exists(folder.path / "a.zip"));
    const auto odd = draw(folder, R"({"packages":[{"out":"a.zip","pages":[{"template":"loss_statement","as":"gif"}]}]})");
    EXPECT_EQ(odd.status, 1);
    EXPECT_THAT(odd.output, HasSubstr("gif"));
}

TEST(ScanMaker, DrawsTheSamePageTwice) {
    const Folder folder;
    folder.make(R"([{"out":"a.png","format":"png","pages":[)" + page("x", "png") +
                R"(]},{"out":"b.png","format":"png","pages":[)" + page("x", "png") + "]}]");
    EXPECT_EQ(folder.read("a.png"), folder.read("b.png"));
}

TEST(ScanMaker, EveryFormCanBeDrawnWithHostileFields) {
    const Folder folder;
    std::string pages;
    int forms = 0;
    for (const auto& file : std::filesystem::directory_iterator(SEALDESK_SOURCE "/assets/forms")) {
        const auto form = file.path().stem().string();
        if (form == "seal") continue;
        ++forms;
        pages += (pages.empty() ? "" : ",") + std::string(R"({"template":")") + form + R"(","file":")" + form +
                 R"(.jpg","dpi":50,"seal":"<甲>&乙","fields":{"name":"<script>&\"甲\"","address":"}}{{","years":2}})";
    }
    EXPECT_EQ(forms, 8);
    folder.make(R"([{"out":"a.zip","pages":[)" + pages + "]}]");
    const auto package = decoder().open(folder.path / "a.zip");
    ASSERT_TRUE(package.has_value());
    EXPECT_EQ(package->pages.size(), 8U);
    EXPECT_TRUE(package->refusals.empty());
}
