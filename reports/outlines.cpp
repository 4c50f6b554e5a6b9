#include "reports/outlines.h"

#include <fmt/format.h>
#include <ft2build.h>
#include FT_OUTLINE_H

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>

#include "base/translate.h"

namespace sealdesk::reports {

namespace {

constexpr int kLargestSide = 4000;

struct DropLibrary {
    void operator()(FT_Library library) const { FT_Done_FreeType(library); }
};

// One shape in FreeType's 26.6 pixels, y upwards.
struct Points {
    std::vector<FT_Vector> points;
    std::vector<char> tags;
    std::vector<short> ends;

    void add(double x, double y, char tag) {
        points.push_back({static_cast<FT_Pos>(std::lround(x * 64)), static_cast<FT_Pos>(std::lround(y * 64))});
        tags.push_back(tag);
    }
    void close() {
        if (!points.empty() && (ends.empty() || ends.back() + 1 < static_cast<int>(points.size())))
            ends.push_back(static_cast<short>(points.size() - 1));
    }
};

Points points_of(const std::vector<PathStep>& shape, double scale_x, double scale_y, int height_px) {
    Points made;
    for (const PathStep& step : shape) {
        if (step.kind == PathStep::Kind::move) made.close();
        for (int i = 0; i <= step.last(); ++i)
            made.add(step.x[i] * scale_x, height_px - step.y[i] * scale_y,
                     i < step.last() ? static_cast<char>(FT_CURVE_TAG_CUBIC) : static_cast<char>(FT_CURVE_TAG_ON));
    }
    made.close();
    return made;
}

struct Sheet {
    std::vector<std::uint8_t>& ink;
    int width, height;

    static void spans(int y, int count, const FT_Span* list, void* sheet) {
        Sheet& self = *static_cast<Sheet*>(sheet);
        if (y < 0 || y >= self.height) return;
        auto* row = &self.ink[static_cast<size_t>(self.height - 1 - y) * static_cast<size_t>(self.width)];
        for (int i = 0; i < count; ++i)
            for (int x = std::max<int>(0, list[i].x); x < std::min<int>(self.width, list[i].x + list[i].len); ++x)
                row[x] = std::max(row[x], list[i].coverage);
    }
};

}  // namespace

Result<std::vector<std::uint8_t>> coverage(const Outlines& outlines, int width_px, int height_px) {
    if (width_px < 1 || height_px < 1 || width_px > kLargestSide || height_px > kLargestSide)
        return refused(trf("图片每边须为 1 至 {} 像素", kLargestSide));
    FT_Library opened = nullptr;
    if (FT_Init_FreeType(&opened) != 0) return fail(ErrorKind::internal, tr("字体引擎无法启动"), "FT_Init_FreeType");
    const std::unique_ptr<std::remove_pointer_t<FT_Library>, DropLibrary> library(opened);
    std::vector<std::uint8_t> ink(static_cast<size_t>(width_px) * static_cast<size_t>(height_px));
    Sheet sheet{ink, width_px, height_px};
    for (const auto& shape : outlines.shapes) {
        Points made = points_of(shape, width_px / outlines.width, height_px / outlines.height, height_px);
        if (made.points.empty()) continue;
        if (made.points.size() > 30'000) return fail(ErrorKind::internal, tr("无法生成图片"), "outline too long");
        FT_Outline outline{};
        outline.n_points = static_cast<short>(made.points.size());
        outline.n_contours = static_cast<short>(made.ends.size());
        outline.points = made.points.data();
        outline.tags = made.tags.data();
        outline.contours = made.ends.data();
        FT_Raster_Params parameters{};
        parameters.flags = FT_RASTER_FLAG_AA | FT_RASTER_FLAG_DIRECT | FT_RASTER_FLAG_CLIP;
        parameters.gray_spans = &Sheet::spans;
        parameters.user = &sheet;
        parameters.clip_box = {0, 0, width_px, height_px};
        if (FT_Outline_Render(library.get(), &outline, &parameters) != 0)
            return fail(ErrorKind::internal, tr("无法生成图片"), "FT_Outline_Render");
    }
    return ink;
}

std::string pdf_of(const Outlines& outlines) {
    std::string content =
        fmt::format("{:.4f} {:.4f} {:.4f} rg\n", outlines.colour.r / 255.0, outlines.colour.g / 255.0, outlines.colour.b / 255.0);
    const auto out = std::back_inserter(content);
    for (const auto& shape : outlines.shapes) {
        for (const PathStep& step : shape) {
            if (step.kind == PathStep::Kind::move && &step != &shape.front()) content += "h\n";
            for (int i = 0; i <= step.last(); ++i)
                fmt::format_to(out, "{:.4f} {:.4f} ", step.x[i] * kPointsPerMm, (outlines.height - step.y[i]) * kPointsPerMm);
            content += step.kind == PathStep::Kind::move ? "m\n" : step.kind == PathStep::Kind::line ? "l\n" : "c\n";
        }
        if (!shape.empty()) content += "h f\n";
    }
    const std::string objects[] = {
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {:.4f} {:.4f}] /Resources << >> /Contents 4 0 R >>",
                    outlines.width * kPointsPerMm, outlines.height * kPointsPerMm),
        fmt::format("<< /Length {} >>\nstream\n{}endstream", content.size(), content),
    };
    std::string pdf = "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", table = "xref\n0 5\n0000000000 65535 f \n";
    for (int number = 1; const std::string& object : objects) {
        table += fmt::format("{:010} 00000 n \n", pdf.size());
        pdf += fmt::format("{} 0 obj\n{}\nendobj\n", number++, object);
    }
    return pdf + fmt::format("{}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", table, pdf.size());
}

}  // namespace sealdesk::reports
