// What a computation has kept so far, as bytes, so that another process goes on where this one stopped.
//
// A class that only holds numbers travels as it lies in memory. One with buffers says what it holds:
//
//   void state(auto& visit) { visit(window_, average_, before_); }
//
// The same line writes and reads; reading needs an object made with the same parameters. The bytes are this program's
// own: they are no format to keep, and whoever stores them must tell by which program they were written.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "core/error.hpp"

namespace bourse {

class StateWriter {
public:
    explicit StateWriter(std::vector<std::byte>& to) : to_(to) {}

    template <class... Parts>
    void operator()(Parts&... parts) {
        (put(parts), ...);
    }
    // A position in a buffer: 0 .. most.
    void index(std::size_t& position, std::size_t) { put(position); }

private:
    template <class T>
    void put(T& part) {
        if constexpr (std::is_trivially_copyable_v<T>)
            bytes(&part, sizeof part);
        else
            part.state(*this);
    }
    template <class T>
    void put(std::vector<T>& items) {
        const std::size_t count = items.size();
        bytes(&count, sizeof count);
        static_assert(std::is_trivially_copyable_v<T>);
        bytes(items.data(), count * sizeof(T));
    }
    template <class T, std::size_t n>
    void put(std::array<T, n>& items) {
        for (T& item : items) put(item);
    }
    void bytes(const void* from, std::size_t size) {
        const auto* first = static_cast<const std::byte*>(from);
        to_.insert(to_.end(), first, first + size);
    }

    std::vector<std::byte>& to_;
};

// Errors of every call: internal, when the bytes are not those of such an object.
class StateReader {
public:
    explicit StateReader(std::span<const std::byte> from) : from_(from) {}

    template <class... Parts>
    void operator()(Parts&... parts) {
        (get(parts), ...);
    }
    void index(std::size_t& position, std::size_t most) {
        get(position);
        if (position > most) refuse();
    }
    // Everything was read.
    void finish() const {
        if (!from_.empty()) refuse();
    }

private:
    [[noreturn]] static void refuse() { throw Error(ErrorKind::internal, "a kept state does not fit what reads it"); }

    template <class T>
    void get(T& part) {
        if constexpr (std::is_trivially_copyable_v<T>)
            bytes(&part, sizeof part);
        else
            part.state(*this);
    }
    template <class T>
    void get(std::vector<T>& items) {
        std::size_t count = 0;
        bytes(&count, sizeof count);
        if (count > from_.size() / sizeof(T)) refuse();
        items.resize(count);
        bytes(items.data(), count * sizeof(T));
    }
    template <class T, std::size_t n>
    void get(std::array<T, n>& items) {
        for (T& item : items) get(item);
    }
    void bytes(void* to, std::size_t size) {
        if (size > from_.size()) refuse();
        if (size > 0) std::memcpy(to, from_.data(), size);
        from_ = from_.subspan(size);
    }

    std::span<const std::byte> from_;
};

}  // namespace bourse
