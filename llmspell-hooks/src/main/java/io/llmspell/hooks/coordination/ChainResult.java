package io.llmspell.hooks.coordination;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.CorrelationId;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a chain ended.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param chain the chain's name
 * @param correlation the run
 * @param steps by name, in topological order; copied
 * @param elapsed how long it took
 */
public record ChainResult(String chain, CorrelationId correlation, Map<String, Step> steps, Duration elapsed) {
    /**
     * Copies the steps.
     *
     * @param chain the chain's name
     * @param correlation the run
     * @param steps by name
     * @param elapsed how long it took
     */
    public ChainResult {
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
    }

    /**
     * Whether all steps succeeded.
     *
     * @return true if they did
     */
    public boolean success() {
        return steps.values().stream().allMatch(step -> step.status == Status.SUCCEEDED);
    }

    /**
     * How a step ended.
     *
     * @param component what did the work
     * @param status how it ended
     * @param output what it gave, a JSON value; null unless it succeeded
     * @param error why it did not succeed; null if it did
     * @param elapsed how long it ran, zero if it did not
     */
    public record Step(
            Component component,
            Status status,
            @Nullable Object output,
            @Nullable LlmSpellException error,
            Duration elapsed) {}

    /** How a step can end. */
    public enum Status {
        /** It gave an output. */
        SUCCEEDED,
        /** It failed, or its component could not take it. */
        FAILED,
        /** It ran longer than a step may, or than the chain had left. */
        TIMED_OUT,
        /** The caller or the coordinator stopped the chain. */
        CANCELLED,
        /** It was not begun, because a step that it needs did not succeed. */
        SKIPPED;

        /**
         * The name as scripts and records show it.
         *
         * @return the name in lower case
         */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
