#include "printing/media.h"

#include <cups/cups.h>
#include <cups/pwg.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::printing {

namespace {

constexpr int kTolerance = 100;  // a millimetre: 76 × 130 as 3 × 5.12 inches

bool near(int a, int b) { return std::abs(a - b) <= kTolerance; }

// Four numbers between brackets, in points.
std::optional<Sheet> box_at(std::string_view text) {
    const auto open = text.find('['), shut = text.find(']');
    if (open == std::string_view::npos || shut == std::string_view::npos || shut < open || open > 8) return std::nullopt;
    double numbers[4];
    const char* at = text.data() + open + 1;
    const char* const end = text.data() + shut;
    for (double& number : numbers) {
        while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
        const auto [next, error] = std::from_chars(at, end, number);
        if (error != std::errc()) return std::nullopt;
        at = next;
    }
    constexpr double kPerPoint = 2540.0 / 72;
    const auto hundredths = [](double points) { return static_cast<int>(std::lround(std::abs(points) * kPerPoint)); };
    return Sheet{hundredths(numbers[2] - numbers[0]), hundredths(numbers[3] - numbers[1])};
}

std::optional<Sheet> size_of(const std::string& name) {
    const pwg_media_t* media = pwgMediaForPWG(name.c_str());
    if (media == nullptr || media->width <= 0 || media->length <= 0) return std::nullopt;
    return Sheet{media->width, media->length};
}

bool within(const Sheet& sheet, const Sheet& least, const Sheet& most) {
    return sheet.width >= least.width && sheet.height >= least.height && sheet.width <= most.width && sheet.height <= most.height;
}

}  // namespace

std::string text_of(const Sheet& sheet) { return fmt::format("{}×{} mm", (sheet.width + 50) / 100, (sheet.height + 50) / 100); }

std::optional<Sheet> sheet_of(std::string_view pdf) {
    constexpr std::string_view kKey = "/MediaBox";
    std::optional<Sheet> size;
    for (size_t at = pdf.find(kKey); at != std::string_view::npos; at = pdf.find(kKey, at + kKey.size())) {
        const auto box = box_at(pdf.substr(at + kKey.size(), 200));
        if (!box || box->width == 0 || box->height == 0) return std::nullopt;
        if (size && (!near(size->width, box->width) || !near(size->height, box->height))) return std::nullopt;
        size = box;
    }
    return size;
}

Media media_for(const Sheet& sheet, const std::vector<std::string>& supported) {
    std::optional<Sheet> least, most;
    const Sheet turned{sheet.height, sheet.width};
    for (const Sheet& wanted : {sheet, turned})
        for (const auto& name : supported) {
            const auto size = size_of(name);
            if (!size) continue;
            if (name.starts_with("custom_min"))
                least = size;
            else if (name.starts_with("custom_max"))
                most = size;
            else if (near(size->width, wanted.width) && near(size->height, wanted.height))
                return {name, std::nullopt};
        }
    if (!least || !most) return {};
    for (const Sheet& wanted : {sheet, turned})
        if (within(wanted, *least, *most)) return {"", wanted};
    return {};
}

Result<> fits(const Address& address, Format format) {
    if (address.raw && format == Format::pdf)
        return refused(trf("{} 是热敏打印机的地址，只能打印 ZPL：请勾选“用 ZPL”，或换成 ipp:// 的打印机", text_of(address)));
    return {};
}

bool reads_zpl(const Printer& printer) {
    const auto takes = [&](std::string_view type) {
        return std::find(printer.formats.begin(), printer.formats.end(), type) != printer.formats.end();
    };
    if (takes("application/vnd.zebra-zpl")) return true;
    if (!takes("application/vnd.cups-raw")) return false;
    if (!takes("application/pdf") && !takes("image/pwg-raster")) return true;
    // cupsd says of every queue that it takes raw data, also of an office printer's.
    const std::string model = upper_ascii(printer.model);
    for (const char* word : {"RAW", "ZPL", "ZEBRA"})
        if (model.find(word) != std::string::npos) return true;
    return false;
}

}  // namespace sealdesk::printing
