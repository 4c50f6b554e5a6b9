#include <fmt/format.h>

#include <cmath>

#include "base/files.h"
#include "base/text.h"
#include "cli/commands.h"
#include "crypto/digest.h"
#include "desk/seal_maker.h"
#include "desk/seal_pictures.h"
#include "desk/seal_verdicts.h"
#include "seals/seals.h"

namespace sealdesk::cli {

namespace {

struct Wish {
    std::string file, out, name, centre, number, shape, certificate, at, order, source;
    double width = 0, height = 0;
    std::string ending = "印";
    int page = 1;
    std::vector<std::string> trust, lists;
};

seals::SealShape shape_of(const Wish& wish) {
    using seals::SealShape;
    return wish.shape == "oval" ? SealShape::oval : wish.shape == "square" ? SealShape::square : SealShape::round;
}

// A width alone is the diameter, the side, or an oval of the usual height.
seals::SealText text_of(const Wish& wish, seals::SealShape shape, const std::string& name) {
    seals::SealText text = seals::seal_text(shape, name);
    if (wish.width > 0) text.width = wish.width;
    if (wish.width > 0 && shape != seals::SealShape::oval) text.height = wish.width;
    if (wish.height > 0) text.height = wish.height;
    text.centre = wish.centre;
    text.number = wish.number;
    text.ending = wish.ending;
    return text;
}

Result<> draw(Common& common, const Wish& wish) {
    const seals::SealText text = text_of(wish, shape_of(wish), wish.name);
    const bool pdf = wish.out.ends_with(".pdf");
    if (!pdf && !wish.out.ends_with(".png")) return refused(tr("请把图片存为 .png 或 .pdf"));
    SEALDESK_LET(press, desk::SealPress::open());
    SEALDESK_LET(drawing, press.draw(text));
    if (pdf) {
        SEALDESK_TRY(write_file(wish.out, press.pdf(drawing)));
    } else {
        SEALDESK_LET(impression, press.print(drawing));
        SEALDESK_LET(png, seals::png_of(impression));
        SEALDESK_TRY(write_file(wish.out, png));
    }
    print(common, {{"file", wish.out}, {"width_mm", drawing.width}, {"height_mm", drawing.height}, {"dpi", desk::kSealDpi}},
          trf("印章图片已存为 {}", wish.out));
    return {};
}

// Without a name or a size nothing is known of the seal but its shape.
desk::WantedSeal wanted_of(const Wish& wish) {
    desk::WantedSeal wanted{text_of(wish, shape_of(wish), wish.name), wish.width > 0 || wish.height > 0};
    wanted.text.centre.clear();
    wanted.text.number.clear();
    return wanted;
}

// Through the same sandbox as every file of strangers.
Result<> lift(Common& common, const Wish& wish) {
    if (!wish.out.ends_with(".png")) return refused(tr("请把图片存为 .png"));
    SEALDESK_LET(places, desk::find_places());
    const scans::Scanbox scanbox(places.scanbox);
    SEALDESK_LET(package, scanbox.open(wish.file, {}));
    if (wish.page < 1) return refused(trf("没有第 {} 页：材料包共 {} 页", wish.page, package.pages.size()));
    SEALDESK_LET(found, desk::lift_from(scanbox, package, static_cast<size_t>(wish.page - 1), wanted_of(wish)));
    const seals::Lifted& lifted = found.seal;
    const seals::SealPicture& picture = found.picture;
    SEALDESK_LET(facts, seals::look_at_png(picture.data));
    SEALDESK_TRY(write_file(wish.out, picture.data));
    std::string text = trf("印章图片已存为 {}", wish.out) + "\n" +
                       trf("{}×{} 毫米，{:.0f} dpi，转正 {:.1f} 度，边框完整 {:.0f}%", picture.width, picture.height, facts.dpi,
                           lifted.turned, lifted.whole * 100);
    for (const auto& doubt : lifted.doubts) text += "\n" + doubt;
    print(common,
          {{"file", wish.out},
           {"width_mm", picture.width},
           {"height_mm", picture.height},
           {"dpi", std::lround(facts.dpi)},
           {"turned", lifted.turned},
           {"whole", lifted.whole},
           {"doubts", lifted.doubts}},
          text);
    return {};
}

// A mistyped one would lock new keys up for good: the CA's key knows it, where it lies beside them; else it is typed twice.
Result<crypto::Secret> passphrase_for_new_keys(const desk::Settings& settings) {
    SEALDESK_LET(passphrase, passphrase_of(settings, tr("CA 密钥的口令：")));
    if (desk::has_own_authority(settings) && settings.authority_token.empty()) {
        SEALDESK_TRY(desk::open_authority(settings, passphrase, nullptr));
        return passphrase;
    }
    SEALDESK_LET(again, passphrase_of(settings, tr("再输入一次：")));
    if (again.view() != passphrase.view()) return refused(tr("两次输入的口令不一样"));
    return passphrase;
}

// Before the maker's certificate ends, with the root's key back in its folder.
Result<> renew(Common& common) {
    SEALDESK_LET(settings, desk::load_settings(common.home));
    if (settings.authority.empty()) return refused(tr("这个中心没有证书签发文件夹，请先运行 init"));
    SEALDESK_LET(passphrase, passphrase_of(settings, tr("CA 密钥的口令：")));
    SEALDESK_TRY(desk::renew_seal_maker(settings.authority, settings.centre, passphrase, common.random, common.clock.now()));
    SEALDESK_LET(maker, desk::seal_maker_of(settings));
    print(common, {{"serial", maker.serial}, {"valid_until", iso_time(maker.not_after)}},
          trf("制章证书已更新，有效期至 {}。请重新打开各工位，并把 seal_root.key 移回离线的保险柜",
              text_of(day_of(maker.not_after))));
    return {};
}

// For a centre that was set up before it made seals.
Result<> begin(Common& common) {
    SEALDESK_LET(settings, desk::load_settings(common.home));
    if (settings.authority.empty()) return refused(tr("这个中心没有证书签发文件夹，请先运行 init"));
    SEALDESK_LET(passphrase, passphrase_for_new_keys(settings));
    SEALDESK_TRY(desk::make_seal_maker(settings.authority, settings.centre, passphrase, common.random, common.clock.now()));
    print(common, {{"folder", settings.authority.string()}},
          trf("制章密钥已建立：{}。请把 seal_root.key 移到离线的保险柜", settings.authority.string()));
    return {};
}

// Millimetres as they were said, else as the PNG's resolution has them.
Result<std::pair<int, int>> size_of(const std::string& png, const Wish& wish) {
    const auto mm = [](double length) { return static_cast<int>(std::lround(length)); };
    const double width = wish.width > 0 ? wish.width : wish.height, height = wish.height > 0 ? wish.height : wish.width;
    if (width > 0) return std::pair(mm(width), mm(height));
    SEALDESK_LET(facts, seals::look_at_png(png));
    if (facts.dpi < 1) return refused(tr("图片没有写明分辨率，请用 --width 和 --height 给出印章的毫米数"));
    return std::pair(mm(facts.width / facts.dpi * 25.4), mm(facts.height / facts.dpi * 25.4));
}

// The officer's word for a seal that is drawn from the approved text, or for a PNG that was drawn or lifted before.
Result<> accept(Common& common, const Wish& wish) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(order, orders::load(desk->database(), wish.order));
    seals::SealPicture picture;
    std::string description;
    auto source = wish.source == "lifted" ? seals::PictureSource::lifted : seals::PictureSource::drawn;
    if (wish.file.empty()) {
        const bool unit = order.order.subject.kind == orders::SubjectKind::unit;
        const auto usual = unit ? seals::SealShape::round : seals::SealShape::square;
        const seals::SealText text = text_of(wish, wish.shape.empty() ? usual : shape_of(wish), order.order.subject.name);
        SEALDESK_LET(press, desk::SealPress::open());
        SEALDESK_LET(drawing, press.draw(text));
        SEALDESK_LET(impression, press.print(drawing));
        SEALDESK_LET(made, seals::seal_picture(impression));
        picture = std::move(made);
        description = seals::description_of(text);
    } else {
        SEALDESK_LET(bytes, read_file(wish.file, seals::kLargestSeal));
        SEALDESK_LET(size, size_of(bytes, wish));
        picture = {"PNG", std::move(bytes), size.first, size.second};
        if (wish.source.empty()) source = seals::PictureSource::given;
        description = std::filesystem::path(wish.file).filename();
    }
    SEALDESK_TRY(seals::accept_picture(desk->database(), actor, wish.order, picture, source, description));
    print(common, {{"order", wish.order}, {"width_mm", picture.width}, {"height_mm", picture.height}}, tr("印章图片已确认"));
    return {};
}

// The certificate in PEM or DER.
Result<std::string> certificate_in(const std::string& file) {
    SEALDESK_LET(bytes, read_file(file, size_t{1} << 20));
    if (bytes.find("-----BEGIN") == std::string::npos) return bytes;
    return crypto::from_pem("CERTIFICATE", bytes);
}

nlohmann::json json_of(const seals::Seal& seal) {
    nlohmann::json json{{"version", seal.version},
                        {"id", seal.id},
                        {"maker_id", seal.maker_id},
                        {"type", seal.type},
                        {"name", seal.name},
                        {"created", iso_time(seal.created)},
                        {"valid_from", iso_time(seal.valid_from)},
                        {"valid_until", iso_time(seal.valid_until)},
                        {"algorithm", seal.algorithm},
                        {"picture",
                         {{"type", seal.picture.type},
                          {"width_mm", seal.picture.width},
                          {"height_mm", seal.picture.height},
                          {"bytes", seal.picture.data.size()},
                          {"sha256", crypto::sha256_hex(seal.picture.data)}}}};
    return json;
}

nlohmann::json json_of(const seals::Verdict& verdict) {
    nlohmann::json json = json_of(verdict.seal);
    json["maker"] = {{"subject", verdict.maker_subject}, {"issuer", verdict.maker_issuer}, {"serial", verdict.maker_serial}};
    json["signers"] = nlohmann::json::array();
    for (const auto& signer : verdict.signers)
        json["signers"].push_back({{"subject", signer.subject}, {"serial", signer.serial}, {"sm3", signer.digest}});
    return json;
}

std::string text_of(const seals::Verdict& verdict) {
    const auto& seal = verdict.seal;
    std::string text = trf("印章    {}（{}，第 {} 版）", seal.name, seals::word_of_seal_type(seal.type), seal.version) + "\n" +
                       trf("标识    {}（厂商 {}）", seal.id, seal.maker_id) + "\n" +
                       trf("有效期  {} 至 {}，制作于 {}", text_of(day_of(seal.valid_from)), text_of(day_of(seal.valid_until)),
                           date_time(seal.created)) +
                       "\n" + trf("制章人  {}", verdict.maker_subject) + "\n";
    for (const auto& signer : verdict.signers)
        text += (signer.serial.empty() ? trf("签章人  证书摘要 {}", signer.digest)
                                       : trf("签章人  {}，证书 {}", signer.subject, signer.serial)) +
                "\n";
    return text;
}

Result<> show(Common& common, const Wish& wish) {
    SEALDESK_LET(der, read_file(wish.file, seals::kLargestSeal + 1));
    SEALDESK_LET(verdict, seals::judge(der, {}, common.clock.now()));
    if (!wish.out.empty()) SEALDESK_TRY(write_file(wish.out, verdict.seal.picture.data));
    auto json = json_of(verdict);
    if (!wish.out.empty()) json["picture"]["file"] = wish.out;
    print(common, json, trimmed(text_of(verdict)));
    return {};
}

// Who is believed: the files that were named, else whom this centre believes.
Result<seals::SealTrust> trust_of(const Common& common, const Wish& wish) {
    seals::SealTrust trust;
    if (wish.trust.empty())
        if (const auto settings = desk::load_settings(common.home)) {
            SEALDESK_LET(own, desk::seal_trust(*settings));
            trust = std::move(own);
        }
    for (const auto& file : wish.trust) {
        SEALDESK_LET(pem, read_file(file, size_t{1} << 20));
        SEALDESK_TRY(trust.add_certificates(pem));
    }
    for (const auto& file : wish.lists) {
        SEALDESK_LET(bytes, read_file(file, size_t{16} << 20));
        SEALDESK_TRY(trust.add_list(bytes));
    }
    return trust;
}

Result<> verify(Common& common, const Wish& wish) {
    SEALDESK_LET(der, read_file(wish.file, seals::kLargestSeal + 1));
    SEALDESK_LET(trust, trust_of(common, wish));
    std::string certificate;
    if (!wish.certificate.empty()) {
        SEALDESK_LET(bytes, certificate_in(wish.certificate));
        certificate = bytes;
    }
    Instant at = common.clock.now();
    if (!wish.at.empty()) {
        SEALDESK_LET(day, parse_day(wish.at));
        at = start_of(day) + 12 * kHour;
    }
    SEALDESK_LET(verdict, seals::judge(der, trust, at, certificate));
    // A centre that stands here knows more than the bytes say.
    const auto settings = desk::load_settings(common.home);
    if (settings && std::filesystem::exists(common.home / "settings.toml")) {
        SEALDESK_LET(places, desk::find_places());
        SEALDESK_LET(database, storage::Database::open(
                                   {settings->database, places.data / "migrations/desk", &common.clock, &common.random, 1}));
        SEALDESK_TRY(database->read([&](storage::Tx& tx) { return seals::compare_with_register(tx, verdict); }));
    }
    auto json = json_of(verdict);
    json["valid"] = verdict.valid();
    json["sentence"] = verdict.sentence();
    json["checks"] = nlohmann::json::array();
    json["unchecked"] = verdict.unchecked;
    std::string text = text_of(verdict);
    for (const auto& check : verdict.checks) {
        json["checks"].push_back({{"what", name_of(check.concern)}, {"passed", check.passed}, {"sentence", check.sentence}});
        text += fmt::format("{} {}  {}\n", check.passed ? "✓" : "✗", word_of(check.concern), check.sentence);
    }
    for (const auto& words : verdict.unchecked) text += fmt::format("- {}  {}\n", tr("未核对"), words);
    print(common, json, text + verdict.sentence());
    if (!verdict.valid()) common.status = 1;
    return {};
}

}  // namespace

void add_seal_commands(CLI::App& app, Common& common) {
    const auto wish = std::make_shared<Wish>();
    auto* seal = app.add_subcommand("seal", "electronic seals (GB/T 38540)");
    seal->require_subcommand(1);

    auto* draw_command = seal->add_subcommand("draw", "the picture of a seal from its text, PNG of 600 dpi or PDF");
    draw_command->add_option("--name", wish->name, "unit or person")->required();
    draw_command->add_option("--shape", wish->shape)->check(CLI::IsMember({"round", "oval", "square"}));
    draw_command->add_option("--width", wish->width, "mm; the diameter of a round one");
    draw_command->add_option("--height", wish->height, "mm, of an oval one");
    draw_command->add_option("--centre", wish->centre, "below the star: 合同专用章");
    draw_command->add_option("--number", wish->number, "on the lower arc");
    draw_command->add_option("--ending", wish->ending, "fills up a person's name; \"\" for none");
    draw_command->add_option("--out", wish->out, "file .png or .pdf")->required();
    on(draw_command, common, [&common, wish] { return draw(common, *wish); });

    auto* lift_command = seal->add_subcommand("lift", "the seal of a scanned impression sheet, without paper, as PNG");
    lift_command->add_option("file", wish->file, "picture, PDF or package")->required();
    lift_command->add_option("--page", wish->page);
    lift_command->add_option("--name", wish->name, "what stands on it: then its inside is compared with the drawn seal");
    lift_command->add_option("--width", wish->width, "mm, as it was registered");
    lift_command->add_option("--height", wish->height, "mm, of an oval or a name seal");
    lift_command->add_option("--shape", wish->shape)->check(CLI::IsMember({"round", "oval", "square"}));
    lift_command->add_option("--out", wish->out, "file .png")->required();
    on(lift_command, common, [&common, wish] { return lift(common, *wish); });

    on(seal->add_subcommand("init", "the key that makes seals, for a centre that has none"), common,
       [&common] { return begin(common); });

    on(seal->add_subcommand("renew", "a new certificate for the key that makes seals, by the seal root"), common,
       [&common] { return renew(common); });

    auto* accept_command = seal->add_subcommand("accept", "the picture of an approved order's seal: drawn, or a PNG");
    accept_command->add_option("order", wish->order)->required();
    accept_command->add_option("--picture", wish->file, "PNG; without it the seal is drawn from the approved text");
    accept_command->add_option("--source", wish->source, "what the PNG was before; without it: just a file")
        ->check(CLI::IsMember({"drawn", "lifted"}))
        ->needs("--picture");
    accept_command->add_option("--shape", wish->shape, "of the drawn seal; without it as the order's subject has it")
        ->check(CLI::IsMember({"round", "oval", "square"}));
    accept_command->add_option("--width", wish->width, "mm; without it as usual for the shape, or as the PNG says");
    accept_command->add_option("--height", wish->height, "mm, of an oval, a name seal, or the PNG");
    accept_command->add_option("--ending", wish->ending, "fills up a person's name; \"\" for none");
    accept_command->add_option("--centre", wish->centre, "below the star");
    accept_command->add_option("--number", wish->number, "on the lower arc");
    on(accept_command, common, [&common, wish] { return accept(common, *wish); });

    auto* show_command = seal->add_subcommand("show", "what is in a seal");
    show_command->add_option("file", wish->file)->required();
    show_command->add_option("--picture", wish->out, "where its picture goes, as it is");
    on(show_command, common, [&common, wish] { return show(common, *wish); });

    auto* verify_command = seal->add_subcommand("verify", "who, which certificate, valid or not and why; status 1 when not");
    verify_command->add_option("file", wish->file)->required();
    verify_command->add_option("--certificate", wish->certificate, "may this one sign with it? PEM or DER");
    verify_command->add_option("--trust", wish->trust,
                               "PEM of those who are believed; without it this centre's own root and its seal_trust");
    verify_command->add_option("--crl", wish->lists, "revocation list of the makers' root, PEM or DER");
    verify_command->add_option("--at", wish->at, "on this day, 2026-11-23; without it now");
    on(verify_command, common, [&common, wish] { return verify(common, *wish); });
}

}  // namespace sealdesk::cli
