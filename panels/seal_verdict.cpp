#include "panels/seal_verdict.h"

#include "base/text.h"
#include "base/translate.h"
#include "desk/seal_verdicts.h"
#include "panels/back_office_ids.h"
#include "panels/kit/kit.h"

namespace sealdesk::panels {

void draw_seal_verdict(const seals::Verdict& verdict) {
    const bool valid = verdict.valid();
    kit::field_row({.label = tr("印章"),
                    .value = verdict.seal.name,
                    .verdict = {valid ? tr("有效") : tr("无效"), valid ? kit::Tone::green : kit::Tone::red}});
    for (const auto& signer : verdict.signers) {
        const std::string which = signer.serial.empty() ? trf("证书摘要 {}", signer.digest) : trf("证书 {}", signer.serial);
        if (!signer.subject.empty()) kit::field_row({.label = tr("签章人"), .value = signer.subject});
        kit::field_row({.label = signer.subject.empty() ? tr("签章人") : "", .value = which});
    }
    if (!verdict.maker_subject.empty()) kit::field_row({.label = tr("制章人"), .value = verdict.maker_subject});
    kit::gap(4);
    const kit::Inset inset;
    kit::callout(verdict.sentence(), "", valid ? kit::Tone::green : kit::Tone::red, kit::inset_width());
}

void SealFileCheck::draw(desk::Desk& desk) {
    kit::gap(8);
    {
        const kit::Inset inset;
        kit::section(tr("核验印章文件"));
        const bool running = judging_.running();
        const float button = kit::button_width(tr("核验文件"));
        const auto typed = kit::input(ids::kCardSealFile, &path_,
                                      {.hint = tr("印章文件的路径"), .width = kit::inset_width() - button - kit::px(8)});
        ImGui::SameLine(0, kit::px(8));
        const std::string file = trimmed(path_);
        const bool pressed = kit::button(ids::kCardSealCheck, tr("核验文件"),
                                         {.disabled_because = running        ? tr("正在核验…")
                                                              : file.empty() ? tr("请填写文件的路径")
                                                                             : ""});
        if ((pressed || typed.entered) && !running && !file.empty()) {
            judged_ = file;
            judging_.start(desk.jobs(), [&database = desk.database(), settings = desk.settings(), file] {
                return desk::judge_seal_file(database, settings, file);
            });
        }
    }
    const auto* answer = judging_.ready();
    if (answer == nullptr || judging_.running() || judged_.empty()) return;
    kit::gap(4);
    if (*answer) return draw_seal_verdict(**answer);
    const kit::Inset inset;
    kit::callout(answer->error().message, "", kit::Tone::red, kit::inset_width());
}

}  // namespace sealdesk::panels
