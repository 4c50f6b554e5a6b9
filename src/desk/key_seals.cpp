#include "desk/key_seals.h"

#include "base/translate.h"
#include "certificates/certificate.h"
#include "seals/seals.h"

namespace sealdesk::desk {

using storage::Database;
using storage::Tx;

namespace {

Result<seals::AcceptedPicture> picture_of(Tx& tx, const std::string& order_no) {
    SEALDESK_LET(picture, seals::accepted_picture(tx, order_no));
    if (!picture) return refused(trf("订单 {} 的印章图片还没有确认，请先看印章校样", order_no));
    return std::move(*picture);
}

// The one that this KEY and certificate have already: another picture that was accepted meanwhile is for the next KEYs.
Result<std::optional<std::string>> made_before(Tx& tx, const keys::Job& job) {
    SEALDESK_LET(all, seals::of_order(tx, job.order_no));
    for (auto& seal : all)
        if (seal.state == "made" && seal.key_serial == job.key_serial && seal.certificate_serial == job.certificate_serial)
            return std::move(seal.der);
    return std::nullopt;
}

}  // namespace

void write_seals(keys::Bench& bench, std::shared_ptr<const seals::Maker> maker) {
    bench.ready = [](Tx& tx, const std::string& order_no) -> Result<> {
        SEALDESK_TRY(picture_of(tx, order_no));
        return {};
    };
    bench.seal = [maker = std::move(maker)](Database& database, const keys::Job& job,
                                            const std::string& certificate_der) -> Result<std::string> {
        return database.write([&](Tx& tx) -> Result<std::string> {
            SEALDESK_LET(before, made_before(tx, job));
            if (before) return std::move(*before);
            SEALDESK_LET(accepted, picture_of(tx, job.order_no));
            SEALDESK_LET(
                made, seals::seal_for(tx, *maker, job.officer, job.order_no, job.key_serial, certificate_der, accepted.picture));
            return std::move(made.der);
        });
    };
}

void refuse_without_seals(keys::Bench& bench, const Error& why) {
    bench.ready = [why](Tx&, const std::string&) -> Result<> { return tl::unexpected(why); };
    bench.seal = [why](Database&, const keys::Job&, const std::string&) -> Result<std::string> { return tl::unexpected(why); };
}

}  // namespace sealdesk::desk
