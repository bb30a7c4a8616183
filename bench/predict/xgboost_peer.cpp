#include <xgboost/c_api.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "peers.hpp"

namespace bourse::bench {
namespace {

void check(int status) {
    if (status == 0) return;
    std::fprintf(stderr, "xgboost: %s\n", XGBGetLastError());
    std::exit(1);
}

class Matrix {
public:
    Matrix(const float* values, std::size_t count, std::size_t features) {
        check(XGDMatrixCreateFromMat(values, count, features, std::numeric_limits<float>::quiet_NaN(), &handle_));
    }
    Matrix() = default;
    ~Matrix() {
        if (handle_) XGDMatrixFree(handle_);
    }
    DMatrixHandle get() const { return handle_; }

private:
    DMatrixHandle handle_ = nullptr;
};

class XgboostPeer final : public Peer {
public:
    XgboostPeer(const Rows& rows, const std::vector<float>& labels, Shape shape)
        : training_(rows.values.data(), rows.count(), rows.features) {
        check(XGDMatrixSetFloatInfo(training_.get(), "label", labels.data(), labels.size()));
        const DMatrixHandle matrices[] = {training_.get()};
        check(XGBoosterCreate(matrices, 1, &booster_));
        const std::string depth = std::to_string(shape.depth);
        const std::pair<const char*, const char*> params[] = {
            {"nthread", "1"}, {"tree_method", "hist"}, {"max_depth", depth.c_str()}, {"eta", "0.05"}};
        for (const auto& [name, value] : params) check(XGBoosterSetParam(booster_, name, value));
        for (int round = 0; round < shape.trees; ++round)
            check(XGBoosterUpdateOneIter(booster_, round, training_.get()));
    }
    explicit XgboostPeer(const std::string& path) {
        check(XGBoosterCreate(nullptr, 0, &booster_));
        check(XGBoosterSetParam(booster_, "nthread", "1"));
        check(XGBoosterLoadModel(booster_, path.c_str()));
    }
    ~XgboostPeer() override { XGBoosterFree(booster_); }

    std::string model_file() const override {
        bst_ulong size = 0;
        const char* text = nullptr;
        check(XGBoosterSaveModelToBuffer(booster_, R"({"format": "json"})", &size, &text));
        return {text, size};
    }
    std::vector<double> margins(const Rows& rows) const override {
        return ask(rows.values.data(), rows.count(), rows.features, 1);
    }
    std::vector<double> contributions(const Rows& rows) const override {
        return ask(rows.values.data(), rows.count(), rows.features, 2);
    }
    std::vector<double> one_by_one(const Rows& rows) const override {
        std::vector<double> all;
        for (std::size_t i = 0; i < rows.count(); ++i)
            all.push_back(ask(rows.values.data() + i * rows.features, 1, rows.features, 1)[0]);
        return all;
    }

private:
    // A fresh matrix: XGBoost keeps predictions of one that it has seen.
    std::vector<double> ask(const float* values, std::size_t count, std::size_t features, int type) const {
        const Matrix matrix(values, count, features);
        const std::string config =
            R"({"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":true,"type":)" +
            std::to_string(type) + "}";
        const bst_ulong* shape = nullptr;
        bst_ulong rank = 0, size = 1;
        const float* result = nullptr;
        check(XGBoosterPredictFromDMatrix(booster_, matrix.get(), config.c_str(), &shape, &rank, &result));
        for (bst_ulong i = 0; i < rank; ++i) size *= shape[i];
        return {result, result + size};
    }

    Matrix training_;
    BoosterHandle booster_ = nullptr;
};

}  // namespace

std::unique_ptr<Peer> train_xgboost(const Rows& rows, const std::vector<float>& labels, Shape shape) {
    return std::make_unique<XgboostPeer>(rows, labels, shape);
}

std::unique_ptr<Peer> load_xgboost(const std::string& path) { return std::make_unique<XgboostPeer>(path); }

}  // namespace bourse::bench
