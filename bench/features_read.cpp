// bench_features_read CONNINFO COPY-STATEMENT ROUNDS: the least time in milliseconds to bring a COPY BINARY's rows (an
// int4, an int8, then a vector) to this process and their vectors, as they came, into one matrix in memory.
#include <libpq-fe.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

std::uint32_t big_endian(const char* bytes) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

[[noreturn]] void fail(PGconn* connection) {
    std::fprintf(stderr, "%s", PQerrorMessage(connection));
    std::exit(1);
}

// A row is a field count, then per field its length and bytes; the vector comes last.
constexpr std::size_t before_vector = 2 + (4 + 4) + (4 + 8);

std::size_t read(PGconn* connection, const char* statement, std::vector<char>& matrix) {
    PGresult* result = PQexec(connection, statement);
    if (PQresultStatus(result) != PGRES_COPY_OUT) fail(connection);
    PQclear(result);
    std::size_t size = 0;
    char* message = nullptr;
    bool first = true;
    int length;
    while ((length = PQgetCopyData(connection, &message, 0)) > 0) {
        const std::size_t header = first ? 19 : 0;  // signature, flags, extension
        first = false;
        if (static_cast<std::size_t>(length) > header + before_vector + 4) {
            const char* vector = message + header + before_vector;
            const std::size_t bytes = big_endian(vector);
            if (size + bytes > matrix.size()) matrix.resize(2 * (size + bytes));
            std::memcpy(matrix.data() + size, vector + 4, bytes);
            size += bytes;
        }
        PQfreemem(message);
    }
    if (length != -1) fail(connection);
    while ((result = PQgetResult(connection))) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(connection);
        PQclear(result);
    }
    return size;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) return 2;
    PGconn* connection = PQconnectdb(arguments[1]);
    if (PQstatus(connection) != CONNECTION_OK) fail(connection);
    std::vector<char> matrix;
    double best = 1e300;
    for (int round = 0; round <= std::atoi(arguments[3]); ++round) {  // one more: the first fills caches and the matrix
        const auto start = std::chrono::steady_clock::now();
        if (read(connection, arguments[2], matrix) == 0) return 1;
        const double took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
        if (took < best) best = took;
    }
    PQfinish(connection);
    std::printf("%.1f\n", best);
    return 0;
}
