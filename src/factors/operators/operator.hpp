// What an operator of the expression language is. Families of them live in the files beside this one; the list is
// in CMakeLists.txt.
#pragma once

#include <climits>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/interrupt.hpp"

namespace bourse::factors {

// A condition is 1 or 0 and never missing: a comparison with a missing value is false (Ne: true), as in IEEE and Qlib.
enum class Kind : unsigned char { number, condition };

// Rows that a value reads beside its own: `left` earlier ones, `right` later ones (look-ahead).
// An unbounded left means the whole history.
inline constexpr int unbounded = INT_MAX;
struct Reach {
    int left = 0;
    int right = 0;

    // One evaluation after the other.
    friend Reach operator+(const Reach& a, const Reach& b) noexcept {
        const auto sum = [](int x, int y) {
            return x == unbounded || y == unbounded || x > unbounded - y ? unbounded : x + y;
        };
        return {sum(a.left, b.left), sum(a.right, b.right)};
    }
};

struct Rules {
    bool strict_qlib = false;  // reproduce Qlib's traps, for comparison with its numbers
};

// A constant argument. A parameter without fallback (NaN) must be given.
struct Parameter {
    std::string name;
    double fallback;
    double lowest;
    double highest;
    bool whole;          // only whole numbers
    bool clock = false;  // minutes after the open, or a time of day in quotes (trading_minute)
};

inline constexpr double largest_window = 100000;

// How an operator is computed for sixteen series at a time (lanes/kernels.hpp). Those without a form of their own are
// computed series by series.
enum class LaneForm : unsigned char {
    none,
    each_row,  // its evaluate() looks at one row at a time: rows of different series may follow each other
    shift,     // copies rows of one series
    abs,
    neg,
    add,
    sub,
    mul,
    div,
    greater,
    less,
    gt,
    ge,
    lt,
    le,
    eq,
    ne,
    sum,
    mean,
    std,
    var,
    slope,
    rsquare,
    resi,
    corr,
    cov,
    quantile,
    med,
    rank,
    max,
    idxmax,
    min,
    idxmin,
    ema
};

// One input: a column of doubles, or one double for every row (step 0).
struct Column {
    const double* data = nullptr;
    std::size_t step = 1;
    double operator[](std::size_t row) const noexcept { return data[row * step]; }
};

// Counts work and looks for a cancellation every million units.
class Work {
public:
    explicit Work(const CheckInterrupts& interrupts) : interrupts_(interrupts) {}
    void done(std::size_t units) {
        units_ += units;
        if (units_ < 1000000) return;
        units_ = 0;
        check(interrupts_);
    }

private:
    const CheckInterrupts& interrupts_;
    std::size_t units_ = 0;
};

// What an operator keeps of the rows that it has seen, for those whose reach is unbounded.
struct Memory {
    std::span<const std::byte> resume = {};         // kept after the rows before row 0; empty: the series begins there
    std::size_t rows_before = 0;                    // so many they were
    std::span<const std::size_t> keep_before = {};  // rows, ascending, at most Frame::rows
    std::vector<std::vector<std::byte>> kept = {};  // what was seen before each of them
};

// One evaluation: `out` gets `rows` values. Row 0 is the first row that was loaded.
struct Frame {
    std::size_t rows;
    std::span<const std::uint8_t> levels;  // of the boundary before each row, see rolling.hpp
    std::span<const Column> inputs;
    std::span<const double> params;
    Rules rules;
    Work& work;
    double* out;
    Memory* memory = nullptr;  // of an operator that resumes
};

// An argument in quotes: a symbol, a universe, a frequency.
struct TextParameter {
    std::string name;
    bool required = true;
};

// Where the values come from that an operator needs beside its own series.
enum class Elsewhere : unsigned char {
    nowhere,     // evaluate() sees all it needs
    instrument,  // its argument is evaluated for another instrument
    frequency,   // its argument is evaluated at another frequency
    period,      // its argument's rows are put together period by period
    function,    // a function outside gets whole series and gives one back
    statements,  // its argument is evaluated over fiscal periods, as they were published by the row's time
    across       // across() sees the values of all members of a universe at one time
};

// One time: inputs[i][m] is input i of member m, out[m] its result. Members are in order of instrument; an input may be
// missing (NaN) or infinite.
struct CrossSection {
    std::span<const std::span<const double>> inputs;
    std::span<double> out;
    std::size_t members() const noexcept { return out.size(); }
};

// What tells rows of a session apart, read like fields: its date as days since 1970, and the trading minutes since its
// open at which the row begins (breaks left out; 0 for bars of a day and longer). They are there at rows without a bar
// too. Where no session is loaded: UTC's day, and its minutes.
inline constexpr std::string_view clock_day = "@day", clock_minute = "@minute";

struct Operator {
    std::string name;
    std::vector<std::string> inputs;       // names of the series arguments; they come first
    std::vector<std::string> clocks = {};  // evaluate() gets these after them; they are not written
    std::vector<Parameter> params;
    std::vector<TextParameter> texts = {};  // after the others
    bool texts_first = false;               // … or before them
    std::size_t more_inputs = 0;            // so many more arguments like the last series may follow it
    Elsewhere elsewhere = Elsewhere::nowhere;
    std::string function = {};  // of Elsewhere::function: what the source calls
    std::string summary;
    std::string missing;        // what missing values and short windows do
    Kind takes = Kind::number;  // a number takes a condition too, as 0 or 1
    Kind gives = Kind::number;
    bool constants = false;  // inputs may be constants
    // Empty, or why these parameters (inside their ranges) are refused.
    std::function<std::string(std::span<const double> params, const Rules&)> refuse;
    std::function<Reach(std::span<const double> params, const Rules&)> reach;
    std::function<void(const Frame&)> evaluate;       // null where elsewhere is another
    std::function<void(const CrossSection&)> across;  // of Elsewhere::across
    bool resumes = false;                             // evaluate() minds Frame::memory wherever its reach is unbounded
    bool commutes = false;                            // op(a, b) and op(b, a) have equal bits
    LaneForm lane_form = LaneForm::none;
    bool keeps_single = false;  // strict_qlib: float32 inputs give a float32 result, as in numpy
};

// All operators in the order of the list; made once.
const std::vector<Operator>& operators();
// By exact name (case counts); null when there is none.
const Operator* find_operator(std::string_view name);

// An operator that users have registered: a function from whole series, oldest row first, to one of the same length.
struct CustomOperator {
    std::string name;
    std::string function;  // as the source calls it
    int inputs = 1;        // series, then
    int params = 0;        // numbers
    std::string unusable;  // why it may not be called now; empty: it may
};
// Asked once, when an expression names an operator that is not built in.
using OperatorLookup = std::function<std::vector<CustomOperator>()>;
std::vector<Operator> make_custom(std::span<const CustomOperator> list);

// What x@1w calls; not in the list, since it has no name to be called by.
const Operator& frequency_operator();
// Functions of TResample.
std::span<const std::string> period_functions();

// A time of day as the trading minute since the open, as Qlib numbers Shanghai's: "9:30" .. "11:29" is 0 .. 119,
// "13:00"
// .. "14:59" is 120 .. 239. Nothing for other times, and for what is no time.
std::optional<int> trading_minute(std::string_view text);

// How a call is written, with defaults: RSI(price, timeperiod = 14).
std::string form(const Operator& op);
// A number for messages: whole ones without a point.
std::string shown(double value);

}  // namespace bourse::factors
