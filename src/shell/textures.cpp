#include "shell/textures.h"

#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>
#include <GL/glext.h>

#include <vector>

namespace sealdesk::shell {

Textures::~Textures() { clear(); }

void Textures::clear() {
    while (!entries_.empty()) release(entries_.begin());
}

void Textures::release(Entries::iterator entry) {
    const GLuint name = entry->name;
    glDeleteTextures(1, &name);
    bytes_ -= entry->bytes;
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

ImTextureID Textures::find(const std::string& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return ImTextureID_Invalid;
    found->second->used = frame_;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->name;
}

void Textures::forget(const std::string& key) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) release(found->second);
}

void Textures::make_room() {
    while (bytes_ > budget_ && entries_.size() > 1 && entries_.back().used + 1 < frame_) release(std::prev(entries_.end()));
}

int Textures::largest_side() const {
    if (largest_ == 0) {
        GLint says = 2048;
        glGetIntegerv(GL_MAX_TEXTURE_SIZE, &says);
        largest_ = says;
    }
    return largest_;
}

// What is there is blended with a plain rectangle; the alpha of the window stays as it is.
void Textures::alter(ImDrawList& draw, kit::Look look, ImVec2 from, ImVec2 to) {
    const auto step = [&](ImDrawCallback blend, unsigned grey) {
        draw.AddCallback(blend, nullptr);
        draw.AddRectFilled(from, to, IM_COL32(grey, grey, grey, 255));
    };
    if (look == kit::Look::inverted) {
        step(
            [](const ImDrawList*, const ImDrawCmd*) {
                glBlendEquation(GL_FUNC_ADD);
                glBlendFuncSeparate(GL_ONE_MINUS_DST_COLOR, GL_ZERO, GL_ZERO, GL_ONE);
            },
            255);
    } else {
        // (light - 0.5) times 2, times 1.15: paper ends above white, what is half as light is black.
        step(
            [](const ImDrawList*, const ImDrawCmd*) {
                glBlendEquation(GL_FUNC_REVERSE_SUBTRACT);
                glBlendFuncSeparate(GL_ONE, GL_ONE, GL_ZERO, GL_ONE);
            },
            128);
        const ImDrawCallback times = [](const ImDrawList*, const ImDrawCmd*) {
            glBlendEquation(GL_FUNC_ADD);
            glBlendFuncSeparate(GL_DST_COLOR, GL_ONE, GL_ZERO, GL_ONE);
        };
        step(times, 255);
        step(times, 38);
    }
    draw.AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

// Averages 2×2 pixels into one, for pictures larger than the card takes.
static std::vector<std::uint8_t> halved(std::span<const std::uint8_t> rgba, int width, int height) {
    const auto w = static_cast<size_t>(width / 2), h = static_cast<size_t>(height / 2), row = static_cast<size_t>(width) * 4;
    std::vector<std::uint8_t> half(w * h * 4);
    for (size_t y = 0; y < h; ++y)
        for (size_t x = 0; x < w; ++x)
            for (size_t c = 0; c < 4; ++c) {
                const size_t at = y * 2 * row + x * 8 + c;
                half[(y * w + x) * 4 + c] =
                    static_cast<std::uint8_t>((rgba[at] + rgba[at + 4] + rgba[at + row] + rgba[at + row + 4]) / 4);
            }
    return half;
}

ImTextureID Textures::show(const std::string& key, int width, int height, std::span<const std::uint8_t> rgba) {
    if (width <= 0 || height <= 0 || rgba.size() < static_cast<size_t>(width) * static_cast<size_t>(height) * 4)
        return ImTextureID_Invalid;
    forget(key);
    const int largest = largest_side();
    GLint before = 0;
    std::vector<std::uint8_t> smaller;
    while ((width > largest || height > largest) && width > 1 && height > 1) {
        smaller = halved(rgba, width, height);
        rgba = smaller;
        width /= 2;
        height /= 2;
    }
    Entry entry;
    entry.key = key;
    entry.used = frame_;
    entry.bytes = rgba.size() + rgba.size() / 3;  // mipmaps add a third
    GLuint name = 0;
    glGetIntegerv(GL_TEXTURE_BINDING_2D, &before);
    glGenTextures(1, &name);
    glBindTexture(GL_TEXTURE_2D, name);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    // Paper shown at half its size stays crisp when the larger of two mipmaps is preferred.
    glTexParameterf(GL_TEXTURE_2D, GL_TEXTURE_LOD_BIAS, -0.5f);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
    glGenerateMipmap(GL_TEXTURE_2D);
    glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(before));
    entry.name = name;
    bytes_ += entry.bytes;
    entries_.push_front(entry);
    by_key_[key] = entries_.begin();
    make_room();
    return name;
}

}  // namespace sealdesk::shell
