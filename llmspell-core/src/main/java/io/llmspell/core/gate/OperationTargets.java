package io.llmspell.core.gate;

import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Caller;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Starts an operation by kind and name, so that the gate can redirect and fork without knowing tools or agents.
 *
 * <p><b>Threads:</b> safe. Owners add their kinds in the composition root.
 */
public interface OperationTargets {
    /**
     * Starts an operation through its own gate.
     *
     * @param kind the kind
     * @param target the name of the tool, agent, workflow or event type
     * @param input its input, a JSON value
     * @param caller on whose behalf
     * @return the outcome
     */
    Mono<Outcome> start(OperationKind kind, String target, @Nullable Object input, Caller caller);

    /**
     * The kinds that have targets.
     *
     * @return unmodifiable
     */
    Set<OperationKind> kinds();
}
