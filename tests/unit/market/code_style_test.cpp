#include "market/code_style.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace bourse::market {
namespace {

// Every style of three codes, as the programs that own the styles print them.
constexpr std::array<std::array<std::string_view, 7>, 3> codes{{
    {"SH600000", "sh600000", "600000.SH", "600000.SS", "600000.XSHG", "sh.600000", "600000"},
    {"SZ000001", "sz000001", "000001.SZ", "000001.SZ", "000001.XSHE", "sz.000001", "000001"},
    {"BJ430047", "bj430047", "430047.BJ", "430047.BJ", "430047.BJSE", "bj.430047", "430047"},
}};

TEST(CodeStyle, EveryStyleBecomesEveryOther) {
    for (const auto& code : codes)
        for (const auto from : code)
            for (std::size_t to = 0; to < code.size(); ++to)
                EXPECT_EQ(to_symbol(from, static_cast<CodeStyle>(to)), code[to]) << from;
}

TEST(CodeStyle, ReadsWhatPeopleWrite) {
    for (const char* code : {"600000.ss", "600000.Sh", " SH600000 ", "SH.600000", "600000.xshg", "SS600000"})
        EXPECT_EQ(to_symbol(code, CodeStyle::qlib), "SH600000") << code;
    EXPECT_EQ(to_symbol("SH000300", CodeStyle::suffix), "000300.SH");  // an index keeps its market
}

TEST(CodeStyle, DigitsAloneAreAStock) {
    for (const auto& [digits, code] : {std::pair{"688981", "SH688981"},
                                       {"900901", "SH900901"},
                                       {"000001", "SZ000001"},
                                       {"300750", "SZ300750"},
                                       {"200011", "SZ200011"},
                                       {"830799", "BJ830799"},
                                       {"920002", "BJ920002"}})
        EXPECT_EQ(to_symbol(digits, CodeStyle::qlib), code);
    EXPECT_THROW((void)to_symbol("510300", CodeStyle::qlib),
                 Error);  // a fund: 5 is of Shanghai, 1 of Shenzhen; not told
}

TEST(CodeStyle, OthersStayAsTheyAre) {
    for (const char* code : {"AAPL", "BRK.B", "BTCUSDT", "0050", "BTC-USD", "贵州茅台", "1234567", "COM1"})
        for (std::size_t style = 0; style < code_style_names.size(); ++style)
            EXPECT_EQ(to_symbol(code, static_cast<CodeStyle>(style)), code);
}

TEST(CodeStyle, SaysWhatIsWrong) {
    const auto message = [](auto&& call) {
        try {
            call();
        } catch (const Error& error) {
            return std::string(error.what()) + " | " + error.hint();
        }
        return std::string("no error");
    };
    EXPECT_EQ(
        message([] { (void)parse_code_style("sufix"); }),
        "unknown code style 'sufix' | styles: qlib, lower, suffix, yahoo, mic, prefix, bare; did you mean suffix?");
    EXPECT_NE(message([] { (void)to_symbol("600000.XX", CodeStyle::qlib); }).find("market XX, which is not known"),
              std::string::npos);
    EXPECT_NE(message([] { (void)to_symbol("  ", CodeStyle::qlib); }).find("the code is blank"), std::string::npos);
}

}  // namespace
}  // namespace bourse::market
