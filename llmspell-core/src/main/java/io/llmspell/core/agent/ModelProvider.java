package io.llmspell.core.agent;

import io.llmspell.core.identity.Caller;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Calls the models of one vendor.
 *
 * <p><b>Threads:</b> safe.
 */
public interface ModelProvider {
    /**
     * The name before the slash in {@code provider/model}.
     *
     * @return the name
     */
    String name();

    /**
     * The models that are known by name; others may work.
     *
     * @return the names, unmodifiable
     */
    List<String> models();

    /**
     * Calls a model; cancelling the subscription ends the call.
     *
     * @param request what is asked
     * @param caller on whose behalf
     * @return one answer, or {@link AgentException} {@code provider_error}, {@code rate_limited},
     *     {@code provider_not_configured}
     */
    Mono<ModelResponse> complete(ModelRequest request, Caller caller);
}
