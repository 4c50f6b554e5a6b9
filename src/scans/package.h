// What the decoder found in an uploaded package, as values. Filled by scans::Scanbox, shown by the review
// panel and `sealdesk scans`. Names come from strangers: text to show, never paths.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/secret.h"

namespace sealdesk::scans {

struct Entry {
    int index = 0;
    std::string name;        // UTF-8, may contain '/'
    std::uint64_t size = 0;  // bytes, unpacked
    std::string sha256;      // of the unpacked file
    std::string kind;        // jpeg png tiff webp heif gif bmp pdf zip 7z rar rar5 office ofd unknown
    bool ignored = false;    // Thumbs.db and the like
};

struct Page {
    int entry = 0;   // Entry::index
    int number = 0;  // within that file, from 0
    int width = 0;   // px at shrink 1, upright
    int height = 0;
    int dpi = 0;  // 0: the file does not say
    std::string format;
    std::string title;  // "营业执照.jpg", or "材料.pdf 第 2 页" where the file has several
};

struct Refusal {
    int entry = -1;        // -1: the package as a whole
    std::string name;      // of the entry
    std::string code;      // encrypted, multi_volume, truncated, bomb …: for programs
    std::string sentence;  // for people, in the language of the screen
    std::string detail;    // for the log
};

struct Package {
    std::filesystem::path path;
    std::vector<Entry> entries;
    std::vector<Page> pages;
    std::vector<Refusal> refusals;
    std::shared_ptr<const crypto::Secret> password;  // that opened it; null: none
};

// Every code that the decoder may give has its own sentence; an unknown code gets a general one.
std::string sentence_of(std::string_view code, std::string_view name = {});

// For `sealdesk scans FILE --json`.
std::string scans_json(const Package& package);

}  // namespace sealdesk::scans
