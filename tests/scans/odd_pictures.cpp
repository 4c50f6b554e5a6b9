// Pictures: every kind that applicants send, cut at nine places, damaged with eight seeds, and with headers that lie.
#include <glib.h>

#include <vips/vips8>

#include "odd_file.h"

namespace sealdesk::tests {

namespace {

using vips::VImage;
using vips::VOption;

VImage paper(int width = 120, int height = 90) {
    const VImage across = VImage::xyz(width, height).extract_band(0), down = VImage::xyz(width, height).extract_band(1);
    return (across.bandjoin({down, across + down}) * 2)
        .cast(VIPS_FORMAT_UCHAR)
        .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB)->set("xres", 11.811)->set("yres", 11.811));
}

std::string saved(const VImage& image, const char* suffix, VOption* options = nullptr) {
    void* buffer = nullptr;
    size_t size = 0;
    image.write_to_buffer(suffix, &buffer, &size, options);
    std::string bytes(static_cast<const char*>(buffer), size);
    g_free(buffer);
    return bytes;
}

VOption* set() { return VImage::option(); }

VImage bits(const VImage& image) {
    return (image.extract_band(1) > 128)
        .cast(VIPS_FORMAT_UCHAR)
        .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_B_W));
}

// 0 and 255 become a bitmap of `depth` bits; what is asked of it is only that it opens.
std::string bitmap(unsigned depth, int width, int height, unsigned packing, const std::string& rows, unsigned colours = 0) {
    std::string palette;
    if (depth <= 8)
        for (unsigned i = 0; i < (colours != 0 ? colours : 1U << depth); ++i) palette += little(i * 0x030507, 4);
    if (packing == 3) palette = little(0xF800, 4) + little(0x07E0, 4) + little(0x001F, 4);
    const std::string info = little(40, 4) + little(static_cast<std::uint32_t>(width), 4) +
                             little(static_cast<std::uint32_t>(height), 4) + little(1, 2) + little(depth, 2) +
                             little(packing, 4) + little(rows.size(), 4) + little(11811, 4) + little(11811, 4) +
                             little(colours, 4) + little(0, 4);
    const size_t offset = 14 + info.size() + palette.size();
    return "BM" + little(offset + rows.size(), 4) + little(0, 4) + little(offset, 4) + info + palette + rows;
}

std::string rows_of(unsigned depth, int width, int height) {
    const auto row = (static_cast<size_t>(width) * depth + 31) / 32 * 4;
    return std::string(row * static_cast<size_t>(height), '\x5A');
}

std::string turned(const std::string& jpeg, int orientation) {
    const std::string tiff = std::string("MM\0*\0\0\0\x08", 8) + big(1, 2) + big(0x0112, 2) + big(3, 2) + big(1, 4) +
                             big(static_cast<std::uint64_t>(orientation), 2) + big(0, 2) + big(0, 4);
    const std::string body = std::string("Exif\0\0", 6) + tiff;
    return jpeg.substr(0, 2) + "\xFF\xE1" + big(body.size() + 2, 2) + body + jpeg.substr(2);
}

// Width and height of the frame header.
std::string jpeg_sized(const std::string& jpeg, unsigned width, unsigned height) {
    for (size_t at = 2; at + 9 < jpeg.size();) {
        const auto marker = static_cast<unsigned char>(jpeg[at + 1]);
        if (marker == 0xC0 || marker == 0xC2) return replaced(jpeg, at + 5, big(height, 2) + big(width, 2));
        at += 2 + (static_cast<size_t>(static_cast<unsigned char>(jpeg[at + 2])) << 8) + static_cast<unsigned char>(jpeg[at + 3]);
    }
    return {};
}

std::string png_chunk(const std::string& type, const std::string& data) {
    return big(data.size(), 4) + type + data + big(crc32(type + data), 4);
}

std::string png_sized(const std::string& png, unsigned width, unsigned height) {
    const std::string header = big(width, 4) + big(height, 4) + png.substr(24, 5);
    return png.substr(0, 8) + png_chunk("IHDR", header) + png.substr(33);
}

struct Good {
    const char* name;
    std::string bytes;
};

std::vector<Good> good_pictures() {
    const VImage colour = paper(), grey = colour.colourspace(VIPS_INTERPRETATION_B_W).cast(VIPS_FORMAT_UCHAR);
    const auto pages = [&] {
        return VImage::arrayjoin({paper(), paper(), paper()}, VImage::option()->set("across", 1))
            .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
    };
    VImage three = pages().copy_memory();
    three.set("page-height", 90);
    return {
        {"jpeg", saved(colour, ".jpg")},
        {"jpeg progressive", saved(colour, ".jpg", set()->set("interlace", true))},
        {"jpeg grey", saved(grey, ".jpg")},
        {"jpeg without subsampling", saved(colour, ".jpg", set()->set("subsample_mode", VIPS_FOREIGN_SUBSAMPLE_OFF))},
        {"jpeg cmyk", saved(colour.colourspace(VIPS_INTERPRETATION_CMYK), ".jpg")},
        {"png", saved(colour, ".png")},
        {"png interlaced", saved(colour, ".png", set()->set("interlace", true))},
        {"png palette", saved(colour, ".png", set()->set("palette", true))},
        {"png one bit", saved(bits(colour), ".png", set()->set("bitdepth", 1))},
        {"png sixteen bits", saved(colour.colourspace(VIPS_INTERPRETATION_RGB16), ".png")},
        {"png transparent", saved(colour.bandjoin(100), ".png")},
        {"tiff", saved(colour, ".tif")},
        {"tiff lzw", saved(colour, ".tif", set()->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_LZW))},
        {"tiff deflate", saved(colour, ".tif", set()->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE))},
        {"tiff packbits", saved(colour, ".tif", set()->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_PACKBITS))},
        {"tiff jpeg", saved(colour, ".tif", set()->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_JPEG))},
        {"tiff fax",
         saved(bits(colour), ".tif", set()->set("compression", VIPS_FOREIGN_TIFF_COMPRESSION_CCITTFAX4)->set("bitdepth", 1))},
        {"tiff tiles", saved(colour, ".tif", set()->set("tile", true))},
        {"tiff pages", saved(three, ".tif", set()->set("page_height", 90))},
        {"tiff cmyk", saved(colour.colourspace(VIPS_INTERPRETATION_CMYK), ".tif")},
        {"webp", saved(colour, ".webp")},
        {"webp lossless", saved(colour, ".webp", set()->set("lossless", true))},
        {"heic", saved(colour, ".heic", set()->set("compression", VIPS_FOREIGN_HEIF_COMPRESSION_HEVC))},
        {"avif", saved(colour, ".avif", set()->set("effort", 1))},
        {"gif", saved(colour, ".gif")},
        {"bmp 1", bitmap(1, 33, 20, 0, rows_of(1, 33, 20))},
        {"bmp 4", bitmap(4, 33, 20, 0, rows_of(4, 33, 20))},
        {"bmp 8", bitmap(8, 33, 20, 0, rows_of(8, 33, 20))},
        {"bmp 16", bitmap(16, 33, 20, 0, rows_of(16, 33, 20))},
        {"bmp 16 masks", bitmap(16, 33, 20, 3, rows_of(16, 33, 20))},
        {"bmp 24", bitmap(24, 33, 20, 0, rows_of(24, 33, 20))},
        {"bmp 32", bitmap(32, 33, 20, 0, rows_of(32, 33, 20))},
        {"bmp from above", bitmap(24, 33, -20, 0, rows_of(24, 33, 20))},
    };
}

void add_bitmaps(std::vector<OddFile>& files) {
    const std::string runs8("\x08\x01\0\x03\x01\x02\x03\0\0\0\x04\x07\0\x02\x01\x01\x02\x09\0\0\0\x01", 22);
    files.push_back({"bmp runs of 8", bitmap(8, 11, 4, 1, runs8), {""}});
    files.push_back({"bmp runs of 4", bitmap(4, 11, 4, 2, std::string("\x0B\x12\0\0\x05\x34\0\x03\x12\x30\0\x01", 12)), {""}});
    files.push_back({"bmp runs that never end", bitmap(8, 11, 4, 1, std::string("\x08\x01\x08\x01", 4)), {"damaged"}});
    files.push_back({"bmp runs beyond the edge", bitmap(8, 4, 4, 1, std::string("\xFF\x01\xFF\x02\xFF\x03\0\x01", 8)), {""}});
    files.push_back({"bmp jump below the edge", bitmap(8, 4, 4, 1, std::string("\0\x02\x01\xFF\x04\x01\0\x01", 8)), {"damaged"}});
    files.push_back({"bmp literal run is cut", bitmap(8, 4, 4, 1, std::string("\0\x50\x01\x02", 4)), {"damaged"}});
    files.push_back({"bmp without colours", bitmap(8, 8, 8, 0, rows_of(8, 8, 8), 1), {""}});
    files.push_back({"bmp of 7 bits", bitmap(7, 8, 8, 0, rows_of(8, 8, 8)), {"damaged"}});
    files.push_back({"bmp runs from above", bitmap(8, 8, -8, 1, runs8), {"damaged"}});
    files.push_back({"bmp unknown packing", bitmap(24, 8, 8, 4, rows_of(24, 8, 8)), {"damaged"}});
    files.push_back({"bmp of no width", bitmap(24, 0, 8, 0, "    "), {"damaged"}});
    files.push_back({"bmp of least height", bitmap(24, 8, INT32_MIN, 0, rows_of(24, 8, 8)), {"too_many_pixels"}});
    files.push_back({"bmp of negative width", bitmap(24, -8, 8, 0, rows_of(24, 8, 8)), {"damaged"}});
    files.push_back({"bmp too large", bitmap(1, 20000, 20000, 0, "    "), {"too_many_pixels"}});
    files.push_back({"bmp promises more rows", bitmap(24, 800, 800, 0, rows_of(24, 8, 8)), {"damaged"}});
    files.push_back(
        {"bmp rows behind the end", replaced(bitmap(24, 8, 8, 0, rows_of(24, 8, 8)), 10, little(0xFFFFFF, 4)), {"damaged"}});
    files.push_back(
        {"bmp rows within the header", replaced(bitmap(24, 8, 8, 0, rows_of(24, 8, 8)), 10, little(4, 4)), {"damaged"}});
    files.push_back({"bmp of 1990",
                     "BM" + little(26 + 32, 4) + little(0, 4) + little(26, 4) + little(12, 4) + little(3, 2) + little(2, 2) +
                         little(1, 2) + little(24, 2) + std::string(32, 'x'),
                     {""}});
    files.push_back({"text that begins like a bitmap", "BM is not every picture that begins with it", {"not_a_package"}});
}

void add_liars(std::vector<OddFile>& files, const std::string& jpeg, const std::string& png, const std::string& gif) {
    files.push_back({"jpeg too large", jpeg_sized(jpeg, 20000, 20000), {"too_many_pixels"}});
    files.push_back({"jpeg promises more rows", jpeg_sized(jpeg, 120, 9000), {"damaged"}});
    files.push_back({"jpeg of no width", jpeg_sized(jpeg, 0, 90), {"damaged"}});
    files.push_back({"jpeg of no height", jpeg_sized(jpeg, 120, 0), {"damaged"}});
    files.push_back({"jpeg that is a start only", "\xFF\xD8\xFF", {"damaged"}});
    files.push_back({"jpeg of fill bytes", "\xFF\xD8" + std::string(3000, '\xFF'), {"damaged"}});
    files.push_back({"jpeg with text behind it", jpeg + "and more", {""}});
    files.push_back({"jpeg whose marker is longer than the file",
                     std::string("\xFF\xD8\xFF\xE1\xFF\xFF"
                                 "Exif\0\0",
                                 12),
                     {"damaged"}});
    files.push_back({"jpeg with a wrong EXIF block",
                     jpeg.substr(0, 2) +
                         std::string("\xFF\xE1\0\x10"
                                     "Exif\0\0MM\0*\xFF\xFF\xFF\xFF",
                                     18) +
                         jpeg.substr(2),
                     {""}});
    files.push_back({"jpeg with orientation 77", turned(jpeg, 77), {""}});
    for (int orientation = 1; orientation <= 8; ++orientation)
        files.push_back({"jpeg turned " + std::to_string(orientation), turned(jpeg, orientation), {""}});
    files.push_back({"png too large", png_sized(png, 20000, 20000), {"too_many_pixels"}});
    files.push_back({"png of most width", png_sized(png, 0x7FFFFFFF, 1), {"damaged", "too_many_pixels"}});
    files.push_back({"png of no width", png_sized(png, 0, 90), {"damaged"}});
    files.push_back({"png promises more rows", png_sized(png, 120, 9000), {"damaged"}});
    files.push_back({"png without pixels", png.substr(0, 33) + png_chunk("IEND", ""), {"damaged"}});
    files.push_back({"png that is a signature", png.substr(0, 8), {"damaged"}});
    files.push_back({"png with a wrong checksum", replaced(png, 29, std::string(4, '\0')), {"damaged"}});
    files.push_back({"png with a chunk beyond the end", png.substr(0, 33) + big(0x00FFFFFF, 4) + "tEXt", {"damaged"}});
    files.push_back({"gif too large", replaced(gif, 6, little(65535, 2) + little(65535, 2)), {"", "too_many_pixels", "damaged"}});
    files.push_back({"gif without frames", gif.substr(0, 13) + ";", {"damaged"}});
    files.push_back({"gif that is a signature", "GIF89a", {"damaged"}});
    files.push_back({"webp that is a signature", "RIFF" + little(4, 4) + "WEBP", {"damaged"}});
    files.push_back({"webp of another kind", "RIFF" + little(40, 4) + "WEBPVP8X" + std::string(32, '\0'), {"damaged"}});
    files.push_back({"wave sound", "RIFF" + little(40, 4) + "WAVEfmt " + std::string(32, '\0'), {"not_a_package"}});
    files.push_back({"heif without pictures", big(20, 4) + "ftypheic" + big(0, 4) + "mif1", {"damaged"}});
    files.push_back({"film", big(20, 4) + "ftypisom" + big(0, 4) + "mp42", {"not_a_package"}});
    files.push_back({"tiff that is a signature", std::string("II*\0", 4), {"damaged"}});
    files.push_back({"tiff whose directory is itself", std::string("II*\0\x08\0\0\0\0\0\x08\0\0\0", 14), {"damaged"}});
    std::string loop = std::string("II*\0\x08\0\0\0", 8) + little(4, 2);
    for (const auto& [tag, value] : {std::pair{256, 4}, {257, 4}, {262, 1}, {273, 8}})
        loop += little(static_cast<std::uint64_t>(tag), 2) + little(4, 2) + little(1, 4) +
                little(static_cast<std::uint64_t>(value), 4);
    files.push_back({"tiff whose pages run in a ring", loop + little(8, 4), {"damaged", "", "too_many_pages"}});
}

}  // namespace

std::string good_png() { return saved(paper(), ".png"); }

std::vector<OddFile> odd_pictures() {
    std::vector<OddFile> files;
    const auto good = good_pictures();
    for (const auto& [name, bytes] : good) files.push_back({name, bytes, {""}});
    const auto bytes_of = [&](std::string_view wanted) {
        for (const auto& [name, bytes] : good)
            if (wanted == name) return bytes;
        return std::string{};
    };
    for (const char* name : {"jpeg", "jpeg progressive", "png", "tiff", "tiff fax", "webp", "heic", "gif", "bmp 24"}) {
        const std::string bytes = bytes_of(name);
        for (size_t tenth = 1; tenth <= 9; ++tenth) {
            std::string cut = bytes.substr(0, std::max<size_t>(30, bytes.size() * tenth / 10));
            files.push_back({std::string(name) + " cut at " + std::to_string(tenth) + "/10", std::move(cut), {"damaged"}});
        }
        for (std::uint32_t seed = 1; seed <= 6; ++seed)
            files.push_back({std::string(name) + " damaged " + std::to_string(seed),
                             damaged(bytes, seed),
                             {"", "damaged", "too_many_pixels", "too_many_pages", "too_much_memory"}});
    }
    add_liars(files, bytes_of("jpeg"), bytes_of("png"), bytes_of("gif"));
    add_bitmaps(files);
    return files;
}

}  // namespace sealdesk::tests
