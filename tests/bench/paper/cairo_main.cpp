// paper_cairo LABELS OUT.pdf FONT INDEX: the benchmark's labels as somebody would write them straight onto cairo and
// Zint, each text at its fixed place and size. It wraps addresses after a number of characters and shrinks nothing:
// less work than reports/ does, for the same page.
#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <ft2build.h>
#include <zint.h>
#include FT_FREETYPE_H

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/bench/paper/cost.h"

namespace {

constexpr double kMm = 72.0 / 25.4;

struct Pen {
    cairo_t* cairo;

    void text(double x, double baseline, double size, const std::string& words) const {
        cairo_set_font_size(cairo, size);
        cairo_move_to(cairo, x * kMm, baseline * kMm);
        cairo_show_text(cairo, words.c_str());
    }
    double width(double size, const std::string& words) const {
        cairo_set_font_size(cairo, size);
        cairo_text_extents_t extents;
        cairo_text_extents(cairo, words.c_str(), &extents);
        return extents.x_advance / kMm;
    }
    void right(double x, double baseline, double size, const std::string& words) const {
        text(x - width(size, words), baseline, size, words);
    }
    void line(double x1, double y1, double x2, double y2, double width_mm) const {
        cairo_set_line_width(cairo, width_mm * kMm);
        cairo_move_to(cairo, x1 * kMm, y1 * kMm);
        cairo_line_to(cairo, x2 * kMm, y2 * kMm);
        cairo_stroke(cairo);
    }
    void badge(double y, double side, const std::string& character) const {
        cairo_rectangle(cairo, 4 * kMm, y * kMm, side * kMm, side * kMm);
        cairo_fill(cairo);
        cairo_set_source_rgb(cairo, 1, 1, 1);
        text(4 + side * 0.17, y + side * 0.75, side * 1.9, character);
        cairo_set_source_rgb(cairo, 0, 0, 0);
    }
    void code(double y, double height, const std::string& data) const {
        zint_symbol* symbol = ZBarcode_Create();
        symbol->symbology = BARCODE_CODE128;
        symbol->show_hrt = 0;
        ZBarcode_Encode_and_Buffer_Vector(symbol, reinterpret_cast<const unsigned char*>(data.data()),
                                          static_cast<int>(data.size()), 0);
        const double module = 0.375, left = (100 - symbol->width * module) / 2;
        const double scale = symbol->width * module / static_cast<double>(symbol->vector->width);
        for (const zint_vector_rect* bar = symbol->vector->rectangles; bar; bar = bar->next)
            cairo_rectangle(cairo, (left + static_cast<double>(bar->x) * scale) * kMm, y * kMm,
                            static_cast<double>(bar->width) * scale * kMm, height * kMm);
        cairo_fill(cairo);
        ZBarcode_Delete(symbol);
    }
};

// Lines of so many characters, whatever they are.
std::vector<std::string> chopped(const std::string& text, size_t most) {
    std::vector<std::string> lines(1);
    size_t in_line = 0;
    for (const char c : text) {
        const bool begins = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        if (begins && ++in_line > most) {
            lines.emplace_back();
            in_line = 1;
        }
        lines.back() += c;
    }
    return lines;
}

void one_label(const Pen& pen, const std::vector<std::string>& f) {
    for (const double y : {2.0, 17.0, 50.0, 89.5, 107.5, 142.0, 178.0}) pen.line(2, y, 98, y, 0.4);
    pen.line(2, 2, 2, 178, 0.4);
    pen.line(98, 2, 98, 178, 0.4);
    pen.text(4, 12, 22, f[0]);
    pen.right(96, 8, 10, "第 1 件 / 共 1 件");
    pen.right(96, 13, 8, "2026-11-22 16:43");
    pen.code(19.5, 21, f[1]);
    pen.text((100 - pen.width(16, f[1])) / 2, 47, 16, f[1]);
    pen.badge(53, 9, "收");
    pen.text(15, 57.5, 15, f[2]);
    pen.right(96, 57.5, 14, f[4]);
    pen.text(15, 63.5, 10.5, f[3]);
    double y = 71;
    for (const std::string& line : chopped(f[5], 15)) {
        pen.text(15, y, 15, line);
        y += 6.9;
    }
    pen.badge(91.5, 6, "寄");
    pen.text(15, 95.5, 9, f[6]);
    pen.right(96, 95.5, 9, f[7]);
    y = 101;
    for (const std::string& line : chopped(f[8], 26)) {
        pen.text(15, y, 8.5, line);
        y += 3.9;
    }
    pen.text(4, 113, 11, "电子印章 KEY × " + f[10]);
    pen.right(96, 113, 9, "共 2 个订单");
    pen.text(4, 119, 8.5, f[9]);
    pen.text(4, 147, 8, "寄件存根");
    pen.right(96, 147, 9, f[0] + "  " + f[1]);
    pen.code(149.5, 10, f[1]);
    pen.text(4, 165, 9, f[2] + "  " + f[3]);
    pen.right(96, 165, 9, f[4]);
    y = 171;
    for (const std::string& line : chopped(f[5], 30)) {
        pen.text(4, y, 8.5, line);
        y += 3.9;
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 5) return 2;
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    if (FT_Init_FreeType(&library) != 0 || FT_New_Face(library, arguments[3], std::atol(arguments[4]), &face) != 0) return 1;
    cairo_surface_t* surface = cairo_pdf_surface_create(arguments[2], 100 * kMm, 180 * kMm);
    const Pen pen{cairo_create(surface)};
    cairo_font_face_t* font = cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING);
    cairo_set_font_face(pen.cairo, font);
    std::ifstream file(arguments[1]);
    for (std::string line; std::getline(file, line);) {
        std::vector<std::string> fields;
        std::istringstream parts(line);
        for (std::string field; std::getline(parts, field, '\t');) fields.push_back(field);
        if (fields.size() < 11) return 1;
        one_label(pen, fields);
        cairo_show_page(pen.cairo);
    }
    cairo_destroy(pen.cairo);
    cairo_surface_finish(surface);
    const bool good = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(surface);
    cairo_font_face_destroy(font);
    sealdesk::bench::say_cost();
    return good ? 0 : 1;
}
