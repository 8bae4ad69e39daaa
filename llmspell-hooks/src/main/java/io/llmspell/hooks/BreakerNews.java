package io.llmspell.hooks;

import io.llmspell.core.concurrent.Ticker;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.hook.HookInfo;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listeners of a runtime what the breaker of one hook does: also of a breaker that closes, why it had opened.
 *
 * <p><b>Threads:</b> safe.
 */
final class BreakerNews implements Breaker.Listener {
    private final HookInfo hook;
    private final Listeners listeners;
    private final Ticker time;
    private volatile @Nullable HookGuard guard;
    private volatile BreakerReason last = BreakerReason.MANUAL;

    private BreakerNews(HookInfo hook, Listeners listeners, Ticker time) {
        this.hook = hook;
        this.listeners = listeners;
        this.time = time;
    }

    /** Makes the guard of a hook, of whose breaker the listeners hear. */
    static HookGuard guard(HookInfo hook, HookSettings settings, Listeners listeners, Ticker time) {
        BreakerNews news = new BreakerNews(hook, listeners, time);
        HookGuard guard = HookGuard.of(settings, hook.point(), hook.options(), news, time.nanos());
        news.guard = guard;
        return guard;
    }

    @Override
    public void changed(BreakerState from, BreakerState to, @Nullable BreakerReason reason) {
        BreakerReason why = reason == null ? last : reason;
        last = why;
        HookGuard own = guard;
        Breaker breaker = own == null ? null : own.breaker();
        Duration open = breaker == null ? Duration.ZERO : Duration.ofNanos(breaker.openFor(time.nanos()));
        listeners.breakerChanged(hook, from, to, why.id(), open);
    }
}
