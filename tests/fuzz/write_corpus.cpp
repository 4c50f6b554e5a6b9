// fuzz_corpus FOLDER: what the fuzzers start from, which is the collection of odd files that are small.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "scanbox/pages.h"
#include "tests/scans/odd_file.h"

int main(int count, char** arguments) {
    using namespace sealdesk::tests;
    if (count < 2 || !sealdesk::scanbox::start_pictures()) return 2;
    const std::filesystem::path folder = arguments[1];
    std::filesystem::remove_all(folder);  // what an earlier run found is not carried on
    std::filesystem::create_directories(folder);
    int number = 0;
    for (const auto& files : {odd_pictures(), odd_documents(), odd_archives()})
        for (const auto& file : files)
            if (file.bytes.size() < 30'000) std::ofstream(folder / std::to_string(number++), std::ios::binary) << file.bytes;
    std::printf("%d files\n", number);
    return number > 300 ? 0 : 1;
}
