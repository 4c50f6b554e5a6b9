// Two tones, so that eyes can stay on the parcel: right and wrong. Played by whatever player the machine has; a machine
// without one, or without a sound device, stays quiet. Jobs only.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace sealdesk::desk {

enum class Tone { right, wrong };
// A WAV file of 16 bits, 22,050 samples a second.
std::string wave_of(Tone tone);
// Plays a WAV file to its end; false when it could not.
using Player = std::function<bool(const std::filesystem::path& wave)>;
bool machine_plays(const std::filesystem::path& wave);
// Writes the tone below `home` when it is not there and plays it; false when nothing could.
bool play(const std::filesystem::path& home, Tone tone, const Player& player = machine_plays);

}  // namespace sealdesk::desk
