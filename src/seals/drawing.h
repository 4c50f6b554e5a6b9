// The picture of a seal drawn from its approved text: round and oval seals of units, rectangular ones of persons. One description
// gives one drawing, from which pixels and paper are made. Values; pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "base/outline.h"
#include "base/result.h"
#include "seals/picture.h"

namespace sealdesk::seals {

enum class SealShape { round, oval, square };
const char* name_of(SealShape shape);  // "round": command line, database

// What stands on a seal. Sizes in mm: round 38 to 45, oval 35 to 50 by 25 to 40, square 16 to 25 on each side, not longer than
// 1.4 times the other.
struct SealText {
    SealShape shape = SealShape::round;
    double width = 40, height = 40;
    std::string name;           // on the arc; of a square seal all of it
    std::string centre;         // below the star, in an oval at the bottom: 合同专用章
    std::string number;         // on the lower arc, in an oval across the middle; digits and capitals
    std::string ending = "印";  // fills up a person's name of two, three or five characters; empty: never
    InkColour colour;
};
// Sizes that people expect of this shape.
SealText seal_text(SealShape shape, std::string name);
// What is remembered of it: its lines and its size.
std::string description_of(const SealText& text);

// What a letter looks like: em units, y upwards from the baseline.
struct Letter {
    std::vector<PathStep> outline;
    double advance = 0;
};
class Letters {
public:
    virtual ~Letters() = default;
    // Refused, naming the character, when no font has it.
    virtual Result<Letter> letter(char32_t character) const = 0;
};

struct DrawnShape {
    std::string what;             // "ring", "star", or the character
    std::vector<PathStep> steps;  // mm from the top left, y downwards; filled by the non-zero rule
};
struct Drawing {
    double width = 0, height = 0;  // mm
    InkColour colour;
    std::vector<DrawnShape> shapes;
};

// Refused: no name, sizes out of range, text that does not fit or that no font has.
Result<Drawing> draw(const SealText& text, const Letters& letters);

}  // namespace sealdesk::seals
