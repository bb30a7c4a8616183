#include "workers/common/copy_binary.hpp"

#include <bit>
#include <cstring>
#include <limits>

#include <libpq-fe.h>

#include "core/epoch_2000.hpp"
#include "core/error.hpp"

namespace bourse::workers {
namespace {

constexpr std::string_view signature{"PGCOPY\n\377\r\n\0", 11};
constexpr std::size_t flush_size = 256 * 1024;

// Throws what libpqxx would have thrown for the connection's last failure.
[[noreturn]] void fail(PGconn* raw, PGresult* result, const std::string& statement) {
    const char* state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const std::string code = state ? state : "";
    const std::string message = result ? PQresultErrorMessage(result) : PQerrorMessage(raw);
    if (result) PQclear(result);
    if (PQstatus(raw) != CONNECTION_OK) throw pqxx::broken_connection(message);
    throw pqxx::sql_error(message, statement, code.c_str());
}

void start(PGconn* raw, const std::string& statement, ExecStatusType expected) {
    PGresult* result = PQexec(raw, statement.c_str());
    if (PQresultStatus(result) != expected) fail(raw, result, statement);
    PQclear(result);
}

// Reads the results that end a COPY; returns the row count of the command tag.
std::int64_t finish_results(PGconn* raw) {
    std::int64_t rows = 0;
    while (PGresult* result = PQgetResult(raw)) {
        if (PQresultStatus(result) == PGRES_FATAL_ERROR) {
            PGresult* failed = result;
            std::string state =
                PQresultErrorField(failed, PG_DIAG_SQLSTATE) ? PQresultErrorField(failed, PG_DIAG_SQLSTATE) : "";
            std::string message = PQresultErrorMessage(failed);
            PQclear(failed);
            while (PGresult* more = PQgetResult(raw)) PQclear(more);
            if (PQstatus(raw) != CONNECTION_OK) throw pqxx::broken_connection(message);
            throw pqxx::sql_error(message, "COPY", state.c_str());
        }
        const char* count = PQcmdTuples(result);
        if (count && *count) rows = std::strtoll(count, nullptr, 10);
        PQclear(result);
    }
    return rows;
}

template <class T>
T from_big_endian(const char* bytes) {
    using U = std::make_unsigned_t<T>;
    U value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value = static_cast<U>((value << 8) | static_cast<unsigned char>(bytes[i]));
    return static_cast<T>(value);
}

}  // namespace

CopyWriter::CopyWriter(Connection& connection, const std::string& copy_statement, Sending sending)
    : raw_(connection.raw()) {
    start(raw_, copy_statement, PGRES_COPY_IN);
    if (sending == Sending::ahead) ahead_ = std::make_unique<SendAhead>(raw_);
    buffer_.reserve(flush_size + 65536);
    buffer_.insert(buffer_.end(), signature.begin(), signature.end());
    big_endian(0, 4);  // flags
    big_endian(0, 4);  // header extension
}

CopyWriter::~CopyWriter() {
    ahead_.reset();
    if (!open_) return;
    PQputCopyEnd(raw_, "abandoned by the client");
    while (PGresult* result = PQgetResult(raw_)) PQclear(result);
}

void CopyWriter::big_endian(std::uint64_t value, int width) {
    char bytes[8];
    for (int i = 0; i < width; ++i) bytes[i] = static_cast<char>(value >> (8 * (width - 1 - i)));
    buffer_.insert(buffer_.end(), bytes, bytes + width);
}

void CopyWriter::flush() {
    if (ahead_) {
        if (!ahead_->send(buffer_)) broken();
        buffer_.reserve(flush_size + 65536);
        return;
    }
    if (PQputCopyData(raw_, buffer_.data(), static_cast<int>(buffer_.size())) != 1) broken();
    buffer_.clear();
}

void CopyWriter::broken() {
    open_ = false;
    ahead_.reset();
    finish_results(raw_);  // throws what the server said, when it said something
    throw pqxx::broken_connection(PQerrorMessage(raw_));
}

void CopyWriter::row(std::int16_t fields) {
    if (buffer_.size() >= flush_size) flush();
    big_endian(static_cast<std::uint16_t>(fields), 2);
}
void CopyWriter::null() { big_endian(0xffffffffu, 4); }
void CopyWriter::int4(std::int32_t value) {
    big_endian(4, 4);
    big_endian(static_cast<std::uint32_t>(value), 4);
}
void CopyWriter::int8(std::int64_t value) {
    big_endian(8, 4);
    big_endian(static_cast<std::uint64_t>(value), 8);
}
void CopyWriter::float8(double value) {
    big_endian(8, 4);
    big_endian(std::bit_cast<std::uint64_t>(value), 8);
}
void CopyWriter::text(std::string_view value) { bytes(std::as_bytes(std::span(value.data(), value.size()))); }
void CopyWriter::bytes(std::span<const std::byte> value) {
    big_endian(value.size(), 4);
    const auto* from = reinterpret_cast<const char*>(value.data());
    buffer_.insert(buffer_.end(), from, from + value.size());
}

// Dimensions (0 for an empty array), has-null flag, element type; then per dimension its size and lower bound.
// Source: array_send, src/backend/utils/adt/arrayfuncs.c.
void CopyWriter::array_header(std::size_t count, std::uint32_t element_type) {
    const std::size_t bytes = count == 0 ? 12 : 20 + count * 12;
    big_endian(bytes, 4);
    big_endian(count == 0 ? 0 : 1, 4);
    big_endian(0, 4);
    big_endian(element_type, 4);
    if (count == 0) return;
    big_endian(count, 4);
    big_endian(1, 4);
}
void CopyWriter::float8_array(std::span<const double> values) {
    array_header(values.size(), 701);
    for (const double value : values) float8(value);
}
void CopyWriter::int8_array(std::span<const std::int64_t> values) {
    array_header(values.size(), 20);
    for (const std::int64_t value : values) int8(value);
}

void CopyWriter::timestamptz(std::int64_t unix_us) { int8(unix_us - epoch_2000_us); }

std::int64_t CopyWriter::finish() {
    big_endian(0xffff, 2);
    flush();
    if (ahead_ && !ahead_->finish()) broken();
    ahead_.reset();
    open_ = false;
    if (PQputCopyEnd(raw_, nullptr) != 1) throw pqxx::broken_connection(PQerrorMessage(raw_));
    return finish_results(raw_);
}

CopyReader::CopyReader(Connection& connection, const std::string& copy_statement) : raw_(connection.raw()) {
    start(raw_, copy_statement, PGRES_COPY_OUT);
}

CopyReader::~CopyReader() {
    if (row_) PQfreemem(row_);
    if (done_) return;
    if (PGcancel* cancel = PQgetCancel(raw_)) {  // somebody stopped reading: do not drain gigabytes
        char error[256];
        PQcancel(cancel, error, sizeof error);
        PQfreeCancel(cancel);
    }
    char* rest = nullptr;
    while (PQgetCopyData(raw_, &rest, 0) > 0) PQfreemem(rest);
    while (PGresult* result = PQgetResult(raw_)) PQclear(result);
}

bool CopyReader::next() {
    if (done_) return false;
    for (;;) {
        if (row_) PQfreemem(std::exchange(row_, nullptr));
        const int size = PQgetCopyData(raw_, &row_, 0);
        if (size == -1) {
            done_ = true;
            finish_results(raw_);
            return false;
        }
        if (size < 0) {
            done_ = true;
            throw pqxx::broken_connection(PQerrorMessage(raw_));
        }
        rest_ = {row_, static_cast<std::size_t>(size)};
        if (!header_seen_) {  // the header travels with the first row or alone
            header_seen_ = true;
            if (rest_.size() < 19 || rest_.substr(0, 11) != signature)
                throw Error(ErrorKind::internal, "COPY BINARY without its signature");
            rest_.remove_prefix(19);
            if (rest_.empty()) continue;
        }
        if (rest_.size() < 2) throw Error(ErrorKind::internal, "COPY BINARY row without its field count");
        const auto fields = from_big_endian<std::int16_t>(rest_.data());
        rest_.remove_prefix(2);
        if (fields >= 0) return true;  // -1 is the trailer: read on to the end
    }
}

std::string_view CopyReader::field(bool& present) {
    if (rest_.size() < 4) throw Error(ErrorKind::internal, "COPY BINARY row has fewer fields than were read");
    const auto size = from_big_endian<std::int32_t>(rest_.data());
    rest_.remove_prefix(4);
    present = size >= 0;
    if (!present) return {};
    if (static_cast<std::size_t>(size) > rest_.size())
        throw Error(ErrorKind::internal, "COPY BINARY field is cut short");
    const auto value = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(static_cast<std::size_t>(size));
    return value;
}

template <class T>
bool CopyReader::fixed(T& value) {
    bool present = false;
    const auto bytes = field(present);
    if (!present) return false;
    if (bytes.size() != sizeof(T))
        throw Error(ErrorKind::internal, "COPY BINARY field has " + std::to_string(bytes.size()) + " bytes, expected " +
                                             std::to_string(sizeof(T)));
    value = from_big_endian<T>(bytes.data());
    return true;
}

bool CopyReader::int4(std::int32_t& value) { return fixed(value); }
bool CopyReader::int8(std::int64_t& value) { return fixed(value); }
bool CopyReader::float8(double& value) {
    std::int64_t bits = 0;
    const bool present = fixed(bits);
    value = present ? std::bit_cast<double>(bits) : std::numeric_limits<double>::quiet_NaN();
    return present;
}
bool CopyReader::text(std::string_view& value) {
    bool present = false;
    value = field(present);
    return present;
}
bool CopyReader::bytes(std::span<const std::byte>& value) {
    bool present = false;
    const auto view = field(present);
    value = std::as_bytes(std::span(view.data(), view.size()));
    return present;
}
bool CopyReader::timestamptz(std::int64_t& unix_us) {
    if (!fixed(unix_us)) return false;
    unix_us += epoch_2000_us;
    return true;
}

}  // namespace bourse::workers
