#include "search/polyphones.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"

namespace sealdesk::search {

namespace {

// Characters of names by the first letters of their readings: those of the Tongyong Guifan Hanzi Zidian (kTGHZ2013 in
// Unicode's Unihan) that begin with different letters, surnames' old readings (仇 as Qiu, 单 as Shan, 阚 as Kan), and the
// traditional forms. Second readings that no name has are left out (合 as ge, 万 as mo).
struct Alike {
    const char* letters;
    const char32_t* characters;
};
constexpr Alike kReadings[] = {
    {"ae", U"阿"},
    {"an", U"拗"},
    {"aw", U"凹"},
    {"ay", U"艾"},
    {"bf", U"玢蕃費费"},
    {"bm", U"泌秘"},
    {"bp", U"便刨埔堡屏扁扒搒曝桲泊瀑磅耙膀辟陂骠"},
    {"cd", U"帱澄铛"},
    {"cds", U"单單"},
    {"cj", U"車车"},
    {"cn", U"杻"},
    {"cq", U"仇梣"},
    {"cs", U"乘伺刹匙参參棽沈漴盛禅"},
    {"ct", U"镡"},
    {"cy", U"涌"},
    {"cz", U"传侧傳兹卒喳幢撮攒曾朝枞查种種茈藏褚酢重長长"},
    {"ds", U"膻阇"},
    {"dt", U"侗叨囤垌峒弹彈提沓洞澹調调驮骀鿎"},
    {"dz", U"沌翟"},
    {"ew", U"恶"},
    {"fm", U"宓"},
    {"fp", U"冯否番繁脯馮"},
    {"gh", U"桧蛤镐鹄鹘"},
    {"gj", U"句夹戛枸柜炅芥賈贾颈"},
    {"gjq", U"伽龜龟"},
    {"gk", U"扛"},
    {"gkl", U"咯"},
    {"gl", U"纶"},
    {"gq", U"乾"},
    {"gw", U"坬涡莞"},
    {"gy", U"谷"},
    {"hj", U"虹"},
    {"hk", U"会會阚"},
    {"hx", U"巷浒虾行郇"},
    {"hy", U"圜"},
    {"jk", U"楷槛"},
    {"jl", U"靓"},
    {"jq", U"亟圈奇岨峤強强期湫焌犍缉苣茄荠趄麇"},
    {"js", U"葰"},
    {"jx", U"校浚系絜解降颉"},
    {"jy", U"侥筠"},
    {"jz", U"祭"},
    {"kq", U"卡壳"},
    {"kw", U"隗"},
    {"ln", U"弄"},
    {"ls", U"泷率"},
    {"ly", U"乐栎樂"},
    {"mw", U"蔓"},
    {"nz", U"粘"},
    {"oq", U"区區"},
    {"qs", U"俟鞘"},
    {"qt", U"覃"},
    {"qx", U"券戌栖纤茜荨蹊"},
    {"qy", U"蝤铅"},
    {"rs", U"葚"},
    {"sx", U"厦廈省莘蛸"},
    {"sy", U"说食"},
    {"sz", U"召属峙折术栅殖氏術識识"},
    {"tx", U"裼"},
    {"ty", U"荑"},
    {"tz", U"屯"},
    {"wx", U"圩"},
    {"wy", U"尉於蔚遗"},
    {"xy", U"叶吁荥葉"},
    {"yz", U"轧"},
};

const std::string* other_readings(char32_t character) {
    static const auto all = [] {
        std::unordered_map<char32_t, std::string> map;
        for (const auto& each : kReadings)
            for (const char32_t* c = each.characters; *c != 0; ++c) map[*c] = each.letters;
        return map;
    }();
    const auto found = all.find(character);
    return found == all.end() ? nullptr : &found->second;
}

}  // namespace

std::string readings_of(char32_t character) {
    std::string letters = pinyin_initials(utf8(character));
    if (const auto* others = other_readings(character))
        for (const char letter : *others)
            if (letters.find(letter) == std::string::npos) letters += letter;
    return letters;
}

std::vector<std::string> spellings(std::string_view name) {
    std::vector<std::string> all{""};
    for (const char32_t c : code_points(name)) {
        const std::string letters = readings_of(c);
        if (letters.empty()) continue;
        const size_t before = all.size();
        // The first reading of each stands first; further ones as long as there is room.
        if (before * letters.size() <= kMostSpellings)
            for (size_t i = 1; i < letters.size(); ++i)
                for (size_t at = 0; at < before; ++at) all.push_back(all[at] + letters[i]);
        for (size_t at = 0; at < before; ++at) all[at] += letters[0];
    }
    if (all.front().empty()) all.clear();
    return all;
}

}  // namespace sealdesk::search
