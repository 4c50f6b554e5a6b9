#include "scans/crop_picture.h"

#include <gtest/gtest.h>

#include <random>

#include "support/databases.h"

using namespace sealdesk;
using scans::cut_out;

namespace {

// A white page with a black box over its left half.
scans::Pixels page(int width, int height, bool noise = false) {
    const size_t bytes = static_cast<size_t>(width) * static_cast<size_t>(height) * 4;
    std::shared_ptr<std::uint8_t> memory(new std::uint8_t[bytes], std::default_delete<std::uint8_t[]>());
    std::mt19937 random(7);
    for (size_t i = 0; i < bytes; ++i) {
        const bool left = static_cast<int>(i / 4) % width < width / 2;
        memory.get()[i] = i % 4 == 3 ? 255 : noise ? static_cast<std::uint8_t>(random()) : left ? 0 : 255;
    }
    return {width, height, memory};
}
const std::uint8_t* at(const scans::Pixels& pixels, int x, int y) { return pixels.rgba().data() + (y * pixels.width() + x) * 4; }

}  // namespace

TEST(CropPicture, HoldsWhatWasCutOutWithoutChange) {
    const auto crop = cut_out(page(400, 200), {0.25, 0.5, 0.5, 0.5}, {});
    ASSERT_OK(crop);
    EXPECT_EQ(crop->pixels.width(), 200);
    EXPECT_EQ(crop->pixels.height(), 100);
    EXPECT_EQ(at(crop->pixels, 99, 50)[0], 0);
    EXPECT_EQ(at(crop->pixels, 100, 50)[0], 255);
    EXPECT_TRUE(crop->png.starts_with("\x89PNG"));
}

TEST(CropPicture, TheEllipseIsDrawnWhereItWasMeant) {
    // On the white half, from 300 to 380 across and 20 to 100 down, of a crop that begins at 200, 0.
    const auto crop = cut_out(page(400, 200), {0.5, 0, 0.5, 1}, {0.75, 0.1, 0.2, 0.4});
    ASSERT_OK(crop);
    const auto red = [&](int x, int y) { return at(crop->pixels, x, y)[0] > 180 && at(crop->pixels, x, y)[1] < 90; };
    EXPECT_TRUE(red(100, 60)) << "left";
    EXPECT_TRUE(red(179, 60)) << "right";
    EXPECT_TRUE(red(140, 20)) << "above";
    EXPECT_TRUE(red(140, 99)) << "below";
    EXPECT_EQ(at(crop->pixels, 140, 60)[1], 255) << "its middle stays readable";
    EXPECT_EQ(at(crop->pixels, 10, 10)[1], 255);
}

TEST(CropPicture, IsMadeSmallerUntilItFits) {
    const auto crop = cut_out(page(3000, 2000, true), {0, 0, 1, 1}, {0.2, 0.2, 0.3, 0.3});
    ASSERT_OK(crop);
    EXPECT_LE(crop->png.size(), scans::kMostCropBytes);
    EXPECT_NEAR(crop->pixels.width() * 2.0 / 3, crop->pixels.height(), 2);
    EXPECT_GE(crop->pixels.width(), 200);
    const auto large = cut_out(page(3000, 2000), {0, 0, 1, 1}, {});
    ASSERT_OK(large);
    EXPECT_EQ(large->pixels.width(), 1000);
}

TEST(CropPicture, AnEmptyPartIsRefused) {
    EXPECT_EQ(cut_out(page(40, 20), {0.5, 0.5, 0, 0.2}, {}).error().kind, ErrorKind::refused);
    EXPECT_EQ(cut_out(page(40, 20), {2, 2, 1, 1}, {}).error().kind, ErrorKind::refused);
    EXPECT_EQ(cut_out(scans::Pixels(), {0, 0, 1, 1}, {}).error().kind, ErrorKind::refused);
    const auto beyond = cut_out(page(40, 20), {0.5, -1, 5, 5}, {});
    ASSERT_OK(beyond);
    EXPECT_EQ(beyond->pixels.width(), 20) << "what lies beyond the page is left out";
    EXPECT_EQ(beyond->pixels.height(), 20);
}
