#include "panels/settings_panel.h"

#include "base/files.h"
#include "base/translate.h"
#include "desk/authority.h"
#include "desk/pin_letters.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

void SettingsPanel::draw(desk::Desk& desk) {
    const bool chief = desk.actor && staff::has(desk.actor->roles, staff::Role::administrator);
    const float room = ImGui::GetContentRegionAvail().x;
    kit::begin_pane("settings.desk", {room * 0.38f, 0});
    draw_language(desk);
    kit::gap(8);
    draw_desk(desk);
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("settings.keys_of_mine", {room * 0.32f, 0});
    keys_.draw();
    kit::end_pane();
    kit::edge_right();
    ImGui::SameLine(0, 0);
    kit::begin_pane("settings.people", {0, 0});
    ranges_.draw(desk);
    kit::title_strip(tr("人员"));
    if (chief)
        draw_staff(desk);
    else
        kit::empty_text(tr("人员名单由管理员查看"));
    kit::end_pane();
    trouble_.draw_dialog("settings.trouble");
}

void SettingsPanel::recall(desk::Desk&, const desk::Memory& memory) { recall_keys(memory, kit::frame().keymap); }

void SettingsPanel::remember(const desk::Desk&, desk::Memory& memory) const { remember_keys(kit::frame().keymap, memory); }

// postgresql://name:secret@host/… without the secret.
static std::string without_password(const std::string& url) {
    const auto scheme = url.find("://"), at = url.find('@');
    if (scheme == std::string::npos || at == std::string::npos) return url;
    const auto colon = url.find(':', scheme + 3);
    if (colon == std::string::npos || colon > at) return url;
    return url.substr(0, colon + 1) + "••••" + url.substr(at);
}

void SettingsPanel::draw_desk(desk::Desk& desk) {
    const desk::Settings& settings = desk.settings();
    kit::title_strip(tr("这个工位"), tr("在数据文件夹的 settings.toml 里修改，重新启动后生效"));
    kit::gap(6);
    const auto fact = [](const char* label, const std::string& value, kit::Chip verdict = {}) {
        kit::field_row({.label = label,
                        .value = value.empty() ? std::string_view(tr("没有设置")) : std::string_view(value),
                        .verdict = std::move(verdict)});
    };
    fact(tr("中心"), settings.centre);
    fact(tr("数据文件夹"), settings.home.string());
    fact(tr("数据库"), without_password(settings.database),
         {desk.database().engine() == storage::Engine::sqlite ? "SQLite" : "PostgreSQL", kit::Tone::plain});
    fact(tr("门户"), settings.portal,
         {settings.portal.empty() ? tr("不同步") : tr("已设置"), settings.portal.empty() ? kit::Tone::amber : kit::Tone::green});
    fact(tr("KEY 驱动"), settings.pkcs11_module.empty() ? settings.soft_keys.string() : settings.pkcs11_module.string(),
         {!desk.bench().tokens             ? tr("没有")
          : settings.pkcs11_module.empty() ? tr("软件 KEY")
                                           : tr("已接入"),
          desk.bench().tokens ? kit::Tone::green : kit::Tone::amber});
    fact(tr("证书签发"), settings.authority.string(),
         {desk.bench().authority ? tr("已接入") : tr("没有"), desk.bench().authority ? kit::Tone::green : kit::Tone::amber});
    draw_authority(desk);
    if (!desk.key_trouble().empty()) {
        const kit::Inset inset;
        kit::callout(desk.key_trouble(), "", kit::Tone::amber, kit::inset_width());
    }
    fact(tr("空白 KEY 提醒"), trf("{} 个", settings.low_key_stock));
    fact(tr("撤销时间"), trf("{} 秒", settings.undo_ms / kSecond));
    fact(tr("领取时间"), trf("{} 分钟", settings.lease_ms / kMinute));
    fact(tr("锁屏"), trf("{} 分钟无操作", settings.lock_after_ms / kMinute));
    fact(tr("工作时间"), trf("周 {}，{}", settings.working_days, settings.working_hours));
    fact(tr("超时"), trf("等待超过 {} 工作时间", how_long(settings.overdue_ms)));
    fact(tr("退回的订单"), trf("重新提交后 {} 工作时间内先给原审核员", how_long(settings.return_ms)));
    fact(tr("审核与制证"), settings.maker_is_not_checker ? tr("不能是同一人") : tr("可以是同一人"));
    fact(tr("文字识别"), settings.read_pages ? tr("在后台识别执照和身份证") : tr("关闭"));
    fact(tr("版本"), SEALDESK_VERSION);
    fact(tr("程序文件"), desk.places().executable.string());
    fact(tr("界面库"), std::string("Dear ImGui ") + ImGui::GetVersion());
    kit::gap(10);
}

void SettingsPanel::draw_authority(desk::Desk& desk) {
    const desk::Settings& settings = desk.settings();
    const auto issuer = desk.key_bench().issuer();
    const Instant now = desk.clock().now();
    if (issuer) {
        const std::string until = trf("{}，到 {}", issuer->algorithm, text_of(day_of(issuer->not_after)));
        const bool soon = !desk::authority_warning(*issuer, now).empty();
        kit::field_row({.label = tr("签发 CA"),
                        .value = until,
                        .verdict = {soon ? tr("快到期") : tr("有效"), soon ? kit::Tone::amber : kit::Tone::green}});
        list_.refresh(desk, "list", [&database = desk.database()] { return certificates::newest_crl(database); });
        if (const auto* list = list_.get()) {
            const std::string words = *list ? trf("第 {} 号，下次更新 {}", (*list)->number, date_time((*list)->next_update))
                                            : std::string(tr("还没有"));
            const bool due = !desk::list_warning(*list, now).empty();
            kit::field_row({.label = tr("吊销列表"),
                            .value = words,
                            .verdict = {due ? tr("该更新了") : tr("有效"), due ? kit::Tone::amber : kit::Tone::green}});
        }
    }
    kit::field_row({.label = tr("每份吊销列表"), .value = trf("有效 {} 天", settings.crl_days)});
    const auto fixed = crypto::parse_algorithm(settings.key_algorithm);
    kit::field_row({.label = tr("KEY 算法"), .value = fixed ? name_of(*fixed) : tr("按证书模板")});
    kit::field_row({.label = tr("电子印章"), .value = settings.write_seals ? tr("写入每个 KEY") : tr("不写入 KEY")});
    kit::field_row({.label = tr("新的 PIN"),
                    .value = desk::pin_shown(settings) == desk::PinShown::paper ? tr("只打印密码信封") : tr("显示一次")});
    kit::field_row({.label = tr("写好的 KEY"), .value = settings.random_pin ? tr("换成随机 PIN") : tr("PIN 不变，除非勾选")});
}

void SettingsPanel::switch_to(desk::Desk& desk, Language language) {
    trouble_.clear();
    writing_.start(desk.jobs(), [home = desk.settings().home, language]() -> Result<Language> {
        // From the file again, so that what the command line said for this run does not become permanent.
        SEALDESK_LET(settings, desk::load_settings(home));
        settings.language = language;
        SEALDESK_TRY(write_file(home / "settings.toml", desk::settings_text(settings), 0600));
        return language;
    });
}

void SettingsPanel::draw_language(desk::Desk& desk) {
    if (writing_.arrived()) {
        auto& answer = *writing_.ready();
        if (answer)
            written_ = *answer;
        else
            trouble_.set(answer.error());
    }
    kit::title_strip(tr("语言"));
    const kit::Inset inset;
    kit::gap(10);
    const Language chosen = written_.value_or(desk.settings().language);
    const auto language = [&](const char* id, const char* words, Language which) {
        if (kit::button(id, words,
                        {.tone = chosen == which ? kit::Tone::blue : kit::Tone::plain,
                         .disabled_because = writing_.running() ? tr("正在保存") : ""}) &&
            chosen != which)
            switch_to(desk, which);
    };
    language(ids::kSettingsChinese, "中文", Language::zh_CN);
    ImGui::SameLine(0, kit::px(8));
    language(ids::kSettingsEnglish, "English", Language::en);
    kit::gap(6);
    if (written_ && *written_ != desk.settings().language)
        kit::callout(tr("语言已保存，重新启动后生效"), "", kit::Tone::green, kit::inset_width());
    trouble_.draw_beside();
}

void SettingsPanel::draw_staff(desk::Desk& desk) {
    staff_.refresh(desk, "staff", [&database = desk.database()] { return staff::all(database); });
    if (const Error* error = staff_.error()) kit::banner("settings.staff.retry", error->message, "");
    const auto* list = staff_.get();
    if (!list) return;
    const Instant now = desk.clock().now();
    for (const auto& member : *list) {
        kit::ListRow row;
        row.title = member.name;
        row.title_right = member.login;
        row.note = staff::words_of(member.roles);
        row.note_right = !member.active ? kit::Chip{tr("已停用"), kit::Tone::red}
                         : member.locked_until > now
                             ? kit::Chip{trf("锁定到 {}", clock_time(member.locked_until)), kit::Tone::amber}
                             : kit::Chip{tr("在用"), kit::Tone::green};
        kit::list_row(("settings.staff." + member.login).c_str(), row);
    }
}

}  // namespace sealdesk::panels
