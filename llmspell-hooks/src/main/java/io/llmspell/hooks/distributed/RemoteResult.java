package io.llmspell.hooks.distributed;

import io.llmspell.core.hook.HookResultKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the hooks of another process decided.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param nodeId the process, as its key vouches for; empty if it was not reached
 * @param agentId the agent that was asked
 * @param result what its hooks decided: Continue, Modified, Replace or Cancel; null if there is no decision
 * @param reason why they cancelled, or why there is no decision; null for other decisions
 * @param data the data of Modified or the value of Replace, a JSON value
 * @param error the code of the failure, null if there is a decision
 * @param took how long it took there; zero if it was not reached
 */
public record RemoteResult(
        String nodeId,
        String agentId,
        @Nullable HookResultKind result,
        @Nullable String reason,
        @Nullable Object data,
        @Nullable String error,
        Duration took) {
    static RemoteResult failed(String nodeId, String agentId, String error, String reason) {
        return new RemoteResult(nodeId, agentId, null, reason, null, error, Duration.ZERO);
    }

    /** Whether there is a decision. */
    boolean decided() {
        return result != null;
    }
}
