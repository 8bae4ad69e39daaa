package io.llmspell.hooks;

import io.llmspell.core.concurrent.Awaiter;
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
 */
record CompositeEnv(TimeSource time, Awaiter awaiter, Executor threads, HookSettings settings, Watchdog watchdog) {}
