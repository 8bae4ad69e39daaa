package io.llmspell.bridge.globals;

/**
 * How fast a script wants its events.
 *
 * @param batched whether it wants several at once
 * @param batchSize at most so many
 * @param batchMillis after so long at the latest
 * @param perSecond at most so many in a second, the others are left out; 0 for no limit
 */
record EventPace(boolean batched, int batchSize, long batchMillis, int perSecond) {
    static EventPace of(OptionReader options) {
        return new EventPace(
                options.has("batch_size") || options.has("batch_ms"),
                (int) options.whole("batch_size", 100, 1, 1_000_000),
                (long) options.number("batch_ms", 1_000, 1, 86_400_000),
                (int) options.whole("throttle_per_second", 0, 1, 1_000_000));
    }
}
