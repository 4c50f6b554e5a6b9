#include "desk/invoicing.h"

#include "base/translate.h"
#include "desk/account_file.h"
#include "desk/desk.h"
#include "desk/documents.h"
#include "desk/papers.h"
#include "invoices/nuonuo.h"
#include "shipping/enclosed.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

Result<std::unique_ptr<invoices::Service>> load_invoice_service(const Settings& settings, const ShippingSettings& own,
                                                                const Clock& clock, crypto::Random& random) {
    if (own.invoice_service_file.empty()) return nullptr;
    SEALDESK_LET(all, read_accounts(settings.home / own.invoice_service_file));
    SEALDESK_TRY(check_names(all, {"nuonuo"}));
    const auto* table = all["nuonuo"].as_table();
    if (table == nullptr) return refused(tr("开票服务的账号文件里没有 [nuonuo]"));
    SEALDESK_TRY(check_names(*table, {"app_key", "app_secret", "token", "telephone", "address", "base", "ca_file"}));
    invoices::Nuonuo::Account account;
    account.app_key = account_text(*table, "app_key");
    account.app_secret = crypto::Secret(account_text(*table, "app_secret"));
    account.token = crypto::Secret(account_text(*table, "token"));
    account.telephone = account_text(*table, "telephone", settings.centre_mobile.c_str());
    account.address = account_text(*table, "address", settings.centre_address.c_str());
    return std::make_unique<invoices::Nuonuo>(
        std::move(account), account_options(*table, account_text(*table, "base", "https://sdk.nuonuo.com")), clock, random);
}

namespace {

using NumberingVerb = std::function<Result<invoices::Invoice>(const invoices::Numbered& then)>;

// A new invoice goes with its parcel where the desk wants that; what mends one has no parcel.
enum class Prints { as_set, now };

// An invoice as it is laid out, and whether it is printed by itself.
struct Planned {
    reports::Invoice paper;
    bool alone = true;
    bool operator==(const Planned&) const = default;
};

Result<std::vector<printing::Document>> documents_of(const Desk& desk, const ShippingSettings& own,
                                                     const std::vector<Planned>& papers) {
    SEALDESK_LET(fonts, desk.documents().fonts());
    std::vector<printing::Document> documents;
    for (const auto& [paper, alone] : papers) {
        SEALDESK_LET(bytes, reports::invoice_pdf(paper, *fonts, invoice_sheet(own)));
        if (!alone) continue;
        SEALDESK_LET(document, document_for(desk, own, "invoice " + paper.number, printing::Kind::invoice, paper.number,
                                            printing::Format::pdf, bytes, 1));
        if (document) documents.push_back(std::move(*document));
    }
    return documents;
}

// Rehearses the verb and undoes it, lays out what it would have numbered, and runs it for good: then the numbers and the print
// jobs of exactly these papers are there together, or nothing is; what goes with its parcel is only laid out. Somebody who took a
// number in between makes it begin again.
Result<invoices::Invoice> print_numbered(const Desk& desk, const staff::Actor& actor, Prints prints, const NumberingVerb& verb) {
    constexpr int kRounds = 5;
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    // What comes after its parcel's papers would be printed with no parcel.
    const bool with_parcel = prints == Prints::as_set && own.invoice_with_parcel();
    const auto papers_of = [&](storage::Tx& tx, const std::vector<invoices::Invoice>& list) {
        std::vector<Planned> papers;
        for (const auto& invoice : list)
            papers.push_back({printable(invoice), !with_parcel || !shipping::comes_with_papers(tx, invoice.order_nos)});
        return papers;
    };
    for (int round = 0; round < kRounds; ++round) {
        std::optional<std::vector<Planned>> planned;
        auto rehearsed = verb([&](storage::Tx& tx, const std::vector<invoices::Invoice>& list) -> Result<> {
            planned = papers_of(tx, list);
            return fail(ErrorKind::conflict, tr("发票号码刚被别人用掉，请再试一次"));
        });
        if (!planned) return rehearsed;  // refused, or it was there already
        SEALDESK_LET(documents, documents_of(desk, own, *planned));
        bool moved_on = false;
        auto done = verb([&](storage::Tx& tx, const std::vector<invoices::Invoice>& list) -> Result<> {
            moved_on = papers_of(tx, list) != *planned;
            if (moved_on) return fail(ErrorKind::conflict, tr("发票号码刚被别人用掉，请再试一次"));
            for (const auto& document : documents) SEALDESK_TRY(printing::print_once(tx, actor, document));
            return {};
        });
        if (done || !moved_on) return done;
    }
    return fail(ErrorKind::conflict, tr("发票号码刚被别人用掉，请再试一次"));
}

Result<std::unique_ptr<invoices::Service>> service_of(const Desk& desk) {
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    SEALDESK_LET(service, load_invoice_service(desk.settings(), own, desk.clock(), desk.random()));
    if (!service) return fail(ErrorKind::unavailable, tr("本机没有设置开票服务的账号，问不到它"));
    return service;
}

}  // namespace

Result<Invoiced> issue_invoice(Desk& desk, const staff::Actor& actor, const std::string& payment_no,
                               const std::string& order_no) {
    SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
    SEALDESK_LET(taxes, taxes_of(desk.settings(), desk.places()));
    if (own.invoice_service_file.empty()) {
        SEALDESK_LET(invoice, print_numbered(desk, actor, Prints::as_set, [&](const invoices::Numbered& then) {
                         return invoices::issue(desk.database(), actor, taxes, payment_no, order_no, then);
                     }));
        return Invoiced{std::move(invoice), {}};
    }
    SEALDESK_LET(request, invoices::request(desk.database(), actor, taxes, payment_no, order_no));
    return Invoiced{{}, std::move(request)};
}

Result<Invoiced> reverse_invoice(Desk& desk, const staff::Actor& actor, const std::string& number, invoices::RedReason reason,
                                 const std::vector<std::string>& order_nos, std::optional<Fen> amount) {
    SEALDESK_LET(blue, invoices::find(desk.database(), number));
    if (blue.source == invoices::Source::range) {
        SEALDESK_LET(red, print_numbered(desk, actor, Prints::now, [&](const invoices::Numbered& then) {
                         return invoices::red_letter(desk.database(), actor, number, reason, order_nos, amount, then);
                     }));
        return Invoiced{std::move(red), {}};
    }
    SEALDESK_LET(request, invoices::request_red(desk.database(), actor, number, reason, order_nos, amount));
    return Invoiced{{}, std::move(request)};
}

Result<Invoiced> correct_invoice_title(Desk& desk, const staff::Actor& actor, const std::string& number,
                                       const orders::InvoiceTitle& title, const invoices::VoidTicks& ticks) {
    SEALDESK_LET(wrong, invoices::find(desk.database(), number));
    if (wrong.source == invoices::Source::range) {
        SEALDESK_LET(taxes, taxes_of(desk.settings(), desk.places()));
        SEALDESK_LET(right, print_numbered(desk, actor, Prints::now, [&](const invoices::Numbered& then) {
                         return invoices::correct_title(desk.database(), actor, taxes, number, title, ticks, then);
                     }));
        return Invoiced{std::move(right), {}};
    }
    SEALDESK_LET(request, invoices::request_title(desk.database(), actor, number, title));
    return Invoiced{{}, std::move(request)};
}

Result<fs::path> invoice_file(Desk& desk, const invoices::Invoice& invoice) {
    if (invoice.source == invoices::Source::range) {
        SEALDESK_LET(own, load_shipping_settings(desk.settings().home));
        return write_invoice(desk.documents(), invoice, invoice_sheet(own));
    }
    const fs::path theirs = invoice_path(desk.documents(), invoice.number);
    SEALDESK_LET(fetched, invoices::pdf_is_here(desk.database(), invoice.number));
    std::error_code none;
    if (fetched && fs::exists(theirs, none)) return theirs;
    const auto service = service_of(desk);
    const auto got = service ? invoices::fetch_pdf(desk.database(), **service, invoice.number, theirs.parent_path())
                             : Result<>(Failure(service.error()));
    if (got) return theirs;
    return fail(ErrorKind::unavailable,
                trf("发票 {} 的正式文件还没有从开票服务取到，取到以后才能打印：{}", invoice.number, got.error().message),
                got.error().detail);
}

Result<invoices::Request> retry_invoice_request(Desk& desk, const staff::Actor& actor, std::int64_t id) {
    SEALDESK_LET(service, service_of(desk));
    SEALDESK_LET(taxes, taxes_of(desk.settings(), desk.places()));
    return invoices::retry_request(desk.database(), actor, *service, taxes, id);
}

Result<> drop_invoice_request(Desk& desk, const staff::Actor& actor, std::int64_t id, const std::string& reason) {
    SEALDESK_LET(service, service_of(desk));
    SEALDESK_LET(taxes, taxes_of(desk.settings(), desk.places()));
    return invoices::drop_request(desk.database(), actor, *service, taxes, id, reason);
}

Result<invoices::Request> advance_invoice_request(Desk& desk, std::int64_t id) {
    constexpr int kSteps = 8;
    SEALDESK_LET(service, service_of(desk));
    SEALDESK_LET(taxes, taxes_of(desk.settings(), desk.places()));
    SEALDESK_LET(row, invoices::find_request(desk.database(), id));
    for (int i = 0; i < kSteps; ++i) {
        SEALDESK_LET(now, invoices::advance(desk.database(), *service, taxes, desk.documents() / "invoices", id));
        const bool moved = now.state != row.state;
        row = std::move(now);
        if (!moved) break;
    }
    return row;
}

}  // namespace sealdesk::desk
