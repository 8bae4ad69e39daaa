package io.llmspell.events.archfixture.clocks;

/** Planted: time that no test can turn. */
final class ReadsTheClock {
    long now() {
        return System.nanoTime();
    }
}
