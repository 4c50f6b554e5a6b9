// What strangers send that is no honest package: each has its own sentence, and none takes the desk with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "base/files.h"
#include "made_packages.h"
#include "scans/scanbox.h"

using namespace sealdesk;
using namespace sealdesk::tests;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

std::vector<std::string> codes_of(const Folder& folder, const std::string& bytes) {
    const auto package = decoder().open(folder.write("package", bytes));
    if (!package) return {"error: " + package.error().message + package.error().detail};
    for (const auto& refusal : package->refusals) EXPECT_FALSE(refusal.sentence.empty());
    return codes(*package);
}

// A decoder that behaves as the script says.
scans::Scanbox scripted(const Folder& folder, const std::string& script, scans::Scanbox::Limits limits = {}) {
    const auto path = folder.write("decoder", "#!" SEALDESK_BIN "/scripted_scanbox\n" + script + "\n");
    chmod(path.c_str(), 0755);
    return scans::Scanbox(path, limits);
}

scans::Package package_of(const std::filesystem::path& path) {
    scans::Package package;
    package.path = path;
    package.pages.push_back({0, 0, 10, 10, 0, "png", "执照.png"});
    return package;
}

}  // namespace

TEST(Hostile, RefusesWhatIsNoPackage) {
    const Folder folder;
    EXPECT_THAT(codes_of(folder, "hello, this is text"), ElementsAre("not_a_package"));
    EXPECT_THAT(codes_of(folder, ""), ElementsAre("no_bytes"));
    EXPECT_THAT(codes_of(folder, packed({})), ElementsAre("empty"));
    EXPECT_THAT(codes_of(folder, std::string((size_t{20} << 20) + 1, 'P')), ElementsAre("too_large"));
    EXPECT_THAT(codes_of(folder, packed({{"[Content_Types].xml", "<x/>"}})), ElementsAre("office"));
    EXPECT_THAT(codes_of(folder, packed({{"OFD.xml", "<x/>"}})), ElementsAre("ofd"));
}

TEST(Hostile, ReadsWhatStandsBeforeTheCut) {
    const Folder folder;
    folder.make(R"([{"out":"p.png","format":"png","pages":[)" + page("x", "png") + "]}]");
    const auto whole = packed({{"1.png", folder.read("p.png")}, {"2.png", folder.read("p.png")}}, "zip", "zip:compression=store");
    const auto package = decoder().open(folder.write("cut.zip", whole.substr(0, whole.size() * 3 / 4)));
    ASSERT_TRUE(package.has_value()) << package.error().detail;
    EXPECT_THAT(codes(*package), ElementsAre("truncated"));
    ASSERT_EQ(package->pages.size(), 1U);
    EXPECT_EQ(package->pages[0].title, "1.png");
    const auto seven = packed({{"1.png", folder.read("p.png")}}, "7zip");
    EXPECT_THAT(codes_of(folder, seven.substr(0, seven.size() / 2)), ElementsAre("truncated"));
}

TEST(Hostile, StopsABomb) {
    const Folder folder;
    const std::string bomb = packed({{"zeros.png", std::string(size_t{50} << 20, '\0')}});
    EXPECT_LT(bomb.size(), 100'000U);
    EXPECT_THAT(codes_of(folder, bomb), ElementsAre("bomb"));
    EXPECT_THAT(codes_of(folder, packed({{"inner.zip", bomb}})), ElementsAre("bomb"));
}

TEST(Hostile, CountsEntries) {
    const Folder folder;
    Files files;
    for (int n = 0; n < 501; ++n) files.emplace_back(std::to_string(n) + "/Thumbs.db", "x");
    EXPECT_THAT(codes_of(folder, packed(files)), ElementsAre("too_many_entries"));
    files.pop_back();
    EXPECT_THAT(codes_of(folder, packed(files)), IsEmpty());
}

TEST(Hostile, RefusesEncryptedArchives) {
    const Folder folder;
    EXPECT_THAT(codes_of(folder, packed({{"a.jpg", "secret"}}, "zip", "zip:encryption=zipcrypt", "1234")),
                ElementsAre("encrypted"));
    EXPECT_THAT(codes_of(folder, packed({{"a.jpg", "secret"}}, "zip", "zip:encryption=aes256", "1234")),
                ElementsAre("encrypted"));
    // RAR 5: signature, then an archive encryption header (type 4).
    const std::string rar5(
        "Rar!\x1a\x07\x01\x00"
        "\0\0\0\0"
        "\x04\x04\x00\x00\x00",
        17);
    EXPECT_THAT(codes_of(folder, rar5), ElementsAre("encrypted"));
    // RAR 4 main header with encrypted headers (0x0080), and one volume of several (0x0001).
    EXPECT_THAT(codes_of(folder, std::string("Rar!\x1a\x07\x00"
                                             "\0\0\x73\x80\x00\x0d\x00\0\0\0\0\0\0",
                                             20)),
                ElementsAre("encrypted"));
    EXPECT_THAT(codes_of(folder, std::string("Rar!\x1a\x07\x00"
                                             "\0\0\x73\x01\x00\x0d\x00\0\0\0\0\0\0",
                                             20)),
                ElementsAre("multi_volume"));
    EXPECT_THAT(codes_of(folder, std::string("PK\x07\x08PK\x03\x04", 8)), ElementsAre("multi_volume"));
}

TEST(Hostile, NamesAreNeverPaths) {
    const Folder folder;
    EXPECT_THAT(
        codes_of(folder, packed({{"../../etc/passwd", "x"}, {"/etc/passwd", "x"}, {"C:\\a.jpg", "x"}, {"a\nb.jpg", "x"}})),
        ElementsAre("unsafe_name", "unsafe_name", "unsafe_name", "unsafe_name"));
    EXPECT_THAT(codes_of(folder, packed({{"link.jpg", "/etc/passwd"}}, "zip", "", "", AE_IFLNK)), ElementsAre("not_a_file"));
}

TEST(Hostile, ADamagedPageCostsOnePage) {
    const Folder folder;
    folder.make(R"([{"out":"p.png","format":"png","pages":[)" + page("x", "png") + "]}]");
    const std::string good = folder.read("p.png");
    const auto package = decoder().open(folder.write(
        "a.zip", packed({{"bad.png", good.substr(0, 20)}, {"cut.png", good.substr(0, good.size() / 2)}, {"good.png", good}})));
    ASSERT_TRUE(package.has_value());
    EXPECT_THAT(codes(*package), ElementsAre("damaged"));
    EXPECT_THAT(package->refusals[0].sentence, HasSubstr("bad.png"));
    ASSERT_EQ(package->pages.size(), 2U);
    const auto cut = decoder().render(*package, package->pages[0]);
    ASSERT_FALSE(cut.has_value());
    EXPECT_EQ(cut.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(cut.error().message, HasSubstr("cut.png"));
    EXPECT_TRUE(decoder().render(*package, package->pages[1]).has_value());
}

TEST(Hostile, LooksAtTheHeaderBeforeThePixels) {
    // A valid PNG header that promises 20,000 x 20,000 grey pixels, and next to none behind it.
    const Folder folder;
    const std::string_view hex =
        "89504e470d0a1a0a0000000d4948445200004e2000004e200800000000c61b19e50000000c49444154789c6360a03d00000064000186643c35000000"
        "0049454e44ae426082";
    std::string png;
    for (size_t at = 0; at < hex.size(); at += 2)
        png += static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16));
    EXPECT_THAT(codes_of(folder, png), ElementsAre("too_many_pixels"));
}

TEST(Decoder, WhoseEndCostsOneFile) {
    const Folder folder;
    // It dies on file 3 until it is told to skip it.
    const auto box = scripted(folder, R"(read line
case "$line" in *'"skip":[3]'*) echo '{"done":true,"entries":[{"index":3,"name":"坏.pdf","size":1}],"pages":[],"refusals":[{"entry":3,"name":"坏.pdf","code":"damaged"}]}';;
*) echo '{"probing":3}'; kill -SEGV $$;; esac)");
    const auto package = box.open(folder.write("a.zip", packed({{"a", "b"}})));
    ASSERT_TRUE(package.has_value()) << package.error().message;
    EXPECT_THAT(codes(*package), ElementsAre("crashed"));
}

TEST(Decoder, KilledOrHangingIsAnErrorWithASentence) {
    const Folder folder;
    const auto path = folder.write("a.zip", packed({{"a", "b"}}));
    const auto package = package_of(path);
    const auto killed = scripted(folder, "kill -KILL $$").render(package, package.pages[0]);
    ASSERT_FALSE(killed.has_value());
    EXPECT_EQ(killed.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(killed.error().message, HasSubstr("执照.png"));
    EXPECT_THAT(killed.error().detail, HasSubstr("137"));

    scans::Scanbox::Limits short_limits;
    short_limits.render = short_limits.open = std::chrono::milliseconds(200);
    const auto hanging = scripted(folder, "exec sleep 1000", short_limits);
    const auto late = hanging.render(package, package.pages[0]);
    ASSERT_FALSE(late.has_value());
    EXPECT_THAT(late.error().message, HasSubstr("时间过长"));
    EXPECT_EQ(hanging.open(path).error().kind, ErrorKind::corrupt);
}

TEST(Decoder, IsNotBelieved) {
    const Folder folder;
    const auto path = folder.write("a.zip", packed({{"a", "b"}}));
    const auto package = package_of(path);
    for (const std::string answer : {R"({"done":true,"width":100000,"height":100000})", R"({"done":true,"width":-1,"height":2})",
                                     R"({"done":true,"width":"x"})", "nonsense", R"({"done":true})"})
        EXPECT_EQ(scripted(folder, "echo '" + answer + "'").render(package, package.pages[0]).error().kind, ErrorKind::corrupt)
            << answer;
    const auto odd =
        scripted(
            folder,
            R"(echo '{"done":true,"entries":[5,{"index":"x"}],"pages":[{"entry":7,"page":0,"width":1,"height":1,"dpi":0}]}')")
            .open(path);
    ASSERT_TRUE(odd.has_value());
    EXPECT_THAT(odd->entries, IsEmpty());
    EXPECT_THAT(odd->pages, IsEmpty());
}

TEST(Sandbox, RefusesSocketsProgramsAndWriting) {
    const auto leaks = decoder().leaks();
    ASSERT_TRUE(leaks.has_value()) << leaks.error().message << leaks.error().detail;
    EXPECT_THAT(*leaks, IsEmpty());
}

TEST(Sentences, EveryCodeHasItsOwn) {
    std::set<std::string> all{scans::sentence_of("something new")};
    for (const char* code :
         {"encrypted",   "multi_volume",  "truncated",         "damaged",          "empty",          "no_bytes",
          "bomb",        "too_large",     "too_much_unpacked", "too_many_entries", "too_many_pages", "too_many_pixels",
          "nesting",     "unsafe_name",   "not_a_file",        "not_a_package",    "office",         "ofd",
          "unsupported", "encrypted_pdf", "no_such_page",      "too_slow",         "no_sandbox"})
        EXPECT_TRUE(all.insert(scans::sentence_of(code)).second) << code;
}
