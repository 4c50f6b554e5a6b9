#include "keys/pkcs11_module.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "base/translate.h"

namespace sealdesk::keys {

namespace {

// Fixed fields are padded with blanks; some makers pad with zeros.
template <size_t size>
std::string unpadded(const CK_UTF8CHAR (&field)[size]) {
    std::string text(reinterpret_cast<const char*>(field), size);
    text.resize(std::min(text.find('\0'), text.size()));
    return trimmed(to_utf8(text));
}

}  // namespace

Result<std::shared_ptr<Module>> Module::load(const std::string& path) {
    // dlopen would take the program itself.
    if (path.empty()) return fail(ErrorKind::device, tr("没有设置 KEY 驱动，这个工位不能制作 KEY"));
    // NODELETE: makers' libraries register exit handlers that must still be there when the process ends.
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library) {
        const char* why = dlerror();
        return fail(ErrorKind::device, trf("无法加载 KEY 驱动 {}，请检查设置中的驱动路径", path), why ? why : "");
    }
    const auto get = reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"));
    CK_FUNCTION_LIST* functions = nullptr;
    if (!get || get(&functions) != CKR_OK || !functions) {
        dlclose(library);
        return fail(ErrorKind::device, trf("{} 不是 PKCS#11 驱动，请检查设置中的驱动路径", path));
    }
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;
    const CK_RV value = functions->C_Initialize(&arguments);
    if (value != CKR_OK && value != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
        dlclose(library);
        return token_failed(value, "C_Initialize");
    }
    return std::make_shared<Module>(library, functions, value == CKR_OK);
}

Module::~Module() {
    if (ours_) f->C_Finalize(nullptr);
    if (library_) dlclose(library_);
}

Result<TokenInfo> Module::token_in(CK_SLOT_ID slot) const {
    CK_TOKEN_INFO raw{};
    if (const CK_RV value = f->C_GetTokenInfo(slot, &raw); value != CKR_OK) return token_failed(value, "C_GetTokenInfo");
    const auto flag = [&](CK_FLAGS bit) { return (raw.flags & bit) != 0; };
    TokenInfo info;
    info.serial = unpadded(raw.serialNumber);
    info.label = unpadded(raw.label);
    info.manufacturer = unpadded(raw.manufacturerID);
    info.model = unpadded(raw.model);
    info.slot = slot;
    info.initialized = flag(CKF_TOKEN_INITIALIZED);
    info.user_pin_set = flag(CKF_USER_PIN_INITIALIZED);
    info.pin_low = flag(CKF_USER_PIN_COUNT_LOW);
    info.pin_final = flag(CKF_USER_PIN_FINAL_TRY);
    info.pin_locked = flag(CKF_USER_PIN_LOCKED);
    info.so_pin_low = flag(CKF_SO_PIN_COUNT_LOW);
    info.so_pin_final = flag(CKF_SO_PIN_FINAL_TRY);
    info.so_pin_locked = flag(CKF_SO_PIN_LOCKED);
    info.shortest_pin = raw.ulMinPinLen;
    info.longest_pin = raw.ulMaxPinLen;
    return info;
}

Result<std::vector<TokenInfo>> Module::tokens() {
    // The list may grow between the two calls when a KEY is plugged in; and only the call without a buffer lets
    // SoftHSM look for new tokens.
    const std::lock_guard lock(mutex_);
    std::vector<CK_SLOT_ID> slots;
    for (CK_RV value = CKR_BUFFER_TOO_SMALL; value == CKR_BUFFER_TOO_SMALL;) {
        CK_ULONG count = 0;
        value = f->C_GetSlotList(CK_TRUE, nullptr, &count);
        if (value != CKR_OK) return token_failed(value, "C_GetSlotList");
        slots.resize(count);
        value = f->C_GetSlotList(CK_TRUE, slots.data(), &count);
        if (value != CKR_OK && value != CKR_BUFFER_TOO_SMALL) return token_failed(value, "C_GetSlotList");
        slots.resize(std::min<size_t>(count, slots.size()));
    }
    std::vector<TokenInfo> result;
    for (const CK_SLOT_ID slot : slots)
        if (auto token = token_in(slot)) result.push_back(std::move(*token));  // one pulled meanwhile is just not there
    std::sort(result.begin(), result.end(), [](const TokenInfo& a, const TokenInfo& b) { return a.serial < b.serial; });
    return result;
}

bool Module::reserve(const std::string& serial) {
    const std::lock_guard lock(mutex_);
    return open_.insert(serial).second;
}

void Module::release(const std::string& serial) {
    const std::lock_guard lock(mutex_);
    open_.erase(serial);
}

Template& Template::add(CK_ATTRIBUTE_TYPE type, std::string_view bytes) {
    values_.emplace_back(type, bytes);
    return *this;
}

Template& Template::add_bool(CK_ATTRIBUTE_TYPE type, bool value) {
    return add(type, std::string_view(value ? "\x01" : "\x00", sizeof(CK_BBOOL)));
}

Template& Template::add_number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    return add(type, std::string_view(bytes, sizeof bytes));
}

CK_ATTRIBUTE* Template::data() {
    attributes_.clear();
    for (auto& [type, bytes] : values_) attributes_.push_back({type, bytes.data(), static_cast<CK_ULONG>(bytes.size())});
    return attributes_.data();
}

Result<std::vector<CK_OBJECT_HANDLE>> find_objects(CK_FUNCTION_LIST* f, CK_SESSION_HANDLE session, Template& wanted) {
    if (const CK_RV value = f->C_FindObjectsInit(session, wanted.data(), wanted.size()); value != CKR_OK)
        return token_failed(value, "C_FindObjectsInit");
    std::vector<CK_OBJECT_HANDLE> found;
    CK_RV value = CKR_OK;
    for (;;) {
        CK_OBJECT_HANDLE some[32];
        CK_ULONG count = 0;
        value = f->C_FindObjects(session, some, 32, &count);
        if (value != CKR_OK || count == 0) break;
        found.insert(found.end(), some, some + count);
    }
    f->C_FindObjectsFinal(session);
    if (value != CKR_OK) return token_failed(value, "C_FindObjects");
    return found;
}

Result<std::string> attribute(CK_FUNCTION_LIST* f, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
    // Nearly everything fits at once, a seal with its picture too: a second call only for what does not, because each one
    // travels to the KEY.
    std::string bytes(size_t{64} << 10, '\0');
    CK_ATTRIBUTE wanted{type, bytes.data(), bytes.size()};
    CK_RV value = f->C_GetAttributeValue(session, object, &wanted, 1);
    if (value == CKR_BUFFER_TOO_SMALL) {
        wanted = {type, nullptr, 0};
        value = f->C_GetAttributeValue(session, object, &wanted, 1);
        if (value != CKR_OK) return token_failed(value, "C_GetAttributeValue");
        if (wanted.ulValueLen > (size_t{1} << 20)) return token_failed(CKR_DEVICE_ERROR, "C_GetAttributeValue");
        bytes.resize(wanted.ulValueLen);
        wanted.pValue = bytes.data();
        value = f->C_GetAttributeValue(session, object, &wanted, 1);
    }
    if (value != CKR_OK) return token_failed(value, "C_GetAttributeValue");
    if (wanted.ulValueLen == CK_UNAVAILABLE_INFORMATION) return token_failed(CKR_DEVICE_ERROR, "C_GetAttributeValue");
    bytes.resize(std::min<size_t>(bytes.size(), wanted.ulValueLen));
    return bytes;
}

}  // namespace sealdesk::keys
