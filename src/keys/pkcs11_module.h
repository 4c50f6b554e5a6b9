// The raw PKCS#11 module behind pkcs11.cpp and pkcs11_session.cpp: loaded once, its return values as Results, object
// look-up by attributes. Internal to this folder (the only files that see the PKCS#11 header).
#pragma once

#include <p11-kit/pkcs11.h>

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "keys/token.h"

namespace sealdesk::keys {

// The functions of a loaded module. Outlives every session (shared).
class Module {
public:
    static Result<std::shared_ptr<Module>> load(const std::string& path);
    // `library` may be null when somebody else keeps it loaded.
    Module(void* library, CK_FUNCTION_LIST* functions, bool ours) : library_(library), f(functions), ours_(ours) {}
    Module(const Module&) = delete;
    Module& operator=(const Module&) = delete;
    ~Module();

    Result<std::vector<TokenInfo>> tokens();
    Result<TokenInfo> token_in(CK_SLOT_ID slot) const;

    // One session per KEY: PKCS#11 keeps the login per KEY and process, two sessions would share it.
    bool reserve(const std::string& serial);
    void release(const std::string& serial);

private:
    void* library_;

public:
    CK_FUNCTION_LIST* const f;

private:
    bool ours_;  // we called C_Initialize, so we call C_Finalize
    std::mutex mutex_;
    std::set<std::string> open_;
};

inline Failure token_failed(CK_RV value, const char* call) { return tl::unexpected(token_error(value, call)); }

// PKCS#11 takes writable pointers to what it only reads.
inline CK_UTF8CHAR* writable(std::string_view text) {
    return const_cast<CK_UTF8CHAR*>(reinterpret_cast<const CK_UTF8CHAR*>(text.data()));
}

// Attributes that own their bytes, for templates.
class Template {
public:
    Template& add(CK_ATTRIBUTE_TYPE type, std::string_view bytes);
    Template& add_bool(CK_ATTRIBUTE_TYPE type, bool value);
    Template& add_number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
    CK_ATTRIBUTE* data();
    CK_ULONG size() const { return static_cast<CK_ULONG>(values_.size()); }

private:
    std::vector<std::pair<CK_ATTRIBUTE_TYPE, std::string>> values_;
    std::vector<CK_ATTRIBUTE> attributes_;
};

Result<std::vector<CK_OBJECT_HANDLE>> find_objects(CK_FUNCTION_LIST* f, CK_SESSION_HANDLE session, Template& wanted);
Result<std::string> attribute(CK_FUNCTION_LIST* f, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);

// What open_pkcs11() gives, over functions that are loaded already: where a test lets calls fail.
std::unique_ptr<Tokens> tokens_over(std::shared_ptr<Module> module);
std::unique_ptr<TokenSession> make_session(std::shared_ptr<Module> module, TokenInfo token, CK_SESSION_HANDLE handle);

}  // namespace sealdesk::keys
