// indicator_pages FOLDER < us_30.csv: writes what the reference says about each indicator, a page a family with a
// picture of every indicator on the shipped sample: FOLDER/<family>.md, FOLDER/<name>.svg.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "indicators/describe.hpp"
#include "picture.hpp"

namespace bourse::docs {
namespace {

using indicators::Entry;
using indicators::Info;
using Column = std::vector<double>;

constexpr std::size_t shown_bars = 120;

void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text << std::flush;
    if (!file) throw std::runtime_error("cannot write " + path.string());
}

// The last bars of the first stock; of a candlestick pattern, the bars around its first appearance in the sample.
struct Scene {
    const Stock* stock;
    std::size_t from;
    std::vector<Column> values;
    bool found = true;
};

Scene scene_of(const Entry& entry, const std::vector<Stock>& stocks) {
    if (entry.info->family == "pattern recognition")
        for (const Stock& stock : stocks) {
            auto values = values_of(entry, stock);
            const auto hit = std::find_if(values[0].begin(), values[0].end(),
                                          [](double value) { return std::isfinite(value) && value != 0; });
            if (hit == values[0].end()) continue;
            const auto at = static_cast<std::size_t>(hit - values[0].begin());
            const std::size_t last = std::min(stock.size(), std::max(shown_bars, at + shown_bars / 3));
            return {&stock, last - shown_bars, std::move(values)};
        }
    const Stock& first = stocks.front();
    return {&first, first.size() - shown_bars, values_of(entry, first), entry.info->family != "pattern recognition"};
}

std::string cell(std::string_view text) {
    std::string result;
    for (const char c : text) result += c == '|' ? "\\|" : std::string(1, c);
    return result;
}

std::string section(const Entry& entry, const Scene& scene) {
    const Info& info = *entry.info;
    const std::string name(info.name);
    std::string text =
        "\n## ta." + name + "\n\n" + std::string(info.summary) + "\n\n![ta." + name + "](" + name + ".svg)\n\n";
    if (!scene.found) text += "It does not occur in the sample.\n\n";
    text += "`" + indicators::call_of(info) + "`\n\n" + std::string(info.formula) + "\n\n";
    text += "| | | |\n|---|---|---|\n";
    for (const auto& param : info.params)
        text += "| parameter `" + std::string(param.name) + "` | " + indicators::type_of(param) + ", default " +
                indicators::fallback_of(param, "") + " | " + indicators::range_of(param) + " |\n";
    for (const auto& output : info.outputs)
        text += "| output `" + std::string(output.name) + "` | " + std::string(output.unit.name) + " | " +
                indicators::bounds_of(output) + " |\n";
    text += "| first value | after " + std::to_string(entry.lookback(indicators::defaults(info))) + " bars | " +
            (info.undefined.empty() ? "" : "NULL " + cell(info.undefined)) + " |\n";
    text += "| source | " + cell(info.source) + " | " + cell(info.deviation) + " |\n";
    return text;
}

std::string heading(const Info& info) {
    std::string family(info.family);
    family[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(family[0])));
    return "# " + family +
           "\n\nGenerated from the list of indicators. What holds for all of them, and how to call them: "
           "[indicators](../indicators.md).\nThe pictures show bars of the shipped sample and the defaults; bounds "
           "hold on "
           "valid bars, with the default profile and kinds of average.\n";
}

void write_pages(const std::vector<Stock>& stocks, const std::filesystem::path& folder) {
    std::map<std::string, std::string> pages;
    for (const Entry& entry : indicators::catalogue()) {
        const Info& info = *entry.info;
        const Scene scene = scene_of(entry, stocks);
        write(folder / (std::string(info.name) + ".svg"),
              picture_of(entry, *scene.stock, scene.values, scene.from, shown_bars));
        std::string& page = pages[indicators::page_of(info)];
        if (page.empty()) page = heading(info);
        page += section(entry, scene);
    }
    for (const auto& [name, text] : pages) write(folder / (name + ".md"), text);
}

}  // namespace
}  // namespace bourse::docs

int main(int argc, char** argv) {
    if (argc != 2) return std::fputs("usage: indicator_pages FOLDER < us_30.csv\n", stderr), 2;
    try {
        const auto stocks = bourse::docs::read_sample(std::cin);
        if (stocks.empty()) throw std::runtime_error("no bars on standard input");
        bourse::docs::write_pages(stocks, argv[1]);
    } catch (const std::exception& e) {
        return std::fprintf(stderr, "indicator_pages: %s\n", e.what()), 1;
    }
    return 0;
}
