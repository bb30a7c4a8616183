// Sixteen doubles that are computed side by side, one series in each.
//
// Level says for which instruction set the including file is compiled: width, the doubles of a register; Part, such a
// register, and Bits, one of as many int64_t; root(), larger(), smaller(), divided() of Parts. Every operation rounds
// as the one on double does.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace bourse::indicators {

inline constexpr int lane_count = 16;

template <class Level>
class Lanes {
public:
    static constexpr int width = Level::width, parts = lane_count / width;
    using Part = typename Level::Part;  // GCC drops vector_size of what depends on a template's parameter

    class Mask {
    public:
        using Part = typename Level::Bits;
        Part part[parts];

        friend Mask operator&(const Mask& a, const Mask& b) noexcept {
            Mask r;
            for (int k = 0; k < parts; ++k) r.part[k] = a.part[k] & b.part[k];
            return r;
        }
        friend Mask operator|(const Mask& a, const Mask& b) noexcept {
            Mask r;
            for (int k = 0; k < parts; ++k) r.part[k] = a.part[k] | b.part[k];
            return r;
        }
        friend Mask operator!(const Mask& a) noexcept {
            Mask r;
            for (int k = 0; k < parts; ++k) r.part[k] = ~a.part[k];
            return r;
        }
    };

    Part part[parts];

    Lanes() noexcept : Lanes(0.0) {}
    Lanes(double x) noexcept {  // NOLINT: a constant is one in every lane
        for (int k = 0; k < parts; ++k) part[k] = x - Part{};
    }

#define BOURSE_LANES_OPERATOR(op)                                           \
    friend Lanes operator op(const Lanes& a, const Lanes& b) noexcept {     \
        Lanes r{Unset{}};                                                   \
        for (int k = 0; k < parts; ++k) r.part[k] = a.part[k] op b.part[k]; \
        return r;                                                           \
    }                                                                       \
    Lanes& operator op##=(const Lanes& b) noexcept {                        \
        for (int k = 0; k < parts; ++k) part[k] = part[k] op b.part[k];     \
        return *this;                                                       \
    }
    BOURSE_LANES_OPERATOR(+)
    BOURSE_LANES_OPERATOR(-)
    BOURSE_LANES_OPERATOR(*)
    BOURSE_LANES_OPERATOR(/)
#undef BOURSE_LANES_OPERATOR

#define BOURSE_LANES_COMPARISON(op)                                         \
    friend Mask operator op(const Lanes& a, const Lanes& b) noexcept {      \
        Mask r;                                                             \
        for (int k = 0; k < parts; ++k) r.part[k] = a.part[k] op b.part[k]; \
        return r;                                                           \
    }
    BOURSE_LANES_COMPARISON(<)
    BOURSE_LANES_COMPARISON(<=)
    BOURSE_LANES_COMPARISON(>)
    BOURSE_LANES_COMPARISON(>=)
    BOURSE_LANES_COMPARISON(==)
    BOURSE_LANES_COMPARISON(!=)
#undef BOURSE_LANES_COMPARISON

    friend Lanes operator-(const Lanes& a) noexcept {
        Lanes r{Unset{}};
        for (int k = 0; k < parts; ++k) r.part[k] = -a.part[k];
        return r;
    }
    friend Lanes select(const Mask& which, const Lanes& a, const Lanes& b) noexcept {
        Lanes r{Unset{}};
        for (int k = 0; k < parts; ++k) r.part[k] = which.part[k] ? a.part[k] : b.part[k];
        return r;
    }
    // As std::max and std::min.
    friend Lanes larger(const Lanes& a, const Lanes& b) noexcept {
        Lanes r{Unset{}};
        for (int k = 0; k < parts; ++k) r.part[k] = Level::larger(a.part[k], b.part[k]);
        return r;
    }
    friend Lanes smaller(const Lanes& a, const Lanes& b) noexcept {
        Lanes r{Unset{}};
        for (int k = 0; k < parts; ++k) r.part[k] = Level::smaller(a.part[k], b.part[k]);
        return r;
    }
    friend Lanes divided(const Lanes& a, double by) noexcept {
        const double inverse = 1 / by;
        Lanes r{Unset{}};
        for (int k = 0; k < parts; ++k) r.part[k] = Level::divided(a.part[k], by, inverse);
        return r;
    }
    friend Lanes magnitude(const Lanes& a) noexcept {
        using Bits = typename Mask::Part;
        Lanes r{Unset{}};
        for (int k = 0; k < parts; ++k)
            r.part[k] = reinterpret_cast<Part>(reinterpret_cast<Bits>(a.part[k]) & INT64_MAX);
        return r;
    }
    friend Lanes root(const Lanes& a) noexcept {
        Lanes r{Unset{}};
        for (int k = 0; k < parts; ++k) r.part[k] = Level::root(a.part[k]);
        return r;
    }

private:
    struct Unset {};
    explicit Lanes(Unset) noexcept {}
};

}  // namespace bourse::indicators
