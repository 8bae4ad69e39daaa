package io.llmspell.core.gate;

import java.time.Duration;

/** A breaker that never opens. */
final class NeverOpen implements ComponentBreaker {
    static final NeverOpen INSTANCE = new NeverOpen();

    @Override
    public int enter() {
        return 1;
    }

    @Override
    public void worked(int ticket) {}

    @Override
    public void failed(int ticket) {}

    @Override
    public void unused(int ticket) {}

    @Override
    public Duration openFor() {
        return Duration.ZERO;
    }
}
