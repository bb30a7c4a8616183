// Rows of features as models take them: float32, NaN = missing, as many as the signature has.
#pragma once

#include "pgext/boundary.hpp"
#include "pgext/model_store.hpp"

namespace bourse::pg {

// Error unknown_feature with both numbers when `count` is not the length of the model's signature.
void check_feature_count(const LoadedModel& model, std::size_t count);

// The elements of a bourse.fvec, where they stand.
std::span<const float> features_of_fvec(const LoadedModel& model, Datum vector);

// The elements of a float8[] or real[] rounded to float32, into `row`; NULL elements are missing. Errors: the count;
// invalid_argument for an array of more dimensions and for a finite value that float32 cannot hold.
void features_of_array(const LoadedModel& model, Datum array, std::vector<float>& row);

// `value` as float32; error invalid_argument, naming the feature, when it is finite and float32 has no such number.
float narrow(const LoadedModel& model, std::size_t feature, double value);

}  // namespace bourse::pg
