#include "tests/bench/paper/labels.h"

#include <fmt/format.h>

#include <iterator>

namespace sealdesk::bench {

std::string invented_labels(int count) {
    constexpr const char* kFamily[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄",
                                       "周", "吴", "徐", "孙", "胡", "朱", "高", "欧阳"};
    constexpr const char* kGiven[] = {"伟",   "芳",   "娜",   "秀英", "敏",   "静",   "丽",   "强",   "磊",   "军",
                                      "洋",   "勇",   "艳",   "杰",   "娟",   "涛",   "明",   "超",   "垚鑫", "思雨",
                                      "晓彤", "梓涵", "浩然", "子轩", "雨桐", "欣怡", "俊熙", "诗涵", "宇航", "婉清"};
    constexpr const char* kPlace[] = {"江苏省南京市江宁区",     "浙江省杭州市余杭区",
                                      "四川省成都市武侯区",     "湖北省武汉市洪山区",
                                      "广东省深圳市龙岗区",     "陕西省西安市雁塔区",
                                      "山东省青岛市崂山区",     "云南省昆明市盘龙区",
                                      "黑龙江省哈尔滨市道里区", "新疆维吾尔自治区乌鲁木齐市天山区"};
    constexpr const char* kRoad[] = {"双龙大道", "文一西路", "天府三街", "珞喻路",   "布龙公路", "科技六路",
                                     "香港东路", "北京路",   "中央大街", "解放南路", "梧桐巷",   "迎宾大道"};
    constexpr const char* kTrade[] = {"建设工程", "市政园林", "机电设备", "勘察设计",
                                      "信息技术", "水利工程", "装饰装潢", "物资贸易"};
    std::string text;
    unsigned seed = 20261123;
    const auto any = [&](const auto& list) {
        seed = seed * 1664525 + 1013904223;
        return list[(seed >> 12) % std::size(list)];
    };
    for (int i = 0; i < count; ++i) {
        const char *family = any(kFamily), *given = any(kGiven);
        const std::string name = std::string(family) + given;
        const std::string unit =
            fmt::format("{}{}{}有限公司", std::string_view(any(kPlace)).substr(9, 6), any(kGiven), any(kTrade));
        const std::string address = fmt::format("{}{} {} 号 {} 幢 {} 室", any(kPlace), any(kRoad), 1 + i % 900, 1 + i % 30,
                                                100 * (1 + i % 20) + i % 9 + 1);
        text += fmt::format(
            "顺达速运\tSD{}\t{}\t{}\t177{:08}\t{}\t省签章服务中心\t025-80001234\t"
            "江苏省南京市建邺区江东中路 265 号公共资源大厦 2 楼 12 号窗口\tSD202611230{:05} SD202611231{:05}\t{}\n",
            7444496900000L + i, name, unit, i * 37 % 100000000, address, i, i, 1 + i % 4);
    }
    return text;
}

}  // namespace sealdesk::bench
