#include "desk/sounds.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "base/files.h"
#include "base/process.h"

namespace sealdesk::desk {

namespace fs = std::filesystem;

namespace {

constexpr int kRate = 22'050;

void add(std::string& bytes, std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFF);
}

}  // namespace

std::string wave_of(Tone tone) {
    const double pitch = tone == Tone::right ? 1320 : 220, seconds = tone == Tone::right ? 0.09 : 0.45;
    const int samples = static_cast<int>(kRate * seconds);
    std::string data;
    for (int i = 0; i < samples; ++i) {
        const double t = static_cast<double>(i) / kRate, fade = std::min({1.0, t * 200, (seconds - t) * 50});
        double wave = std::sin(2 * std::numbers::pi * pitch * t);
        if (tone == Tone::wrong) wave = wave > 0 ? 0.7 : -0.7;  // a buzz
        add(data, static_cast<std::uint32_t>(static_cast<std::int32_t>(wave * fade * 14'000)), 2);
    }
    std::string file = "RIFF";
    add(file, static_cast<std::uint32_t>(36 + data.size()), 4);
    file += "WAVEfmt ";
    add(file, 16, 4);
    add(file, 1, 2);  // PCM
    add(file, 1, 2);  // one channel
    add(file, kRate, 4);
    add(file, kRate * 2, 4);
    add(file, 2, 2);
    add(file, 16, 2);
    file += "data";
    add(file, static_cast<std::uint32_t>(data.size()), 4);
    return file + data;
}

bool machine_plays(const fs::path& wave) {
    std::error_code error;
    for (const char* player : {"/usr/bin/pw-play", "/usr/bin/paplay", "/usr/bin/aplay"}) {
        if (!fs::exists(player, error)) continue;
        const auto played = run({player, wave.string()});
        return played && played->status == 0;
    }
    return false;
}

bool play(const fs::path& home, Tone tone, const Player& player) {
    const fs::path file = home / "sounds" / (tone == Tone::right ? "right.wav" : "wrong.wav");
    std::error_code error;
    if (!fs::exists(file, error) && (!make_folder(file.parent_path()) || !write_file(file, wave_of(tone)))) return false;
    return player(file);
}

}  // namespace sealdesk::desk
