// seal_corpus FOLDER: seals of every version, whole and with odd parts, that the fuzzer starts from.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/seals/seal_parts.h"

int main(int count, char** arguments) {
    using namespace sealdesk::tests;
    if (count < 2) return 2;
    const std::filesystem::path folder = arguments[1];
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    int number = 0;
    const auto add = [&](const std::string& bytes) {
        std::ofstream(folder / std::to_string(number++), std::ios::binary) << bytes;
    };
    Others others;
    add(others.parts(1).seal_v1());
    add(others.parts(4).seal());
    add(others.parts(5).seal());
    Parts digests = others.parts();
    digests.list_type = integer(2);
    digests.list = sequence(sequence(tlv(0x13, "SM3") + octets(std::string(32, 'd'))));
    digests.extensions = sequence(sequence(tlv(0x06, "\x2a\x03\x04") + tlv(0x01, "\xff") + octets("x")));
    add(digests.seal());
    Parts small = others.parts();
    small.picture = octets("x");
    small.certificate = octets("c");
    small.list = sequence(octets("c"));
    add(small.seal());
    add(small.seal_v1());
    std::printf("%d seals\n", number);
    return number == 6 ? 0 : 1;
}
