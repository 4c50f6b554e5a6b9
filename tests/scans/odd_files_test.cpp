// The collection of odd files, once in this process (so that the sanitizers see every read and every leak) and once
// through the real decoder, where nothing may end it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "made_packages.h"
#include "odd_file.h"
#include "scanbox/pages.h"
#include "scanbox/serve.h"

using namespace sealdesk;
using namespace sealdesk::tests;
using nlohmann::json;

#if defined(__SANITIZE_ADDRESS__)
// What fontconfig and x265 keep for the life of a process, and the patterns that poppler forgets in damaged pages.
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\nleak:libx265\nleak:libcairo\n"; }
#endif

namespace {

constexpr size_t kRoom = size_t{400'000'000};

const std::vector<OddFile>& collection() {
    static const auto all = [] {
        scanbox::start_pictures();
        auto files = odd_pictures();
        for (auto& more : {odd_documents(), odd_archives()}) files.insert(files.end(), more.begin(), more.end());
        return files;
    }();
    return all;
}

// A few pages of each say enough.
constexpr size_t kLooked = 3;

void judge(const OddFile& file, std::set<std::string> said, size_t pages) {
    if (said.empty()) said.insert("");
    // Nothing to complain about means that there is something to see.
    if (said.contains("") && file.name != "what systems leave") {
        EXPECT_GT(pages, 0U) << file.name;
    }
    for (const auto& code : said)
        EXPECT_TRUE(file.expected.contains(code)) << file.name << ": " << (code.empty() ? "nothing" : code) << " was said";
    // A case with one answer must give that answer, and a list of possible ones at least its share.
    if (file.expected.size() == 1) {
        EXPECT_EQ(said, file.expected) << file.name;
    }
}

json asked_here(const OddFile& file, json request, std::uint8_t* pixels) {
    scanbox::Desk desk;
    desk.package = file.bytes;
    desk.pixels = pixels;
    desk.room = kRoom;
    std::string last;
    desk.say = [&](const std::string& line) { last = line; };
    request["password"] = file.password;
    scanbox::answer(request.dump(), desk, scanbox::Bounds{});
    return json::parse(last);
}

}  // namespace

TEST(OddFiles, AreMoreThanFourHundred) {
    EXPECT_GE(collection().size(), 400U);
    std::set<std::string> names;
    for (const auto& file : collection()) EXPECT_TRUE(names.insert(file.name + file.password).second) << file.name;
}

TEST(OddFiles, EachGetsItsSentenceHere) {
    void* memory = mmap(nullptr, kRoom, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    auto* pixels = static_cast<std::uint8_t*>(memory);
    for (const auto& file : collection()) {
        const auto list = asked_here(file, {{"op", "list"}}, pixels);
        std::set<std::string> said;
        if (list.contains("error")) said.insert(list["error"]);
        for (const auto& refusal : list.value("refusals", json::array())) said.insert(refusal["code"]);
        size_t looked = 0;
        for (const auto& page : list.value("pages", json::array())) {
            if (++looked > kLooked) break;
            for (const int shrink : {1, 4, 12}) {
                const auto reply = asked_here(
                    file, {{"op", "render"}, {"entry", page["entry"]}, {"page", page["page"]}, {"shrink", shrink}, {"dpi", 72}},
                    pixels);
                said.insert(reply.value("error", std::string()));
                if (!reply.contains("error") && shrink == 1 && page["format"] != "pdf") {
                    EXPECT_EQ(reply["width"], page["width"]) << file.name;
                    EXPECT_EQ(reply["height"], page["height"]) << file.name;
                }
            }
        }
        judge(file, said, looked);
    }
    munmap(memory, kRoom);
}

TEST(OddFiles, NoneEndsTheRealDecoder) {
    const Folder folder;
    for (const auto& file : collection()) {
        const auto package = decoder().open(folder.write("odd", file.bytes), file.password);
        ASSERT_TRUE(package.has_value()) << file.name << ": " << package.error().message << package.error().detail;
        std::set<std::string> said;
        for (const auto& refusal : package->refusals) {
            said.insert(refusal.code);
            EXPECT_THAT(refusal.sentence, testing::HasSubstr(scans::sentence_of(refusal.code))) << file.name;
            EXPECT_NE(scans::sentence_of(refusal.code), scans::sentence_of("never heard of")) << file.name << refusal.code;
        }
        size_t looked = 0;
        for (const auto& page : package->pages) {
            if (++looked > kLooked) break;
            const auto pixels = decoder().render(*package, page, 2, 72);
            if (pixels) {
                said.insert("");
                continue;
            }
            EXPECT_EQ(pixels.error().kind, ErrorKind::corrupt) << file.name;
            // The sentence says which of the expected things it was.
            const auto told = std::find_if(file.expected.begin(), file.expected.end(), [&](const std::string& code) {
                return !code.empty() && pixels.error().message == scans::sentence_of(code, page.title);
            });
            ASSERT_NE(told, file.expected.end()) << file.name << ": " << pixels.error().message << pixels.error().detail;
            said.insert(*told);
        }
        judge(file, said, looked);
    }
}
