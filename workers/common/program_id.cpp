#include "workers/common/program_id.hpp"

#include <elf.h>
#include <link.h>

#include <cstring>

namespace bourse::workers {
namespace {

constexpr std::size_t note_alignment = 4;
std::size_t aligned(std::size_t size) { return (size + note_alignment - 1) / note_alignment * note_alignment; }

std::string build_id(const char* notes, std::size_t size) {
    while (size >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) header;
        std::memcpy(&header, notes, sizeof header);
        const std::size_t whole = sizeof header + aligned(header.n_namesz) + aligned(header.n_descsz);
        if (whole > size) break;
        const char* name = notes + sizeof header;
        if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
            std::string id;
            for (std::size_t i = 0; i < header.n_descsz; ++i) {
                const auto byte = static_cast<unsigned char>(name[aligned(header.n_namesz) + i]);
                for (const unsigned digit : {byte / 16U, byte % 16U}) id += "0123456789abcdef"[digit];
            }
            return id;
        }
        notes += whole, size -= whole;
    }
    return {};
}

// Of the first object, which is the executable.
int look(dl_phdr_info* object, std::size_t, void* result) {
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const auto& part = object->dlpi_phdr[i];
        if (part.p_type != PT_NOTE) continue;
        const auto id = build_id(reinterpret_cast<const char*>(object->dlpi_addr + part.p_vaddr), part.p_memsz);
        if (!id.empty()) *static_cast<std::string*>(result) = id;
    }
    return 1;
}

}  // namespace

std::string program_id() {
    static const std::string id = [] {
        std::string found;
        dl_iterate_phdr(look, &found);
        return found;
    }();
    return id;
}

}  // namespace bourse::workers
