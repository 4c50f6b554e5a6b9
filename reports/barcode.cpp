#include "reports/barcode.h"

#include <zint.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/translate.h"

namespace sealdesk::reports {
namespace {

constexpr int kQuietModules = 10;
constexpr double kWidestModule = 0.5;  // mm

struct DropSymbol {
    void operator()(zint_symbol* symbol) const { ZBarcode_Delete(symbol); }
};
using Symbol = std::unique_ptr<zint_symbol, DropSymbol>;

Result<Symbol> encoded(int symbology, const std::string& data) {
    Symbol symbol(ZBarcode_Create());
    if (!symbol) return fail(ErrorKind::internal, tr("条码无法生成"), "ZBarcode_Create");
    symbol->symbology = symbology;
    symbol->show_hrt = 0;
    symbol->input_mode = UNICODE_MODE;
    if (symbology == BARCODE_QRCODE) symbol->option_1 = 2;
    const auto* bytes = reinterpret_cast<const unsigned char*>(data.data());
    if (ZBarcode_Encode_and_Buffer_Vector(symbol.get(), bytes, static_cast<int>(data.size()), 0) >= ZINT_ERROR || !symbol->vector)
        return fail(ErrorKind::refused, trf("“{}”不能做成条码", data), symbol->errtxt);
    return symbol;
}

}  // namespace

Result<BarsMark> code128(const std::string& data, const Area& area, PrinterDots printer) {
    const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
    if (data.empty() || !std::all_of(data.begin(), data.end(), printable))
        return refused(trf("“{}”不能做成条码：只能是字母、数字和符号", data));
    SEALDESK_LET(symbol, encoded(BARCODE_CODE128, data));
    const int modules = symbol->width;
    const double dot = 1.0 / per_mm(printer);  // mm
    const double dots = std::min(std::floor(kWidestModule / dot), std::floor(area.w / dot / (modules + 2 * kQuietModules)));
    if (dots < 2) return refused(trf("“{}”太长，条码放不下", data));
    const double module = dots * dot;
    BarsMark mark{"code128", data, area, {}};
    mark.area.w = modules * module;
    mark.area.x = std::ceil((area.x + (area.w - mark.area.w) / 2) / dot) * dot;
    const double scale = mark.area.w / static_cast<double>(symbol->vector->width);
    for (const zint_vector_rect* bar = symbol->vector->rectangles; bar; bar = bar->next)
        mark.bars.push_back(
            {mark.area.x + static_cast<double>(bar->x) * scale, area.y, static_cast<double>(bar->width) * scale, area.h});
    return mark;
}

Result<BarsMark> qr_code(const std::string& data, const Area& area) {
    if (data.empty()) return refused(tr("二维码没有内容"));
    SEALDESK_LET(symbol, encoded(BARCODE_QRCODE, data));
    const double side = std::min(area.w, area.h);
    BarsMark mark{"qr", data, {area.x + (area.w - side) / 2, area.y + (area.h - side) / 2, side, side}, {}};
    const double scale = side / static_cast<double>(symbol->vector->width);
    for (const zint_vector_rect* bar = symbol->vector->rectangles; bar; bar = bar->next)
        mark.bars.push_back({mark.area.x + static_cast<double>(bar->x) * scale, mark.area.y + static_cast<double>(bar->y) * scale,
                             static_cast<double>(bar->width) * scale, static_cast<double>(bar->height) * scale});
    return mark;
}

}  // namespace sealdesk::reports
