// PDF from Paper. libharu makes the document's frame and its font; the pages are written by us, because libharu keeps
// each of them as objects (4.5 KB for an empty one) until the document is saved. The same paper gives the same bytes:
// no date, no random id.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "reports/fonts.h"
#include "reports/paper.h"

namespace sealdesk::reports {

// Takes the file piece by piece, in order.
using Sink = std::function<Result<>(std::string_view)>;

Sink into(std::string& bytes);

// Page after page, each given to the sink at once, so that a thousand labels need hardly more memory than one. One thread.
class PdfFile {
public:
    PdfFile(const Fonts& fonts, std::string title, Sink sink);
    PdfFile(PdfFile&&) noexcept;
    PdfFile& operator=(PdfFile&&) noexcept;
    ~PdfFile();

    // Refused, naming the character, when one cannot be printed. Text can be copied out of the file, also the
    // characters that are drawn as outlines.
    Result<> add(const Page& page);
    // The font and the tables; nothing can be added after them.
    Result<> finish();

private:
    struct Body;
    std::unique_ptr<Body> body_;
};

Result<std::string> pdf_of(const Paper& paper, const Fonts& fonts);

}  // namespace sealdesk::reports
