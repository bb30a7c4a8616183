#include "models/artifact.hpp"

#include <set>

#include "core/error.hpp"

namespace bourse::models {
namespace {

using nlohmann::json;

constexpr std::string_view magic = "bourse-model";
constexpr std::uint32_t format_version = 1;
constexpr std::size_t max_rank = 8;
constexpr int max_header_depth = 16;

[[noreturn]] void corrupt(const std::string& problem) {
    throw Error(ErrorKind::corrupt_artifact, "model artifact: " + problem, "restore the artifact or train again");
}

std::size_t element_size(ElementType type) {
    switch (type) {
        case ElementType::float64:
            return 8;
        case ElementType::float32:
        case ElementType::int32:
        case ElementType::uint32:
            return 4;
        case ElementType::uint8:
            return 1;
    }
    corrupt("unknown element type " + std::to_string(static_cast<int>(type)));
}

const char* type_name(ElementType type) {
    switch (type) {
        case ElementType::float32:
            return "float32";
        case ElementType::float64:
            return "float64";
        case ElementType::int32:
            return "int32";
        case ElementType::uint32:
            return "uint32";
        case ElementType::uint8:
            return "uint8";
    }
    return "unknown";
}

// Bounds-checked cursor over the file.
class Cursor {
public:
    explicit Cursor(std::span<const std::byte> bytes) : bytes_(bytes) {}

    std::span<const std::byte> take(std::uint64_t size) {
        if (size > bytes_.size() - at_) corrupt("truncated at byte " + std::to_string(at_));
        const auto part = bytes_.subspan(at_, size);
        at_ += size;
        return part;
    }
    template <class T>
    T number() {
        T value;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::string text(std::size_t size) {
        const auto part = take(size);
        return {reinterpret_cast<const char*>(part.data()), part.size()};
    }
    void align() {
        for (const auto gap : take((8 - at_ % 8) % 8))
            if (gap != std::byte{0}) corrupt("a gap between tensors is not zero");
    }
    bool at_end() const { return at_ == bytes_.size(); }

private:
    std::span<const std::byte> bytes_;
    std::size_t at_ = 0;
};

class Sink {
public:
    void bytes(std::span<const std::byte> part) { out_.insert(out_.end(), part.begin(), part.end()); }
    void text(std::string_view part) { bytes(std::as_bytes(std::span(part))); }
    template <class T>
    void number(T value) {
        bytes(std::as_bytes(std::span(&value, 1)));
    }
    void align() { out_.resize((out_.size() + 7) / 8 * 8); }
    std::vector<std::byte> done() && { return std::move(out_); }

private:
    std::vector<std::byte> out_;
};

json parse_header(const std::string& text) {
    const auto bounded = [](int depth, json::parse_event_t, json&) {
        if (depth > max_header_depth) corrupt("the header is nested deeper than " + std::to_string(max_header_depth));
        return true;
    };
    json header = json::parse(text, bounded);
    if (!header.is_object()) corrupt("the header is no JSON object");
    return header;
}

void read_header(const json& header, Artifact& artifact) {
    artifact.kind = header.at("kind").get<std::string>();
    artifact.features = header.at("features").get<std::vector<std::string>>();
    artifact.feature_types = header.value("feature_types", std::vector<std::string>{});
    artifact.objective = header.at("objective").get<std::string>();
    const auto& outputs = header.at("outputs");
    if (!outputs.is_number_unsigned()) corrupt("outputs is no count");
    const auto count = outputs.get<std::uint64_t>();
    if (count < 1 || count > max_outputs)
        throw Error(ErrorKind::too_large, "model artifact: " + std::to_string(count) + " outputs, allowed 1 to " +
                                              std::to_string(max_outputs));
    artifact.outputs = static_cast<std::uint32_t>(count);
    if (const auto steps = header.value("preprocessing", json::array()); !steps.is_array() || !steps.empty())
        throw Error(ErrorKind::unavailable, "model artifact: it wants preprocessing, of which this program knows none",
                    "predict with the version of Bourse that made it, or a later one");
    artifact.params = header.value("params", json::object());
    artifact.training = header.value("training", json::object());
    if (artifact.features.empty()) corrupt("the signature has no feature");
    if (artifact.features.size() > max_features)
        throw Error(ErrorKind::too_large, "model artifact: " + std::to_string(artifact.features.size()) +
                                              " features, allowed " + std::to_string(max_features));
    if (!artifact.feature_types.empty() && artifact.feature_types.size() != artifact.features.size())
        corrupt("features and feature_types differ in length");
    if (std::set<std::string>(artifact.features.begin(), artifact.features.end()).size() != artifact.features.size())
        corrupt("a feature stands twice in the signature");
}

struct Record {
    std::string name;
    Tensor tensor;
};

Record read_record(Cursor& in) {
    Record record;
    record.name = in.text(in.number<std::uint16_t>());
    record.tensor.type = static_cast<ElementType>(in.number<std::uint8_t>());
    element_size(record.tensor.type);
    const auto rank = in.number<std::uint8_t>();
    if (rank < 1 || rank > max_rank) corrupt("tensor " + std::to_string(rank) + " dimensions, allowed 1 to 8");
    std::uint64_t count = 1;
    for (int i = 0; i < rank; ++i) {
        const auto extent = in.number<std::uint64_t>();
        if (extent > max_artifact_bytes || (extent > 0 && count > max_artifact_bytes / extent))
            corrupt("a tensor is larger than the file may be");
        count *= extent;
        record.tensor.shape.push_back(extent);
    }
    return record;
}

}  // namespace

std::uint64_t Tensor::count() const noexcept {
    std::uint64_t product = 1;
    for (const auto extent : shape) product *= extent;
    return product;
}

const Tensor& Artifact::find(const std::string& name, ElementType type) const {
    const auto found = tensors.find(name);
    if (found == tensors.end()) corrupt("tensor " + name + " is missing");
    if (found->second.type != type)
        corrupt("tensor " + name + " is " + type_name(found->second.type) + ", expected " + type_name(type));
    return found->second;
}

std::vector<std::byte> write_artifact(const Artifact& artifact) {
    const json header{
        {"kind", artifact.kind},           {"features", artifact.features}, {"feature_types", artifact.feature_types},
        {"objective", artifact.objective}, {"outputs", artifact.outputs},   {"params", artifact.params},
        {"training", artifact.training}};
    std::string text;
    try {
        text = header.dump();
    } catch (const json::exception& e) {
        throw Error(ErrorKind::invalid_argument, std::string("model artifact: a text is not UTF-8: ") + e.what());
    }
    if (text.size() > max_header_bytes || artifact.tensors.size() > max_tensors)
        throw Error(ErrorKind::too_large,
                    "model artifact: header above 4 MB or more than " + std::to_string(max_tensors) + " tensors");
    Sink out;
    out.text(magic);
    out.number(format_version);
    out.number(static_cast<std::uint32_t>(text.size()));
    out.number(static_cast<std::uint32_t>(artifact.tensors.size()));
    out.text(text);
    for (const auto& [name, tensor] : artifact.tensors) {
        if (tensor.data.size() != tensor.count() * element_size(tensor.type) || tensor.shape.empty() ||
            tensor.shape.size() > max_rank)
            throw Error(ErrorKind::invalid_argument, "model artifact: tensor " + name + " does not fit its shape");
        out.number(static_cast<std::uint16_t>(name.size()));
        out.text(name);
        out.number(static_cast<std::uint8_t>(tensor.type));
        out.number(static_cast<std::uint8_t>(tensor.shape.size()));
        for (const auto extent : tensor.shape) out.number(extent);
    }
    for (const auto& entry : artifact.tensors) {
        out.align();
        out.bytes(entry.second.data);
    }
    auto bytes = std::move(out).done();
    if (bytes.size() > max_artifact_bytes)
        throw Error(ErrorKind::too_large, "model artifact: " + std::to_string(bytes.size()) + " bytes, allowed " +
                                              std::to_string(max_artifact_bytes));
    return bytes;
}

Artifact read_artifact(std::span<const std::byte> bytes) {
    if (bytes.size() > max_artifact_bytes)
        throw Error(ErrorKind::too_large, "model artifact: " + std::to_string(bytes.size()) + " bytes, allowed " +
                                              std::to_string(max_artifact_bytes));
    Cursor in(bytes);
    if (in.text(magic.size()) != magic) corrupt("it does not start with \"bourse-model\"");
    const auto version = in.number<std::uint32_t>();
    if (version != format_version) corrupt("format version " + std::to_string(version) + ", this program reads 1");
    const auto header_bytes = in.number<std::uint32_t>();
    const auto tensors = in.number<std::uint32_t>();
    if (header_bytes > max_header_bytes || tensors > max_tensors)
        throw Error(ErrorKind::too_large,
                    "model artifact: header above 4 MB or more than " + std::to_string(max_tensors) + " tensors");
    Artifact artifact;
    try {
        read_header(parse_header(in.text(header_bytes)), artifact);
    } catch (const json::exception& e) {
        corrupt(std::string("the header cannot be read: ") + e.what());
    }
    std::vector<Record> records;
    for (std::uint32_t i = 0; i < tensors; ++i) records.push_back(read_record(in));
    for (auto& record : records) {
        in.align();
        const auto data = in.take(record.tensor.count() * element_size(record.tensor.type));
        record.tensor.data.assign(data.begin(), data.end());
        if (!artifact.tensors.emplace(record.name, std::move(record.tensor)).second) corrupt("a tensor stands twice");
    }
    if (!in.at_end()) corrupt("bytes follow the last tensor");
    return artifact;
}

json describe(const Artifact& artifact) {
    json tensors = json::object();
    for (const auto& [name, tensor] : artifact.tensors)
        tensors[name] = {{"type", type_name(tensor.type)}, {"shape", tensor.shape}, {"size_bytes", tensor.data.size()}};
    return {
        {"kind", artifact.kind},           {"features", artifact.features}, {"feature_types", artifact.feature_types},
        {"objective", artifact.objective}, {"outputs", artifact.outputs},   {"params", artifact.params},
        {"training", artifact.training},   {"tensors", std::move(tensors)}};
}

}  // namespace bourse::models
