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

// Left to choose, libarchive takes a RAR that ends with a stored ZIP for that ZIP.
void only_format(archive* reader, Kind kind) {
    switch (kind) {
        case Kind::sevenzip: archive_read_support_format_7zip(reader); break;
        case Kind::rar: archive_read_support_format_rar(reader); break;
        case Kind::rar5: archive_read_support_format_rar5(reader); break;
        default: archive_read_support_format_zip(reader);
    }
}

class Walk {
public:
    Walk(const Bounds& bounds, const Reading& reading, const Visit& visit) : bounds_(bounds), reading_(reading), visit_(visit) {}
    std::vector<Refusal> refusals;

    // False: stop everything.
    bool file(Entry entry, const Content& content, int deep) {
        entry.kind = kind_of(content.bytes);
        entry.size = content.bytes.size();
        if (entry.ignored || !is_archive(entry.kind)) return visit(entry, content);
        if (deep >= bounds_.archives_deep) {
            refuse(entry, "nesting");
            return visit(entry, content);
        }
        if (!visit(entry, {content.bytes, nullptr, content.lasts})) return false;
        return unpack(entry, content.bytes, content.lasts, deep + 1);
    }

    bool unpack(const Entry& outer, std::string_view bytes, bool lasts, int deep) {
        const Source from{outer, bytes, lasts, archive_fault(outer.kind, bytes)};
        if (from.fault != nullptr && !from.cut())
            return refuse(outer, locked(from.fault) && !reading_.password.empty() ? "encrypted_not_zip" : from.fault);
        const Utf8Locale locale;
        const Reader reader(archive_read_new(), archive_read_free);
        only_format(reader.get(), outer.kind);
        if (!reading_.password.empty()) archive_read_add_passphrase(reader.get(), reading_.password.c_str());
        if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
            return refuse(outer, from.cut() ? "truncated" : "damaged", words(reader.get()));
        const int before = next_index_;
        std::uint64_t unpacked_here = 0;
        std::string content;
        for (;;) {
            archive_entry* header = nullptr;
            const int status = archive_read_next_header(reader.get(), &header);
            if (status == ARCHIVE_EOF) break;
            if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
                return refuse(outer, failure_code(reader.get(), from), words(reader.get()));
            if (archive_entry_filetype(header) == AE_IFDIR) {
                if (++folders_ > bounds_.entries) return refuse_all("too_many_entries");
                continue;
            }
            if (next_index_ >= bounds_.entries) return refuse_all("too_many_entries");
            if (!next_file(reader.get(), header, from, unpacked_here, content, deep)) return false;
            if (given_up_) {
                given_up_ = false;
                return outer.index >= 0;
            }
        }
        if (from.cut()) return refuse(outer, "truncated");
        if (next_index_ == before) return refuse(outer, "empty");
        return true;
    }

    static bool locked(std::string_view fault) { return fault == "encrypted"; }

    int take_index() { return next_index_++; }

private:
    // An archive that is being read.
    struct Source {
        const Entry& outer;
        std::string_view bytes;
        bool lasts;
        const char* fault;  // "truncated": what stands before the cut is still read
        bool cut() const { return fault != nullptr && fault == std::string_view("truncated"); }
    };
    bool next_file(archive* reader, archive_entry* header, const Source& from, std::uint64_t& unpacked_here, std::string& content,
                   int deep) {
        Entry entry;
        entry.index = next_index_++;
        const std::string name = decoded_name(header);
        const std::string prefix = from.outer.name.empty() ? "" : from.outer.name + "/";
        entry.name = prefix + tidy_name(name);
        entry.ignored = left_behind(entry.name);
        if (!safe_name(name)) {
            entry.name = prefix + "?";
            return refuse(entry, "unsafe_name");
        }
        if (archive_entry_filetype(header) != AE_IFREG || archive_entry_symlink(header) != nullptr ||
            archive_entry_hardlink(header) != nullptr)
            return refuse(entry, "not_a_file");
        const bool locked = archive_entry_is_encrypted(header) != 0;
        if (locked && reading_.password.empty()) return give_up(from.outer, "encrypted");
        if (locked && from.outer.kind != Kind::zip) return give_up(from.outer, "encrypted_not_zip");
        Unpacked file_of_it{content, {}};
        const int status = read_entry(reader, from, entry, unpacked_here, header, file_of_it);
        if (status == kStop) return false;
        if (status != ARCHIVE_OK) {
            const char* code = locked ? "wrong_password" : failure_code(reader, from);
            // After FAILED the next file may be good; a wrong password stays wrong.
            if (status == ARCHIVE_FAILED && !locked) return refuse(entry, code, words(reader));
            return give_up(from.outer, code, words(reader));
        }
        if (file_of_it.copied()) return file(std::move(entry), {file_of_it.bytes, &content}, deep);
        return file(std::move(entry), {file_of_it.bytes, nullptr, from.lasts}, deep);
    }

    // One file's bytes: where they stand in the archive if they are stored there in one piece, else copied.
    struct Unpacked {
        std::string& room;  // kept from one file to the next
        std::string_view bytes;
        bool copied() const { return bytes.empty() || bytes.data() == room.data(); }
    };
    static constexpr int kStop = 100;
    static constexpr size_t kBlock = size_t{1} << 16;

    // ARCHIVE_OK, libarchive's status, or kStop.
    int read_entry(archive* reader, const Source& from, const Entry& entry, std::uint64_t& unpacked_here, archive_entry* header,
                   Unpacked& file) {
        for (;;) {
            const void* block = nullptr;
            size_t size = 0;
            la_int64_t offset = 0;
            const int status = archive_read_data_block(reader, &block, &size, &offset);
            if (status == ARCHIVE_EOF) return ARCHIVE_OK;
            if (status != ARCHIVE_OK) return status;
            if (size == 0) continue;  // the end of a stored file, or nothing yet
            // Count what really comes out: the declared size is the stranger's word. A gap counts as what it would take.
            if (offset < static_cast<la_int64_t>(file.bytes.size())) return ARCHIVE_FATAL;
            const size_t gap = static_cast<size_t>(offset) - file.bytes.size();
            unpacked_ += gap + size;
            unpacked_here += gap + size;
            if (unpacked_ > bounds_.unpacked_bytes) return stop("too_much_unpacked");
            if (unpacked_here > bounds_.ratio_from && unpacked_here / std::max<size_t>(1, from.bytes.size()) >= bounds_.ratio)
                return stop("bomb");
            append(from, archive_entry_size(header), gap, {static_cast<const char*>(block), size}, file);
            // Not asked for: its beginning says whether there may be files in it, the rest is passed over.
            if (reading_.only >= 0 && entry.index != reading_.only && file.bytes.size() >= kBlock &&
                !is_archive(kind_of(file.bytes)))
                return ARCHIVE_OK;
        }
    }

    static void append(const Source& from, la_int64_t said, size_t gap, std::string_view block, Unpacked& file) {
        const std::less_equal<const char*> upto;
        const bool in_archive =
            upto(from.bytes.data(), block.data()) && upto(block.data() + block.size(), from.bytes.data() + from.bytes.size());
        if (in_archive && gap == 0 && (file.bytes.empty() || file.bytes.data() + file.bytes.size() == block.data())) {
            if (file.bytes.empty())
                file.bytes = block;
            else
                file.bytes = {file.bytes.data(), file.bytes.size() + block.size()};
            return;
        }
        const size_t before = file.bytes.size(), size = before + gap + block.size();
        const bool copied = file.copied();
        if (file.room.size() < size) {
            // What it says of itself is a hint for the room, bounded, and no more.
            constexpr la_int64_t kMostRoom = la_int64_t{8} << 20;
            const size_t hint = static_cast<size_t>(std::clamp<la_int64_t>(said, 0, kMostRoom));
            file.room.resize(std::max({size, hint, file.room.size() + file.room.size() / 2}));
        }
        if (!copied) std::copy(file.bytes.begin(), file.bytes.end(), file.room.begin());
        std::fill_n(file.room.data() + before, gap, '\0');
        std::copy(block.begin(), block.end(), file.room.data() + before + gap);
        file.bytes = std::string_view(file.room).substr(0, size);
    }

    bool visit(const Entry& entry, const Content& content) {
        if (reading_.only >= 0 && entry.index != reading_.only) return entry.index < reading_.only;
        return visit_(entry, content);
    }

    static const char* words(archive* reader) {
        const char* text = archive_error_string(reader);
        return text == nullptr ? "" : text;
    }
    const char* failure_code(archive* reader, const Source& from) const {
        const std::string_view text = words(reader);
        if (text.find("Incorrect passphrase") != text.npos) return "wrong_password";
        if (text.find("encrypt") != text.npos || text.find("Passphrase") != text.npos)
            return reading_.password.empty() ? "encrypted" : "encrypted_not_zip";
        if (text.find("Unsupported ZIP compression") != text.npos || text.find("codec") != text.npos) return "packing";
        if (from.cut() || text.find("runcated") != text.npos) return "truncated";
        return "damaged";
    }
    int stop(const char* code) {
        refuse_all(code);
        return kStop;
    }
    bool refuse_all(const char* code) {
        refusals.push_back({-1, "", code, ""});
        return false;
    }
    // The rest of this archive is lost; a nested one costs only itself.
    bool give_up(const Entry& outer, const char* code, const char* detail = "") {
        refuse(outer, code, detail);
        given_up_ = true;
        return true;
    }
    bool refuse(const Entry& entry, const char* code, const char* detail = "") {
        refusals.push_back({entry.index, entry.name, code, detail == nullptr ? "" : detail});
        return entry.index >= 0;
    }

    const Bounds& bounds_;
    const Reading& reading_;
    const Visit& visit_;
    int next_index_ = 0;
    int folders_ = 0;
    bool given_up_ = false;
    std::uint64_t unpacked_ = 0;
};

}  // namespace

std::vector<Refusal> walk(std::string_view package, const Bounds& bounds, const Reading& reading, const Visit& visit) {
    if (package.empty()) return {{-1, "", "no_bytes", ""}};
    if (package.size() > bounds.package_bytes) return {{-1, "", "too_large", ""}};
    Walk walk(bounds, reading, visit);
    const Kind kind = kind_of(package);
    if (is_archive(kind)) {
        Entry whole;
        whole.index = -1;
        whole.kind = kind;
        walk.unpack(whole, package, true, 1);
        return std::move(walk.refusals);
    }
    Entry only;
    only.index = walk.take_index();
    only.alone = true;
    walk.file(only, {package, nullptr, true}, 1);
    return std::move(walk.refusals);
}

}  // namespace sealdesk::scanbox
