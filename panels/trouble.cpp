#include "panels/trouble.h"

#include "panels/kit/kit.h"

namespace sealdesk::panels {

static bool has_dialog(const Error& error) { return error.kind == ErrorKind::conflict || error.kind == ErrorKind::internal; }

void Trouble::set(Error error) {
    open_ = dialog_ = has_dialog(error);
    error_ = std::move(error);
}

void Trouble::raise(Error error) {
    set(std::move(error));
    open_ = dialog_ = true;
}

void Trouble::add(Error error) {
    if (!error_) return set(std::move(error));
    const bool raised = dialog_;
    if (raised) error.kind = error_->kind;
    error.message = error_->message + "\n" + error.message;
    error.detail = error_->detail + "\n" + error.detail;
    if (raised)
        raise(std::move(error));
    else
        set(std::move(error));
}

void Trouble::clear() {
    error_.reset();
    open_ = false;
}

bool Trouble::draw_beside(const char* next_step) const {
    if (!error_ || dialog_) return false;
    const bool device = error_->kind == ErrorKind::device;
    kit::callout(error_->message, device && next_step ? next_step : "", kit::Tone::red,
                 ImGui::GetContentRegionAvail().x - kit::px(14));
    return true;
}

void Trouble::draw_dialog(const char* id) {
    if (!in_dialog()) return;
    kit::tell(id, &open_, *error_);
    if (!open_) error_.reset();
}

}  // namespace sealdesk::panels
