// COPY BINARY to and from the server, streaming: memory stays at one buffer (writer) or one row (reader).
// The server's format: header, then per row an int16 field count and per field an int32 length (-1 = NULL) and
// big-endian bytes. Source: PostgreSQL manual, COPY, "Binary Format".
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workers/common/connection.hpp"
#include "workers/common/send_ahead.hpp"

namespace bourse::workers {

// COPY … FROM STDIN (FORMAT binary). Usage: row(n), then n fields, …, finish(). Without finish() the COPY is
// aborted by the destructor, and the surrounding transaction with it.
class CopyWriter {
public:
    // ahead: up to 4 MB wait for a thread that sends them, instead of the caller waiting for the server.
    enum class Sending : unsigned char { at_once, ahead };
    CopyWriter(Connection& connection, const std::string& copy_statement, Sending sending = Sending::at_once);
    ~CopyWriter();
    CopyWriter(const CopyWriter&) = delete;
    CopyWriter& operator=(const CopyWriter&) = delete;

    void row(std::int16_t fields);
    void null();
    void int4(std::int32_t value);
    void int8(std::int64_t value);
    void float8(double value);
    void text(std::string_view value);
    void bytes(std::span<const std::byte> value);
    void timestamptz(std::int64_t unix_us);             // microseconds since 1970-01-01 UTC
    void float8_array(std::span<const double> values);  // one-dimensional, from 1, without NULLs
    void int8_array(std::span<const std::int64_t> values);
    std::int64_t finish();  // rows written; throws pqxx::sql_error on refusal

private:
    void flush();
    [[noreturn]] void broken();
    void big_endian(std::uint64_t value, int width);
    void array_header(std::size_t count, std::uint32_t element_type);

    pg_conn* raw_;
    std::vector<char> buffer_;
    bool open_ = true;
    std::unique_ptr<SendAhead> ahead_;
};

// COPY (SELECT …) TO STDOUT (FORMAT binary). while (next()) { read the fields in order }.
class CopyReader {
public:
    CopyReader(Connection& connection, const std::string& copy_statement);
    ~CopyReader();
    CopyReader(const CopyReader&) = delete;
    CopyReader& operator=(const CopyReader&) = delete;

    bool next();  // false after the last row
    // Each reads the next field of the row; the second form says whether it was NULL. Throws Error(internal)
    // when the width is not the asked type's.
    bool int4(std::int32_t& value);
    bool int8(std::int64_t& value);
    bool float8(double& value);          // NaN when NULL
    bool text(std::string_view& value);  // valid until next()
    bool bytes(std::span<const std::byte>& value);
    bool timestamptz(std::int64_t& unix_us);

private:
    std::string_view field(bool& present);
    template <class T>
    bool fixed(T& value);

    pg_conn* raw_;
    char* row_ = nullptr;  // libpq's buffer
    std::string_view rest_;
    bool header_seen_ = false;
    bool done_ = false;
};

}  // namespace bourse::workers
