// A KEY that can be pulled at any call of its driver: the module's functions, counted, and failing from a chosen one on;
// what the KEY says of its PINs can be forged. Several threads may write KEYs behind it.
#pragma once

#include <atomic>

#include "keys/pkcs11_module.h"

namespace sealdesk::tests {

// PKCS#11 functions take no context, so what decides about them stands here.
struct Plug {
    CK_FUNCTION_LIST* real = nullptr;
    std::atomic<long> calls = 0;
    std::atomic<long> pulled_at = 0;        // 0: stays plugged in
    std::atomic<bool> answer_lost = false;  // the call at which it is pulled still happens
    std::atomic<bool> writes_only = false;  // only what changes the KEY is counted, as for a lost answer
    std::atomic<bool> comes_back = false;   // only that one call fails
    std::atomic<bool> gone = false;
    std::atomic<CK_FLAGS> flags = 0;  // added to what the KEY says of itself
    std::atomic<long> logins = 0;     // PINs that were tried

    void reset(CK_FUNCTION_LIST* functions) {
        real = functions;
        calls = logins = 0;
        flags = 0;
        plug_in();
    }
    // It is in its port again, and stays there.
    void plug_in() {
        pulled_at = 0;
        answer_lost = writes_only = comes_back = gone = false;
    }
};
inline Plug plug;

// `ends`: what closes a session happens in any case, as with a KEY that is really away.
enum class Kind { reads, writes, ends };

// A lost answer matters only for what changes the KEY, so only that is counted then.
template <Kind kind, auto member, class... Args>
CK_RV guarded(Args... arguments) {
    const bool counts = kind == Kind::writes || !(plug.answer_lost || plug.writes_only);
    const long call = counts ? ++plug.calls : plug.calls.load();
    const bool gone = plug.gone, now = !gone && plug.pulled_at != 0 && counts && call >= plug.pulled_at;
    if (kind == Kind::ends) static_cast<void>((plug.real->*member)(arguments...));
    if (!gone && !now) return kind == Kind::ends ? CKR_OK : (plug.real->*member)(arguments...);
    if (now) {
        if (kind != Kind::ends && plug.answer_lost) static_cast<void>((plug.real->*member)(arguments...));
        plug.gone = !plug.comes_back;
        if (plug.comes_back) plug.pulled_at = 0;
    }
    return CKR_DEVICE_REMOVED;
}

inline CK_RV logged_in(CK_SESSION_HANDLE session, CK_USER_TYPE who, CK_UTF8CHAR* pin, CK_ULONG length) {
    ++plug.logins;
    return guarded<Kind::writes, &CK_FUNCTION_LIST::C_Login>(session, who, pin, length);
}

inline CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
    const CK_RV value = guarded<Kind::reads, &CK_FUNCTION_LIST::C_GetTokenInfo>(slot, info);
    if (value == CKR_OK) info->flags |= plug.flags;
    return value;
}

template <Kind kind, auto member, class... Args>
void guard(CK_FUNCTION_LIST& list, CK_RV (*CK_FUNCTION_LIST::*)(Args...)) {
    list.*member = guarded<kind, member, Args...>;
}

inline CK_FUNCTION_LIST guarded_list(const CK_FUNCTION_LIST& real) {
    CK_FUNCTION_LIST list = real;
    list.C_Login = logged_in;
    list.C_GetTokenInfo = token_info;
    guard<Kind::reads, &CK_FUNCTION_LIST::C_GetSlotList>(list, &CK_FUNCTION_LIST::C_GetSlotList);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_GetSessionInfo>(list, &CK_FUNCTION_LIST::C_GetSessionInfo);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_OpenSession>(list, &CK_FUNCTION_LIST::C_OpenSession);
    guard<Kind::ends, &CK_FUNCTION_LIST::C_CloseSession>(list, &CK_FUNCTION_LIST::C_CloseSession);
    guard<Kind::ends, &CK_FUNCTION_LIST::C_Logout>(list, &CK_FUNCTION_LIST::C_Logout);
    guard<Kind::writes, &CK_FUNCTION_LIST::C_SetPIN>(list, &CK_FUNCTION_LIST::C_SetPIN);
    guard<Kind::writes, &CK_FUNCTION_LIST::C_InitPIN>(list, &CK_FUNCTION_LIST::C_InitPIN);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_FindObjectsInit>(list, &CK_FUNCTION_LIST::C_FindObjectsInit);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_FindObjects>(list, &CK_FUNCTION_LIST::C_FindObjects);
    guard<Kind::ends, &CK_FUNCTION_LIST::C_FindObjectsFinal>(list, &CK_FUNCTION_LIST::C_FindObjectsFinal);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_GetAttributeValue>(list, &CK_FUNCTION_LIST::C_GetAttributeValue);
    guard<Kind::writes, &CK_FUNCTION_LIST::C_GenerateKeyPair>(list, &CK_FUNCTION_LIST::C_GenerateKeyPair);
    guard<Kind::writes, &CK_FUNCTION_LIST::C_CreateObject>(list, &CK_FUNCTION_LIST::C_CreateObject);
    guard<Kind::writes, &CK_FUNCTION_LIST::C_DestroyObject>(list, &CK_FUNCTION_LIST::C_DestroyObject);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_SignInit>(list, &CK_FUNCTION_LIST::C_SignInit);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_Sign>(list, &CK_FUNCTION_LIST::C_Sign);
    return list;
}

}  // namespace sealdesk::tests
