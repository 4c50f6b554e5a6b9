#include "panels/trouble.h"

#include "panels/kit/kit.h"

namespace sealdesk::panels {

static bool has_dialog(const Error& error) { return error.kind == ErrorKind::conflict || error.kind == ErrorKind::internal; }

void Trouble::set(Error error) {
    open_ = has_dialog(error);
    error_ = std::move(error);
}

void Trouble::add(Error error) {
    if (error_) {
        if (has_dialog(*error_)) error.kind = error_->kind;
        error.message = error_->message + "\n" + error.message;
        error.detail = error_->detail + "\n" + error.detail;
    }
    set(std::move(error));
}

void Trouble::clear() {
    error_.reset();
    open_ = false;
}

bool Trouble::draw_beside(const char* next_step) const {
    if (!error_ || has_dialog(*error_)) return false;
    const bool device = error_->kind == ErrorKind::device;
    kit::callout(error_->message, device && next_step ? next_step : "", kit::Tone::red,
                 ImGui::GetContentRegionAvail().x - kit::px(14));
    return true;
}

void Trouble::draw_dialog(const char* id) {
    if (!error_ || !has_dialog(*error_)) return;
    kit::tell(id, &open_, *error_);
    if (!open_) error_.reset();
}

}  // namespace sealdesk::panels
