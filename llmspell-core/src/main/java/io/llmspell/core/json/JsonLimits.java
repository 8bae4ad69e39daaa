package io.llmspell.core.json;

import io.llmspell.core.error.ArgumentException;

/**
 * How deep, how many and how large a JSON value may be.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param depth the largest nesting of lists and maps, at most 1,000 because values are walked recursively
 * @param nodes the largest number of values, containers included
 * @param bytes the largest size of the value as compact JSON text in UTF-8
 */
public record JsonLimits(int depth, int nodes, long bytes) {
    /** State values, event payloads, hook data: depth 64, 100,000 nodes, 1 MiB. */
    public static final JsonLimits VALUE = new JsonLimits(64, 100_000, 1L << 20);

    /** Tool arguments and results: depth 64, 1,000,000 nodes, 10 MiB. */
    public static final JsonLimits TOOL = new JsonLimits(64, 1_000_000, 10L << 20);

    private static final int DEEPEST = 1_000;

    /**
     * Checks that all limits are positive and the nesting is bounded.
     *
     * @param depth the nesting
     * @param nodes the number of values
     * @param bytes the size
     * @throws ArgumentException {@code invalid_argument} if one is not positive or {@code depth} is beyond 1,000
     */
    public JsonLimits {
        if (depth < 1 || nodes < 1 || bytes < 1 || depth > DEEPEST) {
            throw new ArgumentException(
                    "JSON limit",
                    depth + ", " + nodes + ", " + bytes,
                    "positive throughout, with a depth of at most " + DEEPEST);
        }
    }
}
