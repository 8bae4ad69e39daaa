package io.llmspell.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Kills a process that lives too long. A read of its pipe cannot be interrupted, so nothing else would end a test that
 * waits for a line which never comes.
 */
final class Watch {
    private final CompletableFuture<Process> end;

    Watch(Process process, Duration longest) {
        end = process.onExit().orTimeout(longest.toSeconds(), TimeUnit.SECONDS).whenComplete((ended, late) -> {
            if (late != null) {
                process.toHandle().destroyForcibly();
            }
        });
    }

    /** Whether the process had to be killed. */
    boolean tookTooLong() {
        return end.isCompletedExceptionally();
    }
}
