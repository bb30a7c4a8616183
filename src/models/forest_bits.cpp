#include "models/forest_bits.hpp"

namespace bourse::models {

const BitKernel& best_bit_kernel() noexcept {
    static const BitKernel& best = []() -> const BitKernel& {
        if (const auto* kernel = avx512_bit_kernel()) return *kernel;
        if (const auto* kernel = avx2_bit_kernel()) return *kernel;
        return portable_bit_kernel();
    }();
    return best;
}

}  // namespace bourse::models
