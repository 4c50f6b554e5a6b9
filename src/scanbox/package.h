// Walks an uploaded package in memory: an archive (ZIP, 7z, RAR, RAR 5; one more inside it) or a bare
// picture or PDF. Nothing is written anywhere; names are data and never paths. Stops at the first bound
// that is passed and at the first status of libarchive that is neither good nor a warning. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scanbox/kind.h"

namespace sealdesk::scanbox {

struct Bounds {
    std::uint64_t package_bytes = std::uint64_t{20} << 20;
    std::uint64_t unpacked_bytes = std::uint64_t{200} << 20;
    std::uint64_t ratio = 100;                           // unpacked : packed,
    std::uint64_t ratio_from = std::uint64_t{10} << 20;  // looked at beyond this many unpacked bytes
    int entries = 500;
    int pages = 500;
    int archives_deep = 2;  // the package itself counts as one
    std::uint64_t page_pixels = 100'000'000;
};

struct Entry {
    int index = 0;           // in the order of the archive, nested ones included
    std::string name;        // UTF-8, "内层.zip/营业执照.jpg"
    std::uint64_t size = 0;  // bytes, unpacked
    Kind kind = Kind::unknown;
    bool ignored = false;  // what operating systems leave behind: Thumbs.db, __MACOSX/…
    bool alone = false;    // it is the package itself, which then is no archive
};

struct Refusal {
    int entry = -1;    // -1: the package as a whole
    std::string name;  // of the entry
    std::string code;  // of the protocol
    std::string detail;
};

struct Reading {
    std::string password;  // of the archive; empty: none was given
    int only = -1;         // this entry and no other is visited; -1: all
};

// A file's bytes, for the time of the visit.
struct Content {
    std::string_view bytes;
    std::string* owner = nullptr;  // begins with them and may be taken (moved from) or exchanged; null: they stay,
    bool lasts = false;            // as long as the package itself: they are a part of it
};

// Called for each file in turn; false stops the walk.
using Visit = std::function<bool(const Entry&, const Content&)>;

// What could not be read. Entries before the fault have been visited.
std::vector<Refusal> walk(std::string_view package, const Bounds& bounds, const Reading& reading, const Visit& visit);

}  // namespace sealdesk::scanbox
