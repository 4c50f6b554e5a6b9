#include "scanbox/kind.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace sealdesk::scanbox {

namespace {

using std::string_view;
using namespace std::string_view_literals;

constexpr string_view kRar4 = "Rar!\x1a\x07\x00"sv;
constexpr string_view kRar5 = "Rar!\x1a\x07\x01\x00"sv;

std::uint64_t little(string_view bytes, size_t at, size_t size) {
    std::uint64_t value = 0;
    for (size_t i = 0; i < size && at + i < bytes.size(); ++i)
        value |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    return value;
}

// Two letters are no proof: the size of the header that follows has few values.
bool is_bitmap(string_view bytes) {
    if (!bytes.starts_with("BM") || bytes.size() < 26) return false;
    const auto header = little(bytes, 14, 4);
    return header == 12 || header == 40 || header == 52 || header == 56 || header == 64 || header == 108 || header == 124;
}

// Names of the first local headers say what a ZIP carries: Office and OFD documents are ZIP files too.
Kind zip_kind(string_view bytes) {
    const string_view head = bytes.substr(0, 4096);
    const auto name = head.size() > 30 ? head.substr(30, static_cast<size_t>(little(head, 26, 2))) : string_view{};
    if (name == "[Content_Types].xml" || name.starts_with("_rels/")) return Kind::office;
    if (name == "OFD.xml" || name == "mimetype") return name == "OFD.xml" ? Kind::ofd : Kind::office;
    return Kind::zip;
}

// RAR 5: signature, then blocks of CRC32, header size (vint), type (vint), flags (vint) …
class Rar5Blocks {
public:
    explicit Rar5Blocks(string_view bytes) : bytes_(bytes), at_(kRar5.size()) {}
    const char* fault() {
        for (int block = 0; block < 5000 && at_ < bytes_.size(); ++block) {
            at_ += 4;
            const auto header_size = vint();
            if (!header_size || *header_size > bytes_.size()) return nullptr;
            const size_t header_end = at_ + static_cast<size_t>(*header_size);
            const auto type = vint();
            const auto flags = vint();
            if (!type || !flags || header_end > bytes_.size()) return nullptr;
            std::uint64_t extra = 0, data = 0;
            if (*flags & 1) extra = vint().value_or(0);
            if (*flags & 2) data = vint().value_or(0);
            if (*type == 4) return "encrypted";
            if (*type == 1 && (vint().value_or(0) & 1)) return "multi_volume";
            if (*type == 2 && extra > 0 && extra < header_end &&
                encrypted_file(header_end - static_cast<size_t>(extra), header_end))
                return "encrypted";
            if (*type == 5 || data > bytes_.size()) return nullptr;
            at_ = header_end + static_cast<size_t>(data);
        }
        return nullptr;
    }

private:
    std::optional<std::uint64_t> vint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63 && at_ < bytes_.size(); shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes_[at_++]);
            value |= std::uint64_t{byte & 0x7Fu} << shift;
            if (!(byte & 0x80)) return value;
        }
        return std::nullopt;
    }
    bool encrypted_file(size_t from, size_t to) {
        at_ = from;
        while (at_ < to) {
            const auto size = vint();
            const size_t start = at_;
            const auto type = vint();
            if (!size || !type || *size == 0 || *size > to) return false;
            if (*type == 1) return true;
            at_ = start + static_cast<size_t>(*size);
        }
        return false;
    }
    string_view bytes_;
    size_t at_;
};

const char* zip_fault(string_view bytes) {
    if (bytes.starts_with("PK\x07\x08")) return "multi_volume";
    // End of central directory: 22 bytes and a comment of at most 65,535.
    const size_t from = bytes.size() > 22 + 65535 ? bytes.size() - 22 - 65535 : 0;
    const size_t end = bytes.rfind("PK\x05\x06");
    if (end == string_view::npos || end < from || end + 22 > bytes.size()) return "truncated";
    const auto disk = little(bytes, end + 4, 2), first_disk = little(bytes, end + 6, 2);
    if ((disk != 0 && disk != 0xFFFF) || (first_disk != 0 && first_disk != 0xFFFF)) return "multi_volume";
    return nullptr;
}

}  // namespace

const char* name_of(Kind kind) {
    switch (kind) {
        case Kind::jpeg: return "jpeg";
        case Kind::png: return "png";
        case Kind::tiff: return "tiff";
        case Kind::webp: return "webp";
        case Kind::heif: return "heif";
        case Kind::gif: return "gif";
        case Kind::bmp: return "bmp";
        case Kind::pdf: return "pdf";
        case Kind::zip: return "zip";
        case Kind::sevenzip: return "7z";
        case Kind::rar: return "rar";
        case Kind::rar5: return "rar5";
        case Kind::office: return "office";
        case Kind::ofd: return "ofd";
        case Kind::unknown: return "unknown";
    }
    return "unknown";
}

Kind kind_of(string_view bytes) {
    const auto starts = [&](string_view magic) { return bytes.starts_with(magic); };
    if (starts("\xFF\xD8\xFF"sv)) return Kind::jpeg;
    if (starts("\x89PNG\r\n\x1a\n"sv)) return Kind::png;
    if (starts("II*\0"sv) || starts("MM\0*"sv) || starts("II+\0"sv) || starts("MM\0+"sv)) return Kind::tiff;
    if (starts("RIFF"sv) && bytes.substr(0, 16).substr(std::min<size_t>(8, bytes.size())).starts_with("WEBP")) return Kind::webp;
    if (starts("GIF87a"sv) || starts("GIF89a"sv)) return Kind::gif;
    if (is_bitmap(bytes)) return Kind::bmp;
    if (bytes.size() > 12 && bytes.substr(4, 4) == "ftyp") {
        const auto brand = bytes.substr(8, 4);
        for (const string_view known : {"heic", "heix", "hevc", "mif1", "msf1", "avif"})
            if (brand == known) return Kind::heif;
        return Kind::unknown;
    }
    // Scanners and mail gateways put a few bytes before the PDF header; readers accept it in the first KiB.
    if (bytes.substr(0, 1024).find("%PDF-") != string_view::npos) return Kind::pdf;
    if (starts("PK\x03\x04"sv)) return zip_kind(bytes);
    if (starts("PK\x05\x06"sv) || starts("PK\x07\x08"sv)) return Kind::zip;
    if (starts("7z\xBC\xAF\x27\x1C"sv)) return Kind::sevenzip;
    if (starts(kRar5)) return Kind::rar5;
    if (starts(kRar4)) return Kind::rar;
    if (starts("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv)) return Kind::office;
    return Kind::unknown;
}

bool is_archive(Kind kind) { return kind == Kind::zip || kind == Kind::sevenzip || kind == Kind::rar || kind == Kind::rar5; }

bool is_picture(Kind kind) {
    return kind == Kind::jpeg || kind == Kind::png || kind == Kind::tiff || kind == Kind::webp || kind == Kind::heif ||
           kind == Kind::gif || kind == Kind::bmp || kind == Kind::pdf;
}

const char* archive_fault(Kind kind, string_view bytes) {
    switch (kind) {
        case Kind::zip: return zip_fault(bytes);
        case Kind::sevenzip: {
            // Start header: offset and size of the end header, behind 32 bytes.
            const auto offset = little(bytes, 12, 8), size = little(bytes, 20, 8);
            if (bytes.size() < 32 || offset > bytes.size() || size > bytes.size() || 32 + offset + size > bytes.size())
                return "truncated";
            return nullptr;
        }
        case Kind::rar: {
            // Main header behind the marker: CRC (2), type (1), flags (2); 0x0001 volume, 0x0080 encrypted headers.
            const auto flags = little(bytes, kRar4.size() + 3, 2);
            return flags & 0x0080 ? "encrypted" : flags & 0x0001 ? "multi_volume" : nullptr;
        }
        case Kind::rar5: return Rar5Blocks(bytes).fault();
        default: return nullptr;
    }
}

}  // namespace sealdesk::scanbox
