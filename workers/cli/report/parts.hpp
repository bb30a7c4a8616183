// What the parts of reports are written with: sections, numbers, tables.
#pragma once

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "workers/cli/console.hpp"
#include "workers/cli/report/html.hpp"
#include "workers/cli/report/sections.hpp"

namespace bourse::cli::report {

inline std::string section(const std::string& id, const std::string& title, const std::string& body) {
    return "<section id=\"" + id + "\"><h2>" + escape(title) + "</h2>" + body + "</section>\n";
}

inline std::string fixed(const nlohmann::json& value, int digits) {
    const double v = number(value);
    if (!std::isfinite(v)) return "–";
    if (v != 0 && std::abs(v) < std::pow(10, -digits)) {
        char buffer[32];
        std::snprintf(buffer, sizeof buffer, "%.2g", v);
        return buffer;
    }
    return format_number(v, digits);
}

inline std::string percent(const nlohmann::json& value) {
    const double v = number(value);
    return std::isfinite(v) ? format_number(100 * v, 1) + " %" : "–";
}

// Cells and values longer than this end with "…": expressions, queries and errors may be of any length.
constexpr std::size_t longest_text = 400;

// Rows of cells; numbers (columns named with '>') to the right. Cells are text, not HTML. Rows that would make it
// larger than most_bytes are counted instead: a page has its limit whatever the data.
class Table {
public:
    Table(const std::string& caption, std::vector<std::string> columns, std::size_t most_bytes)
        : columns_(std::move(columns)), most_bytes_(most_bytes) {
        html_ = "<div class=\"scroll\"><table>" + element("caption", caption) + "<thead><tr>";
        for (const auto& column : columns_)
            html_ += column[0] == '>' ? "<th scope=\"col\" class=\"n\">" + escape(column.substr(1)) + "</th>"
                                      : "<th scope=\"col\">" + escape(column) + "</th>";
        html_ += "</tr></thead><tbody>";
    }
    void add(const std::vector<std::string>& cells, const std::string& css_class = {}) {
        std::string row = css_class.empty() ? "<tr>" : "<tr class=\"" + escape(css_class) + "\">";
        for (std::size_t i = 0; i < cells.size(); ++i)
            row += element("td", shorten(cells[i], longest_text), columns_[i][0] == '>' ? "n" : "");
        row += "</tr>";
        if (left_out_ > 0 || html_.size() + row.size() > most_bytes_)
            ++left_out_;
        else
            html_ += row;
    }
    std::string html() const {
        const std::string note =
            left_out_ > 0 ? element("p", std::to_string(left_out_) + " more are not listed.", "none") : "";
        return html_ + "</tbody></table></div>" + note;
    }

private:
    std::vector<std::string> columns_;
    std::size_t most_bytes_, left_out_ = 0;
    std::string html_;
};

}  // namespace bourse::cli::report
