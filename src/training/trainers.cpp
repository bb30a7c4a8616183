#include "core/error.hpp"
#include "training.inc"
#include "training/algorithm.hpp"
#include "training/trainer.hpp"

namespace bourse::training {

std::unique_ptr<Trainer> make_trainer(std::string_view algorithm) {
#define BOURSE_ALGORITHM_TRAINER(file, type) \
    if (algorithm == type::info.name) return type::make();
    BOURSE_TRAINING(BOURSE_ALGORITHM_TRAINER)
#undef BOURSE_ALGORITHM_TRAINER
    find_algorithm(algorithm);  // throws, and says which there are
    throw Error(ErrorKind::internal, "algorithm without a trainer: " + std::string(algorithm));
}

}  // namespace bourse::training
