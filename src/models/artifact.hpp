// The file of a model, one format for every kind: a header that says what goes in and comes out, and named tensors.
// Field by field in docs/reference/models.md. All numbers little-endian.
//
//   bytes                 what
//   12                    "bourse-model"
//   4  uint32             format version, 1
//   4  uint32             header size h in bytes
//   4  uint32             number of tensors t
//   h                     header, JSON in UTF-8
//   t records             name (uint16 size, bytes), type (uint8), rank (uint8), shape (uint64 each)
//   t blocks              the elements, row-major, each block starting at a multiple of 8, gaps zero
// The sha256 of the whole is kept outside, in bourse.artifact.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace bourse::models {

static_assert(std::endian::native == std::endian::little, "artifacts are read and written by memcpy");

// Limits of the format. Above them Error(too_large).
inline constexpr std::size_t max_header_bytes = 4u << 20;
inline constexpr std::size_t max_tensors = 1024;
inline constexpr std::size_t max_artifact_bytes = 1000u << 20;  // what one bytea argument can carry
inline constexpr std::size_t max_features = 16'000;             // as in a bourse.fvec
inline constexpr std::size_t max_outputs = 4'096;

enum class ElementType : std::uint8_t { float32 = 1, float64 = 2, int32 = 3, uint32 = 4, uint8 = 5 };

struct Tensor {
    ElementType type = ElementType::float32;
    std::vector<std::uint64_t> shape;
    std::vector<std::byte> data;  // row-major

    std::uint64_t count() const noexcept;  // product of the shape
};

template <class T>
struct element_type_of;
template <>
struct element_type_of<float> : std::integral_constant<ElementType, ElementType::float32> {};
template <>
struct element_type_of<double> : std::integral_constant<ElementType, ElementType::float64> {};
template <>
struct element_type_of<std::int32_t> : std::integral_constant<ElementType, ElementType::int32> {};
template <>
struct element_type_of<std::uint32_t> : std::integral_constant<ElementType, ElementType::uint32> {};
template <>
struct element_type_of<std::uint8_t> : std::integral_constant<ElementType, ElementType::uint8> {};

struct Artifact {
    std::string kind;                   // which evaluator: "xgboost-forest", "xgboost-linear"
    std::vector<std::string> features;  // ordered signature: what a row holds
    std::vector<std::string>
        feature_types;          // empty, or one of "q" (quantity) "c" (category code) "i" "int" "float" each
    std::string objective;      // as the training library names it, e.g. "reg:squarederror"
    std::uint32_t outputs = 1;  // margins per row
    nlohmann::json params = nlohmann::json::object();    // hyper-parameters, for people
    nlohmann::json training = nlohmann::json::object();  // library, versions, rounds, for people
    std::map<std::string, Tensor> tensors;

    template <class T>
    void put(const std::string& name, std::span<const T> values, std::vector<std::uint64_t> shape = {}) {
        Tensor tensor{element_type_of<T>::value,
                      shape.empty() ? std::vector<std::uint64_t>{values.size()} : std::move(shape),
                      {}};
        tensor.data.resize(values.size_bytes());
        if (!values.empty()) std::memcpy(tensor.data.data(), values.data(), values.size_bytes());
        tensors[name] = std::move(tensor);
    }

    bool has(const std::string& name) const { return tensors.contains(name); }

    // The elements of a tensor; Error(corrupt_artifact) when it is not there or of another type.
    template <class T>
    std::vector<T> get(const std::string& name) const {
        const Tensor& tensor = find(name, element_type_of<T>::value);
        std::vector<T> values(tensor.data.size() / sizeof(T));
        if (!values.empty()) std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
        return values;
    }

    const Tensor& find(const std::string& name, ElementType type) const;
};

// Deterministic: equal artifacts give equal bytes. Errors: invalid_argument (a name or text that is not UTF-8, a
// tensor whose data do not fit its shape), too_large.
std::vector<std::byte> write_artifact(const Artifact& artifact);

// Checks every size against the bytes that are there before allocating. Whether the tensors make sense is the
// evaluator's to check (load_model). Errors: corrupt_artifact, too_large.
Artifact read_artifact(std::span<const std::byte> bytes);

// Header fields as JSON, with sizes, for people: kind, features, objective, outputs, params, training, tensors.
nlohmann::json describe(const Artifact& artifact);

}  // namespace bourse::models
