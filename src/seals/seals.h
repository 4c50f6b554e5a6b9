// The register of seals: which picture an officer accepted for an order, which seal was made of it for which KEY and
// certificate, and when. Verbs run in one transaction each; those that take a Tx are parts of another verb's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "seals/maker.h"
#include "seals/verdict.h"
#include "staff/staff.h"
#include "storage/database.h"

namespace sealdesk::seals {

enum class PictureSource { drawn, lifted, given };
const char* name_of(PictureSource source);  // "drawn"
const char* word_of(PictureSource source);  // 按文字绘制, 取自印模扫描件, 取自图片文件

struct AcceptedPicture {
    SealPicture picture;
    PictureSource source = PictureSource::drawn;
    std::string description;  // the text it was drawn from, or the page it was lifted from
    std::string sha256;       // of the picture's bytes
    std::string accepted_by;  // login
    Instant accepted_at;
};

// The officer looked at the proof and takes it; a later one takes its place for seals that are not made yet. Refused: an order
// that is not approved, or whose approval can still be undone; a picture that is not fit for a new seal (picture.h). Denied: who
// is no officer.
Result<> accept_picture(storage::Database& database, const staff::Actor& actor, const std::string& order_no,
                        const SealPicture& picture, PictureSource source, const std::string& description);
// The newest one since the order's standing approval.
Result<std::optional<AcceptedPicture>> accepted_picture(storage::Tx& tx, const std::string& order_no);
bool has_picture(storage::Tx& tx, const std::string& order_no);

struct MadeSeal {
    std::string id, order_no, key_serial, certificate_serial, name;
    int type = kUnitSeal;
    std::string picture_sha256, maker_serial;
    Instant valid_from, valid_until;
    std::string state;  // made, withdrawn
    std::string der;
    Instant made_at, withdrawn_at;
    std::string withdrawn_because;
};

// The seal of the order's subject for this certificate on this KEY, valid as long as the certificate and its maker's, recorded
// with the audit line. Asked again for the same KEY, certificate and picture it gives the same seal, so that a job that was
// interrupted never makes two; another picture withdraws the older seal. Refused as Maker::make(), and when the certificate bears
// another name.
Result<MadeSeal> seal_for(storage::Tx& tx, const Maker& maker, const std::string& actor, const std::string& order_no,
                          const std::string& key_serial, const certificates::Certificate& certificate,
                          const AcceptedPicture& accepted);
// When KEY or certificate are given up: "replaced", "key lost" …; how many there were.
Result<int> withdraw(storage::Tx& tx, const std::string& actor, const std::string& certificate_serial, const std::string& reason);

// What this centre knows besides: a seal that it made and had withdrawn by the verdict's instant, or did not make so; one that
// its maker's key signed and nobody made here; signers' certificates (the one that was asked about, else all that the seal names)
// that were revoked by then. Adds one check to the verdict when seal, maker or certificate stand in the registers; nothing for
// those of others. Where all those certificates are known, they are no open question any more.
Result<> compare_with_register(storage::Tx& tx, Verdict& verdict);

Result<std::optional<MadeSeal>> find(storage::Tx& tx, const std::string& id);
// The one that this KEY and certificate have, not withdrawn.
Result<std::optional<MadeSeal>> standing(storage::Tx& tx, const std::string& certificate_serial, const std::string& key_serial);
Result<std::vector<MadeSeal>> of_order(storage::Tx& tx, const std::string& order_no);  // oldest first

}  // namespace sealdesk::seals
