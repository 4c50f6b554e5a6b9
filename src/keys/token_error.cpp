#include <fmt/format.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>

#include "base/translate.h"
#include "keys/token.h"

namespace sealdesk::keys {

namespace {

const char* sentence(unsigned long value) {
    switch (value) {
        case CKR_PIN_INCORRECT: return tr("PIN 不正确。请核对后再输入，连续输错会锁定 KEY");
        case CKR_PIN_LOCKED: return tr("KEY 的 PIN 已锁定。请先核对申请人身份，再用“解锁”设置新 PIN");
        case CKR_PIN_EXPIRED: return tr("KEY 的 PIN 已过期，请先修改 PIN");
        case CKR_PIN_INVALID:
        case CKR_PIN_LEN_RANGE: return tr("PIN 的长度或字符不符合这种 KEY 的要求，请换一个 PIN");
        case CKR_USER_PIN_NOT_INITIALIZED: return tr("KEY 还没有设置用户 PIN，请先初始化");
        case CKR_USER_NOT_LOGGED_IN: return tr("还没有输入 PIN，请先登录 KEY");
        case CKR_USER_ALREADY_LOGGED_IN:
        case CKR_USER_ANOTHER_ALREADY_LOGGED_IN:
        case CKR_USER_TOO_MANY_TYPES: return tr("KEY 正由另一个程序登录。请关闭其他使用 KEY 的程序后重试");
        case CKR_SESSION_EXISTS:
        case CKR_SESSION_COUNT:
        case CKR_SESSION_READ_ONLY_EXISTS:
        case CKR_SESSION_READ_WRITE_SO_EXISTS: return tr("KEY 正被占用。请关闭其他使用 KEY 的程序后重试");
        case CKR_DEVICE_REMOVED:
        case CKR_TOKEN_NOT_PRESENT:
        case CKR_SLOT_ID_INVALID:
        case CKR_SESSION_HANDLE_INVALID:
        case CKR_SESSION_CLOSED: return tr("KEY 已被拔出，请插回同一只 KEY");
        case CKR_TOKEN_NOT_RECOGNIZED: return tr("不认识这只 KEY，请检查型号与驱动设置");
        case CKR_TOKEN_WRITE_PROTECTED:
        case CKR_ATTRIBUTE_READ_ONLY:
        case CKR_ACTION_PROHIBITED: return tr("这只 KEY 不允许写入。请把它登记为“损坏”，换一只空白 KEY");
        case CKR_DEVICE_MEMORY: return tr("KEY 的存储空间已满。请把它登记为“损坏”，换一只空白 KEY");
        case CKR_DEVICE_ERROR:
        case CKR_FUNCTION_FAILED:
        case CKR_GENERAL_ERROR: return tr("KEY 报告故障。请拔下重新插入后重试；再次出现请换一只 KEY");
        case CKR_MECHANISM_INVALID:
        case CKR_MECHANISM_PARAM_INVALID:
        case CKR_KEY_SIZE_RANGE:
        case CKR_DOMAIN_PARAMS_INVALID:
        case CKR_CURVE_NOT_SUPPORTED: return tr("这种 KEY 不支持所需的密钥算法，请换一种型号");
        case CKR_FUNCTION_NOT_SUPPORTED: return tr("这种 KEY 的驱动不支持这一操作");
        case CKR_ATTRIBUTE_SENSITIVE:
        case CKR_KEY_UNEXTRACTABLE: return tr("私钥不能从 KEY 中读出");
        case CKR_OBJECT_HANDLE_INVALID:
        case CKR_KEY_HANDLE_INVALID: return tr("KEY 上的内容在操作中改变了，请重新读取 KEY");
        case CKR_CRYPTOKI_NOT_INITIALIZED: return tr("KEY 的驱动没有启动，请重新启动程序");
        case CKR_HOST_MEMORY: return tr("内存不足，请关闭其他程序后重试");
        default: return tr("KEY 没有完成操作。请拔下重新插入后重试");
    }
}

bool ends_with_any(const Error& error, std::initializer_list<unsigned long> values) {
    return std::any_of(values.begin(), values.end(),
                       [&](unsigned long value) { return error.detail.ends_with(fmt::format(" 0x{:x}", value)); });
}

}  // namespace

Error token_error(unsigned long value, std::string_view call) {
    return {ErrorKind::device, sentence(value), fmt::format("{} -> 0x{:x}", call, value)};
}

bool is_refused_pin(const Error& error) {
    return ends_with_any(error, {CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_LOCKED});
}

bool is_pulled(const Error& error) {
    return ends_with_any(
        error, {CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT, CKR_SLOT_ID_INVALID, CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED});
}

}  // namespace sealdesk::keys
