#include "pgext/asof_scan.hpp"

#include "pgext/asof_rows.hpp"
#include "pgext/contexts.hpp"
#include "pgext/spi_source.hpp"

extern "C" {
#include "access/sysattr.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_class.h"
#include "commands/explain.h"
#include "nodes/extensible.h"
#include "nodes/makefuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/restrictinfo.h"
#include "parser/parse_relation.h"
#include "parser/parsetree.h"
#include "utils/acl.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"
}

namespace bourse::pg {
namespace {

constexpr const char* scan_name = "bourse.asof_join";
constexpr int argument_count = 6;

// The function that the planner asked about last: it asks before it looks for paths.
Oid asof_join_function = InvalidOid;

// The state of a scan. The server makes and frees it; what C++ owns lives in `memory`.
struct AsofScan {
    CustomScanState server;  // first, as the server looks at no more
    MemoryContext memory;
    List* arguments;      // ExprState
    AsofRows* in_memory;  // null: the rows are in `merged`, or have not been read
    Tuplestorestate* merged;
    TupleTableSlot* row;
    bool read;
};

AsofScan& scan_of(ScanState* state) { return *reinterpret_cast<AsofScan*>(state); }

const FuncExpr* call_of(const CustomScanState& state) {
    return linitial_node(FuncExpr, reinterpret_cast<const CustomScan*>(state.ss.ps.plan)->custom_exprs);
}

// The call's arguments as a function would be given them.
void evaluate(const AsofScan& scan, FunctionCallInfo to) {
    ExprContext* const context = scan.server.ss.ps.ps_ExprContext;
    ListCell* cell = nullptr;
    int n = 0;
    foreach (cell, scan.arguments) {
        NullableDatum& argument = to->args[n++];
        argument.value = ExecEvalExpr(static_cast<ExprState*>(lfirst(cell)), context, &argument.isnull);
    }
}

// The server sorts and merges; its files keep the rows.
void merge_into_store(const AsofRequest& request, AsofScan& scan) {
    const TupleDesc shape = scan.server.ss.ss_ScanTupleSlot->tts_tupleDescriptor;
    pg_call([&] {
        MemoryContext old = MemoryContextSwitchTo(scan.memory);
        scan.merged = tuplestore_begin_heap(false, false, work_mem);
        scan.row = MakeSingleTupleTableSlot(shape, &TTSOpsMinimalTuple);
        MemoryContextSwitchTo(old);
    });
    const SpiScope spi;
    merge_asof(request, [&](const Datum* values, const bool* nulls) {
        pg_call(
            [&] { tuplestore_putvalues(scan.merged, shape, const_cast<Datum*>(values), const_cast<bool*>(nulls)); });
    });
}

void read_rows(AsofScan& scan) {
    LOCAL_FCINFO(arguments, argument_count);
    InitFunctionCallInfoData(*arguments, nullptr, argument_count, InvalidOid, nullptr, nullptr);
    const FuncExpr* call = call_of(scan.server);
    const ContextScope context(scan.memory);
    pg_call([&] { evaluate(scan, arguments); });
    const Oid spine = pg_call([=] { return exprType(static_cast<Node*>(linitial(call->args))); });
    const AsofRequest request = asof_request(arguments, spine);
    const auto* plan = reinterpret_cast<const CustomScan*>(scan.server.ss.ps.plan);
    const bool with_row = intVal(linitial(plan->custom_private)) != 0;
    std::unique_ptr<AsofRows> in_memory;
    {
        const SpiScope spi;
        in_memory = AsofRows::read(request, with_row);
    }
    if (in_memory)
        scan.in_memory = emplace_in<std::unique_ptr<AsofRows>>(scan.memory, std::move(in_memory))->get();
    else
        merge_into_store(request, scan);
    scan.read = true;
}

void read_more(AsofScan& scan) {
    const ContextScope context(scan.memory);
    const SpiScope spi;
    scan.in_memory->read_more();
}

// No exception leaves: the frames above are the executor's.
void without_exceptions(void (*reading)(AsofScan&), AsofScan& scan) {
    Failure failure;
    try {
        return reading(scan);
    } catch (...) {
        failure = describe_current_exception();
    }
    raise("bourse_asof_join", failure);
}

TupleTableSlot* next_merged(AsofScan& scan, TupleTableSlot* slot) {
    if (!tuplestore_gettupleslot(scan.merged, true, false, scan.row)) return slot;
    slot_getallattrs(scan.row);
    std::copy_n(scan.row->tts_values, asof_columns, slot->tts_values);
    std::copy_n(scan.row->tts_isnull, asof_columns, slot->tts_isnull);
    return ExecStoreVirtualTuple(slot);
}

TupleTableSlot* next(ScanState* state) {
    AsofScan& scan = scan_of(state);
    if (!scan.read) without_exceptions(read_rows, scan);
    TupleTableSlot* slot = state->ss_ScanTupleSlot;
    ExecClearTuple(slot);
    if (!scan.in_memory) return next_merged(scan, slot);
    while (!scan.in_memory->next(slot->tts_values, slot->tts_isnull)) {
        if (scan.in_memory->is_complete()) return slot;
        without_exceptions(read_more, scan);
    }
    return ExecStoreVirtualTuple(slot);
}

void begin(CustomScanState* state, EState* estate, int) {
    AsofScan& scan = scan_of(&state->ss);
    const FuncExpr* call = call_of(*state);
    const AclResult allowed = pg_proc_aclcheck(call->funcid, GetUserId(), ACL_EXECUTE);
    if (allowed != ACLCHECK_OK) aclcheck_error(allowed, OBJECT_FUNCTION, get_func_name(call->funcid));
    InvokeFunctionExecuteHook(call->funcid);
    scan.memory = AllocSetContextCreate(estate->es_query_cxt, "bourse as-of join", ALLOCSET_DEFAULT_SIZES);
    scan.arguments = ExecInitExprList(call->args, &state->ss.ps);
}

TupleTableSlot* execute(CustomScanState* state) {
    return ExecScan(&state->ss, next, [](ScanState*, TupleTableSlot*) { return true; });
}

// Its files go with the store, all else with the memory.
void forget(AsofScan& scan) {
    if (scan.merged) tuplestore_end(scan.merged);
    if (scan.row) ExecDropSingleTupleTableSlot(scan.row);
    scan.merged = nullptr;
    scan.row = nullptr;
    scan.in_memory = nullptr;
    scan.read = false;
    MemoryContextReset(scan.memory);
}

void end(CustomScanState* state) { forget(scan_of(&state->ss)); }

void rescan(CustomScanState* state) {
    AsofScan& scan = scan_of(&state->ss);
    ExecScanReScan(&state->ss);
    const bool other_arguments = state->ss.ps.chgParam != nullptr;
    if (other_arguments || (scan.in_memory && !scan.in_memory->rewind())) return forget(scan);
    if (scan.merged) tuplestore_rescan(scan.merged);
}

// EXPLAIN ANALYZE says which way was taken.
void explain(CustomScanState* state, List*, ExplainState* to) {
    const AsofScan& scan = scan_of(&state->ss);
    if (!scan.read) return;
    const char* way = "merged in the server's order";
    if (scan.in_memory) way = scan.in_memory->is_in_parts() ? "in memory, in parts" : "in memory";
    ExplainPropertyText("Joined", way, to);
}

const CustomExecMethods& execution() {
    static const CustomExecMethods methods = [] {
        CustomExecMethods m{};
        m.CustomName = scan_name;
        m.BeginCustomScan = begin;
        m.ExecCustomScan = execute;
        m.EndCustomScan = end;
        m.ReScanCustomScan = rescan;
        m.ExplainCustomScan = explain;
        return m;
    }();
    return methods;
}

Node* create_state(CustomScan*) {
    auto* scan = static_cast<AsofScan*>(palloc0(sizeof(AsofScan)));
    NodeSetTag(scan, T_CustomScanState);
    scan->server.methods = &execution();
    return reinterpret_cast<Node*>(scan);
}

const CustomScanMethods scan_methods = {scan_name, create_state};

const FuncExpr* call_of(const RangeTblEntry& entry) {
    const auto* function = linitial_node(RangeTblFunction, entry.functions);
    return reinterpret_cast<const FuncExpr*>(function->funcexpr);
}

// The columns of the function's result as the scan gives them.
List* result_columns(RangeTblEntry* entry, Index number) {
    List *names = NIL, *vars = NIL, *columns = NIL;
    expandRTE(entry, static_cast<int>(number), 0, -1, false, &names, &vars);
    ListCell* cell = nullptr;
    foreach (cell, vars)
        columns = lappend(columns, makeTargetEntry(static_cast<Expr*>(lfirst(cell)),
                                                   static_cast<AttrNumber>(list_length(columns) + 1), nullptr, false));
    return columns;
}

Plan* make_plan(PlannerInfo* root, RelOptInfo* relation, CustomPath* path, List* targets, List* clauses, List*) {
    RangeTblEntry* entry = planner_rt_fetch(relation->relid, root);
    CustomScan* scan = makeNode(CustomScan);
    scan->scan.plan.targetlist = targets;
    scan->scan.plan.qual = extract_actual_clauses(clauses, false);
    scan->flags = path->flags;
    scan->custom_exprs = list_make1(copyObjectImpl(call_of(*entry)));
    scan->custom_private = path->custom_private;
    scan->custom_scan_tlist = result_columns(entry, relation->relid);
    scan->methods = &scan_methods;
    return &scan->scan.plan;
}

const CustomPathMethods path_methods = {scan_name, make_plan, nullptr};

bool is_plain_call(const RangeTblEntry& entry) {
    if (entry.rtekind != RTE_FUNCTION || entry.funcordinality || list_length(entry.functions) != 1) return false;
    const auto* function = linitial_node(RangeTblFunction, entry.functions);
    if (!function->funcexpr || !IsA(function->funcexpr, FuncExpr)) return false;
    const FuncExpr* call = call_of(entry);
    return call->funcid == asof_join_function && list_length(call->args) == argument_count &&
           !contain_var_clause(reinterpret_cast<Node*>(call->args)) &&
           !contain_subplans(reinterpret_cast<Node*>(call->args));
}

// The columns that the query reads, as pull_varattnos() numbers them.
Bitmapset* read_columns(const RelOptInfo& relation) {
    Bitmapset* columns = nullptr;
    pull_varattnos(reinterpret_cast<Node*>(relation.reltarget->exprs), relation.relid, &columns);
    ListCell* cell = nullptr;
    foreach (cell, relation.baserestrictinfo)
        pull_varattnos(reinterpret_cast<Node*>(lfirst_node(RestrictInfo, cell)->clause), relation.relid, &columns);
    return columns;
}

set_rel_pathlist_hook_type previous_hook = nullptr;

// Cheaper than the function's scan, which writes every row to a store and reads it from there.
void offer_path(PlannerInfo* root, RelOptInfo* relation, Index number, RangeTblEntry* entry) {
    if (previous_hook) previous_hook(root, relation, number, entry);
    if (!is_plain_call(*entry) || relation->lateral_relids || relation->pathlist == NIL || is_dummy_rel(relation))
        return;
    const Bitmapset* columns = read_columns(*relation);
    if (bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, columns)) return;  // the row as a whole
    const auto* scan = static_cast<const Path*>(linitial(relation->pathlist));
    CustomPath* path = makeNode(CustomPath);
    path->path.pathtype = T_CustomScan;
    path->path.parent = relation;
    path->path.pathtarget = relation->reltarget;
    path->path.rows = relation->rows;
    path->path.startup_cost = scan->startup_cost * 0.5;
    path->path.total_cost = scan->total_cost * 0.5;
    path->flags = CUSTOMPATH_SUPPORT_PROJECTION;
    const bool with_row = bms_is_member(1 - FirstLowInvalidHeapAttributeNumber, columns);
    path->custom_private = list_make1(makeInteger(with_row));
    path->methods = &path_methods;
    add_path(relation, &path->path);
}

// As many rows as the spine has.
double rows_of(Oid type) {
    const Oid relation = OidIsValid(type) ? get_typ_typrelid(type) : InvalidOid;
    if (!OidIsValid(relation)) return 0;
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
    if (!HeapTupleIsValid(tuple)) return 0;
    const double rows = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->reltuples;
    ReleaseSysCache(tuple);
    return rows;
}

// What the planner asks about the function: how many rows it gives.
Datum asof_join_support(FunctionCallInfo fcinfo) {
    auto* request = reinterpret_cast<SupportRequestRows*>(PG_GETARG_POINTER(0));
    if (!IsA(request, SupportRequestRows)) return PointerGetDatum(nullptr);
    asof_join_function = request->funcid;
    const auto* call = reinterpret_cast<const FuncExpr*>(request->node);
    if (!call || !IsA(call, FuncExpr) || call->args == NIL) return PointerGetDatum(nullptr);
    request->rows = pg_call([=] { return rows_of(exprType(static_cast<Node*>(linitial(call->args)))); });
    return PointerGetDatum(request->rows > 0 ? request : nullptr);
}

}  // namespace

void offer_asof_scan() {
    previous_hook = set_rel_pathlist_hook;
    set_rel_pathlist_hook = offer_path;
}

BOURSE_PG_FUNCTION(bourse_asof_join_support, asof_join_support);

}  // namespace bourse::pg
