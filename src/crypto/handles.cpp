#include "crypto/handles.h"

#include <openssl/err.h>

#include "base/translate.h"

namespace sealdesk::crypto {

std::string openssl_errors() {
    std::string all;
    while (const unsigned long code = ERR_get_error()) {
        char line[256];
        ERR_error_string_n(code, line, sizeof line);
        if (!all.empty()) all += "; ";
        all += line;
    }
    return all;
}

Failure openssl_failed(const char* call) {
    return fail(ErrorKind::internal, tr("密码运算没有成功，请重试；仍然失败请联系管理员"),
                std::string(call) + ": " + openssl_errors());
}

}  // namespace sealdesk::crypto
