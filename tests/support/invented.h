// Invented: people, companies and their numbers for stores of any size. The same seed gives the same ones on every machine;
// nobody in it exists. Belongs to one thread.
#pragma once

#include <cstdint>
#include <string>

namespace sealdesk::tests {

class Invented {
public:
    explicit Invented(std::uint64_t seed) : state_(seed) {}

    std::uint64_t number();  // any 64 bits
    int below(int limit);    // 0 … limit - 1
    bool chance(int percent) { return below(100) < percent; }

    std::string person();
    std::string company();
    std::string address();
    std::string mobile();
    std::string uscc();             // check digit of GB 32100 is right
    std::string identity_number();  // check digit of GB 11643 is right
    std::string digits(int count);
    std::string hex(int digits, bool upper);

private:
    template <class List>
    const char* of(const List& list);
    std::string characters(int count);

    std::uint64_t state_;
};

}  // namespace sealdesk::tests
