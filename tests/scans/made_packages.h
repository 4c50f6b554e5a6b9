// Packages for the tests: drawn by sealdesk-scanmaker, or packed here with what no honest tool writes.
// One folder per test, removed afterwards.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/process.h"
#include "scanbox/utf8_locale.h"
#include "scans/scanbox.h"

namespace sealdesk::tests {

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "sealdesk-scans-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() {
        std::error_code error;
        std::filesystem::remove_all(path, error);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path write(const std::string& name, const std::string& bytes) const {
        std::ofstream(path / name, std::ios::binary) << bytes;
        return path / name;
    }
    std::string read(const std::string& name) const {
        std::ostringstream all;
        all << std::ifstream(path / name, std::ios::binary).rdbuf();
        return all.str();
    }
    // `packages` is the list of a recipe, drawn into this folder.
    void make(const std::string& packages) const {
        write("recipe.json", "{\"packages\":" + packages + "}");
        // Under the sanitizer: fontconfig keeps what it has read.
        const auto made =
            run({SEALDESK_BIN "/sealdesk-scanmaker", (path / "recipe.json").string(), "--forms", SEALDESK_SOURCE "/assets/forms"},
                {{"ASAN_OPTIONS", "detect_leaks=0"}});
        ASSERT_TRUE(made.has_value());
        ASSERT_EQ(made->status, 0) << made->output;
    }

    std::filesystem::path path;
};

using Files = std::vector<std::pair<std::string, std::string>>;  // name as raw bytes, content

inline std::string packed(const Files& files, const std::string& format = "zip", const std::string& options = "",
                          const std::string& password = "", mode_t type = AE_IFREG) {
    // The 7z writer converts names through the locale; ZIP keeps the bytes as they are.
    std::optional<scanbox::Utf8Locale> locale;
    if (format == "7zip") locale.emplace();
    std::string bytes;
    const std::unique_ptr<archive, decltype(&archive_write_free)> writer(archive_write_new(), archive_write_free);
    archive_write_set_format_by_name(writer.get(), format.c_str());
    if (!options.empty()) {
        EXPECT_EQ(archive_write_set_options(writer.get(), options.c_str()), ARCHIVE_OK);
    }
    if (!password.empty()) {
        EXPECT_EQ(archive_write_set_passphrase(writer.get(), password.c_str()), ARCHIVE_OK);
    }
    archive_write_set_bytes_per_block(writer.get(), 0);
    archive_write_open(
        writer.get(), &bytes, nullptr,
        [](archive*, void* closure, const void* block, size_t size) -> la_ssize_t {
            static_cast<std::string*>(closure)->append(static_cast<const char*>(block), size);
            return static_cast<la_ssize_t>(size);
        },
        nullptr);
    for (const auto& [name, content] : files) {
        const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(), archive_entry_free);
        archive_entry_set_pathname(entry.get(), name.c_str());
        archive_entry_set_filetype(entry.get(), type);
        archive_entry_set_perm(entry.get(), 0644);
        if (type == AE_IFLNK)
            archive_entry_set_symlink(entry.get(), content.c_str());
        else
            archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
        EXPECT_EQ(archive_write_header(writer.get(), entry.get()), ARCHIVE_OK) << archive_error_string(writer.get());
        if (type == AE_IFREG) {
            EXPECT_GE(archive_write_data(writer.get(), content.data(), content.size()), 0);
        }
    }
    EXPECT_EQ(archive_write_close(writer.get()), ARCHIVE_OK);
    return bytes;
}

inline std::vector<std::string> codes(const scans::Package& package) {
    std::vector<std::string> all;
    for (const auto& refusal : package.refusals) all.push_back(refusal.code);
    return all;
}

// One prepared decoder for all tests of the program.
inline const scans::Scanbox& decoder() {
    static const scans::Scanbox box(SEALDESK_BIN "/sealdesk-scanbox");
    return box;
}

// One small drawn page, in the recipe's words.
inline std::string page(const std::string& file, const std::string& as, const std::string& form = "loss_statement") {
    return R"({"template":")" + form + R"(","file":")" + file + R"(","as":")" + as +
           R"(","dpi":72,"skew":0.5,"seal":"南京犇鑫建设工程有限公司","fields":{"name":"南京犇鑫建设工程有限公司"}})";
}

}  // namespace sealdesk::tests
