# A model file of XGBoost (JSON) with full trees, tests and leaves at random: awk -v trees=N -v depth=D -v width=FEATURES -f forest.awk
function list(kind,   i, value) {
    for (i = 0; i < nodes; ++i) {
        value = 0
        if (kind == "left_children") value = i < inner ? 2 * i + 1 : -1
        else if (kind == "right_children") value = i < inner ? 2 * i + 2 : -1
        else if (kind == "split_indices") value = i < inner ? int(rand() * width) : 0
        else if (kind == "split_conditions") value = sprintf("%.6f", i < inner ? rand() * 100 : rand() - 0.5)
        else if (kind == "sum_hessian") value = 2 ^ (depth - int(log(i + 1.5) / log(2)))
        printf "%s%s", (i > 0 ? "," : ",\"" kind "\":["), value
    }
    printf "]"
}
BEGIN {
    srand(7); nodes = 2 ^ (depth + 1) - 1; inner = 2 ^ depth - 1
    printf "{\"version\":[1,7,6],\"learner\":{\"feature_names\":[],\"feature_types\":[],\"objective\":{\"name\":\"reg:squarederror\"},"
    printf "\"learner_model_param\":{\"base_score\":\"0\",\"num_class\":\"0\",\"num_target\":\"1\",\"num_feature\":\"%d\"},", width
    printf "\"gradient_booster\":{\"name\":\"gbtree\",\"model\":{\"gbtree_model_param\":{\"num_trees\":\"%d\",\"num_parallel_tree\":\"1\"},\"tree_info\":[", trees
    for (t = 0; t < trees; ++t) printf (t > 0 ? ",0" : "0")
    printf "],\"trees\":["
    for (t = 0; t < trees; ++t) {
        printf "%s{\"tree_param\":{\"num_nodes\":\"%d\",\"size_leaf_vector\":\"0\"}", (t > 0 ? "," : ""), nodes
        list("left_children"); list("right_children"); list("split_indices"); list("split_conditions"); list("default_left"); list("sum_hessian")
        printf "}"
    }
    printf "]}}}}\n"
}
