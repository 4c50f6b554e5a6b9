// sealdesk-ocr WIDTH HEIGHT DPI: reads Chinese on one page. Started by the desk with
//   1  one line of JSON, boxes in px of the page that was given:
//      {"version":2,"width":…,"height":…,"lines":[{"text":…,"x":…,"y":…,"width":…,"height":…,"confidence":…,
//      "words":[{"text":…,"x":…,"y":…,"width":…,"height":…}]}]}; {"error":…} when it cannot
//   3  the page's pixels, RGBA, read only
// Exit status 0 when it has read. Runs at low priority and on one processor.
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <tesseract/baseapi.h>
#include <tesseract/resultiterator.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "ocr/walls.h"

namespace {

constexpr int kPixels = 3, kMostSide = 12000;

void say(const nlohmann::json& answer) {
    const std::string line = answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    for (size_t at = 0; at < line.size();) {
        const ssize_t n = write(STDOUT_FILENO, line.data() + at, line.size() - at);
        if (n <= 0) _exit(3);  // nobody listens any more
        at += static_cast<size_t>(n);
    }
}

int fail(const char* why) {
    say({{"error", why}});
    return 2;
}

// Text and box of the line or word the reader is at; null where it has none.
nlohmann::json box_of(const tesseract::ResultIterator& at, tesseract::PageIteratorLevel level) {
    const std::unique_ptr<const char[]> text(at.GetUTF8Text(level));
    int left = 0, top = 0, right = 0, bottom = 0;
    if (!text || !at.BoundingBox(level, &left, &top, &right, &bottom)) return nullptr;
    return {{"text", text.get()}, {"x", left}, {"y", top}, {"width", right - left}, {"height", bottom - top}};
}

}  // namespace

int main(int count, char** words) {
    const int width = count == 4 ? std::atoi(words[1]) : 0, height = count == 4 ? std::atoi(words[2]) : 0,
              dpi = count == 4 ? std::atoi(words[3]) : 0;
    if (width < 1 || height < 1 || width > kMostSide || height > kMostSide) return fail("size");
    setpriority(PRIO_PROCESS, 0, 19);
    const size_t bytes = static_cast<size_t>(width) * static_cast<size_t>(height) * 4;
    struct stat status {};
    if (fstat(kPixels, &status) != 0 || static_cast<size_t>(status.st_size) < bytes) return fail("pixels");
    void* pixels = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, kPixels, 0);
    if (pixels == MAP_FAILED) return fail("pixels");
    tesseract::TessBaseAPI reader;
    if (reader.Init(nullptr, "chi_sim", tesseract::OEM_LSTM_ONLY) != 0) return fail("language");
    reader.SetPageSegMode(tesseract::PSM_AUTO);
    if (!sealdesk::ocr::close_walls()) return fail("no_sandbox");
    reader.SetImage(static_cast<const unsigned char*>(pixels), width, height, 4, width * 4);
    reader.SetSourceResolution(dpi > 0 ? dpi : 150);
    nlohmann::json lines = nlohmann::json::array();
    if (reader.Recognize(nullptr) != 0) return fail("reading");
    const std::unique_ptr<tesseract::ResultIterator> at(reader.GetIterator());
    if (at) do {
            if (at->IsAtBeginningOf(tesseract::RIL_TEXTLINE)) {
                auto line = box_of(*at, tesseract::RIL_TEXTLINE);
                if (line.is_null()) continue;
                line["confidence"] = static_cast<int>(at->Confidence(tesseract::RIL_TEXTLINE));
                line["words"] = nlohmann::json::array();
                lines.push_back(std::move(line));
            }
            if (auto word = box_of(*at, tesseract::RIL_WORD); !word.is_null() && !lines.empty())
                lines.back()["words"].push_back(std::move(word));
        } while (at->Next(tesseract::RIL_WORD));
    say({{"version", 2}, {"width", width}, {"height", height}, {"lines", lines}});
    _exit(0);  // no library's farewell: it might want what the walls refuse
}
