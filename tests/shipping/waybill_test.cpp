#include "shipping/waybill.h"

#include <gtest/gtest.h>

using namespace sealdesk;
using namespace sealdesk::shipping;

TEST(Waybill, ForgivesHowItIsTypedAndRefusesAWrongCheckDigit) {
    EXPECT_EQ(check_waybill(" ea123 456 785cn "), "EA123456785CN");
    EXPECT_EQ(check_waybill("ＳＦ1234567890123"), "SF1234567890123");
    for (const char* bad :
         {"EA123456784CN", "1234567", "", "SF12345678_90", "快递单号12345678", "123456789012345678901234567890123"}) {
        const auto checked = check_waybill(bad);
        ASSERT_FALSE(checked) << bad;
        EXPECT_EQ(checked.error().kind, ErrorKind::refused);
    }
}

TEST(Waybill, TellsTheCourier) {
    EXPECT_EQ(courier_of("EA123456785CN"), "ems");
    EXPECT_EQ(courier_of("SF1234567890123"), "shunfeng");
    EXPECT_EQ(courier_of("YT1234567890123"), "yuantong");
    EXPECT_EQ(courier_of("DPK123456789012"), "debangkuaidi");
    EXPECT_EQ(courier_of("JD0123456789012"), "jd");
    EXPECT_EQ(courier_of("123456789012"), "");
    EXPECT_EQ(courier_word("ems"), "中国邮政 EMS");
    EXPECT_EQ(courier_word("other"), "other");
}

TEST(Waybill, SuggestsACourierForDigitsAndKnowsARollByItsShape) {
    const std::pair<const char*, const char*> likely[] = {
        {"EA123456785CN", "ems"},           {"1234567890123", "ems"},        {"9876543210123", "youzhengguonei"},
        {"761234567890", "zhongtong"},      {"78123456789012", "zhongtong"}, {"773012345678901", "shentong"},
        {"881234567890123456", "yuantong"}, {"5234567890123", ""},           {"123456789012345", ""}};
    for (const auto& [number, courier] : likely) {
        EXPECT_EQ(guess_courier(number), courier) << number;
        EXPECT_TRUE(has_roll_shape(number)) << number;
    }
    for (const char* other : {"", "12345678901", "1234567890123456", "ABCDEFGH1234", "KEY-0001-1"}) {
        EXPECT_EQ(guess_courier(other), "") << other;
        EXPECT_FALSE(has_roll_shape(other)) << other;
    }
}

TEST(Waybill, FitsTheNarrowestLabelOrIsRefused) {
    for (const char* fits : {"EA123456785CN", "ABCDEFGHIJKLMNOPQRST", "12345678901234567890123456789012", "JD0123456789012345"})
        EXPECT_TRUE(fits_label(fits)) << fits;
    for (const char* too_long : {"ABCDEFGHIJKLMNOPQRSTU", "A-B-C-D-E-F-G-H-I-J-K-L", "1A2B3C4D5E6F7G8H9I0J1K"})
        EXPECT_EQ(fits_label(too_long).error().kind, ErrorKind::refused) << too_long;
}

TEST(Address, IsTheSameHoweverItIsTyped) {
    const std::string place = folded_address("江苏省南京市玄武区中山路18号A座3-201室");
    for (const char* same : {"江苏省 南京市 玄武区 中山路１８号 Ａ座 3－201室", "江苏省，南京市，玄武区中山路18号a座3—201室。",
                             "（江苏省）南京市玄武区中山路18号A座3 201室", "江苏省南京市玄武区中山路18号、A座3/201室\t"})
        EXPECT_EQ(folded_address(same), place) << same;
}

TEST(Address, IsNotTheSameWhenANumberDiffers) {
    const std::string place = folded_address("南京市中山路3-201");
    for (const char* other :
         {"南京市中山路32-01", "南京市中山路3201", "南京市中山路3-20-1", "南京市中山路3-202", "南京市中山南路3-201"})
        EXPECT_NE(folded_address(other), place) << other;
    EXPECT_NE(folded_address("𠮷祥路1号"), folded_address("吉祥路1号"));
}

TEST(Place, NeedsRecipientMobileAndAddress) {
    using orders::DeliveryMethod;
    const orders::Delivery home{DeliveryMethod::courier, "周敏", "13800138000", "南京市中山路1号"};
    EXPECT_TRUE(same_place(home, {DeliveryMethod::courier, "周 敏", "+86 138-0013-8000", "南京市 中山路1号"}));
    EXPECT_FALSE(same_place(home, {DeliveryMethod::courier, "周民", "13800138000", "南京市中山路1号"}));
    EXPECT_FALSE(same_place(home, {DeliveryMethod::courier, "周敏", "13800138001", "南京市中山路1号"}));
    EXPECT_FALSE(same_place(home, {DeliveryMethod::pickup, "周敏", "13800138000", "南京市中山路1号"}));
}

TEST(Place, OverTheCounterIsWhoCollects) {
    using orders::DeliveryMethod;
    const orders::Delivery one{DeliveryMethod::pickup, "周敏", "13800138000", ""};
    EXPECT_TRUE(same_place(one, {DeliveryMethod::pickup, " 周 敏", "+86 138-0013-8000", "随便什么地址"}));
    EXPECT_FALSE(same_place(one, {DeliveryMethod::pickup, "周民", "13800138000", ""}));
    EXPECT_FALSE(same_place(one, {DeliveryMethod::pickup, "周敏", "13800138001", ""}));
}
