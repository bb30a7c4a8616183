#include "core/reused_memory.hpp"

#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace bourse {

void keep_freed_memory(int megabytes) noexcept {
    constexpr int piece = 24 << 20;  // the library takes larger pieces than 32 MB from the system, whatever it is told
    constexpr std::uintptr_t large_page = 2 << 20;
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, megabytes << 20);
    std::array<void*, 8> pieces{};
    const auto count = std::min<std::size_t>(static_cast<std::size_t>(megabytes) / 32, pieces.size());
    for (std::size_t i = 0; i < count; ++i) {
        pieces[i] = std::malloc(piece);
        if (pieces[i] == nullptr) break;
        const auto begin = reinterpret_cast<std::uintptr_t>(pieces[i]);
        const auto first = (begin + large_page - 1) / large_page * large_page,
                   last = (begin + piece) / large_page * large_page;
        // What nobody writes to is not there, and a system without large pages takes no notice.
        madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
    }
    // Freed at once, this stays at the heap's end, where the next allocations come from.
    for (void* each : pieces) std::free(each);
}

}  // namespace bourse
