// PDF pages through poppler itself: one document for all its pages, drawn straight into the shared memory. Any thread.
#pragma once

#include "scanbox/picture.h"

namespace sealdesk::scanbox {

// Starts fontconfig and poppler's tables by drawing a page of our own, so that a fork has them.
void start_pdf();

// Sizes at kPdfDpi. Fails with "encrypted_pdf", "damaged", "too_many_pages" or, for the first such page, "too_many_pixels".
Result<std::vector<Page>> pdf_pages(std::string_view bytes, int most_pages, std::uint64_t most_pixels);
// Only the part that is wanted has to fit.
Result<Rendered> render_pdf(std::string_view bytes, int page, double dpi, std::uint64_t most_pixels, const Canvas& canvas,
                            const Part& part = {});

// The coarsest resolution of the pictures that cover much of the page: what a scan inside a PDF really holds. 0: there are none.
Result<int> picture_dpi(std::string_view bytes, int page);

}  // namespace sealdesk::scanbox
