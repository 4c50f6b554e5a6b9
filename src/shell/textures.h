// Pictures on the graphics card: RGBA pixels become textures with mipmaps, within a budget of bytes. The Window owns
// it; UI thread only, with the OpenGL context current.
#pragma once

#include <list>
#include <string>
#include <unordered_map>

#include "panels/kit/pictures.h"

namespace sealdesk::shell {

class Textures final : public kit::Pictures {
public:
    // `largest`: the longest side that is taken, px; 0: what the card says.
    explicit Textures(size_t budget_bytes = size_t{384} << 20, int largest = 0) : budget_(budget_bytes), largest_(largest) {}
    ~Textures() override;
    Textures(const Textures&) = delete;
    Textures& operator=(const Textures&) = delete;

    ImTextureID find(const std::string& key) override;
    ImTextureID show(const std::string& key, int width, int height, std::span<const std::uint8_t> rgba) override;
    void forget(const std::string& key) override;
    int largest_side() const override;
    void alter(ImDrawList& draw, kit::Look look, ImVec2 from, ImVec2 to) override;

    // Call before each frame: what was not asked for lately makes room first, what this frame shows never does.
    void begin_frame() { ++frame_; }
    size_t bytes() const { return bytes_; }
    // Releases everything; call before the context goes.
    void clear();

private:
    struct Entry {
        std::string key;
        unsigned name = 0;  // OpenGL's
        size_t bytes = 0;
        unsigned long long used = 0;
    };
    using Entries = std::list<Entry>;  // most lately used first
    void release(Entries::iterator entry);
    void make_room();
    size_t budget_, bytes_ = 0;
    mutable int largest_;
    unsigned long long frame_ = 0;
    Entries entries_;
    std::unordered_map<std::string, Entries::iterator> by_key_;
};

}  // namespace sealdesk::shell
