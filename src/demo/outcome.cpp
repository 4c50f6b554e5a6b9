#include "demo/outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "audit/audit.h"
#include "base/files.h"
#include "crypto/pem.h"
#include "demo/once.h"
#include "desk/documents.h"
#include "seals/seals.h"

namespace sealdesk::demo {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

Result<> write_certificates(desk::Desk& desk, const fs::path& out, std::vector<std::string>& faults) {
    const fs::path authority = desk.settings().authority;
    SEALDESK_TRY(make_folder(out / "certs"));
    SEALDESK_LET(root, read_file(authority / "root.pem"));
    SEALDESK_LET(issuer, read_file(authority / "issuer.pem"));
    SEALDESK_LET(root_crl, read_file(authority / "root.crl"));
    SEALDESK_TRY(write_file(out / "certs/ca.pem", issuer + root));
    SEALDESK_LET(crl, certificates::newest_crl(desk.database()));
    std::string crl_der;
    if (crl) {
        SEALDESK_TRY(write_file(out / "certs/crl.pem", crl->pem + root_crl));
        SEALDESK_LET(der, crypto::from_pem("X509 CRL", crl->pem));
        crl_der = der;
    } else {
        faults.emplace_back("no CRL was made");
    }
    const certificates::Trust trust{root, issuer, crl_der};
    SEALDESK_LET(all, certificates::page(desk.database(), 100'000));
    for (const auto& entry : all) {
        if (entry.pem.empty()) {
            faults.push_back(fmt::format("certificate {} was recorded and never signed", entry.serial));
            continue;
        }
        const bool valid = entry.state == "valid";
        // Revoked ones lie apart: `openssl verify` must accept every file of certs/*.pem.
        if (!valid) SEALDESK_TRY(make_folder(out / "certs/revoked"));
        SEALDESK_TRY(write_file(out / "certs" / (valid ? "" : "revoked") / (entry.serial + ".pem"), entry.pem));
        SEALDESK_LET(der, crypto::from_pem("CERTIFICATE", entry.pem));
        if (certificates::verify(der, trust, desk.clock().now()).has_value() != valid)
            faults.push_back(
                fmt::format("certificate {} is {} in the register, verification says otherwise", entry.serial, entry.state));
    }
    return {};
}

Result<> copy_documents(const fs::path& from, const fs::path& out) try {
    for (const char* folder : {"invoices", "labels", "report"}) {
        fs::remove_all(out / folder);
        if (fs::exists(from / folder)) fs::copy(from / folder, out / folder, fs::copy_options::recursive);
    }
    // The report of the day under its plain name as well.
    if (fs::exists(out / "report"))
        for (const auto& entry : fs::directory_iterator(out / "report"))
            if (entry.path().stem() != "daily")
                fs::copy_file(entry.path(), out / "report" / ("daily" + entry.path().extension().string()),
                              fs::copy_options::overwrite_existing);
    return {};
} catch (const fs::filesystem_error& error) {
    return fail(ErrorKind::unavailable, tr("文件没有复制成功"), error.what());
}

// Every KEY carries the seal that the register has for it, it is to be believed, and its certificate may sign with it.
Result<int> check_seals(desk::Desk& desk, const std::string& order_no, const std::vector<keys::Key>& keys,
                        const std::vector<certificates::Entry>& certificates, std::vector<std::string>& faults) {
    SEALDESK_LET(root, read_file(desk.settings().authority / "seal_root.pem"));
    SEALDESK_LET(trust, seals::SealTrust::read(root));
    SEALDESK_LET(made, desk.database().read([&](storage::Tx& tx) { return seals::of_order(tx, order_no); }));
    int good = 0;
    for (const auto& key : keys) {
        const auto fault = [&](const std::string& what) {
            faults.push_back(fmt::format("{}: the seal on KEY {} {}", order_no, key.serial, what));
        };
        SEALDESK_LET(session, desk.bench().tokens->open(key.serial));
        SEALDESK_LET(der, session->find_data(keys::kSealLabel));
        if (!der) {
            fault("is missing");
            continue;
        }
        const auto own = std::find_if(certificates.begin(), certificates.end(),
                                      [&](const certificates::Entry& entry) { return entry.key_serial == key.serial; });
        const auto known = std::find_if(made.begin(), made.end(), [&](const auto& seal) { return seal.der == *der; });
        if (own == certificates.end() || known == made.end()) {
            fault("is not in the register");
            continue;
        }
        SEALDESK_LET(certificate, crypto::from_pem("CERTIFICATE", own->pem));
        SEALDESK_LET(verdict, seals::judge(*der, trust, desk.clock().now(), certificate));
        if (own->state == "valid")
            SEALDESK_TRY(desk.database().read([&](storage::Tx& tx) { return seals::compare_with_register(tx, verdict); }));
        else if (known->state != "withdrawn")
            fault("was not withdrawn with its certificate");
        if (!verdict.valid()) fault("does not verify: " + verdict.sentence());
        good += verdict.valid() ? 1 : 0;
    }
    return good;
}

struct Counted {
    std::map<std::string, int> desk_states, portal_states;
    std::set<std::string> key_serials, certificate_serials, invoice_numbers, waybills;
    int seals = 0;  // on KEYs, verified
};

// The facts of one order; what does not fit goes into `faults`.
Result<json> facts_of(desk::Desk& desk, const sync::PortalClient& portal, const Plan::Entry& planned, Counted& counted,
                      std::vector<std::string>& faults) {
    const auto fault = [&](const std::string& what) { faults.push_back(planned.no + ": " + what); };
    SEALDESK_LET(order, orders::load(desk.database(), planned.no));
    SEALDESK_LET(there, portal.order(planned.no));
    SEALDESK_LET(decisions, review::decisions(desk.database(), planned.no));
    SEALDESK_LET(keys, keys::keys_of(desk.database(), planned.no));
    SEALDESK_LET(entries, desk.database().read([&](storage::Tx& tx) { return certificates::of_order(tx, planned.no); }));
    SEALDESK_LET(invoice, invoices::of_payment(desk.database(), order.order.payment.no));
    SEALDESK_LET(shipment, shipping::by_code(desk.database(), planned.no));
    ++counted.desk_states[name_of(order.state)];
    ++counted.portal_states[name_of(there.applicant_state)];

    json facts{{"no", planned.no},
               {"kind", name_of(order.order.kind)},
               {"subject", order.order.subject.name},
               {"desk_state", name_of(order.state)},
               {"portal_state", name_of(there.applicant_state)},
               {"portal_word", word_of(there.applicant_state)},
               {"revision", order.revision},
               {"payment", order.order.payment.no},
               {"decision", nullptr},
               {"reasons", json::array()},
               {"key_serials", json::array()},
               {"certificate_serials", json::array()},
               {"invoice_number", nullptr},
               {"waybill", nullptr},
               {"portal_waybill", there.waybill}};
    for (const auto& decision : decisions)
        if (!decision.undone) facts["decision"] = decision.verdict, facts["reasons"] = decision.reasons;
    for (const auto& key : keys) {
        facts["key_serials"].push_back(key.serial);
        if (!counted.key_serials.insert(key.serial).second) fault("KEY " + key.serial + " was used twice");
    }
    for (const auto& entry : entries) {
        facts["certificate_serials"].push_back(entry.serial);
        if (!counted.certificate_serials.insert(entry.serial).second) fault("certificate " + entry.serial + " was used twice");
    }
    SEALDESK_LET(seals, check_seals(desk, planned.no, keys, entries, faults));
    counted.seals += seals;
    if (invoice) facts["invoice_number"] = invoice->number, counted.invoice_numbers.insert(invoice->number);
    if (shipment && !shipment->waybill.empty()) facts["waybill"] = shipment->waybill, counted.waybills.insert(shipment->waybill);

    if (there.applicant_state != orders::applicant_state(order.state)) fault("desk and portal disagree on the state");
    const bool expected_done = planned.verdict == "approve" || planned.resubmitted;
    const auto expected = expected_done                 ? orders::State::completed
                          : planned.verdict == "refund" ? orders::State::refunded
                                                        : orders::State::rejected;
    if (order.state != expected) fault(std::string("is ") + name_of(order.state) + ", should be " + name_of(expected));
    if (expected_done) {
        const auto quantity = static_cast<size_t>(order.order.quantity);
        if (keys.size() != quantity || entries.size() != quantity) fault("has not exactly one KEY and one certificate a unit");
        if (!invoice) fault("has no invoice");
        if (!shipment) fault("is in no parcel");
        if (shipment && order.order.delivery.method == orders::DeliveryMethod::courier && there.waybill != shipment->waybill)
            fault("the applicant reads another waybill than the label has");
    }
    return facts;
}

json amounts_of(const daily::Report& report) {
    json channels = json::object();
    for (const auto& taken : report.takings)
        channels[name_of(taken.channel)] = {
            {"payments", taken.payments}, {"gross", taken.gross.value},      {"certificate", taken.certificate.value},
            {"key", taken.key.value},     {"freight", taken.freight.value},  {"handling_fee", taken.handling_fee.value},
            {"refunds", taken.refunds},   {"refunded", taken.refunded.value}};
    return channels;
}

}  // namespace

Result<std::vector<std::string>> leave_outcome(desk::Desk& desk, const Centre& centre, const std::vector<StepTime>& times,
                                               const fs::path& out) {
    std::vector<std::string> faults;
    SEALDESK_LET(portal, desk.portal_client());
    SEALDESK_TRY(write_certificates(desk, out, faults));
    SEALDESK_TRY(copy_documents(desk.documents(), out));
    json all = json::array();
    Counted counted;
    for (const auto& planned : centre.plan().orders) {
        SEALDESK_LET(facts, facts_of(desk, portal, planned, counted, faults));
        all.push_back(std::move(facts));
    }
    SEALDESK_TRY(write_file(out / "orders.json", all.dump(1) + "\n"));

    const staff::Actor supervisor{"zhoubo", "周博", static_cast<staff::Roles>(staff::Role::supervisor)};
    const Day today = day_of(desk.clock().now());
    SEALDESK_LET(report, daily::report(desk.database(), supervisor, today));
    for (const auto& fault : report.faults) faults.push_back("daily report: " + fault);
    SEALDESK_LET(chain, audit::verify(desk.database()));
    if (chain.first_bad) faults.push_back(chain.sentence);
    SEALDESK_LET(backlog, acts::backlog(desk.database()));
    if (backlog.waiting > 0) faults.push_back(fmt::format("{} acts were not sent", backlog.waiting));
    if (backlog.conflicts > 0) faults.push_back(fmt::format("{} acts were refused by the portal", backlog.conflicts));
    SEALDESK_TRY(count_what_happens_once(desk, centre, faults));
    for (const char* file : {"report/daily.pdf", "report/daily.csv", "report/daily.xlsx"})
        if (!fs::exists(out / file)) faults.push_back(std::string(file) + " is missing");

    json steps = json::array();
    for (const auto& step : times) steps.push_back({{"step", step.name}, {"seconds", step.seconds}});
    const json summary{{"orders", all.size()},
                       {"desk_states", counted.desk_states},
                       {"portal_states", counted.portal_states},
                       {"keys", counted.key_serials.size()},
                       {"certificates", counted.certificate_serials.size()},
                       {"revoked", report.certificates_revoked},
                       {"seals", counted.seals},
                       {"invoices", counted.invoice_numbers.size()},
                       {"waybills", counted.waybills.size()},
                       {"day", text_of(today)},
                       {"amounts_fen", amounts_of(report)},
                       {"audit_rows", chain.rows},
                       {"audit_head", chain.head},
                       {"faults", faults},
                       {"steps", steps}};
    SEALDESK_TRY(write_file(out / "summary.json", summary.dump(1) + "\n"));
    return faults;
}

}  // namespace sealdesk::demo
