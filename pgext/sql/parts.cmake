# The parts of the extension's SQL, in order. A generated part stands with its build path.
set(EXTENSION_SQL_PARTS
    header.sql
    session.sql
    market.sql
    loading.sql
    fvec.sql
    factors.sql
    stats.sql
    nearest.sql
    models.sql
    explain.sql
    signing.sql
    training.sql
    schedule.sql
    ${PROJECT_BINARY_DIR}/generated/indicators.sql
    ta_help.sql
)
