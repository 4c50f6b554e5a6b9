#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/house/source_tree.h"

namespace {

using house::House;
using house::Include;

// Where a header of others may be included. Tests may look at everything with anything.
struct Door {
    const char* header;  // regular expression for the whole name
    const char* places;  // regular expression for the beginning of the path
    const char* why;
};
constexpr Door doors[] = {
    {"(imgui|implot).*", "panels/|src/shell/", "only what draws knows the toolkit"},
    {"GLFW/.*|GL/.*", "src/shell/", "one place owns window and context"},
    {"X11/.*", "src/demo/", "only the tour pushes real keys"},
    {"stb_.*", "src/shell/|src/demo/", "screenshots"},
    {"hpdf.*", "reports/", "libharu's traps are handled once"},
    {"(zint|xlsxwriter|hb|hb-.*)(\\.h)?", "reports/", "documents are made there"},
    {"ft2build.*|freetype/.*", "reports/|panels/|src/shell/", "glyphs for paper and screen"},
    {"fontconfig/.*", "reports/|src/shell/", "fonts are found there"},
    {"curl/.*", "src/network/", "one HTTP client"},
    {"httplib.*", "src/portal/", "one HTTP server"},
    {"archive.*\\.h|vips/.*", "src/scanbox/|src/demo/scan_maker", "parsers of strangers' files stay out of the desk"},
    {"seccomp.*|linux/seccomp.*", "src/(scanbox|ocr)/", "a sandbox stands around each parser"},
    {"openssl/.*", "src/(crypto|certificates|keys|seals|network|portal)/", "handles and secrets have owners"},
    {"p11-kit.*|pkcs11.*", "src/keys/", "one door to KEYs"},
    {"tesseract/.*|leptonica/.*", "src/ocr/", "pictures of strangers are read behind walls"},
    {"soci/.*|soci\\.h", "src/storage/|(src|panels|reports)/(.*/)?[a-z0-9_]*_store\\.(h|cpp)$", "SQL stands beside its table"},
    {"sqlite3\\.h|libpq.*|postgresql/.*", "src/storage/", "everything else speaks through SOCI"},
    {"cups/.*", "src/printing/", "one door to printers"},
    {"unicode/.*|libintl.*", "src/base/|src/scanbox/maker", "text and translation have one door; the maker writes GBK names"},
    {"CLI/.*", "src/(cli|portal|scanbox|demo)/", "words of the command line"},
    {"toml\\+\\+/.*|toml\\.hpp", "src/(desk|portal|certificates|review|orders|invoices|checks)/",
     "settings and the lists of data/ are read once"},
    {"(gtest|gmock|benchmark)/.*", "tests/", "test tools stay with the tests"},
};

// Why the file may not include that, or nothing.
std::string misplaced(const std::string& path, const Include& include) {
    if (path.starts_with("tests/")) return {};
    static const std::vector<std::pair<std::regex, std::regex>> rules = [] {
        std::vector<std::pair<std::regex, std::regex>> made;
        for (const Door& door : doors) made.emplace_back(door.header, std::string("^(") + door.places + ")");
        return made;
    }();
    if (include.ours) return {};
    for (size_t i = 0; i < rules.size(); ++i) {
        if (!std::regex_match(include.name, rules[i].first)) continue;
        if (!std::regex_search(path, rules[i].second)) return doors[i].why;
    }
    return {};
}

// Why the file may not include that header of ours, or nothing.
std::string upward(const House& house, const std::string& path, const std::string& name) {
    std::string target = house.room_of(name);
    if (target.empty()) target = house.room_of("src/" + name);
    if (target.empty()) return "lies in no room of CMakeLists.txt";
    if (house.visible_from(path).contains(target)) return {};
    return "is of the room " + target + ", which this one does not use";
}

std::string at(const std::string& path, const Include& include) {
    return path + ":" + std::to_string(include.line) + ": " + include.name + " ";
}

}  // namespace

TEST(House, HeadersOfOthersStayInTheirRooms) {
    for (const std::string& path : house::code_files()) {
        for (const Include& include : house::includes_in(house::text_of(path))) {
            const std::string why = misplaced(path, include);
            EXPECT_TRUE(why.empty()) << at(path, include) << "does not belong here: " << why;
        }
    }
}

TEST(House, OneFileKnowsLibharuAndOneFolderCurl) {
    std::set<std::string> libharu;
    for (const std::string& path : house::code_files()) {
        if (path.starts_with("tests/")) continue;
        for (const Include& include : house::includes_in(house::text_of(path))) {
            if (include.name.starts_with("hpdf")) libharu.insert(path);
        }
    }
    EXPECT_LE(libharu.size(), 1u) << testing::PrintToString(libharu);
}

TEST(House, TheRuleOnHeadersOfOthersBites) {
    EXPECT_NE(misplaced("src/orders/order.cpp", {"imgui.h", false, 1}), "");
    EXPECT_NE(misplaced("src/desk/desk.h", {"openssl/evp.h", false, 1}), "");
    EXPECT_NE(misplaced("src/orders/order.cpp", {"soci/soci.h", false, 1}), "");
    EXPECT_NE(misplaced("src/scans/scans.cpp", {"archive.h", false, 1}), "");
    EXPECT_EQ(misplaced("src/orders/order_store.cpp", {"soci/soci.h", false, 1}), "");
    EXPECT_EQ(misplaced("panels/kit/chip.cpp", {"imgui.h", false, 1}), "");
    EXPECT_EQ(misplaced("tests/scans/package_test.cpp", {"archive.h", false, 1}), "");
}

TEST(House, RoomsAreListedLowestFloorFirst) {
    const House house = house::read_house(house::text_of("CMakeLists.txt"));
    ASSERT_GT(house.rooms.size(), 5u) << "CMakeLists.txt names its rooms with room(...)";
    EXPECT_THAT(house.upward, testing::IsEmpty());
}

TEST(House, IncludesGoOnlyDownwards) {
    const House house = house::read_house(house::text_of("CMakeLists.txt"));
    for (const std::string& path : house::code_files()) {
        if (path.starts_with("tests/")) continue;
        EXPECT_FALSE(house.room_of(path).empty()) << path << " lies in no room of CMakeLists.txt";
        for (const Include& include : house::includes_in(house::text_of(path))) {
            if (!include.ours) continue;
            if (!house::fs::exists(house::root / "src" / include.name) && !house::fs::exists(house::root / include.name)) {
                ADD_FAILURE() << at(path, include) << "is written like ours and is not: use <> or the path from src/";
                continue;
            }
            const std::string why = upward(house, path, include.name);
            EXPECT_TRUE(why.empty()) << at(path, include) << why;
        }
    }
}

TEST(House, TheRuleOnFloorsBites) {
    const House house = house::read_house(
        "room(src/base USES fmt::fmt)\nroom(src/crypto USES base)\nroom(src/storage USES base soci\n  PRIVATE crypto)\n"
        "room(src/orders USES storage WITHOUT main.cpp)\nroom(panels/kit USES imgui)\nprogram(x src/orders/main.cpp "
        "panels_kit)\n");
    EXPECT_EQ(upward(house, "src/storage/store.cpp", "crypto/digest.h"), "");
    EXPECT_EQ(upward(house, "src/orders/order.cpp", "base/money.h"), "");
    EXPECT_NE(upward(house, "src/orders/order.cpp", "crypto/digest.h"), "") << "PRIVATE is not passed on";
    EXPECT_NE(upward(house, "src/base/money.cpp", "orders/order.h"), "");
    EXPECT_NE(upward(house, "src/orders/order.cpp", "panels/kit/chip.h"), "");
    EXPECT_EQ(upward(house, "src/orders/main.cpp", "panels/kit/chip.h"), "");
    EXPECT_NE(upward(house, "src/orders/order.cpp", "attic/box.h"), "");
    EXPECT_THAT(house::read_house("room(src/a USES b)\nroom(src/b)\n").upward, testing::ElementsAre("a uses b"));
}
