#include "workers/cli/import/parquet_cells.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace bourse::cli {
namespace {

// Beyond these a date or time is none that a bar can have; within them no later sum overflows.
constexpr std::int64_t farthest_us = 1'000'000'000'000'000'000;
constexpr std::int64_t farthest_day = 10'000'000;

void set_whole(Cell& cell, std::int64_t value) {
    cell.kind = Cell::Kind::number;
    cell.number = static_cast<double>(value);
    cell.integer = value;
    cell.whole = true;
}

void set_text(Cell& cell, std::string_view text) {
    if (text.empty()) return;
    cell.kind = Cell::Kind::text;
    cell.text = text;
}

template <class ArrayType>
CellGetter whole_numbers(const arrow::Array& array) {
    return [&values = static_cast<const ArrayType&>(array)](std::int64_t row, Cell& cell) {
        if (!values.IsNull(row)) set_whole(cell, static_cast<std::int64_t>(values.Value(row)));
    };
}

template <class ArrayType>
CellGetter real_numbers(const arrow::Array& array) {
    return [&values = static_cast<const ArrayType&>(array)](std::int64_t row, Cell& cell) {
        if (values.IsNull(row)) return;
        cell.kind = Cell::Kind::number;
        cell.number = values.Value(row);
    };
}

template <class ArrayType>
CellGetter decimals(const arrow::Array& array) {
    const auto scale = static_cast<const arrow::DecimalType&>(*array.type()).scale();
    return [&values = static_cast<const ArrayType&>(array), scale](std::int64_t row, Cell& cell) {
        if (values.IsNull(row)) return;
        cell.kind = Cell::Kind::number;
        if constexpr (std::is_same_v<ArrayType, arrow::Decimal128Array>)
            cell.number = arrow::Decimal128(values.GetValue(row)).ToDouble(scale);
        else
            cell.number = arrow::Decimal256(values.GetValue(row)).ToDouble(scale);
    };
}

template <class ArrayType>
CellGetter texts(const arrow::Array& array) {
    return [&values = static_cast<const ArrayType&>(array)](std::int64_t row, Cell& cell) {
        if (!values.IsNull(row)) set_text(cell, values.GetView(row));
    };
}

std::int64_t to_us(std::int64_t value, arrow::TimeUnit::type unit) {
    std::int64_t us = 0;
    switch (unit) {
        case arrow::TimeUnit::SECOND:
            if (__builtin_mul_overflow(value, std::int64_t{1'000'000}, &us))
                us = value < 0 ? -farthest_us : farthest_us;
            break;
        case arrow::TimeUnit::MILLI:
            if (__builtin_mul_overflow(value, std::int64_t{1000}, &us)) us = value < 0 ? -farthest_us : farthest_us;
            break;
        case arrow::TimeUnit::MICRO:
            us = value;
            break;
        case arrow::TimeUnit::NANO:
            us = value / 1000 - (value % 1000 < 0);
            break;
    }
    return std::clamp(us, -farthest_us, farthest_us);
}

CellGetter timestamps(const arrow::Array& array) {
    const auto& type = static_cast<const arrow::TimestampType&>(*array.type());
    const auto kind =
        type.timezone().empty() ? Cell::Kind::local_time : Cell::Kind::instant;  // with a zone Arrow counts in UTC
    return [&values = static_cast<const arrow::TimestampArray&>(array), unit = type.unit(), kind](std::int64_t row,
                                                                                                  Cell& cell) {
        if (values.IsNull(row)) return;
        cell.kind = kind;
        cell.integer = to_us(values.Value(row), unit);
    };
}

template <class ArrayType>
CellGetter dates(const arrow::Array& array, std::int64_t per_day) {
    return [&values = static_cast<const ArrayType&>(array), per_day](std::int64_t row, Cell& cell) {
        if (values.IsNull(row)) return;
        const std::int64_t value = values.Value(row);
        cell.kind = Cell::Kind::date;
        cell.integer = std::clamp(value / per_day - (value % per_day < 0), -farthest_day, farthest_day);
    };
}

CellGetter dictionary(const arrow::Array& array) {
    const auto& values = static_cast<const arrow::DictionaryArray&>(array);
    return [&values, inner = cells_of(values.dictionary())](std::int64_t row, Cell& cell) {
        if (values.IsNull(row)) return;
        const std::int64_t index = values.GetValueIndex(row);
        if (index < 0 || index >= values.dictionary()->length())
            throw Error(ErrorKind::unreadable_file, "a dictionary column points outside its dictionary");
        inner(index, cell);
    };
}

}  // namespace

bool is_readable(const arrow::DataType& type) {
    switch (type.id()) {
        case arrow::Type::NA:
        case arrow::Type::INT8:
        case arrow::Type::INT16:
        case arrow::Type::INT32:
        case arrow::Type::INT64:
        case arrow::Type::UINT8:
        case arrow::Type::UINT16:
        case arrow::Type::UINT32:
        case arrow::Type::UINT64:
        case arrow::Type::FLOAT:
        case arrow::Type::DOUBLE:
        case arrow::Type::STRING:
        case arrow::Type::LARGE_STRING:
        case arrow::Type::BINARY:
        case arrow::Type::TIMESTAMP:
        case arrow::Type::DATE32:
        case arrow::Type::DATE64:
        case arrow::Type::DECIMAL128:
        case arrow::Type::DECIMAL256:
            return true;
        case arrow::Type::DICTIONARY:
            return is_readable(*static_cast<const arrow::DictionaryType&>(type).value_type());
        default:
            return false;
    }
}

CellGetter cells_of(const std::shared_ptr<arrow::Array>& array) {
    switch (array->type_id()) {
        case arrow::Type::INT8:
            return whole_numbers<arrow::Int8Array>(*array);
        case arrow::Type::INT16:
            return whole_numbers<arrow::Int16Array>(*array);
        case arrow::Type::INT32:
            return whole_numbers<arrow::Int32Array>(*array);
        case arrow::Type::INT64:
            return whole_numbers<arrow::Int64Array>(*array);
        case arrow::Type::UINT8:
            return whole_numbers<arrow::UInt8Array>(*array);
        case arrow::Type::UINT16:
            return whole_numbers<arrow::UInt16Array>(*array);
        case arrow::Type::UINT32:
            return whole_numbers<arrow::UInt32Array>(*array);
        case arrow::Type::UINT64:
            return whole_numbers<arrow::UInt64Array>(*array);
        case arrow::Type::FLOAT:
            return real_numbers<arrow::FloatArray>(*array);
        case arrow::Type::DOUBLE:
            return real_numbers<arrow::DoubleArray>(*array);
        case arrow::Type::STRING:
            return texts<arrow::StringArray>(*array);
        case arrow::Type::LARGE_STRING:
            return texts<arrow::LargeStringArray>(*array);
        case arrow::Type::BINARY:
            return texts<arrow::BinaryArray>(*array);
        case arrow::Type::TIMESTAMP:
            return timestamps(*array);
        case arrow::Type::DATE32:
            return dates<arrow::Date32Array>(*array, 1);
        case arrow::Type::DATE64:
            return dates<arrow::Date64Array>(*array, 86'400'000);
        case arrow::Type::DECIMAL128:
            return decimals<arrow::Decimal128Array>(*array);
        case arrow::Type::DECIMAL256:
            return decimals<arrow::Decimal256Array>(*array);
        case arrow::Type::DICTIONARY:
            return dictionary(*array);
        default:
            return [](std::int64_t, Cell&) {};  // a column of nulls; others were refused before
    }
}

}  // namespace bourse::cli
