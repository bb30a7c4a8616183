#include "workers/task/panel_reader.hpp"

#include <cstring>

#include "core/error.hpp"
#include "workers/common/copy_binary.hpp"

namespace bourse::workers {
namespace {

using namespace factors;

std::string copy_query(const std::string& function_call) {
    return "COPY (SELECT * FROM bourse." + function_call + ") TO STDOUT (FORMAT binary)";
}

}  // namespace

Connection& DatabaseSource::second(const std::string& prepare) {
    if (!second_) {
        auto fresh = std::make_unique<Connection>(own_.options(), "bourse-task bars");
        fresh->drop_notices();
        pqxx::nontransaction(*fresh).exec(prepare);
        second_ = std::move(fresh);
    }
    return *second_;
}

// For functions that a dataset has its own of.
std::string DatabaseSource::copy_of(const std::string& function, const std::string& arguments) const {
    return copy_query(dataset_id_ ? function + "_of(" + arguments + ", " + std::to_string(dataset_id_) + ")"
                                  : function + "(" + arguments + ")");
}

std::vector<Instrument> DatabaseSource::instruments(const std::string& freq, const std::string& universe,
                                                    std::span<const std::int32_t> ids) {
    CopyReader rows(*reading_, copy_of("panel_instruments", reading_->quote(freq) + ", " + reading_->quote(universe) +
                                                                ", " + id_argument(ids)));
    std::vector<Instrument> result;
    while (rows.next()) {
        Instrument i;
        std::string_view symbol, calendar;
        rows.int4(i.id);
        rows.text(symbol);
        rows.text(calendar);
        rows.int8(i.first_us);
        rows.int8(i.last_us);
        i.symbol = symbol;
        i.calendar = calendar;
        result.push_back(std::move(i));
    }
    return result;
}

std::vector<Session> DatabaseSource::sessions(const std::string& calendar) {
    CopyReader rows(*reading_, copy_query("panel_sessions(" + reading_->quote(calendar) + ")"));
    std::vector<Session> result;
    while (rows.next()) {
        Session s{};
        rows.int8(s.date_us);
        rows.int8(s.open_us);
        rows.int8(s.close_us);
        rows.int8(s.break_start_us);
        rows.int8(s.break_end_us);
        result.push_back(s);
    }
    return result;
}

std::vector<std::int64_t> DatabaseSource::times(const std::string& freq, const std::string& calendar) {
    CopyReader rows(*reading_, copy_of("panel_times", reading_->quote(freq) + ", " + reading_->quote(calendar)));
    std::vector<std::int64_t> result;
    while (rows.next()) rows.int8(result.emplace_back());
    return result;
}

void DatabaseSource::bars(const std::string& freq, std::span<const Span> spans, const TakeBars& each) {
    static_assert(sizeof(Bar) == 64, "a bar travels as it lies in memory");
    CopyReader rows(*reading_, copy_query("panel_bars(" + reading_->quote(freq) + ", " + span_arguments(spans) +
                                          (dataset_id_ ? ", " + std::to_string(dataset_id_) : "") + ")"));
    std::vector<Bar> bars;
    while (rows.next()) {
        std::int32_t id = 0;
        std::span<const std::byte> bytes;
        rows.int4(id);
        rows.bytes(bytes);
        if (bytes.size() % sizeof(Bar) != 0) throw Error(ErrorKind::internal, "bars are cut short");
        bars.resize(bytes.size() / sizeof(Bar));
        std::memcpy(bars.data(), bytes.data(), bytes.size());
        each(id, bars);
    }
}

void DatabaseSource::values(const std::string& freq, const std::string& field, std::span<const Span> spans,
                            const std::function<void(std::int32_t, std::int64_t, double)>& each) {
    CopyReader rows(*reading_, copy_of("panel_series", reading_->quote(freq) + ", " + reading_->quote(field) + ", " +
                                                           span_arguments(spans)));
    while (rows.next()) {
        std::int32_t id = 0;
        std::int64_t ts = 0;
        double value = 0;
        rows.int4(id);
        rows.timestamptz(ts);
        rows.float8(value);
        each(id, ts, value);
    }
}

void DatabaseSource::statements(std::span<const std::string> fields, std::span<const std::int32_t> ids,
                                const std::function<void(std::int32_t, const Statement&)>& each) {
    CopyReader rows(*reading_,
                    copy_query("panel_statements(" + field_argument(fields) + ", " + id_argument(ids) + ")"));
    while (rows.next()) {
        std::int32_t id = 0, field = 0;
        Statement one{};
        rows.int4(id);
        rows.int4(field);
        rows.int4(one.period);
        rows.timestamptz(one.known_us);
        rows.float8(one.value);
        one.field = static_cast<std::size_t>(field - 1);
        each(id, one);
    }
}

void DatabaseSource::members(const std::string& universe, const std::function<void(const Span&)>& each) {
    CopyReader rows(*reading_, copy_of("panel_members", reading_->quote(universe)));
    while (rows.next()) {
        Span span{};
        rows.int4(span.instrument_id);
        rows.int8(span.from_us);
        rows.int8(span.to_us);
        each(span);
    }
}

std::int32_t DatabaseSource::instrument_id(const std::string& symbol) {
    CopyReader rows(*reading_, copy_query("panel_instrument_id(" + reading_->quote(symbol) + ")"));
    std::int32_t id = 0;
    while (rows.next()) rows.int4(id);
    return id;
}

std::vector<CustomOperator> DatabaseSource::custom_operators() {
    CopyReader rows(*reading_, copy_query("panel_operators()"));
    std::vector<CustomOperator> all;
    while (rows.next()) {
        CustomOperator& op = all.emplace_back();
        std::string_view name, function, unusable;
        rows.text(name);
        rows.text(function);
        rows.int4(op.inputs);
        rows.int4(op.params);
        rows.text(unusable);
        op.name = name;
        op.function = function;
        op.unusable = unusable;
    }
    return all;
}

std::vector<double> DatabaseSource::call(const std::string& function, std::span<const std::span<const double>> columns,
                                         std::span<const double> params) {
    CopyReader rows(*reading_, "COPY (" + call_query(function, columns, params) + ") TO STDOUT (FORMAT binary)");
    std::vector<double> values;
    while (rows.next()) rows.float8(values.emplace_back());
    check_length(function, values.size(), columns[0].size());
    return values;
}

std::vector<std::string> DatabaseSource::known_fields(const std::string& freq) {
    CopyReader rows(*reading_, "COPY (SELECT unnest(bourse.known_fields(" + reading_->quote(freq) +
                                   "))) TO STDOUT (FORMAT binary)");
    std::vector<std::string> result;
    while (rows.next()) {
        std::string_view name;
        rows.text(name);
        result.emplace_back(name);
    }
    return result;
}

}  // namespace bourse::workers
