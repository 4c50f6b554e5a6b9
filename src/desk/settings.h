// Settings of one desk: settings.toml in its data folder. Read once at start; unknown names are refused so that
// a typing error is seen.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "base/translate.h"

namespace sealdesk::desk {

struct Settings {
    std::filesystem::path home;  // the data folder
    std::string database;        // file name or postgresql://…; default home/desk.sqlite
    Language language = Language::zh_CN;
    std::string centre = "电子签章制作中心";  // printed as seller and sender
    std::string centre_tax_number, centre_address, centre_mobile;

    std::string portal;               // https://host:port; empty: no portal
    std::filesystem::path portal_ca;  // PEM
    std::filesystem::path portal_token_file;
    std::filesystem::path portal_certificate, portal_key;  // PEM, the desk's own; empty: the portal asks for none

    std::filesystem::path pkcs11_module;    // vendor's library; empty: soft keys, or none
    std::filesystem::path soft_keys;        // folder of software KEYs
    std::filesystem::path authority;        // folder with root.pem, issuer.pem, issuer.key
    std::filesystem::path passphrase_file;  // of the keys in `authority`; not there: typed in the window
    std::string authority_token;            // serial of the token with the issuing CA's key; empty: issuer.key
    std::filesystem::path issuer_pin_file;  // of that token; not there: typed in the window; empty: the passphrase is its PIN
    std::string crl_url;                    // where the revocation list is to be found: written into every certificate
    std::int64_t crl_days = 7;              // how long a list is valid; 1 to 60: longer before a long holiday
    std::filesystem::path crl_file;         // every new list is published here as well (DER), for a web server; empty: nowhere
    std::string cmp_url;                    // https://host/path of an external CA (CMP); empty: the one in `authority` signs
    std::filesystem::path cmp_ca, cmp_trusted;  // PEM: of its TLS certificate; the root that its certificates lead to
    std::string cmp_recipient, cmp_reference;   // CN of the CA; our reference, with the secret
    std::filesystem::path cmp_secret_file;      // mode 0600; or else our own certificate and key:
    std::filesystem::path cmp_certificate, cmp_key, cmp_key_passphrase_file;
    std::filesystem::path cmp_signer;            // PEM: with cmp_certificate, the only one that signs answers; empty: any
    std::int64_t cmp_patience_ms = 5 * kMinute;  // for one certificate, polling included
    bool cmp_issues = true;                      // false: the CA in `authority` signs again, this one only hears of revocations
    std::string key_algorithm;                   // rsa, p256 or sm2 of the KEYs' own key pairs; empty: what the profile says

    bool write_seals = true;            // every KEY carries its electronic seal; without a seal maker none is written
    std::string pin_letter = "screen";  // a new PIN is shown once ("screen") or only printed into a letter ("paper")
    std::string pin_printer;            // ipp://… of the letters
    bool random_pin = true;             // a KEY that was written gets a random PIN, unless the officer says otherwise

    std::int64_t low_key_stock = 20;  // blank KEYs; as few or fewer are warned of
    std::int64_t undo_ms = 60 * kSecond;
    std::int64_t lease_ms = 15 * kMinute;
    std::int64_t lock_after_ms = 10 * kMinute;  // idle time until the screen locks
    bool maker_is_not_checker = true;
    bool read_pages = true;  // OCR of licences and identity papers, in the background

    std::string working_days = "1-5", working_hours = "09:00-12:00 13:30-17:30";  // review/working_time.h
    std::int64_t overdue_ms = 7 * kHour;  // an order that waits longer, in working time, is overdue
    std::int64_t return_ms = 2 * kHour;   // a corrected order waits that long, in working time, for who sent it back
};

// Where the program's own files are: data/, translations, sealdesk-scanbox. Found beside the executable
// (build tree) or below its prefix.
struct Places {
    std::filesystem::path data, translations, scanbox, portal, scan_maker, reader, executable;
};
Result<Places> find_places();

// Relative paths are relative to `home`. A missing file gives the defaults.
Result<Settings> load_settings(const std::filesystem::path& home);
std::string settings_text(const Settings& settings);  // as load_settings reads it

}  // namespace sealdesk::desk
