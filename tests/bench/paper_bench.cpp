// Documents: a thousand labels in one PDF against the same pages written straight onto cairo and onto ReportLab, each in a
// process of its own; and one label. Processor time and peak memory are what each process says of itself, so that a busy
// machine counts for none of them. Needs python3-reportlab (data/packages.txt).
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "base/files.h"
#include "base/process.h"
#include "base/text.h"
#include "desk/documents.h"
#include "reports/fonts.h"
#include "tests/bench/bounds.h"
#include "tests/bench/paper/labels.h"

using namespace sealdesk;
using namespace sealdesk::bench;

namespace fs = std::filesystem;

namespace {

constexpr int kLabels = 1000;

struct Cost {
    double cpu_ms = 0, peak_mb = 0;
};

// A maker's last line says what it took.
Result<Cost> cost_of(const std::vector<std::string>& command) {
    SEALDESK_LET(done, run(command));
    Cost cost;
    const size_t line = done.output.rfind("took ");
    if (done.status != 0 || line == std::string::npos ||
        std::sscanf(done.output.c_str() + line, "took %lf ms %lf MB", &cost.cpu_ms, &cost.peak_mb) != 2)
        return fail(ErrorKind::internal, command[0], done.output);
    return cost;
}

struct Material {
    fs::path folder, labels, one;
    std::string font, index;
};
Result<Material> material() {
    SEALDESK_LET(fonts, reports::Fonts::find());
    Material made;
    made.folder = fs::temp_directory_path() / "sealdesk-bench-paper";
    SEALDESK_TRY(make_folder(made.folder));
    made.labels = made.folder / "labels.tsv";
    made.one = made.folder / "label.tsv";
    SEALDESK_TRY(write_file(made.labels, invented_labels(kLabels)));
    SEALDESK_TRY(write_file(made.one, invented_labels(1)));
    made.font = fonts.main_font().file;
    made.index = std::to_string(fonts.main_font().index);
    return made;
}

Result<> has_pages(const fs::path& pdf) {
    SEALDESK_LET(info, run({"pdfinfo", pdf}));
    if (info.output.find("Pages:           " + std::to_string(kLabels) + "\n") != std::string::npos) return {};
    return fail(ErrorKind::internal, pdf.string(), info.output);
}

void thousand_labels(benchmark::State& state) {
    const auto made = material();
    if (!made) return broken(state, made.error());
    const fs::path bin = fs::path(SEALDESK_BIN);
    const fs::path script = fs::path(SEALDESK_SOURCE) / "tests/bench/paper/reportlab_labels.py";
    const fs::path ours = made->folder / "ours.pdf", cairo = made->folder / "cairo.pdf",
                   reportlab = made->folder / "reportlab.pdf";
    const std::vector<std::vector<std::string>> makers = {
        {bin / "paper_ours", made->labels, ours},
        {bin / "paper_cairo", made->labels, cairo, made->font, made->index},
        {"/usr/bin/python3", script, made->labels, reportlab, made->font, made->index}};
    std::vector<double> ms[3], mb[3];
    for (auto _ : state) {
        for (size_t i = 0; i < 3; ++i) {
            const auto cost = cost_of(makers[i]);
            if (!cost) return broken(state, cost.error());
            ms[i].push_back(cost->cpu_ms);
            mb[i].push_back(cost->peak_mb);
        }
    }
    for (const fs::path& pdf : {ours, cairo, reportlab})
        if (const auto whole = has_pages(pdf); !whole) return broken(state, whole.error());
    const char* names[] = {"ours", "cairo", "reportlab"};
    for (size_t i = 0; i < 3; ++i) {
        figure(state, std::string(names[i]) + "_ms", percentile(ms[i], 50));
        figure(state, std::string(names[i]) + "_mb", percentile(mb[i], 50));
    }
    figure(state, "times_cairo", percentile(ms[0], 50) / percentile(ms[1], 50), 0.5);
    figure(state, "times_reportlab", percentile(ms[0], 50) / percentile(ms[2], 50), 0.25);
    figure(state, "memory_of_cairo", percentile(mb[0], 50) / percentile(mb[1], 50), 1.0);
}
BENCHMARK(thousand_labels)->Name("paper/thousand_labels")->Iterations(5)->Unit(benchmark::kMillisecond);

void one_label(benchmark::State& state) {
    const auto made = material();
    if (!made) return broken(state, made.error());
    for (auto _ : state) {
        const auto done = run({fs::path(SEALDESK_BIN) / "paper_ours", made->one, made->folder / "one.pdf", "50"});
        double ms = 0, bytes = 0;
        if (!done || done->status != 0 || std::sscanf(done->output.c_str(), "%lf ms %lf bytes", &ms, &bytes) != 2)
            return state.SkipWithError(done ? done->output.c_str() : "paper_ours");
        figure(state, "ms", ms, 15);
        figure(state, "bytes", bytes, 30'000);
    }
}
BENCHMARK(one_label)->Name("paper/one_label")->Iterations(1)->Unit(benchmark::kMillisecond);

// A label as a clerk's desk makes it: from the parcel to the file that the printer gets, on the wall clock. The first one after
// the start looks for fonts as well.
void one_label_of_the_desk(benchmark::State& state) {
    const auto made = material();
    if (!made) return broken(state, made.error());
    const auto line = split(read_file(made->one).value_or(""), '\t');
    if (line.size() < 11) return state.SkipWithError("no label");
    shipping::Shipment parcel;
    parcel.courier = "ems";
    parcel.waybill = "EA123456785CN";
    parcel.delivery = {orders::DeliveryMethod::courier, line[2], line[4], line[5]};
    for (const std::string& order : split(line[9], ' ')) {
        parcel.contents.push_back({order, line[3], 1, {"K" + order}, 1});
        parcel.contents.back().unit = line[3];
    }
    const desk::Centre centre{line[6], "", line[8], line[7]};
    const desk::DocumentFolder folder(made->folder / "desk");
    std::vector<double> ms;
    std::uintmax_t bytes = 0;
    for (auto _ : state) {
        for (int i = 0; i < 51; ++i) {
            const auto begin = std::chrono::steady_clock::now();
            const auto file = desk::write_label(folder, centre, parcel, Instant{1'795'334'580'000}, i);
            ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
            if (!file) return broken(state, file.error());
            bytes = fs::file_size(*file);
        }
    }
    figure(state, "first_ms", ms.front());
    ms.erase(ms.begin());
    figure(state, "ms", percentile(ms, 50), 15);
    figure(state, "bytes", static_cast<double>(bytes), 30'000);
}
BENCHMARK(one_label_of_the_desk)->Name("paper/one_label_of_the_desk")->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
