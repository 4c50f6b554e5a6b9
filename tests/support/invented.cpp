#include "support/invented.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace sealdesk::tests {

namespace {

constexpr const char* kPlaces[] = {"南京", "苏州", "无锡", "常州", "南通", "扬州", "镇江", "泰州", "盐城", "淮安",
                                   "徐州", "宿迁", "合肥", "芜湖", "杭州", "宁波", "绍兴", "嘉兴", "湖州", "金华",
                                   "上海", "武汉", "长沙", "重庆", "西安", "厦门", "衢州", "亳州", "濮阳", "泸州"};
constexpr const char* kTrades[] = {"建设工程", "市政工程", "建筑安装", "工程咨询", "招标代理", "工程造价咨询", "园林绿化",
                                   "装饰工程", "机电设备", "钢结构",   "水利工程", "路桥建设", "消防工程",     "勘察设计",
                                   "信息技术", "环保科技", "医疗器械", "物业管理", "电力工程", "工程监理",     "岩土工程",
                                   "智能科技", "测绘",     "幕墙",     "新能源"};
constexpr const char* kForms[] = {"有限公司", "有限公司", "有限公司", "集团有限公司", "有限责任公司", "股份有限公司", "事务所"};
constexpr const char* kSurnames[] = {
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐",   "孙",   "胡",   "朱",  "高", "林", "何", "郭",
    "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董",   "萧",   "程",   "曹",  "袁", "邓", "许", "傅",
    "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏",   "薛",   "叶",   "阎",  "余", "潘", "杜", "戴",
    "夏", "钟", "汪", "田", "任", "姜", "范", "方", "石", "姚", "谭",   "廖",   "邹",   "熊",  "金", "陆", "郝", "孔",
    "白", "崔", "康", "毛", "邱", "秦", "江", "史", "顾", "侯", "邵",   "孟",   "龙",   "万",  "段", "雷", "钱", "汤",
    "尹", "黎", "易", "常", "武", "乔", "贺", "赖", "龚", "文", "欧阳", "上官", "诸葛", "司徒"};
// Common ones, and some that few fonts and no old code page have.
constexpr const char* kCharacters[] = {
    "明", "华", "建", "国", "文", "志", "伟", "丽", "芳", "敏", "静",  "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "超",
    "秀", "霞", "平", "刚", "桂", "英", "玉", "兰", "萍", "红", "鹏",  "辉", "梅", "鑫", "波", "斌", "宇", "浩", "凯", "健", "俊",
    "帆", "雪", "帅", "慧", "旭", "宁", "婷", "欣", "云", "峰", "瑞",  "祥", "和", "兴", "盛", "泰", "昌", "隆", "达", "通", "诚",
    "信", "恒", "远", "宏", "博", "睿", "智", "创", "新", "启", "航",  "嘉", "禾", "润", "泽", "广", "源", "天", "地", "海", "川",
    "山", "河", "江", "湖", "林", "森", "木", "石", "金", "银", "铜",  "锦", "绣", "春", "夏", "秋", "冬", "东", "南", "西", "北",
    "中", "正", "方", "圆", "同", "心", "力", "福", "禄", "寿", "喜",  "安", "康", "乐", "家", "梓", "涵", "轩", "晨", "曦", "朗",
    "月", "星", "辰", "雨", "霖", "霁", "岚", "岩", "峻", "岭", "屿",  "浦", "溪", "泉", "清", "婉", "瑾", "瑜", "璇", "琪", "琳",
    "珂", "珊", "珍", "珠", "翠", "蓉", "薇", "芷", "若", "荷", "莲",  "菊", "竹", "松", "柏", "桐", "枫", "柳", "榆", "槐", "桦",
    "鹤", "鹿", "麒", "麟", "凤", "凰", "鹰", "雁", "燕", "驰", "骏",  "骥", "景", "行", "听", "澜", "怀", "思", "念", "慕", "仰",
    "望", "弘", "毅", "致", "格", "尚", "善", "上", "若", "水", "长",  "歌", "琴", "棋", "书", "画", "墨", "砚", "笔", "纸", "丹",
    "青", "朱", "紫", "蓝", "碧", "苍", "玄", "素", "白", "皓", "鼎",  "器", "钧", "铭", "钰", "铎", "镇", "锋", "锐", "钢", "铁",
    "垚", "淼", "焱", "犇", "喆", "祎", "翀", "昇", "堃", "燊", "烜",  "珺", "玥", "彧", "旻", "昕", "昱", "晟", "暄", "曜", "朔",
    "杭", "栩", "楠", "榕", "樾", "沐", "沛", "沅", "泓", "洵", "浚",  "涓", "淳", "渝", "湛", "滢", "漪", "潇", "澄", "濯", "瀚",
    "灏", "炜", "烁", "煜", "煦", "熙", "熠", "㛃", "䶮", "𠮷", "𬭚"};
constexpr const char* kRoads[] = {"中山路",   "人民路", "解放路", "建设路",   "朗月巷", "墨岭路", "鹿溪街",   "青枫路",
                                  "江东中路", "长江路", "学府路", "科技大道", "湖滨路", "滨河路", "新城大道", "文苑路"};
constexpr const char* kDistricts[] = {"玄武区", "鼓楼区", "建邺区", "秦淮区", "江宁区", "高新区", "开发区", "新城区"};
constexpr char kCodeAlphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

}  // namespace

std::uint64_t Invented::number() {
    state_ += 0x9E3779B97F4A7C15ULL;  // splitmix64
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

int Invented::below(int limit) { return static_cast<int>(number() % static_cast<std::uint64_t>(limit)); }

template <class List>
const char* Invented::of(const List& list) {
    return list[static_cast<size_t>(below(static_cast<int>(std::size(list))))];
}

std::string Invented::characters(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += of(kCharacters);
    return text;
}

std::string Invented::person() { return of(kSurnames) + characters(chance(30) ? 1 : 2); }

std::string Invented::company() {
    std::string name = chance(85) ? of(kPlaces) : "";
    name += characters(chance(70) ? 2 : 3);
    name += of(kTrades);
    return name + of(kForms);
}

std::string Invented::address() {
    return fmt::format("{}市{}{} {} 号 {} 幢 {} 室", of(kPlaces), of(kDistricts), of(kRoads), below(300) + 1, below(20) + 1,
                       below(2500) + 101);
}

std::string Invented::digits(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += static_cast<char>('0' + below(10));
    return text;
}

std::string Invented::mobile() { return "199" + digits(8); }

std::string Invented::hex(int count, bool upper) {
    std::string text;
    while (static_cast<int>(text.size()) < count)
        text += upper ? fmt::format("{:016X}", number()) : fmt::format("{:016x}", number());
    text.resize(static_cast<size_t>(count));
    return text;
}

std::string Invented::uscc() {
    std::string code = "91320";
    code += digits(3);
    code += "MA";
    for (int i = 0; i < 7; ++i) code += kCodeAlphabet[below(31)];
    int sum = 0, weight = 1;
    for (const char c : code) {
        sum += static_cast<int>(std::string_view(kCodeAlphabet).find(c)) * weight;
        weight = weight * 3 % 31;
    }
    return code + kCodeAlphabet[(31 - sum % 31) % 31];
}

std::string Invented::identity_number() {
    std::string id =
        fmt::format("3201{:02}{}{:02}{:02}{}", below(18) + 1, 1960 + below(45), below(12) + 1, below(28) + 1, digits(3));
    int sum = 0, weight = 7;  // 2^17 mod 11
    for (const char c : id) {
        sum += (c - '0') * weight;
        weight = weight * 6 % 11;  // halved
    }
    return id + "10X98765432"[sum % 11];
}

}  // namespace sealdesk::tests
