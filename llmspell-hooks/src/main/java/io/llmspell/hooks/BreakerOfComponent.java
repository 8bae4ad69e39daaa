package io.llmspell.hooks;

import io.llmspell.core.concurrent.Ticker;
import io.llmspell.core.gate.ComponentBreaker;
import io.llmspell.core.hook.BreakerState;
import io.llmspell.core.identity.Component;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The breaker of hooks around a component; slow calls do not count. Safe for threads. */
final class BreakerOfComponent implements ComponentBreaker, Breaker.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(BreakerOfComponent.class);

    private final Component component;
    private final Ticker time;
    private final Breaker breaker;

    BreakerOfComponent(Component component, BreakerSettings settings, Ticker time) {
        this.component = component;
        this.time = time;
        this.breaker = new Breaker(settings, false, this);
    }

    @Override
    public void changed(BreakerState from, BreakerState to, @Nullable BreakerReason reason) {
        if (to == BreakerState.OPEN) {
            LOG.warn("the breaker of {} is open: it failed too often; the next try is in {}", component, openFor());
        } else {
            LOG.info("the breaker of {} is {}", component, to.id());
        }
    }

    @Override
    public int enter() {
        return breaker.tryAcquire(time.nanos());
    }

    @Override
    public void worked(int ticket) {
        breaker.ended(ticket, time.nanos(), 0, false);
    }

    @Override
    public void failed(int ticket) {
        breaker.ended(ticket, time.nanos(), 0, true);
    }

    @Override
    public void unused(int ticket) {
        breaker.releaseUnused(ticket);
    }

    @Override
    public Duration openFor() {
        return Duration.ofNanos(breaker.openFor(time.nanos()));
    }
}
