// The calls are those of LightGBM 4's include/LightGBM/c_api.h.
#include <dlfcn.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "peers.hpp"

namespace bourse::bench {
namespace {

constexpr int float32_data = 0, raw_score = 1, contrib = 3, row_major = 1;

struct Library {
    using Handle = void*;
    const char* (*last_error)();
    int (*dataset)(const void*, int, std::int32_t, std::int32_t, int, const char*, Handle, Handle*);
    int (*set_field)(Handle, const char*, const void*, int, int);
    int (*free_dataset)(Handle);
    int (*create)(Handle, const char*, Handle*);
    int (*update)(Handle, int*);
    int (*free_booster)(Handle);
    int (*save)(Handle, int, int, int, std::int64_t, std::int64_t*, char*);
    int (*predict)(Handle, const void*, int, std::int32_t, std::int32_t, int, int, int, int, const char*, std::int64_t*,
                   double*);

    template <class F>
    static bool find(void* library, const char* name, F& function) {
        function = reinterpret_cast<F>(dlsym(library, name));
        return function != nullptr;
    }
    bool load(const std::string& path) {
        void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        return library && find(library, "LGBM_GetLastError", last_error) &&
               find(library, "LGBM_DatasetCreateFromMat", dataset) &&
               find(library, "LGBM_DatasetSetField", set_field) && find(library, "LGBM_DatasetFree", free_dataset) &&
               find(library, "LGBM_BoosterCreate", create) && find(library, "LGBM_BoosterUpdateOneIter", update) &&
               find(library, "LGBM_BoosterFree", free_booster) &&
               find(library, "LGBM_BoosterSaveModelToString", save) &&
               find(library, "LGBM_BoosterPredictForMat", predict);
    }
};

class LightgbmPeer final : public Peer {
public:
    LightgbmPeer(const Library& library, const Rows& rows, const std::vector<float>& labels, Shape shape)
        : lgbm_(library) {
        const auto count = static_cast<std::int32_t>(rows.count()), width = static_cast<std::int32_t>(rows.features);
        check(lgbm_.dataset(rows.values.data(), float32_data, count, width, row_major, "verbosity=-1 num_threads=1",
                            nullptr, &data_));
        check(lgbm_.set_field(data_, "label", labels.data(), count, float32_data));
        const std::string params = "verbosity=-1 num_threads=1 objective=regression learning_rate=0.05 max_depth=" +
                                   std::to_string(shape.depth) + " num_leaves=" + std::to_string(1 << shape.depth) +
                                   " min_data_in_leaf=5";
        check(lgbm_.create(data_, params.c_str(), &booster_));
        for (int round = 0, finished = 0; round < shape.trees && !finished; ++round)
            check(lgbm_.update(booster_, &finished));
    }
    ~LightgbmPeer() override {
        lgbm_.free_booster(booster_);
        lgbm_.free_dataset(data_);
    }

    std::string model_file() const override {
        std::int64_t size = 0;
        check(lgbm_.save(booster_, 0, -1, 0, 0, &size, nullptr));
        std::string text(static_cast<std::size_t>(size), '\0');
        check(lgbm_.save(booster_, 0, -1, 0, size, &size, text.data()));
        text.resize(static_cast<std::size_t>(size) - 1);  // its end is a zero
        return text;
    }
    std::vector<double> margins(const Rows& rows) const override {
        return ask(rows.values.data(), rows, rows.count(), raw_score);
    }
    std::vector<double> contributions(const Rows& rows) const override {
        return ask(rows.values.data(), rows, rows.count(), contrib);
    }
    std::vector<double> one_by_one(const Rows& rows) const override {
        std::vector<double> all;
        for (std::size_t i = 0; i < rows.count(); ++i)
            all.push_back(ask(rows.values.data() + i * rows.features, rows, 1, raw_score)[0]);
        return all;
    }

private:
    void check(int status) const {
        if (status == 0) return;
        std::fprintf(stderr, "lightgbm: %s\n", lgbm_.last_error());
        std::exit(1);
    }
    std::vector<double> ask(const float* values, const Rows& rows, std::size_t count, int type) const {
        std::vector<double> result(count * (type == contrib ? rows.features + 1 : 1));
        std::int64_t size = 0;
        check(lgbm_.predict(booster_, values, float32_data, static_cast<std::int32_t>(count),
                            static_cast<std::int32_t>(rows.features), row_major, type, 0, -1,
                            "num_threads=1 verbosity=-1", &size, result.data()));
        return result;
    }

    const Library& lgbm_;
    Library::Handle data_ = nullptr, booster_ = nullptr;
};

}  // namespace

std::unique_ptr<Peer> train_lightgbm(const std::string& library, const Rows& rows, const std::vector<float>& labels,
                                     Shape shape) {
    static Library loaded;
    static const bool there = loaded.load(library);
    return there ? std::make_unique<LightgbmPeer>(loaded, rows, labels, shape) : nullptr;
}

}  // namespace bourse::bench
