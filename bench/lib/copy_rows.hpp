// Rows of COPY … TO STDOUT (FORMAT binary), as libpq gives them.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

namespace bourse::bench {

inline std::uint32_t big_endian(const char* bytes) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return __builtin_bswap32(value);
}

[[noreturn]] inline void fail(PGconn* connection) {
    std::fprintf(stderr, "%s", PQerrorMessage(connection));
    std::exit(1);
}

inline void expect(PGconn* connection, PGresult* result, ExecStatusType status) {
    if (PQresultStatus(result) != status) fail(connection);
    PQclear(result);
}

// take(fields): the bytes of each field of a row, NULL: none.
template <class Take>
void copy_rows(PGconn* connection, const char* statement, Take take) {
    expect(connection, PQexec(connection, statement), PGRES_COPY_OUT);
    std::vector<std::span<const char>> fields;
    char* message = nullptr;
    std::size_t at = 19;  // signature, flags, extension, before the first row
    for (int length; (length = PQgetCopyData(connection, &message, 0)) != -1; PQfreemem(message), at = 0) {
        if (length < 0) fail(connection);
        if (static_cast<std::size_t>(length) < at + 4) continue;  // the end
        std::uint16_t count = 0;
        std::memcpy(&count, message + at, sizeof count);
        count = __builtin_bswap16(count);
        at += sizeof count;
        fields.clear();
        for (std::uint16_t i = 0; i < count; ++i) {
            const std::uint32_t size = big_endian(message + at);
            at += 4;
            fields.emplace_back(message + at, size == UINT32_MAX ? 0 : size);
            at += size == UINT32_MAX ? 0 : size;
        }
        take(fields);
    }
    while (PGresult* result = PQgetResult(connection)) expect(connection, result, PGRES_COMMAND_OK);
}

}  // namespace bourse::bench
