#include "reports/manifest.h"

#include <fmt/format.h>

#include <set>

#include "base/translate.h"
#include "reports/layout.h"
#include "reports/pdf.h"
#include "reports/sheet.h"

namespace sealdesk::reports {

Result<Paper> layout_manifest(const Manifest& manifest, const Fonts& fonts) {
    constexpr double kWidth = 210, kHeight = 297, kInner = kWidth - 2 * kSheetLeft, kFoot = 284;
    if (manifest.parcels.empty()) return refused(tr("没有要交接的包裹"));
    std::set<std::string> waybills;
    std::vector<std::vector<std::string>> rows;
    int orders = 0, keys = 0;
    for (const ManifestRow& parcel : manifest.parcels) {
        if (!waybills.insert(parcel.waybill).second) return refused(trf("快递单号 {} 在交接清单里出现两次", parcel.waybill));
        rows.push_back({std::to_string(rows.size() + 1), parcel.waybill, parcel.recipient, parcel.address,
                        std::to_string(parcel.orders), std::to_string(parcel.keys), "□"});
        orders += parcel.orders;
        keys += parcel.keys;
    }
    rows.push_back(
        {"", "合计", fmt::format("{} 件", manifest.parcels.size()), "", std::to_string(orders), std::to_string(keys), ""});

    Layout layout(fonts, "快递交接清单");
    layout.page(kWidth, kHeight);
    double y = sheet_head(layout, kWidth, "快递交接清单", manifest.centre, manifest.number);
    captioned(layout, {kSheetLeft, y, 60, 11}, "快递公司", manifest.courier);
    captioned(layout, {kSheetLeft + 62, y, 36, 11}, "包裹", fmt::format("{} 件", manifest.parcels.size()));
    captioned(layout, {kSheetLeft + 100, y, 36, 11}, "制表人", manifest.made_by);
    captioned(layout, {kSheetLeft + 138, y, kInner - 138, 11}, "制表时间", date_time(manifest.made_at));
    y = layout.table(kSheetLeft, y + 13,
                     {{"序号", 12, Align::centre},
                      {"快递单号", 40},
                      {"收件人", 30},
                      {"收件地址", 62},
                      {"订单", 12, Align::right},
                      {"KEY", 12, Align::right},
                      {"核对", 12, Align::centre}},
                     rows, {.size = 9, .smallest = 5, .sums = true, .top = 16, .bottom = kFoot - 6});
    if (y + 36 > kFoot - 2) {
        layout.page(kWidth, kHeight);
        y = 14;
    }
    layout.text({kSheetLeft, y + 4, kInner, 6},
                fmt::format("以上包裹共 {} 件，双方当面清点，件数与单号相符。", manifest.parcels.size()),
                {.size = 10, .smallest = 6, .lines = 1}, tr("声明"));
    signature_line(layout, kSheetLeft, y + 15, 80, "交件人签名：");
    signature_line(layout, kSheetLeft + 95, y + 15, 80, "揽收员签名：");
    signature_line(layout, kSheetLeft, y + 26, 80, "交接时间：");
    signature_line(layout, kSheetLeft + 95, y + 26, 80, "揽收员电话：");
    sheet_feet(layout, kWidth, kFoot,
               fmt::format("{}　{}　共 {} 件", manifest.courier, manifest.number, manifest.parcels.size()));
    return layout.finish();
}

Result<std::string> manifest_pdf(const Manifest& manifest, const Fonts& fonts) {
    SEALDESK_LET(paper, layout_manifest(manifest, fonts));
    return pdf_of(paper, fonts);
}

}  // namespace sealdesk::reports
