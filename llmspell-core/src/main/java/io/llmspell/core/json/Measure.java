package io.llmspell.core.json;

/**
 * What a checked value measures.
 *
 * @param depth its nesting; 0 for a scalar
 * @param nodes the number of values in it, itself included
 * @param bytes its size as compact JSON text in UTF-8
 */
record Measure(int depth, int nodes, long bytes) {
    boolean within(JsonLimits limits) {
        return depth <= limits.depth() && nodes <= limits.nodes() && bytes <= limits.bytes();
    }
}
