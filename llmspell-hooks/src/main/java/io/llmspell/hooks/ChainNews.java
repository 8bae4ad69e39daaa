package io.llmspell.hooks;

import io.llmspell.core.hook.HookPoint;

/** A chain that listeners are being told of; for the thread that drives its operation. */
final class ChainNews {
    private final HookChain chain;
    private final Phase phase;
    private int results;

    ChainNews(HookChain chain, Phase phase) {
        this.chain = chain;
        this.phase = phase;
    }

    HookChain chain() {
        return chain;
    }

    boolean in(Phase present) {
        return phase == present;
    }

    boolean at(HookPoint point, Phase present) {
        return in(present) && chain.point().equals(point);
    }

    void gave() {
        results++;
    }

    int results() {
        return results;
    }
}
