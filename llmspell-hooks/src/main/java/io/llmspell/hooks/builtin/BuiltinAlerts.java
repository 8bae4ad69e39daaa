package io.llmspell.hooks.builtin;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;

/**
 * Takes what somebody has to look at: {@code cost.alert} and {@code security.violation}.
 *
 * <p>The composition root makes events of {@code cost.alert}. Violations are published by whoever finds them, through
 * {@code Notices}; here they arrive for pagers and the like.
 *
 * <p><b>Threads:</b> called on the thread of the operation, by several at once; must be safe and quick. What it throws is
 * logged and changes nothing.
 */
@FunctionalInterface
public interface BuiltinAlerts {
    /**
     * Something happened that others should hear of.
     *
     * @param type the type of the event, such as {@code cost.alert}
     * @param payload its payload, already redacted
     * @param caller on whose behalf the operation runs
     */
    void raise(String type, JsonObject payload, Caller caller);

    /**
     * Tells nobody.
     *
     * @return the callback
     */
    static BuiltinAlerts noop() {
        return (type, payload, caller) -> {};
    }
}
