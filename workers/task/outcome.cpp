#include "workers/task/outcome.hpp"

#include <algorithm>
#include <new>

#include <pqxx/pqxx>

#include "core/error.hpp"

namespace bourse::workers {
namespace {

bool worth_another_try(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::lost_lease:
        case ErrorKind::cancelled:
        case ErrorKind::internal:
            return true;
        default:
            return false;  // what the job asks for cannot be had, today or in a minute
    }
}

bool worth_another_try(const std::string& state) {
    const auto category = state.substr(0, 2);
    return category != "0A" && category != "22" && category != "42" && category != "MB";
}

// libpqxx 6.4 drops the SQLSTATE of those errors that it has a class for; the class then stands for it.
std::string sqlstate_of(const std::exception& error) {
    if (const auto* sql = dynamic_cast<const pqxx::sql_error*>(&error); sql && !sql->sqlstate().empty())
        return sql->sqlstate();
    const auto is = [&error]<class T>(const T*) { return dynamic_cast<const T*>(&error) != nullptr; };
    if (is(static_cast<pqxx::serialization_failure*>(nullptr))) return "40001";
    if (is(static_cast<pqxx::deadlock_detected*>(nullptr))) return "40P01";
    if (is(static_cast<pqxx::insufficient_privilege*>(nullptr))) return "42501";
    if (is(static_cast<pqxx::undefined_function*>(nullptr))) return "42883";
    if (is(static_cast<pqxx::undefined_table*>(nullptr))) return "42P01";
    if (is(static_cast<pqxx::undefined_column*>(nullptr))) return "42703";
    if (is(static_cast<pqxx::syntax_error*>(nullptr))) return "42601";
    if (is(static_cast<pqxx::feature_not_supported*>(nullptr))) return "0A000";
    if (is(static_cast<pqxx::data_exception*>(nullptr))) return "22000";
    if (is(static_cast<pqxx::unique_violation*>(nullptr))) return "23505";
    if (is(static_cast<pqxx::not_null_violation*>(nullptr))) return "23502";
    if (is(static_cast<pqxx::foreign_key_violation*>(nullptr))) return "23503";
    if (is(static_cast<pqxx::check_violation*>(nullptr))) return "23514";
    if (is(static_cast<pqxx::integrity_constraint_violation*>(nullptr))) return "23000";
    if (is(static_cast<pqxx::disk_full*>(nullptr))) return "53100";
    if (is(static_cast<pqxx::out_of_memory*>(nullptr))) return "53200";
    if (is(static_cast<pqxx::insufficient_resources*>(nullptr))) return "53000";
    if (is(static_cast<pqxx::plpgsql_error*>(nullptr))) return "P0000";
    return {};
}

// libpqxx keeps the whole text of the server's message: "ERROR:  …\nDETAIL:  …\nHINT:  …\n".
std::string part(const std::string& text, const std::string& label) {
    const auto at = text.rfind(label, 0) == 0 ? 0 : text.find('\n' + label);
    if (at == std::string::npos) return {};
    auto from = text.find(label, at) + label.size();
    while (from < text.size() && text[from] == ' ') ++from;
    return text.substr(from, text.find('\n', from) - from);
}

void describe_sql_error(const pqxx::failure& error, bool cancelled, Outcome& outcome) {
    const std::string text = error.what();
    outcome.sqlstate = sqlstate_of(error);
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
    } catch (const pqxx::broken_connection& e) {
        outcome.sqlstate = "08006";
        outcome.message = std::string("lost the connection to the server: ") + e.what();
    } catch (const pqxx::failure& e) {
        describe_sql_error(e, cancelled, outcome);
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
    constexpr std::size_t limit = 3000;  // a byte may become six: \u0001
    return {{"completed", o.completed},
            {"lost", o.lost},
            {"sqlstate", o.sqlstate},
            {"message", o.message.substr(0, limit)},
            {"detail", o.detail.substr(0, limit)},
            {"hint", o.hint.substr(0, limit)},
            {"retryable", o.retryable}};
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

std::string one_line(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

std::string describe(const Outcome& o) {
    auto text = one_line(o.message);
    if (!o.detail.empty()) text += "; detail: " + o.detail;
    if (!o.hint.empty()) text += "; hint: " + o.hint;
    if (!o.sqlstate.empty()) text += " (" + o.sqlstate + ")";
    return text;
}

}  // namespace bourse::workers
