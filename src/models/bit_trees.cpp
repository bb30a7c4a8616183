#include "models/bit_trees.hpp"

#include <algorithm>
#include <cmath>
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

template <class E>
E* aligned_array(std::size_t count) {
    return static_cast<E*>(::operator new[](std::max<std::size_t>(count, 1) * sizeof(E), cache_line));
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
        make_columns(interrupts);
        std::vector<BitTree<T>> made(forest_.trees());
        for (std::size_t tree = 0; tree < made.size(); ++tree) {
            if (tree % 64 == 0) check(interrupts);
            std::fill(std::begin(made[tree].tests.cut), std::end(made[tree].tests.cut), never);
            std::fill(std::begin(made[tree].tests.bytes), std::end(made[tree].tests.bytes), std::uint32_t{0});
            made[tree].ends = true;
            place(tree, forest_.root(tree), 0, made[tree]);
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

    std::optional<BitTest<T>> test(std::uint32_t node) const {
        return forest_.left_child(node) == 0 ? std::nullopt : forest_.bit_test(node);
    }

    void add_cut(BitTest<T> test) {
        auto& values = cuts_[Key{test.feature, test.missing}].values;
        if (!std::isnan(test.right_from)) values.push_back(test.right_from);
    }

    void collect(std::uint32_t node, std::size_t level) {
        if (level == bit_levels) return;
        const auto found = test(node);
        if (!found) return;
        add_cut(*found);
        const auto left = forest_.left_child(node);
        collect(left, level + 1);
        collect(left + 1, level + 1);
    }

    void make_columns(const CheckInterrupts& interrupts) {
        for (auto& [key, cuts] : cuts_) {
            check(interrupts);
            auto& list = cuts.values;
            std::sort(list.begin(), list.end());
            list.erase(std::unique(list.begin(), list.end()), list.end());
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
        column.scale = column.offset = 0;
        column.by_keys = true;
        if (cuts.empty()) return;
        const float first = cuts.front(), range = cuts.back() - first;
        column.scale = 64'000 / (range > 0 ? range : std::max(1.0f, std::abs(first)));
        column.offset = 500 - first * column.scale;
        column.by_keys = std::isnormal(column.scale) && std::isfinite(column.offset);
        if (!column.by_keys) return;
        std::size_t different = 0;
        std::uint16_t last = behind;
        for (std::size_t i = 0; i < cuts.size(); ++i) {
            const float key = std::nearbyint(std::clamp(cuts[i] * column.scale + column.offset, 0.0f, 65'534.0f));
            different += static_cast<std::uint16_t>(key) != last;
            column.keys[i % 8][i / 8] = last = static_cast<std::uint16_t>(key);
        }
        column.by_keys = different > cuts.size() / 2;
    }

    // The node as test `at`, which is behind the tests when its way has ended above.
    void place(std::size_t tree, std::uint32_t node, std::size_t at, BitTree<T>& made) {
        const auto found = at < bit_tests ? test(node) : std::nullopt;
        if (!found) return fill(tree, node, at, made);
        const auto& cuts = cuts_.find({found->feature, found->missing})->second;
        const bool by_value = !std::isnan(found->right_from);
        const auto number =
            by_value
                ? static_cast<std::size_t>(std::lower_bound(cuts.values.begin(), cuts.values.end(), found->right_from) -
                                           cuts.values.begin())
                : std::size_t{0};
        auto& column = out_.columns_[cuts.first_column + number / bit_cuts];
        int& place_of_column = found->missing_right ? column.right : column.left;
        if (place_of_column < 0) place_of_column = static_cast<int>(out_.places_++);
        made.tests.bytes[at] = static_cast<std::uint32_t>(place_of_column) * bit_rows;
        made.tests.cut[at] = by_value ? static_cast<std::uint8_t>(number % bit_cuts) : no_value;
        const auto left = forest_.left_child(node);
        place(tree, left, 2 * at + 1, made);
        place(tree, left + 1, 2 * at + 2, made);
    }

    // One exit for every way on below `at`.
    void fill(std::size_t tree, std::uint32_t node, std::size_t at, BitTree<T>& made) const {
        std::size_t first = at, last = at;
        while (first < bit_tests) {
            first = 2 * first + 1;
            last = 2 * last + 2;
        }
        const bool leaf = forest_.left_child(node) == 0;
        made.ends = made.ends && leaf;
        for (std::size_t exit = first - bit_tests; exit <= last - bit_tests; ++exit) {
            made.exits[exit] = node;
            made.leaves[exit] = leaf ? forest_.leaf_value(tree, node) : 0;
        }
    }

    const Trees& forest_;
    BitTrees& out_;
    std::map<Key, Cuts> cuts_;
};

template <class T>
template <class Trees>
BitTrees<T>::BitTrees(const Trees& forest, const CheckInterrupts& interrupts) {
    Builder<Trees>(forest, *this).build(interrupts);
}

template <class T>
std::size_t BitTrees<T>::most_bytes(std::size_t trees, std::size_t nodes, std::size_t features) noexcept {
    if (trees > most_trees) return 0;
    const std::size_t tests = std::min(nodes / 2, trees * bit_tests);
    const std::size_t column =
        sizeof(Column) + sizeof(FloatColumn) + (std::is_same_v<T, double> ? sizeof(BitColumn<double>) : 0);
    return trees * sizeof(BitTree<T>) + (tests / bit_cuts + std::min(features, tests)) * column;
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
        return number < 0 ? nullptr : bytes_.get() + static_cast<std::size_t>(number) * bit_rows;
    };
    return {place(trees_.columns_[column].left), place(trees_.columns_[column].right)};
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
    kernel_.test(trees_.trees_[tree].tests, bytes_.get(), masks_.get());
    return masks_.get();
}

template <class T>
void BitTrees<T>::Block::add(std::size_t tree, T* sums) {
    const auto& [tests, leaves, exits, ends] = trees_.trees_[tree];
    if constexpr (std::is_same_v<T, float>)
        kernel_.add(tests, bytes_.get(), leaves, sums);
    else
        kernel_.add_wide(tests, bytes_.get(), leaves, sums);
}

template <class T>
void BitTrees<T>::Block::find(std::size_t tree, std::uint32_t* found) {
    const auto& made = trees_.trees_[tree];
    kernel_.find(made.tests, bytes_.get(), made.exits, found);
}

template class BitTrees<float>;
template class BitTrees<double>;
template BitTrees<float>::BitTrees(const Forest&, const CheckInterrupts&);
template BitTrees<double>::BitTrees(const LightForest&, const CheckInterrupts&);

}  // namespace bourse::models
