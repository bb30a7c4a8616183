// bourse worker: the daemon that runs jobs.
#include <cmath>
#include <random>
#include <thread>

#include <libpq-fe.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "workers/cli/command.hpp"
#include "workers/worker/signer.hpp"
#include "workers/worker/worker.hpp"

namespace bourse::cli {
namespace {

struct Arguments {
    int slots = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    std::vector<std::string> kinds, offer;
    std::string signing_key;
    bool once = false;
    std::string log_level = "info";
    double lease_s = 30, poll_s = 1, grace_s = 10;
};

// Checked before anything can put libpq's words about it, passwords included, into a log.
void refuse_unreadable(const std::string& conninfo) {
    char* error = nullptr;
    auto* parsed = PQconninfoParse(conninfo.c_str(), &error);
    const bool readable = parsed != nullptr;
    PQconninfoFree(parsed);
    PQfreemem(error);
    if (!readable)
        throw Error(ErrorKind::invalid_argument, "the connection string cannot be read",
                    "--db or BOURSE_DB takes libpq's form: \"host=… dbname=…\" or a postgresql:// address");
}

std::vector<std::string> chosen_kinds(const std::vector<std::string>& asked) {
    const auto known = workers::known_kinds();
    if (asked.empty()) return known;
    for (const auto& kind : asked) {
        if (std::find(known.begin(), known.end(), kind) != known.end()) continue;
        std::string list;
        for (const auto& name : known) list += (list.empty() ? "" : ", ") + name;
        const auto near = nearest(kind, known);
        throw CLI::ValidationError("--kinds", "unknown job kind \"" + kind + "\"; known: " + list +
                                                  (near.empty() ? "" : "; did you mean " + near + "?"));
    }
    return asked;
}

std::string unique_name() {
    char host[256] = "unknown";
    gethostname(host, sizeof host - 1);
    char tail[16];
    std::snprintf(tail, sizeof tail, "%08x",
                  std::random_device{}());  // a host and a pid come again, in containers soon
    return std::string(host) + "-" + std::to_string(getpid()) + "-" + tail;
}

std::string task_program() {
    char path[4096];
    const auto size = readlink("/proc/self/exe", path, sizeof path - 1);
    const std::string self = size > 0 ? std::string(path, static_cast<std::size_t>(size)) : "./bourse";
    const auto task = self.substr(0, self.rfind('/')) + "/bourse-task";
    if (access(task.c_str(), X_OK) != 0)
        throw Error(ErrorKind::unavailable, "bourse-task is not beside the program bourse", "build and install both");
    return task;
}

workers::Options options_of(const Arguments& arguments, const Common& common) {
    refuse_unreadable(common.db);
    const auto ms = [](double seconds) { return std::chrono::milliseconds(std::lround(seconds * 1000)); };
    workers::Options options;
    options.db = common.db;
    options.name = unique_name();
    options.task_program = task_program();
    options.slots = arguments.slots;
    options.kinds = chosen_kinds(arguments.kinds);
    options.offer = workers::changed(workers::host_offer(), arguments.offer);
    options.once = arguments.once;
    options.lease = ms(arguments.lease_s);
    options.poll = ms(arguments.poll_s);
    options.grace = ms(arguments.grace_s);
    return options;
}

// Nothing that this process starts is to find the key: not in the environment, not in a core file, not in our memory
// through /proc.
std::shared_ptr<workers::Signer> make_signer(const std::string& file) {
    unsetenv("BOURSE_SIGNING_KEY_FILE");
    if (file.empty()) return nullptr;
#ifndef __SANITIZE_ADDRESS__  // whose leak check traces this process
    prctl(PR_SET_DUMPABLE, 0);
#endif
    return std::make_shared<workers::Signer>(workers::SigningKey::read(file));
}

void run(const Arguments& arguments, const Common& common) {
    spdlog::set_default_logger(spdlog::stderr_color_mt("bourse-worker"));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%f %l %v");
    spdlog::set_level(spdlog::level::from_str(arguments.log_level));
    spdlog::flush_on(spdlog::level::info);
    workers::Signals signals;
    // Inherited by the children: idle OpenMP threads must not spin on machines with few cores.
    setenv("OMP_WAIT_POLICY", "passive", 0);
    setenv("OPENBLAS_NUM_THREADS", "1", 0);
    auto options = options_of(arguments, common);
    options.signer = make_signer(arguments.signing_key);
    spdlog::info(
        "event=worker_started worker={} version={} slots={} once={} lease_ms={} poll_ms={} grace_ms={} "
        "signing_key={}",
        options.name, BOURSE_VERSION, options.slots, options.once, options.lease.count(), options.poll.count(),
        options.grace.count(), options.signer ? options.signer->key().name() : "none");
    workers::Worker(std::move(options), signals).run();
}

}  // namespace

void add_worker(CLI::App& app, Common& common) {
    auto* command =
        app.add_subcommand("worker", "run jobs: SIGTERM lets the running ones end, a second one stops them");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("--slots", arguments->slots, "jobs at once")->check(CLI::Range(1, 1000))->capture_default_str();
    command->add_option("--kinds", arguments->kinds, "job kinds to take, separated by commas (default: all)")
        ->delimiter(',');
    command
        ->add_option("--offer", arguments->offer,
                     "what jobs that ask for resources may have together: cpu=N,memory_mb=N,gpu=N (default: all that "
                     "the host has)")
        ->delimiter(',');
    command
        ->add_option("--signing-key", arguments->signing_key,
                     "file of the key that signs models (bourse keygen); without one no job kind that signs is taken")
        ->envname("BOURSE_SIGNING_KEY_FILE");
    command->add_flag("--once", arguments->once, "end when nothing is due");
    command->add_option("--lease", arguments->lease_s, "seconds after which a silent worker loses its jobs")
        ->check(CLI::Range(0.5, 3600.0))
        ->capture_default_str();
    command->add_option("--poll", arguments->poll_s, "longest pause in seconds between two looks for due jobs")
        ->check(CLI::Range(0.05, 5.0))
        ->capture_default_str();
    command->add_option("--grace", arguments->grace_s, "seconds between asking a child to stop and killing it")
        ->check(CLI::Range(0.1, 600.0))
        ->capture_default_str();
    command->add_option("--log-level", arguments->log_level, "what to write to standard error")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
        ->capture_default_str();
    command->callback([arguments, &common] { run(*arguments, common); });
}

}  // namespace bourse::cli
