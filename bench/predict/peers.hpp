// The libraries that predictions are compared with, one thread each: XGBoost of this machine, and LightGBM where its
// library is there (loaded at run time: nothing else of ours needs it).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace bourse::bench {

// Rows are row-major, NaN = missing.
struct Rows {
    std::size_t features;
    std::vector<float> values;
    std::size_t count() const { return values.size() / features; }
};

class Peer {
public:
    virtual ~Peer() = default;
    virtual std::string model_file() const = 0;                             // as the library writes it
    virtual std::vector<double> margins(const Rows& rows) const = 0;        // one call
    virtual std::vector<double> one_by_one(const Rows& rows) const = 0;     // a call a row
    virtual std::vector<double> contributions(const Rows& rows) const = 0;  // rows × (features + 1)
};

struct Shape {
    int trees, depth;
};

// Trained here on these rows. Exits with the library's message when it fails.
std::unique_ptr<Peer> train_xgboost(const Rows& rows, const std::vector<float>& labels, Shape shape);

// Of a model file.
std::unique_ptr<Peer> load_xgboost(const std::string& path);

// Null when the library of that path cannot be loaded. Leaf-wise growth, at most 2^depth leaves.
std::unique_ptr<Peer> train_lightgbm(const std::string& library, const Rows& rows, const std::vector<float>& labels,
                                     Shape shape);

}  // namespace bourse::bench
