#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/translate.h"
#include "reports/daily_report.h"

namespace sealdesk::reports {
namespace {

// A file with a name but no place on the disk: libxlsxwriter only writes to names.
class MemoryFile {
public:
    MemoryFile() : file_(memfd_create("xlsx", MFD_CLOEXEC)) {}
    ~MemoryFile() {
        if (file_ >= 0) close(file_);
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    bool good() const { return file_ >= 0; }
    std::string path() const { return fmt::format("/proc/self/fd/{}", file_); }
    std::string bytes() const {
        const off_t size = lseek(file_, 0, SEEK_END);
        if (size <= 0) return {};
        std::string all(static_cast<size_t>(size), '\0');
        return pread(file_, all.data(), all.size(), 0) == static_cast<ssize_t>(size) ? all : std::string();
    }

private:
    int file_;
};

// One worksheet written from top to bottom; the first library error is kept.
class Grid {
public:
    Grid(lxw_workbook* book, const char* name) : sheet_(workbook_add_worksheet(book, name)) {}

    void text(const std::string& words, lxw_format* format = nullptr) {
        keep(worksheet_write_string(sheet_, row_, column_++, words.c_str(), format));
    }
    void number(double value, lxw_format* format = nullptr) {
        keep(worksheet_write_number(sheet_, row_, column_++, value, format));
    }
    void next() {
        ++row_;
        column_ = 0;
    }
    void widths(std::initializer_list<double> characters) {
        lxw_col_t column = 0;
        for (const double width : characters) {
            keep(worksheet_set_column(sheet_, column, column, width, nullptr));
            ++column;
        }
        worksheet_freeze_panes(sheet_, 1, 0);
    }
    bool good() const { return sheet_ && error_ == LXW_NO_ERROR; }

private:
    void keep(lxw_error error) {
        if (error_ == LXW_NO_ERROR) error_ = error;
    }
    lxw_worksheet* sheet_;
    lxw_row_t row_ = 0;
    lxw_col_t column_ = 0;
    lxw_error error_ = LXW_NO_ERROR;
};

double minutes(std::int64_t ms) { return static_cast<double>(ms) / static_cast<double>(kMinute); }
// The only place where money meets floating point: a cell of a spreadsheet is a double, exact to the fen below 2^53.
double yuan_number(Fen amount) { return static_cast<double>(amount.value) / 100.0; }

}  // namespace

Result<std::string> daily_report_xlsx(const DailyReport& report) {
    const auto failed = [](std::string detail) { return fail(ErrorKind::internal, tr("XLSX 无法生成"), std::move(detail)); };
    const MemoryFile file;
    if (!file.good()) return failed("memfd_create");
    lxw_workbook* book = workbook_new(file.path().c_str());
    if (!book) return failed("workbook_new");
    lxw_doc_properties properties{};
    properties.created = static_cast<time_t>(report.generated_at.ms / kSecond);
    workbook_set_properties(book, &properties);

    lxw_format* head = workbook_add_format(book);
    format_set_bold(head);
    format_set_bg_color(head, 0xEEF1F5);
    format_set_bottom(head, LXW_BORDER_THIN);
    lxw_format* money = workbook_add_format(book);
    format_set_num_format(money, "#,##0.00");
    lxw_format* total = workbook_add_format(book);
    format_set_num_format(total, "#,##0.00");
    format_set_bold(total);
    format_set_top(total, LXW_BORDER_THIN);
    lxw_format* total_count = workbook_add_format(book);
    format_set_bold(total_count);
    format_set_top(total_count, LXW_BORDER_THIN);
    lxw_format* decimal = workbook_add_format(book);
    format_set_num_format(decimal, "0.0");

    Grid summary(book, tr("概要"));
    summary.widths({18, 70});
    const auto pair = [&](const char* name, const std::string& value) {
        summary.text(name);
        summary.text(value);
        summary.next();
    };
    summary.text(tr("签章中心日报"), head);
    summary.text(report.centre, head);
    summary.next();
    pair(tr("日期"), text_of(report.day));
    pair(tr("生成时间"), date_time(report.generated_at));
    summary.text(tr("写入 KEY"));
    summary.number(report.keys_written);
    summary.next();
    summary.text(tr("报废 KEY"));
    summary.number(report.keys_scrapped);
    summary.next();
    pair(tr("审计链首"), report.audit_head);

    Grid states(book, tr("订单进出"));
    states.widths({20, 12, 12, 12});
    for (const char* title : {tr("状态"), tr("进入"), tr("离开"), tr("日终在库")}) states.text(title, head);
    for (const StateFlow& s : report.states) {
        states.next();
        states.text(s.state);
        states.number(s.entered);
        states.number(s.left);
        states.number(s.at_end);
    }

    Grid spans(book, tr("办理时长"));
    spans.widths({24, 12, 18, 18});
    for (const char* title : {tr("环节"), tr("订单数"), tr("中位数（分钟）"), tr("九成以内（分钟）")}) spans.text(title, head);
    for (const Turnaround& t : report.turnarounds) {
        spans.next();
        spans.text(t.stage);
        spans.number(t.orders);
        spans.number(minutes(t.median_ms), decimal);
        spans.number(minutes(t.p90_ms), decimal);
    }

    Grid reasons(book, tr("退回原因"));
    reasons.widths({14, 50, 10});
    for (const char* title : {tr("原因代码"), tr("退回原因"), tr("次数")}) reasons.text(title, head);
    for (const Rejections& r : report.rejections) {
        reasons.next();
        reasons.text(r.code);
        reasons.text(r.reason);
        reasons.number(r.count);
    }

    Grid takings(book, tr("收款"));
    takings.widths({20, 10, 16, 14, 14, 14, 16});
    for (const char* title : {tr("渠道"), tr("笔数"), tr("实收"), tr("其中手续费"), tr("其中运费"), tr("退款"), tr("服务净收")})
        takings.text(title, head);
    const auto row = [&](const Takings& t, lxw_format* words, lxw_format* amounts) {
        takings.next();
        takings.text(t.channel, words);
        takings.number(t.payments, words);
        for (const Fen amount : {t.gross, t.fees, t.freight, t.refunds, t.rest()}) takings.number(yuan_number(amount), amounts);
    };
    for (const Takings& t : report.takings) row(t, nullptr, money);
    row(total_of(report.takings), total_count, total);

    const bool cells_good = summary.good() && states.good() && spans.good() && reasons.good() && takings.good();
    const lxw_error error = workbook_close(book);  // frees the book in every case
    if (error != LXW_NO_ERROR) return failed(lxw_strerror(error));
    if (!cells_good) return fail(ErrorKind::refused, tr("XLSX 的单元格放不下这些文字"));
    std::string bytes = file.bytes();
    if (bytes.empty()) return failed("empty file");
    return bytes;
}

}  // namespace sealdesk::reports
