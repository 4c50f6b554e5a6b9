#include "desk/shipping_settings.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "support/databases.h"

using namespace sealdesk;
using desk::load_shipping_settings;
using desk::save_shipping_settings;
using desk::ShippingSettings;
using testing::HasSubstr;

class ShippingSettingsTest : public testing::Test {
protected:
    // How the text of shipping.toml is refused.
    std::string refusal(const std::string& text) {
        EXPECT_TRUE(write_file(folder_.path() / "shipping.toml", text));
        const auto loaded = load_shipping_settings(folder_.path());
        EXPECT_FALSE(loaded) << text;
        if (loaded) return {};
        EXPECT_EQ(loaded.error().kind, ErrorKind::refused) << text;
        return loaded.error().message;
    }
    tests::TemporaryFolder folder_;
};

TEST_F(ShippingSettingsTest, WhatIsSavedIsLoaded) {
    EXPECT_EQ(load_shipping_settings(folder_.path())->label_size, "100x180");
    ShippingSettings settings;
    settings.printer_label = "socket://10.0.0.9:9100";
    settings.printer_a4 = "ipp://10.0.0.7/ipp/print";
    settings.label_format = "zpl";
    settings.label_size = "76x130";
    settings.label_dpi = 300;
    ASSERT_OK(save_shipping_settings(folder_.path(), settings));
    const auto loaded = load_shipping_settings(folder_.path());
    ASSERT_OK(loaded);
    EXPECT_EQ(loaded->printer_label, "socket://10.0.0.9:9100");
    EXPECT_EQ(loaded->label_format, "zpl");
    EXPECT_EQ(loaded->label_size, "76x130");
    EXPECT_EQ(loaded->label_dpi, 300);
}

TEST_F(ShippingSettingsTest, ATypingErrorIsRefusedWithWhatThereIs) {
    EXPECT_THAT(refusal("label_size = \"100x80\"\n"), HasSubstr("100x180, 100x150, 76x130"));
    EXPECT_THAT(refusal("label_format = \"ZPL\"\n"), HasSubstr("pdf, zpl"));
    EXPECT_THAT(refusal("label_dpi = 600\n"), HasSubstr("203, 300"));
    EXPECT_THAT(refusal("label_dpi = \"203\"\n"), HasSubstr("label_dpi"));
    EXPECT_THAT(refusal("labelsize = \"100x180\"\n"), HasSubstr("labelsize"));
    ShippingSettings settings;
    settings.label_size = "a4";
    EXPECT_EQ(save_shipping_settings(folder_.path(), settings).error().kind, ErrorKind::refused);
}

// A thermal printer prints a PDF as heaps of letters.
TEST_F(ShippingSettingsTest, APrinterThatCannotPrintWhatItWouldGetIsRefused) {
    ShippingSettings settings;
    settings.printer_label = "socket://10.0.0.9";
    const auto pdf = save_shipping_settings(folder_.path(), settings);
    ASSERT_FALSE(pdf);
    EXPECT_THAT(pdf.error().message, HasSubstr("只能打印 ZPL"));
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "shipping.toml"));
    settings.label_format = "zpl";
    ASSERT_OK(save_shipping_settings(folder_.path(), settings));
    settings.printer_a4 = "socket://10.0.0.9";
    EXPECT_EQ(save_shipping_settings(folder_.path(), settings).error().kind, ErrorKind::refused) << "reports are PDF";
    settings.printer_a4 = "the printer in the corner";
    EXPECT_EQ(save_shipping_settings(folder_.path(), settings).error().kind, ErrorKind::refused);
}
