// A vector for hundreds of megabytes that are filled right away: new elements have no value yet, and its memory comes
// in large pages where the system has them. Faulting it in by small ones takes as long as filling it.
#pragma once

#include <cstddef>

#include "core/unset.hpp"

namespace bourse {

// At least `bytes` > 0 bytes; free_large gives them back. Errors: std::bad_alloc.
void* allocate_large(std::size_t bytes);
void free_large(void* memory) noexcept;

template <class T>
struct LargeAllocator : UnsetAllocator<T> {
    template <class U>
    struct rebind {
        using other = LargeAllocator<U>;
    };
    T* allocate(std::size_t count) {
        if (count > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_alloc();
        return static_cast<T*>(allocate_large(count * sizeof(T)));
    }
    void deallocate(T* memory, std::size_t) noexcept { free_large(memory); }
};

template <class T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

}  // namespace bourse
