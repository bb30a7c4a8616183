// features[7]: one element of an fvec, counted from 1.
// The parser and the executor call these routines directly, with no C++ frame below: they hold trivial locals only, so
// the server's longjmp may pass through them.
#include "pgext/fvec.hpp"

namespace bourse::pg {
namespace {

struct Workspace {
    std::int32_t index;
};

void transform(SubscriptingRef* reference, List* indirection, ParseState* pstate, bool is_slice, bool is_assignment) {
    if (is_assignment)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("an element of bourse.fvec cannot be assigned"),
                        errhint("write the whole vector: cast it to real[], change that and cast it back")));
    if (is_slice)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("bourse.fvec does not support slices"),
                        errhint("cast to real[] first: (features::real[])[1:3]")));
    if (list_length(indirection) != 1)
        ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
                        errmsg("bourse.fvec has one dimension, got %d subscripts", list_length(indirection))));
    Node* written = linitial_node(A_Indices, indirection)->uidx;
    Node* expression = transformExpr(pstate, written, pstate->p_expr_kind);
    Node* index = coerce_to_target_type(pstate, expression, exprType(expression), INT4OID, -1, COERCION_ASSIGNMENT,
                                        COERCE_IMPLICIT_CAST, -1);
    if (index == nullptr)
        ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("subscript of bourse.fvec must have type integer"),
                        parser_errposition(pstate, exprLocation(expression))));
    reference->refupperindexpr = list_make1(index);
    reference->reflowerindexpr = NIL;
    reference->refrestype = FLOAT4OID;
    reference->reftypmod = -1;
}

bool check_subscript(ExprState*, ExprEvalStep* op, ExprContext*) {
    SubscriptingRefState* state = op->d.sbsref_subscript.state;
    if (state->upperindexnull[0]) {
        *op->resnull = true;
        return false;
    }
    static_cast<Workspace*>(state->workspace)->index = DatumGetInt32(state->upperindex[0]);
    return true;
}

void fetch(ExprState*, ExprEvalStep* op, ExprContext*) {
    const std::int64_t index = static_cast<Workspace*>(op->d.sbsref.state->workspace)->index;
    auto* stored = reinterpret_cast<struct varlena*>(DatumGetPointer(*op->resvalue));
    *op->resnull = true;
    if (index < 1 || index > static_cast<std::int64_t>(fvec_max_length)) return;
    float value;
    if (VARATT_IS_EXTENDED(stored)) {
        // Never compressed, so that one element of a value out of line costs one small read.
        const auto offset = static_cast<std::int32_t>(sizeof(std::int32_t) + (index - 1) * sizeof(float));
        auto* element = pg_detoast_datum_slice(stored, offset, sizeof value);
        if (VARSIZE_ANY_EXHDR(element) != sizeof value) return;
        std::memcpy(&value, VARDATA_ANY(element), sizeof value);
    } else {
        const auto* vector = reinterpret_cast<const Fvec*>(stored);
        if (index > vector->length) return;
        value = vector->values()[index - 1];
    }
    *op->resvalue = Float4GetDatum(value);
    *op->resnull = false;
}

void exec_setup(const SubscriptingRef*, SubscriptingRefState* state, SubscriptExecSteps* methods) {
    state->workspace = palloc(sizeof(Workspace));
    methods->sbs_check_subscripts = check_subscript;
    methods->sbs_fetch = fetch;
    methods->sbs_assign = nullptr;
    methods->sbs_fetch_old = nullptr;
}

constexpr SubscriptRoutines routines = {transform, exec_setup, /*fetch_strict=*/true, /*fetch_leakproof=*/true,
                                        /*store_leakproof=*/false};

Datum subscript_handler(FunctionCallInfo) { return PointerGetDatum(&routines); }

}  // namespace

BOURSE_PG_FUNCTION(bourse_fvec_subscript_handler, subscript_handler);

}  // namespace bourse::pg
