// A path as fonts and drawings give it. A value; what units it has and which way y points says its owner.
#pragma once

namespace sealdesk {

struct PathStep {
    enum class Kind { move, line, curve } kind = Kind::move;
    double x[3] = {}, y[3] = {};  // move and line use [0]; curve (cubic): two controls and the end
    int last() const { return kind == Kind::curve ? 2 : 0; }
};

}  // namespace sealdesk
