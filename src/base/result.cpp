#include "base/result.h"

namespace sealdesk {

const char* name_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::refused: return "refused";
        case ErrorKind::conflict: return "conflict";
        case ErrorKind::denied: return "denied";
        case ErrorKind::unavailable: return "unavailable";
        case ErrorKind::device: return "device";
        case ErrorKind::corrupt: return "corrupt";
        case ErrorKind::internal: return "internal";
    }
    return "internal";
}

}  // namespace sealdesk
