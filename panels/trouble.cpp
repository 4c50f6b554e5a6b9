#include "panels/trouble.h"

#include "panels/kit/kit.h"

namespace sealdesk::panels {

void Trouble::set(Error error) {
    open_ = error.kind == ErrorKind::conflict || error.kind == ErrorKind::internal;
    error_ = std::move(error);
}

void Trouble::clear() {
    error_.reset();
    open_ = false;
}

bool Trouble::draw_beside(const char* next_step) const {
    if (!error_ || error_->kind == ErrorKind::conflict || error_->kind == ErrorKind::internal) return false;
    const bool device = error_->kind == ErrorKind::device;
    kit::callout(error_->message, device && next_step ? next_step : "", kit::Tone::red,
                 ImGui::GetContentRegionAvail().x - kit::px(14));
    return true;
}

void Trouble::draw_dialog(const char* id) {
    if (!error_ || (error_->kind != ErrorKind::conflict && error_->kind != ErrorKind::internal)) return;
    kit::tell(id, &open_, *error_);
    if (!open_) error_.reset();
}

}  // namespace sealdesk::panels
