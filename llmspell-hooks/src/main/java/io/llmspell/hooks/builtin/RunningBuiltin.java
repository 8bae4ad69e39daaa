package io.llmspell.hooks.builtin;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.Hook;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A built-in hook at work. One object serves all its points; it tells them apart by {@code context.point()}.
 *
 * <p>What a hook shows beyond its statistics (traces, a log, a report) is a public interface that it implements too; users
 * get it by {@link BuiltinHooks#view}. After {@link #close} calls may still come from operations that began before: the
 * hook must answer them as before, and {@code close} ends only what needs ending, such as subscriptions and gauges, not
 * what a successor took over. <b>Threads:</b> safe.
 */
interface RunningBuiltin extends Hook, Handle {
    /** The figures that the catalogue names; JSON values. */
    Map<String, @Nullable Object> statistics();

    /**
     * Begins what {@link #close} ends, such as a subscription; called once, when the hook is registered and what it
     * replaces is closed. It is not called if a registration is refused.
     */
    default void begin() {}

    @Override
    default void close() {}
}
