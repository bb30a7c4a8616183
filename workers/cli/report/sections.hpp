// The parts of a report as HTML, each a function of what read_report gave. A part without data says so in one line.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace bourse::cli::report {

std::string header(const nlohmann::json& data);
std::string learning(const nlohmann::json& data);  // curves and metrics_table
std::string metrics_table(const nlohmann::json& data);
std::string information_coefficient(const nlohmann::json& data);
std::string quantile_returns(const nlohmann::json& data);
std::string importance(const nlohmann::json& data);
std::string drift(const nlohmann::json& data);
std::string inputs(const nlohmann::json& data);
std::string lineage(const nlohmann::json& data);
std::string log(const nlohmann::json& data);

// A whole document around what main holds; needs no network and no script.
std::string document(const std::string& title, const std::string& body);

// The document about a run.
std::string page(const nlohmann::json& data);

// A number of the data, also "NaN" and "Infinity"; NaN when null.
double number(const nlohmann::json& value);

// A value as text: strings as they are, null as "–", times to the minute, anything else as JSON.
std::string text(const nlohmann::json& value);
std::string time_text(const nlohmann::json& value);

}  // namespace bourse::cli::report
