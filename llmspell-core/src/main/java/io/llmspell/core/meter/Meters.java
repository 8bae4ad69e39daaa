package io.llmspell.core.meter;

import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Takes the figures of the runtime, for whatever metrics system the user has.
 *
 * <p><b>Threads:</b> safe. Names are dot-separated, tags few and bounded.
 */
public interface Meters {
    /**
     * Adds to a counter.
     *
     * @param name the counter
     * @param tags its tags
     * @param amount what to add, not negative
     */
    void count(String name, Map<String, String> tags, long amount);

    /**
     * Adds a duration to a timer.
     *
     * @param name the timer
     * @param tags its tags
     * @param nanos the duration in nanoseconds
     */
    void time(String name, Map<String, String> tags, long nanos);

    /**
     * Offers a gauge.
     *
     * @param name the gauge
     * @param tags its tags
     * @param value reads the present value
     */
    void gauge(String name, Map<String, String> tags, LongSupplier value);
}
