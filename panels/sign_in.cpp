#include "panels/sign_in.h"

#include <imgui_internal.h>

#include <algorithm>

#include "base/translate.h"
#include "panels/ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

namespace {

void wipe(ImVector<char>& buffer) {
    if (buffer.Size > 0) OPENSSL_cleanse(buffer.Data, static_cast<size_t>(buffer.Size));
}

// Dear ImGui keeps what was typed last in buffers of its own.
void wipe_typed() {
    ImGuiContext& context = *ImGui::GetCurrentContext();
    if (context.ActiveId == context.InputTextState.ID) ImGui::ClearActiveID();
    wipe(context.InputTextState.TextA);
    wipe(context.InputTextState.TextToRevertTo);
    wipe(context.InputTextState.CallbackTextBackup);
    wipe(context.InputTextDeactivatedState.TextA);
    context.InputTextState.TextLen = 0;
}

}  // namespace

SignIn::SignIn() { password_.reserve(256); }  // growing would leave copies behind

SignIn::~SignIn() {
    password_.resize(password_.capacity());
    OPENSSL_cleanse(password_.data(), password_.size());
}

void SignIn::ask(desk::Desk& desk, const std::string& login) {
    refused_.clear();
    // The pool's jobs are copyable, a Secret is not: the job shares it and is its only reader.
    auto secret = std::make_shared<crypto::Secret>(std::string(password_));
    password_.resize(password_.capacity());
    OPENSSL_cleanse(password_.data(), password_.size());
    password_.clear();
    wipe_typed();
    asking_.start(desk.jobs(), [&database = desk.database(), home = desk.settings().home, login, secret]() -> Result<Signed> {
        SEALDESK_LET(actor, staff::sign_in(database, login, *secret));
        auto memory = desk::Memory::load(home, actor.login);
        return Signed{std::move(actor), std::move(memory)};
    });
}

SignIn::Outcome SignIn::draw(desk::Desk& desk, const staff::Actor* locked) {
    Outcome outcome;
    if (asking_.arrived()) {
        auto& answer = *asking_.ready();
        if (answer)
            outcome.actor = std::move(answer->actor), outcome.memory = std::move(answer->memory);
        else
            refused_ = answer.error().message;
        focus_ = true;
    }
    // The question before the window closes takes the keyboard: it comes back when that is answered.
    const bool covered = kit::frame().closing.stands;
    if (covered) focus_ = true;
    const bool take = focus_ && !covered;
    kit::begin_pane("sign_in", {0, 0}, kit::Ground::none);
    const ImVec2 room = ImGui::GetContentRegionAvail(), card = kit::px(380, locked ? 310 : 350);
    ImGui::GetWindowDrawList()->AddRectFilled(ImGui::GetCursorScreenPos(),
                                              {ImGui::GetCursorScreenPos().x + room.x, ImGui::GetCursorScreenPos().y + room.y},
                                              kit::colour::ground);
    ImGui::SetCursorPos({std::max(0.0f, (room.x - card.x) / 2), std::max(0.0f, (room.y - card.y) * 0.4f)});
    ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, kit::px(10));
    kit::begin_pane("sign_in.card", card, kit::Ground::pane, kit::px(32, 28));
    kit::heading(tr("签章"), kit::colour::red);
    ImGui::SameLine(0, 0);
    kit::heading(tr("工作台"));
    // Only a reviewer has orders that nobody else may take.
    const bool holds = locked && staff::has(locked->roles, staff::Role::reviewer);
    kit::note(!locked ? desk.settings().centre
              : holds ? trf("屏幕已锁定，{} 领取的订单仍为您保留", locked->name)
                      : std::string(tr("屏幕已锁定")));
    kit::gap(14);

    const bool running = asking_.running();
    bool enter = false;
    ImGui::BeginDisabled(running);
    if (locked) {
        kit::text(trf("{}（{}）", locked->name, locked->login));
    } else {
        enter |= kit::labelled_input(ids::sign_in_login, tr("登录名"), &login_, {.focus = take && login_.empty()}).entered;
        kit::gap(6);
    }
    const bool to_password = take && (locked || !login_.empty());
    enter |= kit::labelled_input(ids::sign_in_password, tr("密码"), &password_,
                                 {.refused = refused_, .password = true, .focus = to_password && !running})
                 .entered;
    ImGui::EndDisabled();
    if (!running && !covered) focus_ = false;
    kit::gap(14);
    const std::string login = locked ? locked->login : login_;
    const char* missing = running ? tr("正在核对密码") : login.empty() || password_.empty() ? tr("请输入登录名和密码") : "";
    enter |= kit::button(ids::sign_in_enter, locked ? tr("解锁") : tr("登录"),
                         {.tone = kit::Tone::green, .disabled_because = missing, .width = -1});
    if (enter && *missing == '\0') ask(desk, login);
    if (running) kit::note(tr("正在核对密码…"));
    if (locked) {
        kit::gap(6);
        outcome.leave = kit::link(ids::sign_in_leave, holds ? tr("换人登录（放回领取的订单）") : tr("换人登录"));
    }
    kit::end_pane();
    ImGui::PopStyleVar();
    kit::end_pane();
    return outcome;
}

}  // namespace sealdesk::panels
