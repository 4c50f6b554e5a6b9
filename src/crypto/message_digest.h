// MD5, SM3 and HMAC-SHA1, as couriers and invoice services sign with them: agreed with the other side, not chosen here; MD5 and
// SHA-1 protect nothing else.
// Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace sealdesk::crypto {

std::string md5(std::string_view bytes);                              // 16 bytes
std::string hmac_sha1(std::string_view key, std::string_view bytes);  // 20 bytes
std::string sm3_digest(std::string_view bytes);                       // 32 bytes, GB/T 32905

}  // namespace sealdesk::crypto
