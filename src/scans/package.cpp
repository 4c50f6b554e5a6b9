#include "scans/package.h"

#include <nlohmann/json.hpp>

#include "base/translate.h"

namespace sealdesk::scans {

namespace {

struct Sentence {
    const char* code;
    const char* chinese;
};

constexpr Sentence kSentences[] = {
    {"encrypted", "压缩包设有密码，请去掉密码后重新上传"},
    {"multi_volume", "这是分卷压缩包中的一卷，请合并为一个压缩包后重新上传"},
    {"truncated", "压缩包不完整，可能上传中断，请重新上传"},
    {"damaged", "文件已损坏，无法读取"},
    {"empty", "压缩包里没有文件"},
    {"no_bytes", "文件是空的（0 字节）"},
    {"bomb", "压缩包的压缩比异常（超过 100 倍），已停止解压"},
    {"too_large", "材料包超过 20 MB"},
    {"too_much_unpacked", "解压后超过 200 MB，已停止解压"},
    {"too_many_entries", "压缩包里的文件超过 500 个"},
    {"too_many_pages", "材料超过 500 页"},
    {"too_many_pixels", "页面超过 1 亿像素，请以较低分辨率重新扫描"},
    {"nesting", "压缩包嵌套超过两层，请解压后重新打包"},
    {"unsafe_name", "文件名含有不允许的路径或控制字符"},
    {"not_a_file", "压缩包里有链接或特殊文件，不予读取"},
    {"not_a_package", "这不是压缩包、图片或 PDF，请上传 ZIP、7Z、RAR、JPG、PNG、TIFF 或 PDF"},
    {"office", "Office 文档无法在此显示，可保存后查看；请另存为 PDF 后上传"},
    {"ofd", "OFD 文件无法在此显示，可保存后查看；请转换为 PDF 后上传"},
    {"unsupported", "这种文件无法在此显示，可保存后查看；请上传 JPG、PNG、TIFF 或 PDF"},
    {"encrypted_pdf", "PDF 设有密码，请去掉密码后重新上传"},
    {"no_such_page", "材料包里没有这一页"},
    {"too_slow", "读取时间过长，已停止；请重新扫描或另存后上传"},
    {"too_much_memory", "读取需要的内存过大，已停止；请以较低分辨率重新扫描"},
    {"crashed", "读取时解码程序异常终止（已隔离，不影响其他页）；请重新扫描或另存后上传"},
    {"wrong_password", "压缩包密码不对，请核对后再试"},
    {"encrypted_not_zip", "这种加密压缩包（7Z、RAR）有密码也打不开，请去掉密码后重新上传"},
    {"packing", "压缩方法不支持，请用普通 ZIP 方式重新打包"},
    {"no_sandbox", "本机内核不提供解码所需的隔离保护，未打开文件"},
};

}  // namespace

std::string sentence_of(std::string_view code, std::string_view name) {
    const char* chinese = "无法读取这个文件";
    for (const auto& known : kSentences)
        if (code == known.code) chinese = known.chinese;
    return name.empty() ? std::string(tr(chinese)) : fmt::format("{}：{}", name, tr(chinese));
}

std::string scans_json(const Package& package) {
    using nlohmann::ordered_json;
    ordered_json all{{"entries", ordered_json::array()}, {"pages", ordered_json::array()}, {"refusals", ordered_json::array()}};
    for (const auto& entry : package.entries)
        all["entries"].push_back({{"number", entry.index + 1},
                                  {"index", entry.index},
                                  {"name", entry.name},
                                  {"size", entry.size},
                                  {"sha256", entry.sha256},
                                  {"kind", entry.kind},
                                  {"ignored", entry.ignored}});
    int number = 0;
    for (const auto& page : package.pages)
        all["pages"].push_back({{"number", ++number},
                                {"entry", page.entry},
                                {"page", page.number + 1},
                                {"title", page.title},
                                {"width", page.width},
                                {"height", page.height},
                                {"dpi", page.dpi},
                                {"format", page.format}});
    for (const auto& refusal : package.refusals) {
        ordered_json told{{"code", refusal.code}, {"sentence", refusal.sentence}};
        if (refusal.entry >= 0) told["entry"] = refusal.entry;
        if (!refusal.name.empty()) told["name"] = refusal.name;
        all["refusals"].push_back(told);
    }
    return all.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace sealdesk::scans
