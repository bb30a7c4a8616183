// SHAP values of many rows: from tables (shap_tables.hpp) for the trees that have them, row by row for the others.
#include <algorithm>
#include <stdexcept>

#include "models/contributions.hpp"
#include "models/forest.hpp"
#include "models/light_forest.hpp"
#include "models/prepared.hpp"

namespace bourse::models {
namespace {

constexpr std::size_t fewest_table_rows = 16;  // fewer are not worth the making of tables

struct alignas(64) Column {
    float of_row[bit_rows];
};

}  // namespace

template <class T, class Trees>
void Contributions::explain_rows(const Trees& forest, const BitTrees<T>& masks, const double* rows, std::size_t count,
                                 double* out, const CheckInterrupts& interrupts) const {
    const std::size_t width = model_->features().size(), stride = width + 1, outputs = bias_.size();
    const auto& all = tables_.get(std::span(nodes_), std::span(roots_), interrupts);
    const auto& kernel = best_shap_kernel();
    typename BitTrees<T>::Block block(masks);
    std::vector<T> compared(bit_rows * width);
    std::vector<Column> sums(width);
    for (std::size_t done = 0; done < count; done += bit_rows) {
        const std::size_t part = std::min(bit_rows, count - done), words = (part + 63) / 64;
        const double* from = rows + done * width;
        double* to = out + done * stride * outputs;
        std::transform(from, from + part * width, compared.begin(), [](double x) { return static_cast<T>(x); });
        block.take(compared.data(), width, part);
        for (std::size_t k = 0; k < outputs; ++k) {
            std::fill(sums.begin(), sums.end(), Column{});
            for (std::size_t tree = 0; tree < forest.trees(); ++tree) {
                if (forest.output(tree) != k) continue;
                if (tree % 32 == 0) check(interrupts);
                if (all.has(tree) && masks.tree(tree).ends)
                    all.add(tree, kernel, block.test(tree), words, sums.data()->of_row);
                else
                    explain_tree(tree, {from, part * width}, {to, part * stride * outputs}, interrupts);
            }
            for (std::size_t i = 0; i < part; ++i)
                for (std::size_t j = 0; j < width; ++j)
                    to[i * stride * outputs + k * stride + j] += static_cast<double>(sums[j].of_row[i]);
        }
    }
}

void Contributions::of_rows(std::span<const double> rows, std::size_t count, std::span<double> out,
                            const CheckInterrupts& interrupts) const {
    const std::size_t width = model_->features().size(), parts = (width + 1) * bias_.size();
    if (rows.size() != count * width || out.size() != count * parts)
        throw std::logic_error("Contributions::of_rows: a matrix of another shape");
    if (count >= fewest_table_rows && table_bytes_ > 0 && table_bytes_ <= ShapTables::most_bytes) {
        const auto explained = [&](const auto& forest) {
            const auto* masks = forest.bit_trees(interrupts);
            if (!masks) return false;
            for (std::size_t i = 0; i < count; ++i) start(out.subspan(i * parts, parts));
            explain_rows(forest, *masks, inner_rows(*model_, rows).data(), count, out.data(), interrupts);
            return true;
        };
        if (forest_ ? explained(*forest_) : light_ && explained(*light_)) return;
    }
    for (std::size_t i = 0; i < count; ++i)
        of_row(rows.subspan(i * width, width), out.subspan(i * parts, parts), interrupts);
}

}  // namespace bourse::models
