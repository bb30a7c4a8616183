#include "workers/task/outcome.hpp"

#include <new>

#include <pqxx/pqxx>

#include "core/error.hpp"

namespace bourse::workers {
namespace {

bool worth_another_try(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::lost_lease:
        case ErrorKind::cancelled:
        case ErrorKind::internal: return true;
        default: return false;  // what the job asks for cannot be had, today or in a minute
    }
}

bool worth_another_try(const std::string& state) {
    const auto category = state.substr(0, 2);
    return category != "0A" && category != "22" && category != "42" && category != "MB";
}

// libpqxx keeps the whole text of the server's message: "ERROR:  …\nDETAIL:  …\nHINT:  …\n".
std::string part(const std::string& text, const std::string& label) {
    const auto at = text.rfind(label, 0) == 0 ? 0 : text.find('\n' + label);
    if (at == std::string::npos) return {};
    auto from = text.find(label, at) + label.size();
    while (from < text.size() && text[from] == ' ') ++from;
    return text.substr(from, text.find('\n', from) - from);
}

void describe_sql_error(const pqxx::sql_error& error, bool cancelled, Outcome& outcome) {
    const std::string text = error.what();
    outcome.sqlstate = error.sqlstate();
    outcome.message = part(text, "ERROR:");
    if (outcome.message.empty()) outcome.message = text;
    outcome.detail = part(text, "DETAIL:");
    outcome.hint = part(text, "HINT:");
    outcome.lost = outcome.sqlstate == "MB050";
    outcome.retryable = worth_another_try(outcome.sqlstate);
    if (outcome.sqlstate == "57014" && cancelled) outcome.message = "the job was told to stop";
}

}  // namespace

Outcome outcome_of(std::exception_ptr error, bool cancelled) {
    Outcome outcome;
    try {
        std::rethrow_exception(error);
    } catch (const Error& e) {
        outcome.sqlstate = sqlstate(e.kind());
        outcome.message = e.what();
        outcome.detail = e.detail();
        outcome.hint = e.hint();
        outcome.lost = e.kind() == ErrorKind::lost_lease;
        outcome.retryable = worth_another_try(e.kind());
    } catch (const pqxx::sql_error& e) {
        describe_sql_error(e, cancelled, outcome);
    } catch (const pqxx::broken_connection& e) {
        outcome.sqlstate = "08006";
        outcome.message = std::string("lost the connection to the server: ") + e.what();
    } catch (const std::bad_alloc&) {
        outcome.sqlstate = "53200";
        outcome.message = "out of memory";
    } catch (const std::exception& e) {
        outcome.sqlstate = "XX000";
        outcome.message = e.what();
    } catch (...) {
        outcome.sqlstate = "XX000";
        outcome.message = "unknown exception";
    }
    return outcome;
}

// The daemon reads the pipe when the child has ended: all of it must fit into the pipe's 64 KiB.
nlohmann::json to_json(const Outcome& o) {
    constexpr std::size_t limit = 8000;
    return {{"completed", o.completed}, {"lost", o.lost}, {"sqlstate", o.sqlstate}, {"message", o.message.substr(0, limit)},
            {"detail", o.detail.substr(0, limit)}, {"hint", o.hint.substr(0, limit)}, {"retryable", o.retryable}};
}

Outcome outcome_from_json(const nlohmann::json& json) {
    Outcome o;
    o.completed = json.at("completed").get<bool>();
    o.lost = json.at("lost").get<bool>();
    o.sqlstate = json.at("sqlstate").get<std::string>();
    o.message = json.at("message").get<std::string>();
    o.detail = json.at("detail").get<std::string>();
    o.hint = json.at("hint").get<std::string>();
    o.retryable = json.at("retryable").get<bool>();
    return o;
}

std::string describe(const Outcome& o) {
    auto text = o.message;
    if (!o.detail.empty()) text += "; detail: " + o.detail;
    if (!o.hint.empty()) text += "; hint: " + o.hint;
    if (!o.sqlstate.empty()) text += " (" + o.sqlstate + ")";
    return text;
}

}  // namespace bourse::workers
