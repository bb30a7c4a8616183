// bench_features_read CONNINFO COPY-STATEMENT ROUNDS: the least time in milliseconds to bring a COPY BINARY's rows (an
// int4, an int8, then a vector) to this process and their vectors, as they came, into one matrix in memory.
#include <chrono>

#include "lib/copy_rows.hpp"

namespace {

using namespace bourse::bench;

std::size_t read(PGconn* connection, const char* statement, std::vector<char>& matrix) {
    std::size_t size = 0;
    copy_rows(connection, statement, [&](std::span<const std::span<const char>> fields) {
        const auto vector = fields.back();
        if (size + vector.size() > matrix.size()) matrix.resize(2 * (size + vector.size()));
        std::memcpy(matrix.data() + size, vector.data(), vector.size());
        size += vector.size();
    });
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
