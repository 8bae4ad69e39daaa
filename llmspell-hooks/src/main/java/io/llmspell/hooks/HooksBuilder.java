package io.llmspell.hooks;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link Hooks}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class HooksBuilder {
    private @Nullable TimeSource time;
    private @Nullable IdGenerator ids;
    private @Nullable Awaiter awaiter;
    private HookSettings settings = HookSettings.DEFAULT;

    HooksBuilder() {}

    /**
     * Sets the clock and timers.
     *
     * @param source the time source, which stays its owner's; default: the time of the machine
     * @return this builder
     */
    public HooksBuilder time(TimeSource source) {
        this.time = source;
        return this;
    }

    /**
     * Sets where the ids of hooks and operations come from.
     *
     * @param generator the generator; default: time-ordered ids
     * @return this builder
     */
    public HooksBuilder ids(IdGenerator generator) {
        this.ids = generator;
        return this;
    }

    /**
     * Sets how a blocking call waits for a reactive hook.
     *
     * @param waiting the awaiter; default: one that parks the calling thread
     * @return this builder
     */
    public HooksBuilder awaiter(Awaiter waiting) {
        this.awaiter = waiting;
        return this;
    }

    /**
     * Sets deadlines, breakers and limits.
     *
     * @param limits the settings; default {@link HookSettings#DEFAULT}
     * @return this builder
     */
    public HooksBuilder settings(HookSettings limits) {
        this.settings = limits;
        return this;
    }

    /**
     * Sets how many hooks may enclose an operation that has hooks itself.
     *
     * @param depth 1 to 64; default 8
     * @return this builder
     * @throws ArgumentException {@code invalid_argument} if it is out of range
     */
    public HooksBuilder maxDepth(int depth) {
        return settings(settings.toBuilder().maxDepth(depth).build());
    }

    /**
     * Builds the hooks.
     *
     * @return the hooks, to be closed
     */
    public Hooks build() {
        Handle owned = Handle.noop();
        TimeSource clock = time;
        if (clock == null) {
            SystemTimeSource machine = new SystemTimeSource();
            clock = machine;
            owned = machine;
        }
        IdGenerator generator = ids == null ? IdGenerator.timeOrdered(clock) : ids;
        Awaiter waiting = awaiter == null ? Awaiter.blocking(clock) : awaiter;
        Listeners listeners = new Listeners();
        HookTable table = new HookTable(generator, guards(settings, listeners, clock), listeners, clock);
        return new Hooks(table, new GateImpl(table, listeners, clock, generator, waiting, settings), owned);
    }

    private static HookTable.Guards guards(HookSettings settings, Listeners listeners, TimeSource clock) {
        return hook -> BreakerNews.guard(hook, settings, listeners, clock);
    }
}
