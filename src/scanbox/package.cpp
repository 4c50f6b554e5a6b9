#include "scanbox/package.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "scanbox/utf8_locale.h"

namespace sealdesk::scanbox {

namespace {

using Reader = std::unique_ptr<archive, decltype(&archive_read_free)>;

std::string decoded_name(archive_entry* entry) {
    const char* name = archive_entry_pathname_utf8(entry);
    if (name == nullptr) name = archive_entry_pathname(entry);
    std::string text = to_utf8(name == nullptr ? "" : name);
    // Windows tools write backslashes; after decoding, for 0x5C is also the second byte of GBK characters.
    std::replace(text.begin(), text.end(), '\\', '/');
    return text;
}

bool safe_name(std::string_view name) {
    if (name.empty() || name.front() == '/' || name.size() > 1024 || has_control_characters(name)) return false;
    if (name.size() > 1 && name[1] == ':') return false;
    for (const auto& part : split(name, '/'))
        if (part == ".." || part.size() > 255) return false;
    return true;
}

std::string tidy_name(std::string_view name) {
    std::string tidy;
    for (const auto& part : split(name, '/')) {
        if (part.empty() || part == ".") continue;
        if (!tidy.empty()) tidy += '/';
        tidy += part;
    }
    return tidy;
}

bool left_behind(std::string_view name) {
    const auto slash = name.rfind('/');
    const auto last = slash == std::string_view::npos ? name : name.substr(slash + 1);
    return name.starts_with("__MACOSX/") || name.find("/__MACOSX/") != std::string_view::npos || last == ".DS_Store" ||
           last == "Thumbs.db" || last == "desktop.ini" || last.starts_with("._");
}

class Walk {
public:
    Walk(const Bounds& bounds, const Visit& visit) : bounds_(bounds), visit_(visit) {}
    std::vector<Refusal> refusals;

    // False: stop everything.
    bool file(Entry entry, std::string_view bytes, int deep) {
        entry.kind = kind_of(bytes);
        entry.size = bytes.size();
        if (entry.ignored || !is_archive(entry.kind)) return visit_(entry, bytes);
        if (deep >= bounds_.archives_deep) {
            refuse(entry, "nesting");
            return visit_(entry, bytes);
        }
        if (!visit_(entry, bytes)) return false;
        return unpack(entry, bytes, deep + 1);
    }

    bool unpack(const Entry& outer, std::string_view bytes, int deep) {
        const char* fault = archive_fault(outer.kind, bytes);
        const bool cut = fault != nullptr && fault == std::string_view("truncated");  // what stands before the cut is still read
        if (fault != nullptr && !cut) return refuse(outer, fault);
        const Utf8Locale locale;
        Reader reader(archive_read_new(), archive_read_free);
        archive_read_support_format_zip(reader.get());
        archive_read_support_format_7zip(reader.get());
        archive_read_support_format_rar(reader.get());
        archive_read_support_format_rar5(reader.get());
        if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
            return refuse(outer, cut ? "truncated" : "damaged", archive_error_string(reader.get()));
        const int before = next_index_;
        std::uint64_t unpacked_here = 0;
        const std::string prefix = outer.name.empty() ? "" : outer.name + "/";
        for (;;) {
            archive_entry* header = nullptr;
            const int status = archive_read_next_header(reader.get(), &header);
            if (status == ARCHIVE_EOF) break;
            if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
                return refuse(outer, failure_code(reader.get(), cut), words(reader.get()));
            if (archive_entry_filetype(header) == AE_IFDIR) {
                if (++folders_ > bounds_.entries) return refuse_all("too_many_entries");
                continue;
            }
            if (next_index_ >= bounds_.entries) return refuse_all("too_many_entries");
            Entry entry;
            entry.index = next_index_++;
            const std::string name = decoded_name(header);
            entry.name = prefix + tidy_name(name);
            entry.ignored = left_behind(entry.name);
            if (!safe_name(name)) {
                entry.name = prefix + "?";
                refuse(entry, "unsafe_name");
                continue;
            }
            if (archive_entry_filetype(header) != AE_IFREG || archive_entry_symlink(header) != nullptr ||
                archive_entry_hardlink(header) != nullptr) {
                refuse(entry, "not_a_file");
                continue;
            }
            if (archive_entry_is_encrypted(header) != 0) return refuse(outer, "encrypted");
            std::string content;
            if (!read_entry(reader.get(), outer, bytes.size(), cut, unpacked_here, content)) return false;
            if (!file(entry, content, deep)) return false;
        }
        if (cut) return refuse(outer, "truncated");
        if (next_index_ == before) return refuse(outer, "empty");
        return true;
    }

    int take_index() { return next_index_++; }

private:
    bool read_entry(archive* reader, const Entry& outer, size_t packed, bool cut, std::uint64_t& unpacked_here,
                    std::string& content) {
        std::string block(size_t{1} << 16, '\0');
        for (;;) {
            const auto n = archive_read_data(reader, block.data(), block.size());
            if (n == 0) return true;
            if (n < 0) return refuse(outer, failure_code(reader, cut), words(reader));
            // Count what really comes out: the declared size is the stranger's word.
            unpacked_ += static_cast<std::uint64_t>(n);
            unpacked_here += static_cast<std::uint64_t>(n);
            if (unpacked_ > bounds_.unpacked_bytes) return refuse_all("too_much_unpacked");
            if (unpacked_here > bounds_.ratio_from && unpacked_here / std::max<size_t>(1, packed) >= bounds_.ratio)
                return refuse_all("bomb");
            content.append(block, 0, static_cast<size_t>(n));
        }
    }

    static const char* words(archive* reader) {
        const char* text = archive_error_string(reader);
        return text == nullptr ? "" : text;
    }
    static const char* failure_code(archive* reader, bool cut) {
        const std::string_view text = words(reader);
        if (text.find("encrypt") != text.npos || text.find("Passphrase") != text.npos) return "encrypted";
        if (cut || text.find("runcated") != text.npos) return "truncated";
        return "damaged";
    }
    bool refuse_all(const char* code) {
        refusals.push_back({-1, "", code, ""});
        return false;
    }
    // The rest of this archive is lost; a nested one costs only itself, the outermost ends the walk anyway.
    bool refuse(const Entry& entry, const char* code, const char* detail = "") {
        refusals.push_back({entry.index, entry.name, code, detail == nullptr ? "" : detail});
        return entry.index >= 0;
    }

    const Bounds& bounds_;
    const Visit& visit_;
    int next_index_ = 0;
    int folders_ = 0;
    std::uint64_t unpacked_ = 0;
};

}  // namespace

std::vector<Refusal> walk(std::string_view package, const Bounds& bounds, const Visit& visit) {
    if (package.empty()) return {{-1, "", "no_bytes", ""}};
    if (package.size() > bounds.package_bytes) return {{-1, "", "too_large", ""}};
    Walk walk(bounds, visit);
    const Kind kind = kind_of(package);
    if (is_archive(kind)) {
        Entry whole;
        whole.index = -1;
        whole.kind = kind;
        walk.unpack(whole, package, 1);
    } else if (is_picture(kind)) {
        Entry only;
        only.index = walk.take_index();
        walk.file(only, package, 1);
    } else {
        return {{-1, "", kind == Kind::office ? "office" : kind == Kind::ofd ? "ofd" : "not_a_package", ""}};
    }
    return std::move(walk.refusals);
}

}  // namespace sealdesk::scanbox
