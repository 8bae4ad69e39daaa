package io.llmspell.hooks;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.time.TimeSource;
import java.util.concurrent.Executor;

/**
 * What all composites of a runtime share.
 *
 * @param time clock and timers
 * @param awaiter how a blocking call waits
 * @param threads where children of parallel composites run
 * @param settings deadlines and breakers
 * @param watchdog enforces deadlines
 * @param guards makes what stands between a composite and a child, of whose breaker the listeners hear
 */
record CompositeEnv(
        TimeSource time, Awaiter awaiter, Executor threads, HookSettings settings, Watchdog watchdog, Guards guards) {
    /** Makes what stands between a composite and a child. */
    interface Guards {
        HookGuard guard(HookPoint point, HookOptions options);
    }
}
