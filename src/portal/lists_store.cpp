#include "base/translate.h"
#include "certificates/revocation_list.h"
#include "crypto/digest.h"
#include "portal/lists.h"
#include "storage/rows.h"

namespace sealdesk::portal {

using storage::Database;
using storage::Tx;

static Result<std::optional<List>> newest(Tx& tx) {
    List list;
    std::string base64;
    storage::for_each_row(tx, "SELECT number, der, next_update, received_at FROM revocation_lists ORDER BY number DESC LIMIT 1",
                          std::tie(list.number, base64, list.next_update.ms, list.received_at.ms), [] {});
    if (list.number == 0) return std::nullopt;
    SEALDESK_LET(der, crypto::from_base64(base64));
    list.der = std::move(der);
    return list;
}

Result<Taken> take_list(Database& database, std::string_view der, const std::string& desk) {
    const auto facts = certificates::describe_list(der);
    if (!facts) return refused(tr("这不是完整的吊销列表（DER，要有编号和下次更新时间）"));
    return database.write([&](Tx& tx) -> Result<Taken> {
        SEALDESK_LET(there, newest(tx));
        if (there && there->der == der) return Taken::before;
        const auto before = certificates::describe_list(there ? there->der : "");
        if (before && before->key_id == facts->key_id && before->number >= facts->number)
            return fail(ErrorKind::conflict, trf("门户已有第 {} 号吊销列表，第 {} 号不能代替它", there->number, facts->number));
        storage::change(tx, "DELETE FROM revocation_lists");
        storage::change(tx,
                        "INSERT INTO revocation_lists (number, der, next_update, desk, received_at) VALUES (:number, :der, "
                        ":until, :desk, :now)",
                        facts->number, crypto::base64(der), facts->next_update.ms, desk, tx.now.ms);
        return Taken::now;
    });
}

Result<std::optional<List>> newest_list(Database& database) { return database.read(newest); }

}  // namespace sealdesk::portal
