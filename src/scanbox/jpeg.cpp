#include "scanbox/jpeg.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>
// after <cstdio>, which it needs and does not include
#include <jpeglib.h>
// and its error numbers
#include <jerror.h>

#include <cmath>
#include <cstdlib>
#include <memory>

#include "scanbox/exif.h"

namespace sealdesk::scanbox {

namespace {

// A progressive file may describe the same page a thousand times over.
constexpr int kScans = 200;

// libjpeg reports by a call that must not return. Objects with destructors stay outside of what is jumped over.
struct Trouble {
    jpeg_error_mgr manager;
    jmp_buf back;
    char words[JMSG_LENGTH_MAX];
};

struct Reader {
    Reader(std::string_view bytes) {
        info.err = jpeg_std_error(&trouble.manager);
        trouble.words[0] = '\0';
        trouble.manager.error_exit = [](j_common_ptr common) {
            auto& mine = *reinterpret_cast<Trouble*>(common->err);
            common->err->format_message(common, mine.words);
            longjmp(mine.back, 1);
        };
        trouble.manager.emit_message = [](j_common_ptr common, int level) {
            // The data ends before the page does: grey below would look like the page.
            if (level < 0 && common->err->msg_code == JWRN_HIT_MARKER) common->err->error_exit(common);
            if (level < 0) ++common->err->num_warnings;
        };
        trouble.manager.output_message = [](j_common_ptr) {};
        progress.progress_monitor = [](j_common_ptr common) {
            if (reinterpret_cast<j_decompress_ptr>(common)->input_scan_number > kScans) ERREXIT(common, JERR_BAD_PROGRESSION);
        };
        source.init_source = source.term_source = [](j_decompress_ptr) {};
        source.resync_to_restart = jpeg_resync_to_restart;
        source.next_input_byte = reinterpret_cast<const JOCTET*>(bytes.data());
        source.bytes_in_buffer = bytes.size();
        source.fill_input_buffer = [](j_decompress_ptr decoder) -> boolean {
            ERREXIT(decoder, JERR_INPUT_EOF);  // the page is cut
            return TRUE;
        };
        source.skip_input_data = [](j_decompress_ptr decoder, long count) {
            auto& from = *decoder->src;
            if (count <= 0) return;
            if (static_cast<size_t>(count) > from.bytes_in_buffer) ERREXIT(decoder, JERR_INPUT_EOF);
            from.next_input_byte += count;
            from.bytes_in_buffer -= static_cast<size_t>(count);
        };
    }
    ~Reader() { jpeg_destroy_decompress(&info); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    bool header() {
        if (setjmp(trouble.back) != 0) return false;
        jpeg_create_decompress(&info);
        info.src = &source;
        info.progress = &progress;
        jpeg_save_markers(&info, JPEG_APP0 + 1, 0xFFFF);
        jpeg_read_header(&info, TRUE);
        return true;
    }
    bool start(int denominator) {
        if (setjmp(trouble.back) != 0) return false;
        info.scale_num = 1;
        info.scale_denom = static_cast<unsigned>(denominator);
        info.out_color_space = JCS_EXT_RGBA;
        jpeg_start_decompress(&info);
        return true;
    }
    bool pixels(std::uint8_t* to) {
        if (setjmp(trouble.back) != 0) return false;
        const size_t row_bytes = static_cast<size_t>(info.output_width) * 4;
        while (info.output_scanline < info.output_height) {
            JSAMPROW rows[8];
            for (unsigned i = 0; i < 8; ++i) rows[i] = to + (info.output_scanline + i) * row_bytes;
            const unsigned left = info.output_height - info.output_scanline;
            jpeg_read_scanlines(&info, rows, left < 8 ? left : 8);
        }
        return true;
    }

    jpeg_decompress_struct info{};
    Trouble trouble{};
    jpeg_source_mgr source{};
    jpeg_progress_mgr progress{};
};

JpegHeader described(const Reader& reader) {
    const auto& info = reader.info;
    JpegHeader header;
    header.width = static_cast<int>(info.image_width);
    header.height = static_cast<int>(info.image_height);
    header.four_inks = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK || info.num_components > 3;
    Exif exif;
    for (auto marker = info.marker_list; marker != nullptr; marker = marker->next) {
        const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
        if (data.starts_with(std::string_view("Exif\0\0", 6))) {
            exif = read_exif(data.substr(6));
            break;
        }
    }
    header.orientation = exif.orientation;
    header.dpi = exif.dpi;
    if (info.saw_JFIF_marker && info.X_density > 1 && info.density_unit > 0)
        header.dpi = info.density_unit == 2 ? static_cast<int>(std::lround(info.X_density * 2.54)) : info.X_density;
    return header;
}

}  // namespace

Result<JpegHeader> jpeg_header(std::string_view bytes) {
    const auto reader = std::make_unique<Reader>(bytes);
    if (!reader->header()) return code("damaged", reader->trouble.words);
    return described(*reader);
}

Result<Rendered> render_jpeg(std::string_view bytes, int shrink, const Canvas& canvas) {
    const auto reader = std::make_unique<Reader>(bytes);
    if (!reader->header()) return code("damaged", reader->trouble.words);
    const auto header = described(*reader);
    // The decoder shrinks by 2, 4 and 8 while it decodes; the rest is averaged.
    const int by_decoder = shrink % 8 == 0 ? 8 : shrink % 4 == 0 ? 4 : shrink % 2 == 0 ? 2 : 1;
    if (!reader->start(by_decoder)) return code("damaged", reader->trouble.words);
    Rendered size{static_cast<int>(reader->info.output_width), static_cast<int>(reader->info.output_height)};
    SEALDESK_LET(needed, room_for(size.width, size.height, canvas));
    std::unique_ptr<std::uint8_t, void (*)(void*)> lying(nullptr, std::free);
    if (header.orientation > 1) {
        lying.reset(static_cast<std::uint8_t*>(std::malloc(needed)));
        if (!lying) return code("too_much_memory");
    }
    const Ahead ahead(lying ? nullptr : canvas.pixels, lying ? 0 : needed);
    if (!reader->pixels(lying ? lying.get() : canvas.pixels)) return code("damaged", reader->trouble.words);
    if (lying) {
        turn_upright(reinterpret_cast<const std::uint32_t*>(lying.get()), size.width, size.height, header.orientation,
                     reinterpret_cast<std::uint32_t*>(canvas.pixels));
        if (header.orientation >= 5) std::swap(size.width, size.height);
    }
    return shrink > by_decoder ? average(canvas.pixels, size.width, size.height, shrink / by_decoder) : size;
}

}  // namespace sealdesk::scanbox
