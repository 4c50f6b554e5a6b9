#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <map>

#include "reports/csv.h"
#include "tests/reports/samples.h"

using namespace sealdesk;
using namespace sealdesk::reports;

namespace {

std::map<std::string, std::string> unpacked(const std::string& bytes) {
    std::map<std::string, std::string> files;
    archive* zip = archive_read_new();
    archive_read_support_format_zip(zip);
    EXPECT_EQ(archive_read_open_memory(zip, bytes.data(), bytes.size()), ARCHIVE_OK);
    archive_entry* entry = nullptr;
    while (archive_read_next_header(zip, &entry) == ARCHIVE_OK) {
        std::string& file = files[archive_entry_pathname(entry)];
        char buffer[4096];
        for (la_ssize_t got; (got = archive_read_data(zip, buffer, sizeof buffer)) > 0;)
            file.append(buffer, static_cast<size_t>(got));
    }
    archive_read_free(zip);
    return files;
}

}  // namespace

TEST(Csv, QuotesByRfc4180) {
    EXPECT_EQ(csv_text("待审核"), "待审核");
    EXPECT_EQ(csv_text("a,b"), "\"a,b\"");
    EXPECT_EQ(csv_text("他说\"好\""), "\"他说\"\"好\"\"\"");
    EXPECT_EQ(csv_text("一\n二"), "\"一\n二\"");
    EXPECT_EQ(csv_of({{"a", "b"}, {}, {"c"}}),
              "\xEF\xBB\xBF"
              "a,b\r\n\r\nc\r\n");
}

TEST(Csv, TextCannotStartAFormula) {
    EXPECT_EQ(csv_text("=1+1"), "'=1+1");
    EXPECT_EQ(csv_text("+86"), "'+86");
    EXPECT_EQ(csv_text("-1"), "'-1");
    EXPECT_EQ(csv_text("@SUM(A1)"), "'@SUM(A1)");
    EXPECT_EQ(csv_text("  =cmd"), "'  =cmd");
    EXPECT_EQ(csv_text("\t=cmd"), "'\t=cmd");
    EXPECT_EQ(csv_text("＝1"), "'＝1");
    EXPECT_EQ(csv_text("=HYPERLINK(\"x\",1)"), "\"'=HYPERLINK(\"\"x\"\",1)\"");
    EXPECT_EQ(csv_text("a=b"), "a=b");
}

TEST(Csv, DailyReportHasItsRowsAndSums) {
    DailyReport report = samples::daily_report();
    report.rejections.push_back({"=X", "=cmd|' /C calc'!A0", 1});
    report.takings.push_back({"现金", 0, Fen{}, Fen{}, Fen{}, Fen{500}});
    const std::string csv = daily_report_csv(report);
    EXPECT_TRUE(csv.starts_with("\xEF\xBB\xBF签章中心日报,省签章服务中心\r\n"));
    for (const char* row :
         {"\r\n待审核,142,131,23\r\n", "\r\n支付到审核,131,18.0,64.0\r\n", "\r\nR01,营业执照不清晰或有遮挡,7\r\n",
          "\r\n'=X,'=cmd|' /C calc'!A0,1\r\n", "\r\n支付宝,88,39120.50,880.00,1320.00,600.00,36320.50\r\n",
          "\r\n现金,0,0.00,0.00,0.00,5.00,-5.00\r\n", "\r\n合计,129,61169.50,1290.00,1935.00,1005.00,56939.50\r\n",
          "\r\n写入 KEY,121\r\n"})
        EXPECT_NE(csv.find(row), std::string::npos) << row << csv;
}

TEST(Xlsx, AmountsAreNumbersWithTwoDecimalsAndTextIsNeverAFormula) {
    DailyReport report = samples::daily_report();
    report.rejections.push_back({"=X", "=1+1", 1});
    const auto bytes = daily_report_xlsx(report);
    ASSERT_TRUE(bytes) << bytes.error().message << bytes.error().detail;
    auto files = unpacked(*bytes);
    const std::string& takings = files["xl/worksheets/sheet5.xml"];
    for (const char* value : {"<v>39120.5</v>", "<v>36320.5</v>", "<v>61169.5</v>", "<v>56944.5</v>"})
        EXPECT_NE(takings.find(value), std::string::npos) << value << takings;
    EXPECT_NE(files["xl/styles.xml"].find("formatCode=\"#,##0.00\""), std::string::npos) << files["xl/styles.xml"];
    for (const auto& [name, file] : files) EXPECT_EQ(file.find("<f>"), std::string::npos) << name;
    EXPECT_NE(files["xl/sharedStrings.xml"].find("<t>=1+1</t>"), std::string::npos);
    EXPECT_NE(files["xl/workbook.xml"].find("收款"), std::string::npos);
    EXPECT_NE(files["docProps/core.xml"].find("2026-11-22T"), std::string::npos) << files["docProps/core.xml"];
}

TEST(DailyReport, SpansAreReadable) {
    EXPECT_EQ(span_of(0), "");
    EXPECT_EQ(span_of(400), "1 秒");
    EXPECT_EQ(span_of(59 * kSecond), "59 秒");
    EXPECT_EQ(span_of(18 * kMinute), "18 分钟");
    EXPECT_EQ(span_of(125 * kMinute), "2 小时 05 分");
    EXPECT_EQ(span_of(2 * kDay + 3 * kHour), "2 天 3 小时");
}
