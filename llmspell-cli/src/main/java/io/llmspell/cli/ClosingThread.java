package io.llmspell.cli;

import io.llmspell.LlmSpell;
import java.time.Duration;

/**
 * Closes a runtime when the process is interrupted, and lets the process end in time if that takes too long.
 *
 * <p>The JVM waits for this thread and for no other: it closes on a helper, which goes with the process.
 */
final class ClosingThread extends Thread {
    private final LlmSpell spell;
    private final Duration longest;

    ClosingThread(LlmSpell spell, Duration longest) {
        super("llmspell-shutdown");
        this.spell = spell;
        this.longest = longest;
    }

    @Override
    public void run() {
        Thread closing = new Thread(spell::close, "llmspell-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(Math.max(1, longest.toMillis())); // 0 would mean for ever
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closing.isAlive()) {
            System.err.println("llmspell: not all was closed within " + longest.toMillis()
                    + " ms (runtime.shutdown_timeout); what was acknowledged is kept");
        }
    }
}
