// Archives written byte by byte: other packing, other names, cut, damaged, locked, in volumes, and bombs.
#include <fmt/format.h>

#include <optional>

#include "made_packages.h"
#include "odd_file.h"

namespace sealdesk::tests {

namespace {

struct Member {
    std::string name, content;
    unsigned flags = 0, method = 0;
    std::string extra = {};
    std::optional<std::uint32_t> crc = {};
    std::optional<std::uint32_t> size = {};  // that it says it has
};

std::string zip(const std::vector<Member>& members, unsigned disk = 0) {
    std::string bytes, directory;
    for (const auto& m : members) {
        const std::uint32_t size = m.size.value_or(static_cast<std::uint32_t>(m.content.size()));
        const std::string about = little(m.flags, 2) + little(m.method, 2) + little(0x6000, 2) + little(0x5A21, 2) +
                                  little(m.crc.value_or(crc32(m.content)), 4) + little(m.content.size(), 4) + little(size, 4) +
                                  little(m.name.size(), 2) + little(m.extra.size(), 2);
        directory += "PK\x01\x02" + little(20, 2) + little(20, 2) + about + little(0, 2) + little(disk, 2) + little(0, 2) +
                     little(0, 4) + little(bytes.size(), 4) + m.name + m.extra;
        bytes += "PK\x03\x04" + little(20, 2) + about + m.name + m.extra + m.content;
    }
    return bytes + directory + "PK\x05\x06" + little(disk, 2) + little(disk, 2) + little(members.size(), 2) +
           little(members.size(), 2) + little(directory.size(), 4) + little(bytes.size(), 4) + little(0, 2);
}

std::string vint(std::uint64_t value) {
    std::string bytes;
    for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
    return bytes + static_cast<char>(value);
}

std::string rar5_block(const std::string& body, const std::string& data = "") {
    const std::string counted = vint(body.size()) + body;
    return little(crc32(counted), 4) + counted + data;
}

// Stored files. `archive_flags` 1: a volume. `extra`: of every file.
std::string rar5(const Files& files, unsigned archive_flags = 0, const std::string& extra = "") {
    std::string bytes = std::string("Rar!\x1a\x07\x01\0", 8) + rar5_block(vint(1) + vint(0) + vint(archive_flags));
    for (const auto& [name, content] : files)
        bytes += rar5_block(vint(2) + vint(extra.empty() ? 2 : 3) + (extra.empty() ? "" : vint(extra.size())) +
                                vint(content.size()) + vint(4) + vint(content.size()) + vint(0100644) +
                                little(crc32(content), 4) + vint(0) + vint(1) + vint(name.size()) + name + extra,
                            content);
    return bytes + rar5_block(vint(5) + vint(0) + vint(0));
}

std::string rar4_block(char type, unsigned flags, const std::string& body, const std::string& data = "") {
    const std::string header = std::string(1, type) + little(flags, 2) + little(7 + body.size(), 2) + body;
    return little(crc32(header) & 0xFFFF, 2) + header + data;
}

std::string rar4(const Files& files, unsigned archive_flags = 0, unsigned file_flags = 0) {
    std::string bytes = std::string("Rar!\x1a\x07\0", 7) + rar4_block('\x73', archive_flags, std::string(6, '\0'));
    for (const auto& [name, content] : files)
        bytes += rar4_block('\x74', 0x8000 | file_flags,
                            little(content.size(), 4) + little(content.size(), 4) + std::string(1, '\x03') +
                                little(crc32(content), 4) + little(0x5A216000, 4) + "\x14\x30" + little(name.size(), 2) +
                                little(0100644, 4) + name,
                            content);
    return bytes + rar4_block('\x7B', 0x4000, "");
}

void add_good(std::vector<OddFile>& files, const std::string& png) {
    const Files two{{"一.png", png}, {"二.png", png}};
    for (const char* how : {"store", "deflate"})
        files.push_back({std::string("zip ") + how, packed(two, "zip", std::string("zip:compression=") + how), {""}});
    for (const char* how : {"copy", "deflate", "bzip2", "lzma1", "lzma2", "ppmd"})
        files.push_back({std::string("7z ") + how, packed(two, "7zip", std::string("7zip:compression=") + how), {""}});
    files.push_back({"rar 4", rar4({{"1.png", png}, {"2.png", png}}), {""}});
    files.push_back({"rar 5", rar5(two), {""}});
    files.push_back({"zip bzip2",
                     from_digits("504b03042e0000000c0000002100f0711ac4270000002800000005000000612e747874425a6839314159265359"
                                 "8cf7b22900000210800400004020002100820b1772453850908cf7b229504b01022e032e0000000c0000002100f071"
                                 "1ac42700000028000000050000000000000000000000800100000000612e747874504b050600000000010001003300"
                                 "00004a0000000000"),
                     {"unsupported"}});
    files.push_back({"zip lzma",
                     from_digits("504b03043f0002000e0000002100f0711ac4160000002800000005000000612e747874090405005d0000800000"
                                 "3c6e2707ffffffff80000000504b01023f033f0002000e0000002100f0711ac4160000002800000005000000000000"
                                 "0000000000800100000000612e747874504b05060000000001000100330000003900000000"
                                 "00"),
                     {"unsupported"}});
    const std::string inner = packed({{"p.png", png}});
    for (const auto& [name, archive] : {std::pair<std::string, std::string>{"zip", packed({{"内.zip", inner}})},
                                        {"7z", packed({{"内.zip", inner}}, "7zip")},
                                        {"rar 4", rar4({{"i.zip", inner}})},
                                        {"rar 5", rar5({{"内.zip", inner}})}}) {
        files.push_back({"zip in " + name, archive, {""}});
        files.push_back({"zip in " + name + " in zip", packed({{"外", archive}}), {"nesting"}});
    }
    files.push_back({"rar 5 in 7z", packed({{"a.rar", rar5({{"p.png", png}})}}, "7zip"), {""}});
    files.push_back({"zip with a comment behind it",
                     [&] {
                         std::string with = packed({{"p.png", png}});
                         with.replace(with.size() - 2, 2, little(5, 2));
                         return with + "hello";
                     }(),
                     {""}});
}

void add_names(std::vector<OddFile>& files, const std::string& png) {
    const auto named = [&](const std::string& name, const std::string& code, unsigned flags = 0, const std::string& extra = "") {
        files.push_back({fmt::format("name {} {:x}", name, flags), zip({{name, png, flags, 0, extra}}), {code}});
    };
    named("营业执照.png", "", 0x800);
    named("营业执照.png", "");
    named("\xd3\xaa\xd2\xb5\xd6\xb4\xd5\xd5.png", "");
    const std::string shown = "执照.png", raw = "____.png";
    named(raw, "", 0, "up" + little(5 + shown.size(), 2) + "\x01" + little(crc32(raw), 4) + shown);
    for (const std::string name :
         {"../a.png", "a/../../b.png", "..", "/etc/passwd", "//host/share/a.png", "C:\\a.png", "c:a.png", "\\\\host\\a.png",
          "..\\a.png", "a\\..\\b.png", "a\nb.png", "a\x1b[2Jb.png", "a\x7f.png", "\xE2\x80\xAEgnp.exe"})
        named(name, "unsafe_name");
    named(std::string(256, 'a'), "unsafe_name");
    named("a/" + std::string(1200, 'b') + "/c.png", "unsafe_name");
    named(std::string("a\0b.png", 7), "");  // libarchive ends it there
    named("./a.png", "");
    named("a//b.png", "");
    named("CON", "");
    named("a.png ", "");
    named("%n%s{}.png", "");
    named("\xFF\xFE\xFD.png", "unsafe_name");  // no writing that we know
    files.push_back({"two files of one name", zip({{"a.png", png}, {"a.png", png}}), {""}});
    files.push_back({"link", packed({{"a.png", "/etc/passwd"}}, "zip", "", "", AE_IFLNK), {"not_a_file"}});
    files.push_back({"link in 7z", packed({{"a.png", "/etc/passwd"}}, "7zip", "", "", AE_IFLNK), {"not_a_file"}});
    files.push_back({"file of no bytes", packed({{"a.png", ""}}), {"no_bytes"}});
    files.push_back({"what systems leave", packed({{"Thumbs.db", "x"}, {"__MACOSX/._a.png", "y"}, {"desktop.ini", "z"}}), {""}});
}

void add_broken(std::vector<OddFile>& files, const std::string& png) {
    const std::vector<std::pair<std::string, std::string>> whole = {
        {"zip stored", packed({{"1.png", png}, {"2.png", png}}, "zip", "zip:compression=store")},
        {"zip deflated", packed({{"1.png", png}, {"2.png", png}})},
        {"7z", packed({{"1.png", png}, {"2.png", png}}, "7zip")},
        {"rar 4", rar4({{"1.png", png}, {"2.png", png}})},
        {"rar 5", rar5({{"1.png", png}, {"2.png", png}})}};
    for (const auto& [name, bytes] : whole) {
        const bool rar = name.starts_with("rar");
        for (size_t tenth = 1; tenth <= 9; ++tenth)
            files.push_back({name + " cut at " + std::to_string(tenth) + "/10", bytes.substr(0, bytes.size() * tenth / 10),
                             rar ? std::set<std::string>{"truncated", "damaged", ""} : std::set<std::string>{"truncated", ""}});
        for (std::uint32_t seed = 1; seed <= 8; ++seed)
            files.push_back({name + " damaged " + std::to_string(seed),
                             damaged(bytes, seed),
                             {"", "damaged", "truncated", "packing", "encrypted", "unsupported", "unsafe_name", "not_a_file",
                              "empty", "no_bytes", "multi_volume", "too_many_pixels"}});
    }
    files.push_back({"zip that is a signature", "PK\x03\x04", {"truncated"}});
    files.push_back({"zip of nothing", packed({}), {"empty"}});
    files.push_back({"7z of nothing", packed({}, "7zip"), {"empty"}});
    files.push_back({"zip of folders", packed({{"a/", ""}}, "zip", "", "", AE_IFDIR), {"empty"}});
    files.push_back({"rar 4 of nothing", rar4({}), {"empty"}});
    files.push_back({"rar 5 of nothing", rar5({}), {"empty"}});
    files.push_back({"nothing", "", {"no_bytes"}});
    files.push_back({"zip with a wrong checksum", zip({{"1.png", png, 0, 0, "", 7}, {"2.png", png}}), {"damaged", ""}});
    files.push_back({"zip whose sizes disagree", zip({{"1.png", png, 0, 0, "", {}, 5}}), {"damaged", "truncated", ""}});
    files.push_back({"zip that says 4 GB", zip({{"1.png", png, 0, 0, "", {}, 0xFFFFFFFE}}), {"damaged", "truncated", ""}});
    for (const unsigned method : {1U, 6U, 9U, 10U, 97U, 98U, 200U})
        files.push_back({"zip of method " + std::to_string(method), zip({{"1.png", png, 0, method}}), {"packing", "damaged"}});
    files.push_back({"zip deflate of rubbish", zip({{"1.png", std::string(400, '\xFF'), 0, 8}}), {"damaged"}});
    files.push_back(
        {"7z with a wrong header", replaced(packed({{"a", "b"}}, "7zip"), 12, std::string(8, '\xFF')), {"truncated"}});
    files.push_back({"rar 5 whose header has no end",
                     std::string("Rar!\x1a\x07\x01\0", 8) + std::string(40, '\xFF'),
                     {"damaged", "truncated"}});
    files.push_back(
        {"rar 5 of zeroes", std::string("Rar!\x1a\x07\x01\0", 8) + std::string(400, '\0'), {"damaged", "truncated", "empty"}});
    files.push_back(
        {"rar 4 of zeroes", std::string("Rar!\x1a\x07\0", 7) + std::string(400, '\0'), {"damaged", "truncated", "empty"}});
    files.push_back(
        {"one bad file costs itself", zip({{"1.png", std::string(400, '\xFF'), 0, 8}, {"2.png", png}}), {"damaged", ""}});
}

void add_locked(std::vector<OddFile>& files, const std::string& png) {
    for (const char* how : {"zipcrypt", "aes128", "aes256"}) {
        const auto locked = packed({{"a.png", png}, {"b.png", png}}, "zip", std::string("zip:encryption=") + how, "钥匙 1");
        files.push_back({std::string(how) + " without password", locked, {"encrypted"}});
        files.push_back({std::string(how) + " with a wrong password", locked, {"wrong_password"}, "schloss"});
        files.push_back({std::string(how) + " with its password", locked, {""}, "钥匙 1"});
        files.push_back({std::string(how) + " in a package", packed({{"内.zip", locked}, {"好.png", png}}), {"encrypted", ""}});
    }
    files.push_back({"a password for what is open", packed({{"a.png", png}}), {""}, "x"});
    const std::string lock = std::string("\x02\x01\0", 3);  // extra record: size 2, type 1, version 0
    files.push_back({"rar 5 file locked", rar5({{"a.png", png}}, 0, lock), {"encrypted"}});
    files.push_back({"rar 5 file locked, password given", rar5({{"a.png", png}}, 0, lock), {"encrypted_not_zip"}, "x"});
    files.push_back(
        {"rar 5 names locked", std::string("Rar!\x1a\x07\x01\0", 8) + rar5_block(vint(4) + vint(0) + vint(0)), {"encrypted"}});
    files.push_back({"rar 4 file locked", rar4({{"a.png", png}}, 0, 4), {"encrypted"}});
    files.push_back({"rar 4 names locked", rar4({{"a.png", png}}, 0x80), {"encrypted"}});
    files.push_back({"rar 4 names locked, password given", rar4({{"a.png", png}}, 0x80), {"encrypted_not_zip"}, "x"});
    files.push_back({"rar 5 volume", rar5({{"a.png", png}}, 1), {"multi_volume"}});
    files.push_back({"rar 5 later volume", rar5({{"a.png", png}}, 3), {"multi_volume"}});
    files.push_back({"rar 4 volume", rar4({{"a.png", png}}, 1), {"multi_volume"}});
    files.push_back({"rar 4 new volume", rar4({{"a.png", png}}, 0x0111), {"multi_volume"}});
    files.push_back({"zip volume", zip({{"a.png", png}}, 3), {"multi_volume"}});
    files.push_back({"zip first volume", "PK\x07\x08" + packed({{"a.png", png}}), {"multi_volume"}});
}

void add_bombs(std::vector<OddFile>& files, const std::string& png) {
    const std::string zeroes = packed({{"a.png", std::string(size_t{20} << 20, '\0')}});
    files.push_back({"bomb", zeroes, {"bomb"}});
    files.push_back({"bomb in 7z", packed({{"a.png", std::string(size_t{20} << 20, '\0')}}, "7zip"), {"bomb"}});
    files.push_back({"bomb in a package", packed({{"b.zip", zeroes}}), {"bomb"}});
    files.push_back(
        {"bomb behind a page", packed({{"好.png", png}, {"b.bin", std::string(size_t{20} << 20, '\0')}}), {"bomb", ""}});
    Files many, folders;
    for (int i = 0; i < 501; ++i) {
        many.emplace_back(std::to_string(i), "");
        folders.emplace_back(std::to_string(i) + "/", "");
    }
    files.push_back({"501 files", packed(many), {"too_many_entries", "no_bytes"}});
    files.push_back({"501 folders", packed(folders, "zip", "", "", AE_IFDIR), {"too_many_entries"}});
    files.push_back(
        {"300 files twice",
         packed({{"1.zip", packed({many.begin(), many.begin() + 300})}, {"2.zip", packed({many.begin(), many.begin() + 300})}}),
         {"too_many_entries", "no_bytes"}});
    // Packs to a seventieth, so that the sum and not the ratio is what is passed.
    std::string block(size_t{1} << 16, '\0');
    Dice dice(1);
    for (size_t at = 0; at < 900; ++at) block[at] = static_cast<char>(dice.roll(256));
    std::string large;
    while (large.size() < (size_t{52} << 20)) large += block;
    files.push_back({"more than 200 MB",
                     packed({{"1", large}, {"2", large}, {"3", large}, {"4", large}}),
                     {"too_much_unpacked", "unsupported"}});
    files.push_back({"larger than 20 MB", std::string((size_t{20} << 20) + 1, 'P'), {"too_large"}});
    std::string deep = packed({{"p.png", png}});
    for (int level = 0; level < 8; ++level) deep = packed({{"in.zip", deep}});
    files.push_back({"nine archives deep", deep, {"nesting"}});
    // All members share the same bytes: small on disk, large when every one is unpacked.
    const std::string shared = zip({{"a", std::string(1000, 'x')}});
    files.push_back({"zip that begins twice", shared + shared, {"unsupported", "damaged", "truncated"}});
}

}  // namespace

std::vector<OddFile> odd_archives() {
    std::vector<OddFile> files;
    const std::string png = good_png();
    add_good(files, png);
    add_names(files, png);
    add_broken(files, png);
    add_locked(files, png);
    add_bombs(files, png);
    return files;
}

}  // namespace sealdesk::tests
