// What lies on a KEY behind one open PKCS#11 session: key pairs, certificates and data, found, written and destroyed by
// their attributes. Belongs to a session and its thread; internal to this folder.
#pragma once

#include <map>

#include "keys/pkcs11_module.h"

namespace sealdesk::keys {

class Objects {
public:
    Objects(CK_FUNCTION_LIST* functions, CK_SESSION_HANDLE session) : f_(functions), session_(session) {}

    // Empty when there is none, or only one half of one.
    Result<std::optional<KeyPair>> find_pair(const ObjectId& id);
    struct Private {
        CK_OBJECT_HANDLE handle;
        bool rsa;
    };
    // SubjectPublicKeyInfo (DER) of the pair, as it was read last in this session; empty when there is none.
    Result<std::optional<std::string>> public_key(const ObjectId& id);
    // The half that signs; empty when it is not there.
    Result<std::optional<Private>> find_private(const ObjectId& id);
    // Whether the KEY hands that half out, tried for real; empty when the pair is not there.
    Result<std::optional<bool>> hands_out_private(const ObjectId& id);
    Result<bool> is_empty();  // one search, because each one travels to the KEY
    Result<std::vector<CK_OBJECT_HANDLE>> all(CK_OBJECT_CLASS kind);
    Result<std::vector<CK_OBJECT_HANDLE>> of(const ObjectId& id, CK_OBJECT_CLASS kind);
    Result<std::vector<CK_OBJECT_HANDLE>> data(const std::string& label);
    Result<std::string> read(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) { return attribute(f_, session_, object, type); }
    Result<StoredCertificate> certificate(CK_OBJECT_HANDLE handle);

    Result<> create_certificate(const ObjectId& id, const std::string& label, const certificates::Certificate& certificate);
    Result<> create_data(const std::string& label, std::string_view bytes);
    Result<> destroy(const std::vector<CK_OBJECT_HANDLE>& handles);
    Result<int> remove(const ObjectId& id, CK_OBJECT_CLASS kind);  // how many went

private:
    // Several at once, because each call travels to the KEY; without those that the KEY does not know or does not tell.
    Result<std::map<CK_ATTRIBUTE_TYPE, std::string>> read(CK_OBJECT_HANDLE object, const std::vector<CK_ATTRIBUTE_TYPE>& types);

    // Where the pair of the last search lies, because a search walks over everything on the KEY. What it says is read anew
    // each time; the public half is made anew when it reads differently.
    struct Place {
        ObjectId id;
        CK_OBJECT_HANDLE private_key, public_key;
        bool rsa = false;
        std::string read, encoded;
        std::shared_ptr<EVP_PKEY> decoded;
    };
    Result<KeyPair> read_pair(Place& place);
    Result<Private> read_private(CK_OBJECT_HANDLE handle);

    CK_FUNCTION_LIST* f_;
    CK_SESSION_HANDLE session_;
    std::optional<Place> known_;
    // Nothing was on the KEY, and this session, the only one, has put nothing of the kind there since: no search is needed.
    bool no_certificate_ = false, no_data_ = false;
};

}  // namespace sealdesk::keys
