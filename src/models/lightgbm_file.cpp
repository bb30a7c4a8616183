#include "models/lightgbm_file.hpp"

#include <charconv>
#include <type_traits>
#include <utility>

#include "core/error.hpp"

namespace bourse::models {
namespace {

constexpr std::pair<std::string_view, std::vector<std::int64_t> LightTreeText::*> integer_arrays[] = {
    {"split_feature", &LightTreeText::feature},     {"decision_type", &LightTreeText::decision},
    {"left_child", &LightTreeText::left},           {"right_child", &LightTreeText::right},
    {"internal_count", &LightTreeText::node_count}, {"leaf_count", &LightTreeText::leaf_count},
    {"cat_boundaries", &LightTreeText::set_bounds}, {"cat_threshold", &LightTreeText::set_words},
    {"num_features", &LightTreeText::leaf_terms},   {"leaf_features", &LightTreeText::term_feature},
};
constexpr std::pair<std::string_view, std::vector<double> LightTreeText::*> number_arrays[] = {
    {"threshold", &LightTreeText::threshold},
    {"leaf_value", &LightTreeText::leaf_value},
    {"leaf_coeff", &LightTreeText::term_weight},
};
constexpr std::pair<std::string_view, std::int64_t LightTreeText::*> integers[] = {
    {"num_leaves", &LightTreeText::leaves},
    {"num_cat", &LightTreeText::sets},
    {"is_linear", &LightTreeText::linear},
};

class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    LightModelText read() {
        if (!next() || line_ != "tree") fail("expected the line \"tree\"");
        read_header();
        while (line_.starts_with("Tree=")) read_tree();
        if (line_ != "end of trees") fail("expected \"end of trees\"");
        while (next())
            if (const auto [key, value] = field(); key.empty() && line_.starts_with(pandas))
                model_.pandas_categories = line_.substr(pandas.size());
        return std::move(model_);
    }

private:
    static constexpr std::string_view pandas = "pandas_categorical:";

    [[noreturn]] void fail(const std::string& problem) const {
        throw Error(ErrorKind::corrupt_artifact, "LightGBM model: " + problem + " in line " + std::to_string(number_));
    }

    bool next() {
        ++number_;
        if (rest_.empty()) return false;
        const auto end = rest_.find('\n');
        line_ = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        if (line_.ends_with('\r')) line_.remove_suffix(1);
        if (line_.find('\0') != std::string_view::npos) fail("a byte is zero");
        return true;
    }

    // "key=value"; no key where the line has no '='.
    std::pair<std::string_view, std::string_view> field() const {
        const auto at = line_.find('=');
        if (at == std::string_view::npos) return {{}, line_};
        return {line_.substr(0, at), line_.substr(at + 1)};
    }

    // Words between single or several spaces.
    template <class F>
    static void words(std::string_view text, F&& word) {
        for (std::size_t at = 0; (at = text.find_first_not_of(' ', at)) != std::string_view::npos;) {
            const auto end = std::min(text.find(' ', at), text.size());
            word(text.substr(at, end - at));
            at = end;
        }
    }

    template <class T>
    T number(std::string_view word) const {
        T value{};
        const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
        if (read.ec != std::errc() || read.ptr != word.data() + word.size())
            fail(std::string("expected ") + (std::is_integral_v<T> ? "an integer" : "a number") + ", found \"" +
                 std::string(word.substr(0, 40)) + "\"");
        return value;
    }

    template <class T>
    std::vector<T> numbers(std::string_view text) const {
        std::vector<T> values;
        words(text, [&](std::string_view word) { values.push_back(number<T>(word)); });
        return values;
    }

    // Up to the first line of the trees.
    void read_header() {
        while (next()) {
            if (line_.starts_with("Tree=") || line_ == "end of trees") return;
            const auto [key, value] = field();
            if (key.empty() && line_ == "average_output")
                model_.average = true;
            else if (key == "version")
                model_.version = value;
            else if (key == "objective")
                model_.objective = value;
            else if (key == "num_tree_per_iteration")
                model_.outputs = number<std::int64_t>(value);
            else if (key == "max_feature_idx")
                model_.highest_feature = number<std::int64_t>(value);
            else if (key == "feature_names")
                words(value, [this](std::string_view word) { model_.names.emplace_back(word); });
        }
        fail("the text ends before the trees");
    }

    // From its line "Tree=i" to the first line behind it that starts another tree or ends them.
    void read_tree() {
        if (number<std::uint64_t>(field().second) != model_.trees.size()) fail("the trees are not numbered in order");
        LightTreeText tree;
        while (next()) {
            if (line_.starts_with("Tree=") || line_ == "end of trees") {
                model_.trees.push_back(std::move(tree));
                return;
            }
            const auto [key, value] = field();
            read_field(key, value, tree);
        }
        fail("the text ends within a tree");
    }

    void read_field(std::string_view key, std::string_view value, LightTreeText& tree) const {
        for (const auto& [name, member] : integers)
            if (key == name) return void(tree.*member = number<std::int64_t>(value));
        for (const auto& [name, member] : integer_arrays)
            if (key == name) return void(tree.*member = numbers<std::int64_t>(value));
        for (const auto& [name, member] : number_arrays)
            if (key == name) return void(tree.*member = numbers<double>(value));
        if (key == "leaf_const") tree.leaf_constant = numbers<double>(value);
    }

    std::string_view rest_, line_;
    std::size_t number_ = 0;
    LightModelText model_;
};

}  // namespace

LightModelText read_lightgbm_file(std::string_view text) { return Reader(text).read(); }

}  // namespace bourse::models
