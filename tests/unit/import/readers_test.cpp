// What needs no server: CSV reading, times, rows.
#include <gtest/gtest.h>

#include <cstring>

#include "core/error.hpp"
#include "workers/cli/import/bar_times.hpp"
#include "workers/cli/import/csv_reader.hpp"
#include "workers/cli/import/parquet_reader.hpp"
#include "workers/cli/import/row_parser.hpp"

namespace bourse::cli {
namespace {

// Hands out a text in pieces of `step` bytes: rows must not depend on where blocks end.
class TextSource : public ByteSource {
public:
    TextSource(std::string text, std::size_t step) : text_(std::move(text)), step_(step) {}
    std::size_t read(std::span<char> into) override {
        const std::size_t count = std::min({into.size(), step_, text_.size() - at_});
        std::memcpy(into.data(), text_.data() + at_, count);
        at_ += count;
        return count;
    }

private:
    std::string text_;
    std::size_t step_, at_ = 0;
};

std::string dump(const std::string& text, std::size_t step) {
    TextSource source(text, step);
    const auto reader = open_csv(source, "x.csv");
    std::string result;
    for (const auto& name : reader->columns()) result += "[" + name + "]";
    std::vector<Cell> row;
    while (reader->next(row)) {
        result += "\n" + std::to_string(reader->line()) + ":";
        for (const auto& cell : row)
            result += cell.kind == Cell::Kind::missing ? "<>" : "<" + std::string(cell.text) + ">";
    }
    return result;
}

TEST(CsvReader, RowsAndLinesDoNotDependOnBlocks) {
    const std::string text =
        "\xef\xbb\xbf"
        "date;name;close\r\n2024-01-02;\"A;B\";1\r\n\r\n2024-01-03;\"two\nlines \"\"quoted\"\"\";2\n2024-01-04;;";
    const std::string expected =
        "[date][name][close]\n2:<2024-01-02><A;B><1>\n4:<2024-01-03><two\nlines \"quoted\"><2>\n6:<2024-01-04><><>";
    EXPECT_EQ(dump(text, 1 << 20), expected);
    for (std::size_t step = 20; step < 60; ++step) EXPECT_EQ(dump(text, step), expected) << step;
}

TEST(CsvReader, KnowsKlinesWithoutAHeader) {
    const std::string text = dump("1704067200000,1,2,0.5,1.5,10,1704070799999,15,3,5,7,0\n", 1 << 20);
    EXPECT_TRUE(text.starts_with("[open_time][open][high][low][close][volume][close_time]")) << text;
    EXPECT_NE(text.find("\n1:<1704067200000>"), std::string::npos);
}

TEST(CsvReader, KnowsTheThreeHeaderLinesOfYfinance) {
    EXPECT_EQ(dump("Price,Close,High,Low,Open\nTicker,AA,AA,AA,AA\nDate,,,,\n2024-01-02,1,2,0.5,1\n", 1 << 20),
              "[Date][('Close', 'AA')][('High', 'AA')][('Low', 'AA')][('Open', 'AA')]\n4:<2024-01-02><1><2><0.5><1>");
}

TEST(CsvReader, RefusesWhatIsNoTable) {
    EXPECT_THROW(dump("", 100), Error);
    EXPECT_THROW(dump("a,b\n1,\"never closed", 100), Error);
    EXPECT_THROW(dump("a,b\n" + std::string(3'000'000, 'x'), 1 << 18), Error);
}

TEST(BarTimes, DailyBarsAreLabelledByTheSessionsDate) {
    const TimeZone new_york("America/New_York");
    const BarTimes opens(new_york, false), closes(new_york, true);
    constexpr std::int64_t day = 1704153600000000, hour = 3600000000;  // 2024-01-02
    const auto at = [](const char* text) { return *market::parse_time(text); };
    EXPECT_EQ(opens.bar_ts(at("2024-01-02"), market::Frequency::d1), day);
    EXPECT_EQ(opens.bar_ts(at("2024-01-02T05:00Z"), market::Frequency::d1), day);   // midnight in New York
    EXPECT_EQ(closes.bar_ts(at("2024-01-02T21:00Z"), market::Frequency::d1), day);  // 16:00 in New York
    EXPECT_EQ(opens.bar_ts(at("2024-01-02 09:30"), market::Frequency::h1), day + 14 * hour + hour / 2);
    EXPECT_EQ(opens.bar_ts(at("2024-07-02 09:30"), market::Frequency::h1) % (24 * hour),
              13 * hour + hour / 2);  // summer time
    const TimeZone utc("UTC");
    const BarTimes utc_closes(utc, true);
    EXPECT_EQ(utc_closes.bar_ts(at("2024-01-03 00:00:00"), market::Frequency::d1), day);
    EXPECT_EQ(utc_closes.bar_ts(at("2024-01-02 00:59:59.999"), market::Frequency::h1), day);
    EXPECT_EQ(utc_closes.bar_ts(at("2024-01-02"), market::Frequency::d1), day);
    EXPECT_THROW(TimeZone("Mars/Olympus"), Error);
    EXPECT_THROW(TimeZone("../../etc/passwd"), Error);
    EXPECT_EQ(TimeZone("+08:00").to_instant(day), day - 8 * hour);
}

TEST(FrequencyGuess, TakesTheCommonDistance) {
    const auto guess = [](std::initializer_list<const char*> times) {
        FrequencyGuess g;
        for (const char* t : times) g.see("A", *market::parse_time(t));
        return g.result();
    };
    EXPECT_EQ(guess({"2024-01-05", "2024-01-08", "2024-01-09", "2024-01-10"}), market::Frequency::d1);
    EXPECT_EQ(guess({"2024-01-05", "2024-01-08"}), market::Frequency::d1);
    EXPECT_EQ(guess({"2024-01-05 00:00", "2024-01-05 04:00", "2024-01-05 08:00"}), market::Frequency::h4);
    EXPECT_EQ(guess({"2024-01-01", "2024-02-01", "2024-03-01"}), market::Frequency::mo1);
    EXPECT_EQ(guess({"2024-01-05 00:00:00"}), market::Frequency::d1);
    EXPECT_FALSE(guess({"2024-01-05 00:00", "2024-01-05 00:07"}));
}

ParsedRow parse_one(const std::vector<std::string>& columns, const std::vector<const char*>& texts) {
    const auto map = market::map_columns(columns, {});
    std::vector<Cell> cells(std::max(columns.size(), texts.size()));
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (*texts[i]) {
            cells[i].kind = Cell::Kind::text;
            cells[i].text = texts[i];
        }
    std::vector<ParsedRow> rows;
    RowParser(map, columns).parse(cells, 7, rows);
    return rows.at(0);
}

TEST(RowParser, KeepsWhatItCannotReadWithAReason) {
    const std::vector<std::string> columns{"date", "open", "high", "low", "close", "volume"};
    const auto bad = parse_one(columns, {"2024-01-02", "1", "2", "oops", "1", ""});
    EXPECT_EQ(bad.rule, "bad_number");
    EXPECT_EQ(bad.reason, "low 'oops' is no number");
    EXPECT_EQ(bad.raw, R"({"date":"2024-01-02","open":"1","high":"2","low":"oops","close":"1"})");
    EXPECT_EQ(bad.line, 7);
    EXPECT_EQ(parse_one(columns, {"soon", "1", "2", "1", "1", "1"}).rule, "bad_time");
    EXPECT_EQ(parse_one(columns, {"2024-01-02", "1", "2", "1", "1", "1", "7"}).rule, "bad_number");
    const auto good = parse_one(columns, {"2024-01-02", "1", "2", "1", "1", ""});
    EXPECT_EQ(good.rule, "");
    EXPECT_FALSE(good.volume.present);
}

TEST(RowParser, DerivesFactors) {
    const auto yahoo = parse_one({"Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"},
                                 {"2024-01-02", "10", "10", "10", "10", "5", "1"});
    EXPECT_DOUBLE_EQ(yahoo.adj_factor.number, 0.5);
    EXPECT_DOUBLE_EQ(yahoo.close.number, 10);
    const auto qlib = parse_one({"symbol", "date", "open", "high", "low", "close", "volume", "factor"},
                                {"A", "2024-01-02", "20", "22", "18", "20", "100", "2"});
    EXPECT_DOUBLE_EQ(qlib.close.number, 10);
    EXPECT_DOUBLE_EQ(qlib.volume.number, 200);
    EXPECT_DOUBLE_EQ(qlib.adj_factor.number, 2);
}

TEST(Utf8, ReplacesWhatIsNone) {
    EXPECT_EQ(to_utf8("贵州"), "贵州");
    EXPECT_EQ(to_utf8(std::string_view("a\0b\xff", 4)),
              "a\xef\xbf\xbd"
              "b\xef\xbf\xbd");
    EXPECT_EQ(to_utf8("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

}  // namespace
}  // namespace bourse::cli
