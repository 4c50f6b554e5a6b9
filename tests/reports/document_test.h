// What the tests of reports share: the fonts of this machine, a folder that goes away, and poppler as judge.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/process.h"
#include "base/text.h"
#include "reports/fonts.h"
#include "reports/paper.h"

namespace sealdesk::reports {

namespace fs = std::filesystem;

inline void expect_golden(const std::string& name, const std::string& actual) {
    const fs::path golden = fs::path(SEALDESK_SOURCE) / "tests/reports/golden" / name;
    const auto expected = read_file(golden);
    if (expected && *expected == actual) return;
    const fs::path beside = fs::temp_directory_path() / name;  // copy it over when the change is meant
    (void)write_file(beside, actual);
    ADD_FAILURE() << golden << " differs from what is laid out now: " << beside;
}

class DocumentTest : public testing::Test {
protected:
    DocumentTest() : fonts_(Fonts::find()) {
        folder_ = fs::temp_directory_path() /
                  (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "." + std::to_string(getpid()));
        fs::create_directories(folder_);
    }
    ~DocumentTest() override { fs::remove_all(folder_); }
    void SetUp() override { ASSERT_TRUE(fonts_) << fonts_.error().message; }

    const Fonts& fonts() const { return *fonts_; }

    fs::path saved(const std::string& name, const std::string& bytes) {
        EXPECT_TRUE(write_file(folder_ / name, bytes));
        return folder_ / name;
    }
    std::string output_of(const std::vector<std::string>& command) {
        const auto done = run(command);
        EXPECT_TRUE(done && done->status == 0) << command[0] << (done ? done->output : "");
        return done ? done->output : "";
    }
    std::string text_of_pdf(const std::string& bytes) {
        const fs::path path = saved("text.pdf", bytes);
        output_of({"pdftotext", "-q", "-layout", path, folder_ / "text.txt"});
        return read_file(folder_ / "text.txt").value_or("");
    }
    // Each page, rendered by poppler as a picture (PGM, or PBM with -mono), one at a time.
    template <class Take>
    void for_each_page(const std::string& pdf, const std::vector<std::string>& options, Take take) {
        const fs::path file = saved("pages.pdf", pdf);
        std::vector<std::string> command{"pdftoppm", "-q"};
        command.insert(command.end(), options.begin(), options.end());
        command.insert(command.end(), {file.string(), (folder_ / "page").string()});
        output_of(command);
        std::set<fs::path> files;
        for (const auto& entry : fs::directory_iterator(folder_))
            if (entry.path().filename().string().starts_with("page-")) files.insert(entry.path());
        for (const fs::path& page : files) {
            take(read_file(page).value_or(""));
            fs::remove(page);
        }
    }
    // Everything that can be copied out of a PDF, in its order, without blanks and line ends.
    std::string copied_out(const std::string& pdf) {
        const fs::path path = saved("copied.pdf", pdf);
        output_of({"pdftotext", "-q", "-raw", path, folder_ / "copied.txt"});
        return without_blanks(read_file(folder_ / "copied.txt").value_or(""));
    }
    // The same of what was laid out.
    static std::string said_on(const Paper& paper) {
        std::string text;
        for (const Page& page : paper.pages)
            for (const Mark& mark : page.marks)
                if (const auto* words = std::get_if<TextMark>(&mark)) text += words->text;
        return without_blanks(text);
    }
    static std::string without_blanks(const std::string& text) {
        std::string out;
        for (const char32_t c : code_points(text))
            if (c > U' ' && c != 0x3000 && c != 0xA0) out += utf8(c);
        return out;
    }
    void expect_copied_out(const std::string& pdf, const Paper& paper, const std::string& name) {
        EXPECT_EQ(copied_out(pdf), said_on(paper)) << name;
    }
    // What zbarimg reads in a picture, a code a line.
    std::string codes_in(const fs::path& picture) {
        std::string codes;
        for (const std::string& line : split(output_of({"zbarimg", "-q", picture}), '\n'))  // without a D-Bus it complains first
            if (line.starts_with("CODE-128:") || line.starts_with("QR-Code:")) codes += line + "\n";
        return codes;
    }
    // Every line of text within the box that it was given, every box on its page.
    void expect_marks_inside(const Paper& paper) {
        for (const Page& page : paper.pages) {
            for (const Mark& mark : page.marks) {
                const auto* text = std::get_if<TextMark>(&mark);
                if (!text) continue;
                const double size = text->size * 25.4 / 72, slack = 0.001;
                const double right = text->x + fonts().width(text->text, text->size);
                EXPECT_GE(text->x, text->box.x - slack) << text->text;
                EXPECT_LE(right, text->box.right() + slack) << text->text;
                EXPECT_GE(text->baseline - kAscent * size, text->box.y - slack) << text->text;
                EXPECT_LE(text->baseline + kDescent * size, text->box.bottom() + slack) << text->text;
                EXPECT_GE(text->box.x, 0) << text->text;
                EXPECT_LE(text->box.right(), page.w) << text->text;
                EXPECT_LE(text->box.bottom(), page.h) << text->text;
            }
        }
    }

    // No two texts of different boxes lie over each other; inked height taken as from 0.8 em above to 0.1 below.
    void expect_nothing_overprinted(const Paper& paper) {
        for (const Page& page : paper.pages) {
            std::vector<std::pair<Area, const TextMark*>> inked;
            for (const Mark& mark : page.marks)
                if (const auto* text = std::get_if<TextMark>(&mark)) {
                    const double size = text->size * 25.4 / 72;
                    inked.push_back(
                        {{text->x, text->baseline - 0.8 * size, fonts().width(text->text, text->size), 0.9 * size}, text});
                }
            for (size_t i = 0; i < inked.size(); ++i)
                for (size_t k = 0; k < i; ++k) {
                    const Area &a = inked[i].first, &b = inked[k].first;
                    const bool apart = a.x >= b.right() || b.x >= a.right() || a.y >= b.bottom() || b.y >= a.bottom();
                    EXPECT_TRUE(apart) << inked[i].second->text << " over " << inked[k].second->text;
                }
        }
    }

    fs::path folder_;

private:
    Result<Fonts> fonts_;
};

}  // namespace sealdesk::reports
