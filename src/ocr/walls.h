// The walls around the reader: limits of the kernel, no new privileges, and only the system calls that arithmetic needs. Its
// models are loaded before; afterwards it opens nothing.
#pragma once

namespace sealdesk::ocr {

// False when the kernel does not give the protection: the reader then refuses to work.
bool close_walls();

}  // namespace sealdesk::ocr
