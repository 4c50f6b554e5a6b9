#include "desk/key_seals.h"

#include "base/translate.h"
#include "certificates/certificate.h"
#include "certificates/profile.h"
#include "orders/orders.h"
#include "seals/seals.h"

namespace sealdesk::desk {

using storage::Database;
using storage::Tx;

namespace {

Failure no_picture(const std::string& order_no) { return refused(trf("订单 {} 的印章图片还没有确认，请先看印章校样", order_no)); }

// Before anything is certified or revoked for a seal that cannot be made afterwards.
Result<> can_still_make(Tx& tx, const certificates::CertificateFacts& maker, const std::string& order_no) {
    const std::string end = text_of(day_of(maker.not_after));
    if (maker.not_after <= tx.now) return refused(trf("制章证书已于 {} 过期，不能再制作印章，请先更新制章证书", end));
    SEALDESK_LET(found, orders::load(tx, order_no));
    const orders::Order& order = found.order;
    const bool as_before =  // a damaged KEY's certificate ends as the one before it
        order.kind == orders::OrderKind::replacement && order.cause == orders::ReplacementCause::damaged;
    if (!as_before && certificates::end_of_validity(tx.now, order.years) > maker.not_after)
        return refused(trf("制章证书 {} 到期，早于要制作的印章，请先更新制章证书", end));
    return {};
}

}  // namespace

void write_seals(keys::Bench& bench, std::shared_ptr<const seals::Maker> maker) {
    bench.ready = [maker](Tx& tx, const std::string& order_no) -> Result<> {
        if (!seals::has_picture(tx, order_no)) return no_picture(order_no);
        return can_still_make(tx, maker->facts(), order_no);
    };
    bench.seal = [maker = std::move(maker)](Database& database, const keys::Job& job,
                                            const certificates::Certificate& certificate) -> Result<std::string> {
        return database.write([&](Tx& tx) -> Result<std::string> {
            // Another picture that was accepted since it was written is for the next KEYs. One that did not get onto the KEY is
            // for nobody: seal_for() gives it again, or takes it back for a smaller one that was accepted.
            SEALDESK_LET(before, seals::standing(tx, job.certificate_serial, job.key_serial));
            if (before && before->order_no == job.order_no && job.done >= keys::Step::write_seal) return std::move(before->der);
            SEALDESK_LET(accepted, seals::accepted_picture(tx, job.order_no));
            if (!accepted) return no_picture(job.order_no);
            SEALDESK_LET(made, seals::seal_for(tx, *maker, job.officer, job.order_no, job.key_serial, certificate, *accepted));
            return std::move(made.der);
        });
    };
}

void refuse_without_seals(keys::Bench& bench, const Error& why) {
    bench.ready = [why](Tx&, const std::string&) -> Result<> { return tl::unexpected(why); };
    bench.seal = [why](Database&, const keys::Job&, const certificates::Certificate&) -> Result<std::string> {
        return tl::unexpected(why);
    };
}

}  // namespace sealdesk::desk
