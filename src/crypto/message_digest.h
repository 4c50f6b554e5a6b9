// MD5 and SM3, as courier interfaces sign with them: agreed with the other side, not chosen here; MD5 protects nothing else.
// Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace sealdesk::crypto {

std::string md5(std::string_view bytes);         // 16 bytes
std::string sm3_digest(std::string_view bytes);  // 32 bytes, GB/T 32905

}  // namespace sealdesk::crypto
