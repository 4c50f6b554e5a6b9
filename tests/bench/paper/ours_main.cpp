// paper_ours LABELS OUT.pdf [TIMES]: the benchmark's labels through reports/, a page each. With TIMES it makes the first
// label that many times, once the fonts are open, and says the median in milliseconds of processor time and the bytes.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>

#include "base/files.h"
#include "base/text.h"
#include "reports/label.h"
#include "tests/bench/paper/cost.h"

using namespace sealdesk;

static reports::Label label_of(const std::string& line) {
    const auto field = split(line, '\t');
    reports::Label label;
    label.courier = field[0];
    label.waybill = field[1];
    label.recipient = {field[2], field[3], field[4], field[5]};
    label.sender = {field[6], "", field[7], field[8]};
    label.orders = split(field[9], ' ');
    label.keys = std::atoi(field[10].c_str());
    label.printed_at = Instant{1'795'334'580'000};
    return label;
}

static Result<> make_all(const char* from, const char* to) {
    const std::unique_ptr<FILE, int (*)(FILE*)> lines(std::fopen(from, "r"), &std::fclose),
        pdf(std::fopen(to, "w"), &std::fclose);
    if (!lines || !pdf) return fail(ErrorKind::unavailable, "no such file", fmt::format("{} {}", from, to));
    SEALDESK_LET(fonts, reports::Fonts::find());
    reports::LabelFile file(fonts, reports::LabelSize::mm100x180, [&](std::string_view piece) -> Result<> {
        if (std::fwrite(piece.data(), 1, piece.size(), pdf.get()) == piece.size()) return {};
        return fail(ErrorKind::unavailable, "cannot be written", to);
    });
    char line[4096];
    while (std::fgets(line, sizeof line, lines.get())) SEALDESK_TRY(file.add(label_of(line)));
    SEALDESK_TRY(file.finish());
    bench::say_cost();
    return {};
}

// Processor time of this process: a busy machine does not count.
static double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

static Result<> make_one(const char* from, const char* to, int times) {
    SEALDESK_LET(text, read_file(from));
    const reports::Label label = label_of(split(text, '\n').front());
    SEALDESK_LET(fonts, reports::Fonts::find());
    std::vector<double> ms;
    std::string pdf;
    for (int i = 0; i < times; ++i) {
        const double begin = cpu_ms();
        SEALDESK_LET(made, reports::label_pdf(label, fonts));
        ms.push_back(cpu_ms() - begin);
        pdf = std::move(made);
    }
    std::sort(ms.begin(), ms.end());
    fmt::print("{:.3f} ms {} bytes\n", ms[ms.size() / 2], pdf.size());
    return write_file(to, pdf);
}

int main(int count, char** arguments) {
    if (count < 3) return 2;
    const auto made =
        count > 3 ? make_one(arguments[1], arguments[2], std::atoi(arguments[3])) : make_all(arguments[1], arguments[2]);
    if (made) return 0;
    fmt::print(stderr, "{} {}\n", made.error().message, made.error().detail);
    return 1;
}
