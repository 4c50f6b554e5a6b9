// The thousand invented labels of the paper benchmark, as a file that all three makers read: one label a line, fields
// separated by tabs: courier, waybill, name, unit, mobile, address, sender, sender's telephone, sender's address,
// orders (blanks between them), KEYs.
#pragma once

#include <string>

namespace sealdesk::bench {

std::string invented_labels(int count);

}  // namespace sealdesk::bench
