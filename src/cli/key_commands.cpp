#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "crypto/secret_file.h"
#include "desk/pin_letters.h"
#include "desk/refunds.h"
#include "keys/plugged.h"
#include "keys/remaking.h"
#include "keys/standing.h"

namespace sealdesk::cli {

namespace {

// The blank KEY that is meant when none was named. With more of them than the order still needs nobody can know which goes
// to the applicant.
Result<std::string> only_blank(storage::Database& database, keys::Tokens& tokens, int needed) {
    SEALDESK_LET(plugged, keys::plugged_keys(database, tokens));
    std::vector<std::string> blank;
    std::string names;
    for (const auto& each : plugged) {
        if (!each.blank()) continue;
        names += (names.empty() ? "" : "、") + each.token.serial;
        blank.push_back(each.token.serial);
    }
    if (blank.empty()) return fail(ErrorKind::device, tr("没有空白 KEY，请插上一个"));
    if (static_cast<int>(blank.size()) > needed)
        return refused(trf("插着 {} 个空白 KEY（{}），请用 --key 指明写哪一个", blank.size(), names));
    return blank.front();
}

// What was revoked or listed goes on from here: the list's file, an external CA. What does not succeed is said, and tried again
// by the next command, the window and `sealdesk check`.
void spread(desk::Desk& desk, nlohmann::json& json, std::string& text) {
    const auto troubles = desk::spread(desk.settings(), desk.database(), desk.key_bench());
    json["warnings"] = troubles;
    for (const auto& each : troubles) text += each + "\n";
}

// The serial of the KEY that was named, also in other letters. A plugged one that is new here enters the stock.
Result<std::string> named_key(const desk::Desk& desk, keys::Tokens& tokens, const std::string& typed) {
    SEALDESK_LET(plugged, keys::plugged_keys(desk.database(), tokens));
    SEALDESK_LET(known, keys::find_typed_key(desk.database(), typed));
    if (known) return known->serial;
    for (const auto& each : plugged)
        if (keys::folded_serial(each.token.serial) == keys::folded_serial(typed))
            if (const auto why = keys::why_not_taken_in(each); !why.empty()) return refused(why);
    return typed;
}

struct Issue {
    std::string no, key, pin_file, letter;  // letter: file of the PIN letter, "" for none
};
struct Written {
    nlohmann::json keys = nlohmann::json::array();
    std::string text;
    bool unsure = false;
};

// A letter holds one PIN: which KEY it is for has to be clear, and that it can be written, before anything is.
Result<> check_letter(const desk::Desk& desk, const Issue& wish) {
    SEALDESK_LET(order, orders::load(desk.database(), wish.no));
    SEALDESK_LET(jobs, keys::jobs_of(desk.database(), wish.no));
    const auto done = std::count_if(jobs.begin(), jobs.end(), [](const auto& job) { return job.finished(); });
    const auto left = order.order.quantity - done;
    if (left < 1) return refused(trf("订单 {} 的 KEY 已全部写完，没有设置新的 PIN", wish.no));
    if (left > 1 && wish.key.empty())
        return refused(trf("订单 {} 还要写 {} 个 KEY，一个密码信封只装一个 PIN：请用 --key 一个一个写", wish.no, left));
    return desk::may_write_pin_letter(desk.settings(), keys::letter_to(order, wish.key), wish.letter);
}

// A KEY that was written with its maker's PIN gets one of its own, into the letter; or somebody has to see to it.
Result<> give_pin(const desk::Desk& desk, const staff::Actor& actor, const keys::Bench& bench, const keys::Job& job,
                  const crypto::Secret& pin, const std::string& file, Written& written) {
    auto& json = written.keys.back();
    json["pin_owed"] = bench.rules.random_pin;
    const std::string& serial = job.key_serial;
    if (file.empty()) {
        if (bench.rules.random_pin)
            written.text +=
                trf("KEY {} 还是原来的 PIN，不要这样交出：请在窗口的 KEY 卡上用“初始 PIN”换成随机的，“需要处理”里已经记下",
                    serial) +
                "\n";
        return {};
    }
    auto letter = keys::set_initial_pin(desk.database(), actor, bench, serial, pin);
    if (!letter) {
        auto error = letter.error();
        error.message = trf("KEY {} 已经写好，PIN 没有换成：{}", serial, error.message);
        return tl::unexpected(std::move(error));
    }
    if (const auto kept = desk::write_pin_letter(desk.settings(), *letter, file); !kept) {
        auto error = kept.error();
        error.message = trf("KEY {} 已经写好，新的 PIN 没有写进密码信封：{}。没有人知道它，请在 KEY 卡上用“解锁”重新设置", serial,
                            error.message);
        return tl::unexpected(std::move(error));
    }
    json["pin_letter"] = file;
    written.text += trf("KEY {} 的密码信封在 {}，请打印、折好封口，再删除这个文件", serial, file) + "\n";
    written.unsure = letter->unsure;
    if (letter->unsure) {
        written.text += desk::unsure_words() + std::string("\n");
        return {};
    }
    SEALDESK_TRY(keys::pin_handed_on(desk.database(), actor, serial));
    json["pin_owed"] = false;
    return {};
}

// Every unit that is still missing, each on the next blank KEY or on the KEY it was begun with; with a KEY named that one alone.
Result<> write_units(desk::Desk& desk, const staff::Actor& actor, const Issue& wish, const crypto::Secret& pin,
                     Written& written) {
    const std::string &no = wish.no, &wanted_key = wish.key;
    keys::Bench bench = desk.bench();
    bench.rules.random_pin = bench.rules.random_pin || !wish.letter.empty();
    SEALDESK_LET(order, orders::load(desk.database(), no));
    for (;;) {
        SEALDESK_LET(jobs, keys::jobs_of(desk.database(), no));
        auto open = std::find_if(jobs.begin(), jobs.end(),
                                 [&](const auto& job) { return !job.finished() && job.key_serial == wanted_key; });
        if (open == jobs.end()) open = std::find_if(jobs.begin(), jobs.end(), [](const auto& job) { return !job.finished(); });
        if (open == jobs.end() && static_cast<int>(jobs.size()) >= order.order.quantity) {
            if (written.keys.empty()) return fail(ErrorKind::conflict, trf("订单 {} 的 KEY 已全部写完", no));
            return {};
        }
        // Never another KEY than the named one: a wrong PIN would cost that one a try.
        if (open != jobs.end() && !wanted_key.empty() && open->key_serial != wanted_key)
            return refused(trf("订单 {} 的第 {} 个 KEY 还没有写完，请插上 KEY {}", no, open->unit_no, open->key_serial));
        std::string serial = open != jobs.end() ? open->key_serial : wanted_key;
        if (serial.empty()) {
            SEALDESK_LET(blank, only_blank(desk.database(), *bench.tokens, order.order.quantity - static_cast<int>(jobs.size())));
            serial = std::move(blank);
        }
        SEALDESK_LET(job, keys::write(desk.database(), actor, bench, no, serial, pin));
        written.keys.push_back({{"unit", job.unit_no}, {"key", job.key_serial}, {"certificate", job.certificate_serial}});
        written.text += trf("第 {} 个 KEY {} 已写入，证书 {}", job.unit_no, job.key_serial, job.certificate_serial) + "\n";
        SEALDESK_TRY(give_pin(desk, actor, bench, job, pin, wish.letter, written));
        if (!wanted_key.empty()) return {};
    }
}

Result<> issue(Common& common, Issue wish) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    if (desk->bench().tokens == nullptr) return fail(ErrorKind::device, desk->key_trouble());
    SEALDESK_LET(pin, crypto::read_secret(wish.pin_file));
    if (!wish.key.empty()) {
        SEALDESK_LET(serial, named_key(*desk, *desk->bench().tokens, wish.key));
        wish.key = std::move(serial);
    }
    if (!wish.letter.empty()) SEALDESK_TRY(check_letter(*desk, wish));
    Written written;
    const auto done = write_units(*desk, actor, wish, pin, written);
    // A lost KEY's certificate was revoked on the way; also when a later step did not succeed.
    const auto troubles = desk::spread(desk->settings(), desk->database(), desk->key_bench());
    if (!done) {
        if (!written.keys.empty()) print(common, written.keys, written.text);  // those are written all the same
        auto error = done.error();
        for (const auto& each : troubles) error.message += "\n" + each;
        return tl::unexpected(std::move(error));
    }
    for (const auto& each : troubles) written.text += each + "\n";
    print(common, written.keys, written.text);
    if (written.unsure) common.status = 1;
    return {};
}

Result<> stock(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(book, keys::ledger(desk->database()));
    nlohmann::json json{{"in", book.in}, {"balances", book.balances()}};
    std::string text = trf("入库 {} 个 KEY", book.in) + "\n";
    for (int i = 0; i < keys::kKeyStates; ++i) {
        const auto state = static_cast<keys::KeyState>(i);
        json[name_of(state)] = book.of(state);
        text += fmt::format("{}\t{}\n", word_of(state), book.of(state));
    }
    if (book.of(keys::KeyState::blank) <= desk->settings().low_key_stock)
        text += trf("空白 KEY 只剩 {} 个", book.of(keys::KeyState::blank)) + "\n";
    print(common, json, text);
    return {};
}

Result<> renew_list(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    const auto bench = desk->bench();
    if (!bench.authority) return fail(ErrorKind::device, desk->key_trouble());
    SEALDESK_LET(list, certificates::renew_list(desk->database(), actor, *bench.authority));
    nlohmann::json json{{"number", list.number}, {"next_update", iso_time(list.next_update)}};
    std::string text = trf("已签发第 {} 号吊销列表，下次更新 {}", list.number, date_time(list.next_update)) + "\n";
    spread(*desk, json, text);
    print(common, json, text);
    return {};
}

Result<> check(Common& common) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(faults, keys::check_ledger(desk->database()));
    std::string text;
    for (const auto& each : faults) text += each + "\n";
    if (faults.empty()) text = tr("账实相符") + std::string("\n");
    print(common, nlohmann::json{{"faults", faults}}, text);
    if (!faults.empty()) common.status = 1;
    return {};
}

Result<> receive(Common& common, const keys::Delivery& delivery) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(box, keys::receive(desk->database(), actor, delivery, desk->settings().authority_token));
    print(common,
          {{"box", box.id}, {"keys", box.keys}, {"known", box.known}, {"first", box.first_serial}, {"last", box.last_serial}},
          keys::came_in(box) + "\n");
    return {};
}

Result<> show(Common& common, const std::string& serial) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(all, keys::standing(desk->database(), serial));
    print(common,
          {{"key", all.key.serial},
           {"state", name_of(all.key.state)},
           {"order", all.key.order_no},
           {"subject", all.subject_name},
           {"certificate", all.certificate ? all.certificate->serial : ""},
           {"active", all.active},
           {"bound_at", all.bound_at.ms},
           {"confirmed_at", all.confirmed_at.ms},
           {"reason", all.reason}},
          fmt::format("KEY {}\t{}\n{} {}\n{}：{}\n", all.key.serial, word_of(all.key.state), all.key.order_no, all.subject_name,
                      all.active ? tr("已绑定并激活") : tr("没有激活"), all.reason));
    return {};
}

Result<> report(Common& common, const std::string& what, const std::string& serial, const std::string& note) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    const auto incident = keys::parse_incident(what);
    if (!incident) return refused(trf("不认识“{}”", what));
    SEALDESK_LET(outcome, keys::report(desk->database(), actor, desk->bench(), *incident, serial, note));
    nlohmann::json json{{"certificate", outcome.certificate_serial},
                        {"revoked", outcome.revoked},
                        {"moved", outcome.moved},
                        {"crl", outcome.crl_number}};
    std::string text = trf("KEY {} 已登记“{}”", serial, word_of(*incident)) + "\n";
    spread(*desk, json, text);
    print(common, json, text);
    return {};
}

Result<> end_refund(Common& common, const std::string& no, bool gone, const std::string& note) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(end, desk::end_refund(desk->database(), actor, desk->bench(), no,
                                       gone ? keys::KeysAre::gone : keys::KeysAre::here, note));
    nlohmann::json json{{"order", no}, {"keys", end.keys}, {"certificates", end.certificates}, {"state", name_of(end.state)}};
    std::string text =
        trf("订单 {} 的退款已结束：{} 个 KEY，吊销 {} 张证书", no, end.keys.size(), end.certificates.size()) + "\n";
    spread(*desk, json, text);
    print(common, json, text);
    return {};
}

Result<> make_again(Common& common, const std::string& no, const std::string& note) {
    SEALDESK_LET(desk, open_desk(common));
    SEALDESK_LET(actor, sign_in(common, *desk));
    SEALDESK_LET(made, keys::make_again(desk->database(), actor, no, note));
    print(common, {{"order", no}, {"keys", made.keys}}, trf("订单 {} 可以再写 KEY", no) + "\n");
    return {};
}

// Without a certificate only which ones may be meant.
Result<> replaces(Common& common, const std::string& no, const std::string& certificate) {
    SEALDESK_LET(desk, open_desk(common));
    if (!certificate.empty()) {
        SEALDESK_LET(actor, sign_in(common, *desk));
        SEALDESK_TRY(keys::name_replaced(desk->database(), actor, no, certificate));
    }
    SEALDESK_LET(order, orders::load(desk->database(), no));
    SEALDESK_LET(meant, keys::may_replace(desk->database(), no));
    const std::string& named = order.order.replaced_certificate;
    nlohmann::json json{{"order", no}, {"named", named}, {"chosen", meant.chosen}, {"may_be", nlohmann::json::array()}};
    std::string text;
    for (const auto& entry : meant.list) {
        json["may_be"].push_back({{"certificate", entry.serial}, {"key", entry.key_serial}, {"state", entry.state}});
        text += fmt::format("{}\tKEY {}\t{}\n", entry.serial, entry.key_serial, text_of(day_of(entry.not_after)));
    }
    if (named == keys::kNoneOfThem)
        text += trf("订单 {} 补办的证书不是本中心签发的", no) + "\n";
    else if (const std::string& one = meant.chosen.empty() ? named : meant.chosen; !meant.asked())
        text += (one.empty() ? std::string(tr("没有可吊销的证书")) : trf("订单 {} 补办的证书：{}", no, one)) + "\n";
    print(common, json, text);
    return {};
}

void add_keys_group(CLI::App& app, Common& common) {
    struct Words {
        keys::Delivery delivery;
        std::string serial, what, note;
        bool gone = false;
    };
    const auto words = std::make_shared<Words>();
    auto* group = app.add_subcommand("keys", "the stock of KEYs, and what becomes of one");
    group->require_subcommand(1);
    on(group->add_subcommand("stock", "how many, by state"), common, [&common] { return stock(common); });
    on(group->add_subcommand("check", "hold counters, KEYs and movements against each other"), common,
       [&common] { return check(common); });
    on(group->add_subcommand("crl", "sign the revocation list anew, before its next update"), common,
       [&common] { return renew_list(common); });
    auto* in = group->add_subcommand("receive", "take a box or a single KEY in");
    in->add_option("first", words->delivery.first_serial, "first serial")->required();
    in->add_option("last", words->delivery.last_serial, "last serial of the range");
    in->add_option("--box", words->delivery.name, "what the box or the delivery note says");
    in->add_option("--model", words->delivery.model);
    on(in, common, [&common, words] { return receive(common, words->delivery); });
    auto* one = group->add_subcommand("show", "is this KEY bound and active, and if not, why");
    one->add_option("serial", words->serial)->required();
    on(one, common, [&common, words] { return show(common, words->serial); });
    auto* told = group->add_subcommand("report", "lost, damaged, returned, suspended or resumed: the whole chain");
    told->add_option("what", words->what)->required();
    told->add_option("serial", words->serial)->required();
    told->add_option("--note", words->note, "who told it, and when")->required();
    auto* refund = group->add_subcommand("end-refund", "take back what was made of a refunded order");
    refund->add_option("order", words->serial)->required();
    refund->add_flag("--gone", words->gone, "the KEYs did not come back: they count as lost");
    refund->add_option("--note", words->note, "how it was settled")->required();
    on(refund, common, [&common, words] { return end_refund(common, words->serial, words->gone, words->note); });
    auto* again = group->add_subcommand("make-again", "write an order once more whose KEY is gone and was not packed");
    again->add_option("order", words->serial)->required();
    again->add_option("--note", words->note, "why")->required();
    on(again, common, [&common, words] { return make_again(common, words->serial, words->note); });
    auto* named = group->add_subcommand("replaces", "say which certificate a replacement order replaces, when that is not clear");
    named->add_option("order", words->serial)->required();
    named->add_option("certificate", words->what,
                      "its serial, or - when another centre made it; without one, those that may be meant are listed");
    on(named, common, [&common, words] { return replaces(common, words->serial, words->what); });
    on(told, common, [&common, words] { return report(common, words->what, words->serial, words->note); });
}

}  // namespace

void add_key_commands(CLI::App& app, Common& common) {
    const auto words = std::make_shared<Issue>();
    add_keys_group(app, common);
    auto* command = app.add_subcommand("issue", "write the KEYs of an approved order");
    command->add_option("order", words->no)->required();
    command->add_option("--key", words->key,
                        "serial of the KEY; needed when more blank ones are plugged in than the order needs");
    command->add_option("--pin-file", words->pin_file, "file with the KEY's PIN")->required();
    command->add_option("--pin-letter", words->letter,
                        "PDF to write the sealed letter into, with a random PIN that the KEY gets; for one KEY at a time");
    on(command, common, [&common, words] { return issue(common, *words); });
}

}  // namespace sealdesk::cli
