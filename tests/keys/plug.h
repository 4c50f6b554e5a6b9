// A KEY that can be pulled at any call of its driver: the module's functions, counted, and failing from a chosen one on.
#pragma once

#include "keys/pkcs11_module.h"

namespace sealdesk::tests {

// PKCS#11 functions take no context, so what decides about them stands here.
struct Plug {
    CK_FUNCTION_LIST* real = nullptr;
    long calls = 0;
    long pulled_at = 0;        // 0: stays plugged in
    bool answer_lost = false;  // the call at which it is pulled still happens
    bool gone = false;
};
inline Plug plug;

enum class Kind { reads, writes };

// A lost answer matters only for what changes the KEY, so only that is counted then.
template <Kind kind, auto member, class... Args>
CK_RV guarded(Args... arguments) {
    if (kind == Kind::writes || !plug.answer_lost) ++plug.calls;
    const bool pulled_before = plug.pulled_at != 0 && plug.gone;
    if (!pulled_before && (plug.pulled_at == 0 || plug.calls < plug.pulled_at)) return (plug.real->*member)(arguments...);
    if (!pulled_before && plug.answer_lost) (plug.real->*member)(arguments...);
    plug.gone = true;
    return CKR_DEVICE_REMOVED;
}

template <Kind kind, auto member, class... Args>
void guard(CK_FUNCTION_LIST& list, CK_RV (*CK_FUNCTION_LIST::*)(Args...)) {
    list.*member = guarded<kind, member, Args...>;
}

inline CK_FUNCTION_LIST guarded_list(const CK_FUNCTION_LIST& real) {
    CK_FUNCTION_LIST list = real;
    guard<Kind::reads, &CK_FUNCTION_LIST::C_GetSessionInfo>(list, &CK_FUNCTION_LIST::C_GetSessionInfo);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_OpenSession>(list, &CK_FUNCTION_LIST::C_OpenSession);
    guard<Kind::writes, &CK_FUNCTION_LIST::C_Login>(list, &CK_FUNCTION_LIST::C_Login);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_FindObjectsInit>(list, &CK_FUNCTION_LIST::C_FindObjectsInit);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_FindObjects>(list, &CK_FUNCTION_LIST::C_FindObjects);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_GetAttributeValue>(list, &CK_FUNCTION_LIST::C_GetAttributeValue);
    guard<Kind::writes, &CK_FUNCTION_LIST::C_GenerateKeyPair>(list, &CK_FUNCTION_LIST::C_GenerateKeyPair);
    guard<Kind::writes, &CK_FUNCTION_LIST::C_CreateObject>(list, &CK_FUNCTION_LIST::C_CreateObject);
    guard<Kind::writes, &CK_FUNCTION_LIST::C_DestroyObject>(list, &CK_FUNCTION_LIST::C_DestroyObject);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_SignInit>(list, &CK_FUNCTION_LIST::C_SignInit);
    guard<Kind::reads, &CK_FUNCTION_LIST::C_Sign>(list, &CK_FUNCTION_LIST::C_Sign);
    return list;
}

}  // namespace sealdesk::tests
