package io.llmspell.bridge;

/**
 * Measures what the monitor watches; a value below 0 says that it cannot be measured now.
 *
 * <p><b>Threads:</b> called by one thread at a time.
 */
interface MonitorProbes {
    /** The used share of the most memory that the process may have, 0 to 1. */
    double memory();

    /** The share of all processors that the process uses now, 0 to 1. */
    double cpu();
}
