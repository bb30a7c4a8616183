// bourse watch: follows a run, or all unfinished work, until it ends or Ctrl-C.
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "workers/cli/command.hpp"
#include "workers/cli/watch_queries.hpp"

namespace bourse::cli {
namespace {

volatile sig_atomic_t interrupted = 0;

void on_signal(int) { interrupted = 1; }

// SIGINT and SIGTERM are delivered in wait() alone: never between a look at the flag and the sleep.
class Interrupts {
public:
    Interrupts() {
        struct sigaction action {};
        action.sa_handler = on_signal;
        sigaction(SIGINT, &action, nullptr);
        sigaction(SIGTERM, &action, nullptr);
        sigset_t blocked;
        sigemptyset(&blocked);
        sigaddset(&blocked, SIGINT);
        sigaddset(&blocked, SIGTERM);
        sigprocmask(SIG_BLOCK, &blocked, &open_);
    }
    ~Interrupts() { sigprocmask(SIG_SETMASK, &open_, nullptr); }

    // Until something can be read from `socket` (-1: nothing to read), a signal, or the time is over.
    void wait(int socket, std::chrono::milliseconds limit) {
        pollfd descriptor{socket, POLLIN, 0};
        const timespec time{limit.count() / 1000, limit.count() % 1000 * 1000000};
        ppoll(&descriptor, 1, &time, &open_);
    }

private:
    sigset_t open_{};
};

// Lines that stay, and below them lines that are drawn again and again (terminals only).
class Screen {
public:
    Screen() : terminal_(isatty(STDOUT_FILENO)) {
        if (terminal_) std::fputs("\x1b[?25l", stdout);  // hide the cursor
    }
    ~Screen() {
        if (terminal_) std::fputs("\x1b[?25h", stdout);
        std::fflush(stdout);
    }
    bool terminal() const { return terminal_; }

    int width() const {
        winsize size{};
        return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col - 1 : 100;
    }

    void print(const std::string& line) {
        clear();
        std::printf("%s\n", line.c_str());
        std::fflush(stdout);
    }

    void draw(const std::vector<std::string>& lines) {
        clear();
        for (const auto& line : lines) std::printf("%s\n", line.c_str());
        drawn_ = lines.size();
        std::fflush(stdout);
    }

private:
    void clear() {
        if (drawn_) std::printf("\x1b[%zuA\x1b[J", drawn_);
        drawn_ = 0;
    }

    bool terminal_;
    std::size_t drawn_ = 0;
};

nlohmann::json to_json(const Progress& p) {
    nlohmann::json row{{"job_id", p.id},   {"kind", p.kind},       {"state", p.state},
                       {"stage", p.stage}, {"attempt", p.attempt}, {"line", progress_line(p)}};
    row["progress_ratio"] = p.ratio == p.ratio ? nlohmann::json(p.ratio) : nlohmann::json();
    return row;
}

nlohmann::json to_json(std::int64_t job, const SaidLine& said) {
    return {{"job_id", job},     {"attempt", said.attempt}, {"log_line", said.line},
            {"time", said.time}, {"level", said.level},     {"message", said.message}};
}

struct Options {
    std::int64_t run = 0;  // 0: everything
    int lines = 10;
    bool until_idle = false;
};

class Watch {
public:
    Watch(const Common& common, const Options& options) : common_(common), options_(options) {}

    // The program's exit status.
    int follow() {
        using clock = std::chrono::steady_clock;
        std::optional<clock::time_point> lost_at;
        while (!interrupted) {
            try {
                workers::Connection connection(common_.db, "bourse watch");
                pqxx::nontransaction(connection).exec("LISTEN bourse_jobs");
                connected_ = true;
                lost_at.reset();
                if (const auto status = session(connection)) return *status;
            } catch (const pqxx::broken_connection&) {
                if (!connected_) throw;
                if (!lost_at) {
                    lost_at = clock::now();
                    screen_.print("the connection is lost, trying again for a minute");
                }
                if (clock::now() - *lost_at > std::chrono::minutes(1)) throw;
                interrupts_.wait(-1, std::chrono::seconds(1));
            }
        }
        screen_.print("not watching any more; the work goes on");
        return 128 + SIGINT;
    }

private:
    // Looks four times a second, sooner when the bell rings; empty when a signal ended it.
    std::optional<int> session(workers::Connection& connection) {
        while (!interrupted) {
            const auto status = options_.run ? look_at_one(connection) : look_at_all(connection);
            if (status) return status;
            interrupts_.wait(connection.sock(), std::chrono::milliseconds(250));
            connection.get_notifs();
        }
        return std::nullopt;
    }

    std::optional<int> look_at_one(workers::Connection& connection) {
        const auto progress = read_progress(connection, options_.run);
        if (!progress)
            throw Error(ErrorKind::invalid_argument, "there is no run or job " + std::to_string(options_.run),
                        "SELECT * FROM bourse_bi.job lists them");
        if (!finished(*progress)) {
            say_lines(connection);
            show({*progress});
            return std::nullopt;
        }
        if (!marks_.empty()) await_last_lines(connection, progress->attempt);
        say_lines(connection);
        say(*progress);
        return progress->state == "succeeded" ? 0 : 1;
    }

    // What its child has said since the last look: of more than options.lines the last ones.
    void say_lines(workers::Connection& connection) {
        if (options_.lines == 0) return;
        const auto said = read_lines_after(connection, options_.run, last_line_, options_.lines);
        if (said.before > 0 && !common_.json)
            screen_.print("  … " + std::to_string(said.before) + " lines before these");
        for (const auto& line : said.lines)
            screen_.print(common_.json ? to_json(options_.run, line).dump()
                                       : "  " + line.time + " " + line.level + " " + line.message);
        if (!said.lines.empty()) last_line_ = said.lines.back();
    }

    // The worker may tell the last ones after the child has completed the job; a job without a child has none.
    void await_last_lines(workers::Connection& connection, int attempt) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
        while (options_.lines > 0 && !interrupted && !said_everything(connection, options_.run, attempt) &&
               std::chrono::steady_clock::now() < until)
            interrupts_.wait(-1, std::chrono::milliseconds(50));
    }

    std::optional<int> look_at_all(workers::Connection& connection) {
        constexpr int most = 20;
        const auto all = read_unfinished(connection, most);
        std::map<std::int64_t, std::string> gone = marks_;
        for (const auto& progress : all) gone.erase(progress.id);
        for (const auto& [id, mark] : gone) {
            const auto progress = read_progress(connection, id);
            if (progress && !finished(*progress)) continue;  // still there, beyond the limit
            marks_.erase(id);
            if (!progress) continue;
            say(*progress);
            if (progress->state != "succeeded") status_ = 1;
        }
        show(all);
        if (all.empty() && options_.until_idle) return status_;
        return std::nullopt;
    }

    void show(const std::vector<Progress>& all) {
        std::vector<std::string> lines;
        for (const auto& progress : all) {
            const bool news = !marks_.count(progress.id) || marks_[progress.id] != progress_mark(progress);
            marks_[progress.id] = progress_mark(progress);
            if (screen_.terminal() && !common_.json)
                lines.push_back(progress_line_with_bar(progress, screen_.width()));
            else if (news)
                say(progress);
        }
        if (!screen_.terminal() || common_.json) return;
        if (lines.empty()) lines.push_back("nothing to do; waiting for work, Ctrl-C ends");
        screen_.draw(lines);
    }

    void say(const Progress& progress) {
        screen_.print(common_.json ? to_json(progress).dump() : progress_line(progress));
    }

    const Common& common_;
    const Options& options_;
    Interrupts interrupts_;
    Screen screen_;
    bool connected_ = false;
    int status_ = 0;
    SaidLine last_line_;
    std::map<std::int64_t, std::string> marks_;  // what was last said of each piece of work
};

}  // namespace

void add_watch(CLI::App& app, Common& common) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "watch", "follow a run or job to its end, or all unfinished work; Ctrl-C stops watching, not the work");
    auto* run =
        command->add_option("RUN", options->run, "run or job to follow; ends with 0 when it succeeded, 1 otherwise")
            ->check(CLI::PositiveNumber);
    command
        ->add_option("--lines", options->lines,
                     "with RUN: how many of the lines that its child has said since the last look are shown at most, "
                     "the last ones; 0: none")
        ->check(CLI::Range(0, 1000))
        ->capture_default_str();
    command
        ->add_flag("--until-idle", options->until_idle,
                   "without RUN: end when nothing is left; 1 when something did not succeed")
        ->excludes(run);
    command->callback([options, &common] {
        const int status = Watch(common, *options).follow();
        if (status) throw CLI::RuntimeError(status);
    });
}

}  // namespace bourse::cli
