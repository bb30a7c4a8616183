#include "workers/common/injection.hpp"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <unistd.h>

#include <pqxx/pqxx>

namespace bourse::workers {
namespace {

constexpr const char* names[] = {
#define NAME(name) #name,
    BOURSE_INJECTION_POINTS(NAME)
#undef NAME
};

struct Order {
    std::string point, action;
    int passing = 1;
};

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

Order read_order() {
    const auto text = environment("BOURSE_INJECT");
    if (text == "list") {
        for (const char* name : names) std::puts(name);
        std::fflush(stdout);
        _exit(0);
    }
    const auto equals = text.find('=');
    if (equals == std::string::npos) return {};
    const auto where = text.substr(0, equals);
    const auto colon = where.find(':');
    Order order{where.substr(0, colon), text.substr(equals + 1)};
    if (colon != std::string::npos) order.passing = std::stoi(where.substr(colon + 1));
    return order;
}

// Whole or not at all: the test reads it as soon as it is there.
void tell(const std::string& fuse, const std::string& text) {
    const auto part = fuse + ".part";
    std::ofstream(part) << text << "\n";
    std::rename(part.c_str(), (fuse + ".fired").c_str());
}

const Order order = read_order();
std::atomic<int> passed = 0;

}  // namespace

void injection_point(Point point) {
    const char* name = names[static_cast<int>(point)];
    if (order.point != name || ++passed != order.passing) return;
    const auto fuse = environment("BOURSE_INJECT_FUSE");
    if (unlink(fuse.c_str()) != 0) return;
    tell(fuse, std::string(name) + " " + order.action + " " + std::to_string(getpid()));
    if (order.action == "crash") kill(getpid(), SIGKILL);
    if (order.action == "stop") kill(getpid(), SIGSTOP);
    if (order.action == "error") throw pqxx::broken_connection(std::string("injected at ") + name);
}

}  // namespace bourse::workers
