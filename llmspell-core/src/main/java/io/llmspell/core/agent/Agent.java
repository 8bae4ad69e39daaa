package io.llmspell.core.agent;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonObject;
import reactor.core.publisher.Mono;

/**
 * Answers inputs.
 *
 * <p><b>Threads:</b> safe; runs of one agent take turns.
 */
public interface Agent {
    /**
     * Its identity.
     *
     * @return the component
     */
    Component component();

    /**
     * What it is made of.
     *
     * @return the configuration
     */
    AgentConfig config();

    /**
     * Its present state.
     *
     * @return the state
     */
    AgentState state();

    /**
     * Answers an input.
     *
     * @param input an object with a member {@code text}
     * @param caller on whose behalf
     * @return an object with {@code text}, {@code tool_calls}, {@code token_usage}, {@code model}, {@code provider}
     *     and {@code finish_reason}
     * @throws AgentException {@code agent_failed}, {@code provider_error}, {@code invalid_transition}
     * @throws io.llmspell.core.gate.OperationCancelledException {@code operation_cancelled} if a hook vetoed it
     */
    JsonObject run(JsonObject input, Caller caller);

    /**
     * Answers an input without blocking the caller.
     *
     * @param input an object with a member {@code text}
     * @param caller on whose behalf
     * @return one answer, or the errors of {@link #run}
     */
    Mono<JsonObject> runAsync(JsonObject input, Caller caller);

    /**
     * Start, pause, resume, stop, fail, recover and what has happened so far.
     *
     * @return the life of this agent, always the same
     */
    AgentLife life();

    /**
     * What it remembers, and how that is saved.
     *
     * @return its memory
     */
    AgentMemory memory();

    /**
     * Ends the agent and frees its name; a run in progress is cancelled.
     *
     * @param caller on whose behalf
     * @throws AgentException {@code invalid_transition} if it has ended already
     */
    void terminate(Caller caller);
}
