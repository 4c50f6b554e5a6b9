#include "seals/picture.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::seals {

namespace {

constexpr std::string_view kPngMark("\x89PNG\r\n\x1a\n", 8);
constexpr int kLargestSide = 4000, kSteps = 16;

std::string big_endian(std::uint32_t value) {
    std::string bytes(4, '\0');
    for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(value >> (24 - 8 * i) & 0xff);
    return bytes;
}
std::uint32_t number_at(std::string_view bytes, size_t at) {
    std::uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}
std::uint32_t check_sum(std::string_view bytes) {
    return static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

void add_chunk(std::string& png, std::string_view name, const std::string& content) {
    const std::string body = std::string(name) + content;
    png += big_endian(static_cast<std::uint32_t>(content.size())) + body + big_endian(check_sum(body));
}

Result<std::string> squeezed(const std::string& bytes) {
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    std::string out(size, '\0');
    if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                  static_cast<uLong>(bytes.size()), Z_BEST_COMPRESSION) != Z_OK)
        return fail(ErrorKind::internal, tr("无法生成图片"), "compress2");
    out.resize(size);
    return out;
}

bool begins_like(const std::string& type, std::string_view bytes) {
    if (type == "JPG" || type == "JPEG") return bytes.starts_with("\xff\xd8\xff");
    if (type == "GIF") return bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a");
    if (type == "BMP") return bytes.starts_with("BM");
    if (type == "OFD") return bytes.starts_with("PK\x03\x04");
    return bytes.substr(0, 4096).find("<svg") != std::string_view::npos;
}

// Each pixel is the mean of those that it covers.
Impression coarser(const Impression& fine, double dpi) {
    const double step = fine.dpi / dpi;
    Impression coarse;
    coarse.width = std::max(1, static_cast<int>(std::lround(fine.width / step)));
    coarse.height = std::max(1, static_cast<int>(std::lround(fine.height / step)));
    coarse.dpi = dpi;
    coarse.colour = fine.colour;
    coarse.ink.reserve(static_cast<size_t>(coarse.width) * static_cast<size_t>(coarse.height));
    for (int y = 0; y < coarse.height; ++y)
        for (int x = 0; x < coarse.width; ++x) {
            const double left = x * step, right = std::min<double>(left + step, fine.width), top = y * step,
                         bottom = std::min<double>(top + step, fine.height);
            double ink = 0;
            for (int fy = static_cast<int>(top); fy < bottom; ++fy)
                for (int fx = static_cast<int>(left); fx < right; ++fx)
                    ink += fine.at(fx, fy) * (std::min(fx + 1.0, right) - std::max<double>(fx, left)) *
                           (std::min(fy + 1.0, bottom) - std::max<double>(fy, top));
            coarse.ink.push_back(static_cast<std::uint8_t>(std::lround(ink / ((right - left) * (bottom - top)))));
        }
    return coarse;
}

}  // namespace

Result<std::string> png_of(const Impression& impression) {
    const int w = impression.width, h = impression.height;
    if (w <= 0 || h <= 0 || w > kLargestSide || h > kLargestSide || impression.dpi < 1 ||
        impression.ink.size() != static_cast<size_t>(w) * static_cast<size_t>(h))
        return fail(ErrorKind::internal, tr("无法生成图片"), "no impression");
    // Indexed, four bits a pixel: one colour with sixteen grades of transparency.
    std::string rows;
    rows.reserve(static_cast<size_t>(h) * (static_cast<size_t>(w) / 2 + 2));
    for (int y = 0; y < h; ++y) {
        rows += '\0';  // filter: none
        for (int x = 0; x < w; x += 2) {
            const auto grade = [&](int column) { return column < w ? (impression.at(column, y) * (kSteps - 1) + 127) / 255 : 0; };
            rows += static_cast<char>(grade(x) << 4 | grade(x + 1));
        }
    }
    SEALDESK_LET(pixels, squeezed(rows));
    std::string palette, alpha;
    for (int i = 0; i < kSteps; ++i) {
        for (const std::uint8_t part : {impression.colour.r, impression.colour.g, impression.colour.b})
            palette += static_cast<char>(part);
        alpha += static_cast<char>(i * 255 / (kSteps - 1));
    }
    const auto per_metre = static_cast<std::uint32_t>(std::lround(impression.dpi / 0.0254));
    std::string png(kPngMark);
    add_chunk(png, "IHDR",
              big_endian(static_cast<std::uint32_t>(w)) + big_endian(static_cast<std::uint32_t>(h)) +
                  std::string("\x04\x03\x00\x00\x00", 5));
    add_chunk(png, "PLTE", palette);
    add_chunk(png, "tRNS", alpha);
    add_chunk(png, "pHYs", big_endian(per_metre) + big_endian(per_metre) + '\x01');
    add_chunk(png, "IDAT", pixels);
    add_chunk(png, "IEND", "");
    return png;
}

Result<SealPicture> seal_picture(const Impression& impression) {
    SealPicture picture{"PNG", "", static_cast<int>(std::lround(impression.width_mm())),
                        static_cast<int>(std::lround(impression.height_mm()))};
    for (const double dpi : {600.0, 400.0, 300.0}) {
        // A scanner's 600 dpi is never quite 600.
        SEALDESK_LET(png, png_of(impression.dpi > dpi * 1.01 ? coarser(impression, dpi) : impression));
        picture.data = std::move(png);
        if (picture.data.size() <= kLargestPicture) break;
    }
    return picture;
}

Result<PictureFacts> look_at_png(std::string_view png) {
    if (!png.starts_with(kPngMark)) return refused(trf("印章图片不是 {} 格式", "PNG"));
    const Failure damaged = refused(tr("印章图片已损坏"));
    PictureFacts facts;
    size_t at = kPngMark.size();
    bool pixels = false, ended = false;
    for (int count = 0; at < png.size(); ++count) {
        if (ended || png.size() - at < 12) return damaged;
        const size_t size = number_at(png, at);
        if (size > png.size() - at - 12) return refused(tr("印章图片不完整"));
        const std::string_view body = png.substr(at + 4, size + 4), name = body.substr(0, 4), content = body.substr(4);
        if (check_sum(body) != number_at(png, at + 8 + size)) return refused(tr("印章图片的校验和不正确"));
        if ((count == 0) != (name == "IHDR")) return damaged;
        if (name == "IHDR") {
            if (size != 13) return damaged;
            const std::uint32_t width = number_at(content, 0), height = number_at(content, 4);
            constexpr std::uint32_t kMost = 0x7fffffff;  // ISO/IEC 15948: 31 bits
            if (width == 0 || height == 0 || width > kMost || height > kMost) return damaged;
            if (width > kLargestSide || height > kLargestSide)
                facts.remark = trf("印章图片 {}×{} 太大，每边最多 {} 像素", width, height, kLargestSide);
            facts.width = static_cast<int>(width);
            facts.height = static_cast<int>(height);
            facts.transparent = content[9] == 4 || content[9] == 6;  // colour types with alpha
        } else if (name == "tRNS") {
            facts.transparent = true;
        } else if (name == "pHYs" && size == 9 && content[8] == 1) {
            facts.dpi = number_at(content, 0) * 0.0254;
        } else if (name == "IDAT") {
            pixels = true;
        } else if (name == "IEND") {
            ended = true;
        }
        at += size + 12;
    }
    if (!ended || !pixels) return refused(tr("印章图片不完整"));
    return facts;
}

Result<PictureFacts> look_at(const SealPicture& picture) {
    const std::string type = upper_ascii(picture.type);
    constexpr std::array known{"PNG", "JPG", "JPEG", "GIF", "BMP", "OFD", "SVG"};
    if (std::find(known.begin(), known.end(), type) == known.end()) return refused(trf("印章图片的类型“{}”不认识", picture.type));
    if (picture.data.empty()) return refused(tr("印章没有图片"));
    const bool png = std::string_view(picture.data).starts_with(kPngMark);
    if (type == "PNG" ? !png : !begins_like(type, picture.data)) return refused(trf("印章图片不是 {} 格式", type));
    if (!png) return PictureFacts{};
    SEALDESK_LET(facts, look_at_png(picture.data));
    if (picture.width <= 0 || picture.height <= 0) return refused(tr("印章图片没有写明尺寸"));
    const double pixels = static_cast<double>(facts.width) / facts.height,
                 paper = static_cast<double>(picture.width) / picture.height;
    if (facts.remark.empty() && std::abs(pixels / paper - 1) > 0.1)
        facts.remark =
            trf("印章图片 {}×{} 像素与尺寸 {}×{} 毫米的比例不符", facts.width, facts.height, picture.width, picture.height);
    return facts;
}

Result<PictureFacts> look_at_own(const SealPicture& picture) {
    SEALDESK_LET(facts, look_at(picture));
    if (!facts.remark.empty()) return refused(facts.remark);
    return facts;
}

Result<> check_for_new_seal(const SealPicture& picture) {
    SEALDESK_LET(facts, look_at_own(picture));
    if (facts.width == 0 || picture.type != "PNG") return refused(tr("印章图片须为 PNG 文件"));
    if (picture.data.size() > kLargestPicture)
        return refused(trf("印章图片有 {} KB，KEY 里最多放得下 {} KB，请用分辨率低一些的图片（不低于 300 dpi）",
                           (picture.data.size() + 1023) / 1024, kLargestPicture / 1024));
    if (!facts.transparent) return refused(tr("印章图片没有透明背景，盖在文件上会遮住文字"));
    const double dpi = std::min(facts.width * 25.4 / picture.width, facts.height * 25.4 / picture.height);
    constexpr double kLeastDpi = 285;  // 300, less what a scanner's scale and whole millimetres make of it
    if (dpi < kLeastDpi)
        return refused(trf("印章图片 {}×{} 像素，按 {}×{} 毫米只有 {:.0f} dpi，至少需要 300 dpi", facts.width, facts.height,
                           picture.width, picture.height, dpi));
    return {};
}

}  // namespace sealdesk::seals
