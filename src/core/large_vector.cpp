#include "core/large_vector.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace bourse {
namespace {

constexpr std::size_t large_page = std::size_t{2} << 20, worth_it = 2 * large_page;

}  // namespace

void* allocate_large(std::size_t bytes) {
    const bool large = bytes >= worth_it && bytes <= static_cast<std::size_t>(-1) - large_page;
    const std::size_t pages = (bytes + large_page - 1) / large_page * large_page;
    void* memory = large ? std::aligned_alloc(large_page, pages) : std::malloc(bytes);
    if (memory == nullptr) throw std::bad_alloc();
    if (large) madvise(memory, pages, MADV_HUGEPAGE);  // a system without large pages takes no notice
    return memory;
}

void free_large(void* memory) noexcept { std::free(memory); }

}  // namespace bourse
