// What a file is, told from its first bytes and never from its name, and the traits of an archive that
// libarchive does not report: volumes, RAR 5 encryption, a missing end. Pure functions, any thread.
#pragma once

#include <string_view>

namespace sealdesk::scanbox {

enum class Kind { jpeg, png, tiff, webp, heif, gif, bmp, pdf, zip, sevenzip, rar, rar5, office, ofd, unknown };

const char* name_of(Kind kind);  // the word of the protocol: "jpeg", "7z", …
Kind kind_of(std::string_view bytes);
bool is_archive(Kind kind);
bool is_picture(Kind kind);  // it can be shown as pages (PDF too)

// A reason not to open the archive at all, as a protocol code: "multi_volume", "encrypted", "truncated"; else null.
const char* archive_fault(Kind kind, std::string_view bytes);

}  // namespace sealdesk::scanbox
