#include "pgext/reused_memory.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>

namespace bourse::pg {

void keep_freed_memory() noexcept {
    constexpr int kept = 32 << 20, asked = 24 << 20;
    constexpr std::uintptr_t large_page = 2 << 20;
    mallopt(M_MMAP_THRESHOLD, kept);
    mallopt(M_TRIM_THRESHOLD, kept);
    // Freed at once, this stays at the heap's end, where the next allocations come from. What nobody writes to is not
    // there, and a system without large pages takes no notice.
    void* memory = std::malloc(asked);
    if (memory == nullptr) return;
    const auto begin = reinterpret_cast<std::uintptr_t>(memory);
    const auto first = (begin + large_page - 1) / large_page * large_page,
               last = (begin + asked) / large_page * large_page;
    madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
    std::free(memory);
}

}  // namespace bourse::pg
