/* SPDX-License-Identifier: MIT */
/*
 * store: the file, its schema, and how statements run.
 */
#include "store/store.h"

#include "store/store_db.h"

enum { FILE_KIND = 0x666c6d73 /* "flms" */, SCHEMA_VERSION = 2, BUSY_MS = 20000 };

/* doc/store.md explains the tables. */
static const char schema[] =
    "CREATE TABLE frame ("
    " id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, module TEXT NOT NULL,"
    " file TEXT NOT NULL, line INTEGER NOT NULL, kind INTEGER NOT NULL);"
    "CREATE TABLE stack ("
    " id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, frame INTEGER NOT NULL,"
    " UNIQUE (parent, frame));"
    "CREATE TABLE label ("
    " id INTEGER PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (key, value));"
    "CREATE TABLE series ("
    " id INTEGER PRIMARY KEY, labels TEXT NOT NULL, type TEXT NOT NULL, unit TEXT NOT NULL,"
    " decimals INTEGER NOT NULL, process INTEGER NOT NULL, chosen INTEGER NOT NULL,"
    " UNIQUE (labels, type, unit, decimals, process));"
    "CREATE TABLE series_label ("
    " label INTEGER NOT NULL, series INTEGER NOT NULL, PRIMARY KEY (label, series)) WITHOUT ROWID;"
    "CREATE INDEX series_label_series ON series_label (series);"
    "CREATE TABLE window ("
    " id INTEGER PRIMARY KEY, series INTEGER NOT NULL, level INTEGER NOT NULL,"
    " start INTEGER NOT NULL, end INTEGER NOT NULL, covered INTEGER NOT NULL,"
    " total INTEGER NOT NULL, samples INTEGER NOT NULL, squares REAL NOT NULL);"
    "CREATE UNIQUE INDEX window_key ON window (level, start, end, series);"
    "CREATE TABLE sample ("
    " window INTEGER NOT NULL, stack INTEGER NOT NULL, weight INTEGER NOT NULL,"
    " PRIMARY KEY (window, stack)) WITHOUT ROWID;"
    "CREATE TABLE answer ("
    " base INTEGER PRIMARY KEY, asked INTEGER NOT NULL, answered INTEGER NOT NULL,"
    " elapsed INTEGER NOT NULL);"
    "CREATE TABLE counter ("
    " base INTEGER NOT NULL, series INTEGER NOT NULL, stack INTEGER NOT NULL,"
    " weight INTEGER NOT NULL, PRIMARY KEY (base, series, stack)) WITHOUT ROWID;"
    "CREATE TABLE gap ("
    " id INTEGER PRIMARY KEY, source TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,"
    " count INTEGER NOT NULL, reason TEXT NOT NULL);"
    "CREATE INDEX gap_start ON gap (start);"
    "CREATE INDEX gap_source ON gap (source, end);"
    "CREATE TABLE mark ("
    " at INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (at, text)) WITHOUT ROWID;"
    "CREATE TABLE kept (level INTEGER PRIMARY KEY, since INTEGER NOT NULL);"
    "INSERT INTO kept VALUES (0, -9223372036854775808), (1, -9223372036854775808);";

bool store_fail(const struct store *store, struct err *err)
{
    int code = sqlite3_errcode(store->db) & 0xff, sys = sqlite3_system_errno(store->db);
    if (code == SQLITE_NOMEM)
        err_set(err, ERR_MEMORY, "out of memory");
    else if (code == SQLITE_NOTADB)
        err_set(err, ERR_INPUT, "it is not a store of flamestore");
    else if ((code == SQLITE_CANTOPEN || code == SQLITE_IOERR) && sys != 0)
        err_set_sys(err, sys, code == SQLITE_IOERR ? "cannot read or write" : "cannot open");
    else
        err_set(err, code == SQLITE_CORRUPT ? ERR_INPUT : ERR_IO, "%s",
                code == SQLITE_BUSY ? "other programs keep it locked" : sqlite3_errmsg(store->db));
    return err_in_file(err, store->path, 0);
}

sqlite3_stmt *store_statement(struct store *store, const char *sql, struct err *err)
{
    struct store_statement statement = {.sql = sql};
    for (size_t i = 0; i < store->statements.n; i++)
        if (store->statements.at[i].sql == sql) {
            sqlite3_reset(store->statements.at[i].handle);
            sqlite3_clear_bindings(store->statements.at[i].handle);
            return store->statements.at[i].handle;
        }
    vec_reserve(store->heap, &store->statements, 1);
    if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement.handle,
                           NULL) != SQLITE_OK) {
        store_fail(store, err);
        return NULL;
    }
    vec_push(store->heap, &store->statements, statement);
    return statement.handle;
}

bool store_row(struct store *store, sqlite3_stmt *statement, struct err *err)
{
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        store_fail(store, err);
    sqlite3_reset(statement);
    return false;
}

bool store_done(struct store *store, sqlite3_stmt *statement, struct err *err)
{
    if (!statement)
        return false;
    int code = sqlite3_step(statement);
    if (code != SQLITE_DONE && code != SQLITE_ROW)
        store_fail(store, err);
    sqlite3_reset(statement);
    return code == SQLITE_DONE || code == SQLITE_ROW;
}

bool store_run(struct store *store, const char *sql, struct err *err)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || store_fail(store, err);
}

bool store_number(struct store *store, sqlite3_stmt *statement, int64_t otherwise, int64_t *number,
                  struct err *err)
{
    struct err mine = {0};
    *number = otherwise;
    if (!statement)
        return false;
    if (store_row(store, statement, &mine)) {
        if (sqlite3_column_type(statement, 0) != SQLITE_NULL)
            *number = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement);
    }
    if (mine.code != ERR_NONE && err && err->code == ERR_NONE)
        *err = mine;
    return mine.code == ERR_NONE;
}

void store_bind_text(sqlite3_stmt *statement, int at, str text)
{
    sqlite3_bind_text64(statement, at, text.n > 0 ? text.p : "", text.n, SQLITE_STATIC,
                        SQLITE_UTF8);
}

str store_column_text(sqlite3_stmt *statement, int at)
{
    const unsigned char *text = sqlite3_column_text(statement, at);
    return text ? str_of((const char *)text, (size_t)sqlite3_column_bytes(statement, at)) : STR("");
}

/* ---- transactions ---- */

struct transaction {
    struct store *store;
    struct heap *heap; /* another one that the work allocates from; NULL: none */
    bool (*work)(void *of);
    void *of;
    struct err *err;
};

static bool transaction_work(void *arg)
{
    struct transaction *transaction = arg;
    return transaction->heap
               ? heap_guard(transaction->heap, transaction->work, transaction->of, transaction->err)
               : transaction->work(transaction->of);
}

/* A failed allocation leaves through a guard of its own, so that the transaction ends here. */
static bool run_transaction(struct transaction *transaction, const char *begin)
{
    struct store *store = transaction->store;
    struct err *err = transaction->err;
    if (!store_run(store, begin, err))
        return false;
    bool done = heap_guard(store->heap, transaction_work, transaction, err);
    for (size_t i = 0; i < store->statements.n; i++)
        sqlite3_reset(store->statements.at[i].handle);
    if (done && store_run(store, "COMMIT", err))
        return true;
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

bool store_change(struct store *store, struct heap *heap, bool (*change)(void *of), void *of,
                  struct err *err)
{
    struct transaction transaction = {store, heap, change, of, err};
    return run_transaction(&transaction, "BEGIN IMMEDIATE");
}

bool store_ask(struct store *store, struct heap *heap, bool (*ask)(void *of), void *of,
               struct err *err)
{
    struct transaction transaction = {store, heap, ask, of, err};
    return run_transaction(&transaction, "BEGIN");
}

/* ---- open and close ---- */

struct opening {
    struct store *store;
    struct err *err;
    int64_t application, version;
};

static bool read_version(struct opening *opening)
{
    static const char application[] = "PRAGMA application_id", version[] = "PRAGMA user_version";
    struct store *store = opening->store;
    struct err *err = opening->err;
    return store_number(store, store_statement(store, application, err), 0, &opening->application,
                        err) &&
           store_number(store, store_statement(store, version, err), 0, &opening->version, err);
}

/* In a transaction: of two programs that open a new file, one makes the tables. */
static bool make_tables(void *arg)
{
    static const char count[] = "SELECT count(*) FROM sqlite_schema";
    struct opening *opening = arg;
    struct store *store = opening->store;
    int64_t tables;
    char version[100];
    if (!read_version(opening) ||
        !store_number(store, store_statement(store, count, opening->err), 0, &tables, opening->err))
        return false;
    if (opening->application != 0 || opening->version != 0 || tables != 0)
        return true;
    sqlite3_snprintf(sizeof version, version, "PRAGMA application_id=%d; PRAGMA user_version=%d",
                     FILE_KIND, SCHEMA_VERSION);
    return store_run(store, schema, opening->err) && store_run(store, version, opening->err) &&
           read_version(opening);
}

/* SQLite does not wait for others when it changes the kind of journal. */
static bool use_wal(struct store *store, struct err *err)
{
    enum { PAUSE_MS = 20 };
    int code = SQLITE_BUSY;
    for (int waited = 0; waited < BUSY_MS && code == SQLITE_BUSY; waited += PAUSE_MS) {
        code = sqlite3_exec(store->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL) & 0xff;
        if (code == SQLITE_BUSY)
            sqlite3_sleep(PAUSE_MS);
    }
    return code == SQLITE_OK || store_fail(store, err);
}

static bool check_version(const struct opening *opening)
{
    struct err *err = opening->err;
    if (opening->application != FILE_KIND)
        err_set(err, ERR_INPUT, "it is not a store of flamestore");
    else if (opening->version > SCHEMA_VERSION)
        err_set(err, ERR_INPUT, "a newer version of flamestore made it");
    else if (opening->version < SCHEMA_VERSION)
        err_set(err, ERR_INPUT, "a flamestore before 0.2.0 made it: collect into a new file");
    else
        return true;
    return err_in_file(err, opening->store->path, 0);
}

static void close_database(void *arg)
{
    struct store *store = arg;
    for (size_t i = 0; i < store->statements.n; i++)
        sqlite3_finalize(store->statements.at[i].handle);
    store->statements.n = 0;
    sqlite3_close(store->db);
    store->db = NULL;
}

/* A file from elsewhere may hold anything: none of its triggers or views runs. */
static bool set_up_database(struct store *store, enum store_mode mode, struct err *err)
{
    struct opening opening = {.store = store, .err = err};
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, BUSY_MS);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    if (!store_run(store, "PRAGMA cell_size_check=ON; PRAGMA cache_size=-16000", err) ||
        !read_version(&opening))
        return false;
    if (mode == STORE_WRITE && opening.application == 0 && opening.version == 0 &&
        !(use_wal(store, err) && store_change(store, NULL, make_tables, &opening, err)))
        return false;
    return check_version(&opening) && store_run(store, "PRAGMA synchronous=NORMAL", err);
}

struct store *store_open(const char *path, enum store_mode mode, struct heap *heap, struct err *err)
{
    struct store *store = heap_zero(heap, 1, sizeof *store);
    struct strbuf name = {.heap = heap};
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    store->heap = heap;
    store->path = path;
    /* SQLite opens no file for "" and for names that begin with ':', and takes "file:" for a URI */
    if (path[0] == ':' || strncmp(path, "file:", 5) == 0)
        strbuf_add(&name, STR("./"));
    strbuf_add(&name, str_from_c(path));
    store->cleanup = (struct heap_cleanup){.run = close_database, .of = store};
    heap_add_cleanup(heap, &store->cleanup);
    if (path[0] == '\0') {
        err_set(err, ERR_USAGE, "--store needs the name of a file");
    } else if (sqlite3_open_v2(strbuf_c(&name), &store->db,
                               flags | (mode == STORE_WRITE ? SQLITE_OPEN_CREATE : 0),
                               NULL) != SQLITE_OK) {
        if (store->db)
            store_fail(store, err);
        else
            err_set(err, ERR_MEMORY, "out of memory");
    } else if (set_up_database(store, mode, err)) {
        return store;
    }
    store_close(store);
    return NULL;
}

void store_close(struct store *store)
{
    close_database(store);
    heap_remove_cleanup(store->heap, &store->cleanup);
}
