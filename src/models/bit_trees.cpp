#include "models/bit_trees.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <new>

#include "models/forest.hpp"
#include "models/light_forest.hpp"

namespace bourse::models {
namespace {

constexpr std::align_val_t cache_line{64};
constexpr std::uint8_t never = 255;          // no byte is above: a test that is not there
constexpr std::uint8_t no_value = 254;       // only the byte of a missing value is above
constexpr std::size_t most_places = 16'384;  // 8 MB of bytes a block
constexpr std::size_t columns_a_tree = 4;    // more for a deep tree's lower levels cost more than they save
constexpr std::size_t walked_together =
    16;  // the walk of one row is a chain of loads; several hide each other's waiting

template <class E>
E* aligned_array(std::size_t count) {
    return static_cast<E*>(::operator new[](std::max<std::size_t>(count, 1) * sizeof(E), cache_line));
}

// Rows of a part go on from their steps at[bit_part] to leaves. Most rows of an uneven tree end far above its deepest
// leaf: behind the first levels it is asked whether any has moved.
void walk_steps(const BitStep* steps, const std::uint8_t* part, std::size_t levels, std::uint32_t* at) {
    constexpr std::size_t unasked = 3;
    for (std::size_t first = 0; first < bit_part; first += walked_together, at += walked_together) {
        std::uint32_t moved = 1;
        for (std::size_t level = 0; level < levels && moved != 0; ++level) {
            moved = level < unasked;
#pragma GCC unroll 16
            for (std::size_t k = 0; k < walked_together; ++k) {
                const BitStep step = steps[at[k]];
                const std::uint8_t byte = part[(step.test >> 8) * bit_part + first + k];
                const std::uint32_t next = step.child + (byte > static_cast<std::uint8_t>(step.test));
                moved |= next ^ at[k];
                at[k] = next;
            }
        }
    }
}

}  // namespace

// Collects the thresholds first, numbers them, then lays the trees out.
template <class T>
template <class Trees>
class BitTrees<T>::Builder {
public:
    Builder(const Trees& forest, BitTrees& out) : forest_(forest), out_(out) {}

    void build(const CheckInterrupts& interrupts) {
        if (forest_.trees() > most_trees) return;
        for (std::size_t tree = 0; tree < forest_.trees(); ++tree) {
            if (tree % 64 == 0) check(interrupts);
            collect(forest_.root(tree), 0);
        }
        tidy(cuts_, interrupts);
        collect_below(interrupts);
        make_columns(interrupts);
        std::vector<BitTree<T>> made(forest_.trees());
        for (std::size_t tree = 0; tree < made.size(); ++tree) {
            if (tree % 16 == 0) check(interrupts);
            std::fill(std::begin(made[tree].tests.cut), std::end(made[tree].tests.cut), never);
            std::fill(std::begin(made[tree].tests.bytes), std::end(made[tree].tests.bytes), std::uint32_t{0});
            made[tree].ends = true;
            made[tree].levels = 0;
            place(tree, forest_.root(tree), 0, made[tree]);
            set_planes(made[tree].leaves);
            set_planes(made[tree].exits);
        }
        out_.places_ = std::max<std::size_t>(out_.places_, 1);  // tests that are not there read the first
        if (out_.places_ <= most_places) out_.trees_ = std::move(made);
    }

private:
    using Key = std::pair<std::uint32_t, MissingAs>;
    struct Cuts {
        std::vector<T> values;
        std::size_t first_column = 0;
    };
    using AllCuts = std::map<Key, Cuts>;

    std::optional<BitTest<T>> test(std::uint32_t node) const {
        return forest_.left_child(node) == 0 ? std::nullopt : forest_.bit_test(node);
    }

    static void add_cut(BitTest<T> test, AllCuts& cuts) {
        auto& values = cuts[Key{test.feature, test.missing}].values;
        if (!std::isnan(test.right_from)) values.push_back(test.right_from);
    }

    void collect(std::uint32_t node, std::size_t level) {
        if (level == bit_levels) return;
        const auto found = test(node);
        if (!found) return;
        add_cut(*found, cuts_);
        const auto left = forest_.left_child(node);
        collect(left, level + 1);
        collect(left + 1, level + 1);
    }

    // Every tree of which all tests compare with a threshold gets steps, unless that takes too many columns.
    void collect_below(const CheckInterrupts& interrupts) {
        deep_.assign(forest_.trees(), false);
        AllCuts all = cuts_;
        for (std::size_t tree = 0; tree < forest_.trees(); ++tree) {
            if (tree % 16 == 0) check(interrupts);
            deep_[tree] = collect_tree(forest_.root(tree), all);
        }
        tidy(all, interrupts);
        if (columns_of(all) <= columns_of(cuts_) + columns_a_tree * forest_.trees())
            cuts_ = std::move(all);
        else
            deep_.assign(forest_.trees(), false);
    }

    // Whether the tree has nodes below the sixth level and bytes tell every leaf. Its cuts are collected so far.
    bool collect_tree(std::uint32_t root, AllCuts& all) const {
        bool deep = false;
        std::vector<std::pair<std::uint32_t, std::size_t>> waiting{{root, 0}};
        while (!waiting.empty()) {
            const auto [node, level] = waiting.back();
            waiting.pop_back();
            const auto left = forest_.left_child(node);
            if (left == 0) continue;
            const auto found = forest_.bit_test(node);
            if (!found) return false;
            deep = deep || level >= bit_levels;
            if (level >= bit_levels) add_cut(*found, all);
            waiting.push_back({left + 1, level + 1});
            waiting.push_back({left, level + 1});
        }
        return deep;
    }

    static void tidy(AllCuts& all, const CheckInterrupts& interrupts) {
        for (auto& [key, cuts] : all) {
            check(interrupts);
            auto& list = cuts.values;
            std::sort(list.begin(), list.end());
            list.erase(std::unique(list.begin(), list.end()), list.end());
        }
    }

    static std::size_t columns_of(const AllCuts& all) {
        std::size_t columns = 0;
        for (const auto& [key, cuts] : all)
            columns += std::max<std::size_t>(1, (cuts.values.size() + bit_cuts - 1) / bit_cuts);
        return columns;
    }

    void make_columns(const CheckInterrupts& interrupts) {
        for (auto& [key, cuts] : cuts_) {
            check(interrupts);
            const auto& list = cuts.values;
            cuts.first_column = out_.columns_.size();
            for (std::size_t at = 0; at == 0 || at < list.size(); at += bit_cuts) {
                const auto own = std::span<const T>(list).subspan(at, std::min(bit_cuts, list.size() - at));
                out_.columns_.emplace_back();
                out_.float_columns_.push_back(float_column(own, key.first, key.second));
                if constexpr (std::is_same_v<T, double>)
                    out_.double_columns_.push_back(exact_column(own, key.first, key.second));
            }
        }
    }

    template <class C>
    static BitColumn<C> exact_column(std::span<const C> cuts, std::uint32_t feature, MissingAs missing) {
        BitColumn<C> column;
        std::fill(std::begin(column.cuts), std::end(column.cuts), std::numeric_limits<C>::quiet_NaN());
        std::fill(std::begin(column.pivots), std::end(column.pivots), std::numeric_limits<C>::quiet_NaN());
        std::copy(cuts.begin(), cuts.end(), column.cuts);
        for (std::size_t group = 0; group < 15; ++group) column.pivots[group] = column.cuts[16 * group + 15];
        column.feature = feature;
        column.missing = missing;
        return column;
    }

    // What reaches a cut in float64 reaches the first number of float32 that is not below it, among numbers of float32.
    static FloatColumn float_column(std::span<const T> cuts, std::uint32_t feature, MissingAs missing) {
        std::vector<float> narrow;
        for (const T cut : cuts) {
            auto x = static_cast<float>(cut);
            if (static_cast<T>(x) < cut) x = std::nextafter(x, std::numeric_limits<float>::infinity());
            narrow.push_back(x);
        }
        FloatColumn column;
        column.exact = exact_column<float>(narrow, feature, missing);
        column.dust = std::is_same_v<T, double>;
        set_keys(narrow, column);
        return column;
    }

    // Keys from 500 to 64,500, unless they fall together.
    static void set_keys(std::span<const float> cuts, FloatColumn& column) {
        constexpr std::uint16_t behind = 65'535;
        for (auto& keys : column.keys) std::fill(std::begin(keys), std::end(keys), behind);
        std::fill(std::begin(column.starts), std::end(column.starts), std::uint8_t{0});
        column.scale = column.offset = 0;
        column.by_keys = column.by_starts = true;
        if (cuts.empty()) return;
        const float first = cuts.front(), range = cuts.back() - first;
        column.scale = 64'000 / (range > 0 ? range : std::max(1.0f, std::abs(first)));
        column.offset = 500 - first * column.scale;
        column.by_keys = column.by_starts = std::isnormal(column.scale) && std::isfinite(column.offset);
        if (!column.by_keys) return;
        std::size_t different = 0;
        std::uint16_t last = behind;
        std::vector<std::size_t> at_start(std::size(column.starts));  // cuts whose keys begin there
        for (std::size_t i = 0; i < cuts.size(); ++i) {
            const float key = std::nearbyint(std::clamp(cuts[i] * column.scale + column.offset, 0.0f, 65'534.0f));
            different += static_cast<std::uint16_t>(key) != last;
            column.keys[i % 8][i / 8] = last = static_cast<std::uint16_t>(key);
            ++at_start[last / 64];
        }
        column.by_keys = different > cuts.size() / 2;
        std::size_t before = 0;
        for (std::size_t start = 0; start < at_start.size(); ++start) {
            column.starts[start] = static_cast<std::uint8_t>(before);
            before += at_start[start];
            column.by_starts = column.by_starts && at_start[start] <= 8;
        }
    }

    // Where the bytes of a test stand, and the one that it compares them with.
    std::pair<std::uint32_t, std::uint8_t> place_of(BitTest<T> test) {
        const auto& cuts = cuts_.find({test.feature, test.missing})->second;
        const bool by_value = !std::isnan(test.right_from);
        const auto number =
            by_value
                ? static_cast<std::size_t>(std::lower_bound(cuts.values.begin(), cuts.values.end(), test.right_from) -
                                           cuts.values.begin())
                : std::size_t{0};
        auto& column = out_.columns_[cuts.first_column + number / bit_cuts];
        int& place = test.missing_right ? column.right : column.left;
        if (place < 0) place = static_cast<int>(out_.places_++);
        return {static_cast<std::uint32_t>(place), by_value ? static_cast<std::uint8_t>(number % bit_cuts) : no_value};
    }

    // The node as test `at`, which is behind the tests when its way has ended above.
    void place(std::size_t tree, std::uint32_t node, std::size_t at, BitTree<T>& made) {
        const auto found = at < bit_tests ? test(node) : std::nullopt;
        if (!found) return fill(tree, node, at, made);
        const auto [number, cut] = place_of(*found);
        made.tests.bytes[at] = number * static_cast<std::uint32_t>(bit_part);
        made.tests.cut[at] = cut;
        const auto left = forest_.left_child(node);
        place(tree, left, 2 * at + 1, made);
        place(tree, left + 1, 2 * at + 2, made);
    }

    // One exit for every way on below `at`.
    void fill(std::size_t tree, std::uint32_t node, std::size_t at, BitTree<T>& made) {
        std::size_t first = at, last = at;
        while (first < bit_tests) {
            first = 2 * first + 1;
            last = 2 * last + 2;
        }
        const bool leaf = forest_.left_child(node) == 0;
        made.ends = made.ends && leaf;
        const std::uint32_t exit_to = deep_[tree] ? add_steps(tree, node, made) : node;
        for (std::size_t exit = first - bit_tests; exit <= last - bit_tests; ++exit) {
            made.exits.entries[exit] = exit_to;
            made.leaves.entries[exit] = leaf ? forest_.leaf_value(tree, node) : 0;
        }
    }

    // The node and all below it as steps; returns the first.
    std::uint32_t add_steps(std::size_t tree, std::uint32_t node, BitTree<T>& made) {
        struct Step {
            std::uint32_t node, at, level;
        };
        const auto add = [this](std::size_t count) {
            const auto first = static_cast<std::uint32_t>(out_.steps_.size());
            out_.steps_.resize(first + count);
            out_.step_values_.resize(first + count);
            return first;
        };
        const std::uint32_t first = add(1);
        std::vector<Step> waiting{{node, first, 0}};
        while (!waiting.empty()) {
            const Step step = waiting.back();
            waiting.pop_back();
            const auto left = forest_.left_child(step.node);
            if (left == 0) {
                out_.steps_[step.at] = {step.at, never};
                out_.step_values_[step.at] = forest_.leaf_value(tree, step.node);
                continue;
            }
            const auto [number, cut] = place_of(*forest_.bit_test(step.node));
            const std::uint32_t child = add(2);
            out_.steps_[step.at] = {child, number << 8 | cut};
            made.levels = std::max(made.levels, step.level + 1);
            waiting.push_back({left + 1, child + 1, step.level + 1});
            waiting.push_back({left, child, step.level + 1});
        }
        return first;
    }

    template <class E>
    static void set_planes(BitTable<E>& table) {
        for (std::size_t exit = 0; exit < bit_exits; ++exit) {
            std::uint8_t bytes[sizeof(E)];
            std::memcpy(bytes, &table.entries[exit], sizeof bytes);
            for (std::size_t k = 0; k < sizeof bytes; ++k) table.planes[k][exit] = bytes[k];
        }
    }

    const Trees& forest_;
    BitTrees& out_;
    AllCuts cuts_;
    std::vector<bool> deep_;  // by tree: has levels below the sixth, and the bytes tell every leaf
};

template <class T>
template <class Trees>
BitTrees<T>::BitTrees(const Trees& forest, const CheckInterrupts& interrupts) {
    Builder<Trees>(forest, *this).build(interrupts);
}

template <class T>
std::size_t BitTrees<T>::most_bytes(std::size_t trees, std::size_t nodes, std::size_t features) noexcept {
    if (trees > most_trees) return 0;
    const std::size_t tests = nodes / 2;
    const std::size_t column =
        sizeof(Column) + sizeof(FloatColumn) + (std::is_same_v<T, double> ? sizeof(BitColumn<double>) : 0);
    return trees * sizeof(BitTree<T>) + (tests / bit_cuts + std::min(features, tests)) * column +
           nodes * (sizeof(BitStep) + sizeof(T));
}

template <class T>
void BitTrees<T>::Block::Aligned::operator()(void* p) const noexcept {
    ::operator delete[](p, cache_line);
}

template <class T>
BitTrees<T>::Block::Block(const BitTrees& trees, const BitKernel& kernel)
    : trees_(trees),
      kernel_(kernel),
      bytes_(aligned_array<std::uint8_t>(trees.places_ * bit_rows)),
      columns_(aligned_array<float>(bit_group * bit_rows)),
      masks_(aligned_array<Mask>(bit_tests + 1)) {
    std::fill_n(bytes_.get(), trees.places_ * bit_rows, std::uint8_t{0});
    std::fill_n(columns_.get(), bit_group * bit_rows, 0.0f);
}

template <class T>
BitPlaces BitTrees<T>::Block::places(std::size_t column) const {
    const auto place = [this](int number) {
        return number < 0 ? nullptr : bytes_.get() + static_cast<std::size_t>(number) * bit_part;
    };
    return {place(trees_.columns_[column].left), place(trees_.columns_[column].right), trees_.stride()};
}

template <class T>
void BitTrees<T>::Block::take(const float* rows, std::size_t width, std::size_t count) {
    std::size_t turned = width;  // first of the features that stand in columns_
    for (std::size_t i = 0; i < trees_.columns_.size(); ++i) {
        const auto& column = trees_.float_columns_[i];
        const std::size_t at = column.exact.feature % bit_group, first = column.exact.feature - at;
        if (first != turned)
            kernel_.turn(rows + first, width, std::min(bit_group, width - first), count, columns_.get());
        turned = first;
        kernel_.bin(column, columns_.get() + at * bit_rows, count, places(i));
    }
}

template <class T>
void BitTrees<T>::Block::take(const double* rows, std::size_t width,
                              std::size_t count) requires std::is_same_v<T, double> {
    for (std::size_t i = 0; i < trees_.columns_.size(); ++i)
        kernel_.bin_wide(trees_.double_columns_[i], rows, width, count, places(i));
}

template <class T>
const Mask* BitTrees<T>::Block::test(std::size_t tree) {
    kernel_.test(trees_.trees_[tree].tests, bytes_.get(), trees_.stride(), masks_.get());
    return masks_.get();
}

template <class T>
void BitTrees<T>::Block::add(std::size_t tree, std::size_t number, T* sums) {
    const auto& made = trees_.trees_[tree];
    if (!made.ends) {
        alignas(64) std::uint32_t at[bit_part];
        kernel_.find(made.tests, part(number), made.exits, at);
        walk_steps(trees_.steps_.data(), part(number), made.levels, at);
        const T* values = trees_.step_values_.data();
        for (std::size_t i = 0; i < bit_part; ++i) sums[i] += values[at[i]];
    } else if constexpr (std::is_same_v<T, float>) {
        kernel_.add(made.tests, part(number), made.leaves, sums);
    } else {
        kernel_.add_wide(made.tests, part(number), made.leaves, sums);
    }
}

template <class T>
void BitTrees<T>::Block::find(std::size_t tree, std::size_t number, std::uint32_t* found) {
    const auto& made = trees_.trees_[tree];
    kernel_.find(made.tests, part(number), made.exits, found);
}

template class BitTrees<float>;
template class BitTrees<double>;
template BitTrees<float>::BitTrees(const Forest&, const CheckInterrupts&);
template BitTrees<double>::BitTrees(const LightForest&, const CheckInterrupts&);

}  // namespace bourse::models
