// What the looks at a page still find on it when it was scanned badly: one drawn form, worn in the ways that packages are.
#include <gmock/gmock.h>

#include <functional>

#include "base/process.h"
#include "checks/page_facts.h"
#include "checks/papers.h"
#include "tests/scans/made_packages.h"

using namespace sealdesk;
using checks::Orientation;
using checks::PageFacts;

namespace {

std::string drawn(const tests::Folder& folder, const std::string& how, const std::string& company = "南京犇鑫建设工程有限公司",
                  bool sealed = true) {
    folder.make(R"([{"out":"page.jpg","format":"jpeg","pages":[{"template":"application_unit","file":"1.jpg","as":"jpeg",)" +
                how + R"(,"seal":")" + (sealed ? company : "") + R"(","fields":{"name":")" + company +
                R"(","uscc":"91110108MA01ABCD5T","handler":"周敏","mobile":"13800138000","order":"SD1"}}]}])");
    return folder.path / "page.jpg";
}

// The JPEG through the tools that people's programs are made of.
std::string through(const tests::Folder& folder, const std::string& file, const std::string& tools) {
    const std::string out = folder.path / "worn.jpg";
    const auto ran = run({"sh", "-c", "djpeg '" + file + "' | " + tools + " > '" + out + "'"});
    EXPECT_TRUE(ran && ran->status == 0) << tools;
    return out;
}

PageFacts facts_of(const std::string& file) {
    const auto& box = tests::decoder();
    const auto package = box.open(file);
    EXPECT_TRUE(package && package->pages.size() == 1) << file;
    const auto& page = package->pages.at(0);
    const auto pixels = box.render(*package, page, checks::shrink_for_facts(page.width, page.height)).value();
    return checks::look_at(pixels.rgba(), pixels.width(), pixels.height(), page.width, page.height, page.dpi);
}

// Verdict of the rule on a package of that one page, ok when it said nothing against it.
checks::Verdict judged(const PageFacts& facts, const checks::Rule& rule) {
    checks::Papers papers;
    papers.opened = papers.arrived = true;
    checks::Paper paper;
    paper.title = "申请表.jpg";
    paper.facts = facts;
    papers.pages = {paper};
    checks::Demand form;
    form.material = {"application_form", "申请表", {"申请表"}, {}, ""};
    form.stamped = true;
    for (const auto& finding : checks::check_papers({form}, papers))
        if (finding.rule == rule.name) return finding.verdict;
    return checks::Verdict::ok;
}

// Whether the second page is told to be the first once more.
bool doubled(const PageFacts& first, const PageFacts& second) {
    checks::Papers papers;
    papers.opened = papers.arrived = true;
    for (const auto& facts : {first, second}) {
        checks::Paper paper;
        paper.number = static_cast<int>(papers.pages.size()) + 1;
        paper.title = "申请表.jpg";
        paper.facts = facts;
        papers.pages.push_back(paper);
    }
    for (const auto& finding : checks::check_papers({}, papers))
        if (finding.rule == checks::rules::duplicate.name) return finding.verdict != checks::Verdict::ok;
    return false;
}

struct Worn {
    const char* what;
    const char* how;    // of the drawing
    const char* tools;  // afterwards
    checks::Verdict blurred, stamp, turned;
};
constexpr auto kOk = checks::Verdict::ok, kWarning = checks::Verdict::warning, kFault = checks::Verdict::fault,
               kUnchecked = checks::Verdict::unchecked;
constexpr const char* kClean = R"("dpi":150,"noise":4)";

// What is found and what is missed, as it is: a change of the looks shows here.
const Worn kTable[] = {
    {"clean", kClean, "cjpeg -quality 85", kOk, kOk, kOk},
    {"JPEG of quality 30", kClean, "cjpeg -quality 30", kOk, kOk, kOk},
    {"JPEG of quality 10", kClean, "cjpeg -quality 10", kOk, kOk, kOk},
    {"noise of an old scanner", R"("dpi":150,"noise":14)", "cjpeg -quality 85", kOk, kOk, kOk},
    {"noise and quality 30", R"("dpi":150,"noise":14)", "cjpeg -quality 30", kOk, kOk, kOk},
    {"skewed by 3 degrees", R"("dpi":150,"noise":4,"skew":3)", "cjpeg -quality 85", kOk, kOk, kOk},
    {"scanned in grey", kClean, "cjpeg -grayscale -quality 85", kOk, kUnchecked, kOk},
    {"300 dpi", R"("dpi":300,"noise":4)", "cjpeg -quality 85", kOk, kOk, kOk},
    // At the edge of the readable; small print of a licence is judged harder.
    {"blurred by 1.5 px", R"("dpi":150,"noise":4,"blur":1.5)", "cjpeg -quality 85", kOk, kOk, kOk},
    {"blurred by 3 px", R"("dpi":150,"noise":4,"blur":3)", "cjpeg -quality 85", kFault, kOk, kOk},
    {"turned by 90 degrees", kClean, "cjpeg -quality 85 | jpegtran -rotate 90", kOk, kOk, kWarning},
    {"turned by 270 degrees", kClean, "cjpeg -quality 85 | jpegtran -rotate 270", kOk, kOk, kWarning},
    // Lines of Chinese look the same from above and below: told only by reading them.
    {"upside down", kClean, "cjpeg -quality 85 | jpegtran -rotate 180", kOk, kOk, kOk},
};

}  // namespace

TEST(WornPages, AreJudgedAsTheTableSays) {
    for (const auto& worn : kTable) {
        const tests::Folder folder;
        const auto facts = facts_of(through(folder, drawn(folder, worn.how), worn.tools));
        EXPECT_EQ(judged(facts, checks::rules::blurred), worn.blurred) << worn.what << ": sharpness " << facts.sharpness;
        EXPECT_EQ(judged(facts, checks::rules::stamp), worn.stamp)
            << worn.what << ": red " << facts.red << " ring " << (facts.stamp ? facts.stamp->ring : 0);
        EXPECT_EQ(judged(facts, checks::rules::turned), worn.turned) << worn.what << ": " << name_of(facts.orientation);
    }
}

TEST(WornPages, WithoutASealHaveNone) {
    for (const char* how : {kClean, R"("dpi":150,"noise":14)", R"("dpi":150,"noise":4,"skew":3)"}) {
        const tests::Folder folder;
        const auto facts = facts_of(drawn(folder, how, "南京犇鑫建设工程有限公司", false));
        EXPECT_FALSE(facts.stamp) << how;
        EXPECT_GE(judged(facts, checks::rules::stamp), kUnchecked) << how;
    }
}

// Sent twice through programs that compress again, a page is the same page; the same form of another company is not.
TEST(WornPages, AreKnownAgainAndToldFromAnothers) {
    const tests::Folder folder;
    const std::string first = drawn(folder, kClean), kept = folder.path / "first.jpg";
    std::filesystem::copy_file(first, kept);
    const auto facts = facts_of(kept);
    for (const char* tools : {"cjpeg -quality 85", "cjpeg -quality 60", "cjpeg -quality 30", "cjpeg -grayscale -quality 60",
                              "cjpeg -quality 90 | djpeg -scale 5/8 | cjpeg -quality 75"})
        EXPECT_TRUE(doubled(facts, facts_of(through(folder, kept, tools)))) << tools;
    for (const char* company :
         {"南京犇鑫建设工程公司", "南京鑫犇建设工程有限公司", "南京犇鑫建筑工程有限公司", "无锡市晨光水利建筑安装有限公司"}) {
        const tests::Folder there;
        EXPECT_FALSE(doubled(facts, facts_of(drawn(there, kClean, company)))) << company;
    }
}
