package io.llmspell.storage.rocksdb;

/** How much RocksDB may leave out when it opens a database. */
enum Recovery {
    /** Makes a new database. */
    NONE,
    /** Nothing; a few logs stay as they are, which makes opening a small store fast. */
    KEEPS_LOGS,
    /** Nothing; logs are turned into tables, so that they do not pile up, because every opening adds one. */
    FLUSHES_LOGS,
    /** What stands behind the first damage in the logs. */
    TO_THE_DAMAGE,
    /** All that is newer than the newest state whose tables are there. */
    WITHOUT_FILES
}
