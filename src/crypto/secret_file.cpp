#include "crypto/secret_file.h"

#include "base/files.h"
#include "base/text.h"

namespace sealdesk::crypto {

Result<Secret> read_secret(const std::filesystem::path& file) {
    auto text = read_file(file, 4096);
    if (!text) return tl::unexpected(std::move(text).error());
    const Secret whole(std::move(*text));  // wipes the text in its place
    return Secret(trimmed(whole.view()));
}

}  // namespace sealdesk::crypto
