package io.llmspell.agents;

import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.agent.ModelRequest;
import io.llmspell.core.agent.ModelResponse;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The call of a model as an operation of its own inside the run of an agent. */
final class ModelCall implements View<ModelCall.Input, ModelResponse> {
    /** An amount as cost tracking writes it; longer ones are no prices. */
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,9})?");

    private final Providers providers;
    private final Awaiter awaiter;

    ModelCall(Providers providers, Awaiter awaiter) {
        this.providers = providers;
        this.awaiter = awaiter;
    }

    /** Which model is asked what, for whom; {@code bill} takes what is to be known of the call beside its answer. */
    record Input(Map<String, String> agent, Providers.Model model, ModelRequest request, Bill bill) {}

    /** Who has answered a call, and what it cost; written by the thread that drives the operation. */
    static final class Bill {
        private volatile Providers.Model ran;
        private volatile @Nullable BigDecimal cost;

        Bill(Providers.Model model) {
            this.ran = model;
        }

        /** The model that hooks left in the request. */
        Providers.Model ran() {
            return ran;
        }

        /** What the call cost, or null if no hook priced it. */
        @Nullable BigDecimal cost() {
            return cost;
        }
    }

    Operation<Input, ModelResponse> operation() {
        return Operation.of(OperationKind.MODEL_CALL, this)
                .before(new HookPoint("agent_model_request"))
                .after(new HookPoint("agent_model_response"))
                .error(new HookPoint("agent_model_error"))
                .encloses()
                .run(this::call, (input, caller) -> answer(input, caller));
    }

    private ModelResponse call(Input input, Caller caller) {
        CompletableFuture<ModelResponse> answer = answer(input, caller).toFuture();
        try {
            return awaiter.await(answer, caller.deadlineNanos(), caller.token());
        } finally {
            answer.cancel(true); // ends the provider's work if the wait ended first
        }
    }

    private static Mono<ModelResponse> answer(Input input, Caller caller) {
        ModelProvider provider = input.model().provider();
        input.bill().ran = input.model();
        return Mono.defer(() -> provider.complete(input.request(), caller))
                .switchIfEmpty(Mono.error(() -> failed(input, "gave no answer", null)))
                .onErrorMap(
                        error -> !(error instanceof LlmSpellException),
                        error -> failed(input, "failed with " + error.getClass().getSimpleName(), error));
    }

    private static AgentException failed(Input input, String problem, @Nullable Throwable cause) {
        return new AgentException(
                ErrorCode.PROVIDER_ERROR,
                "model \"" + input.model().text() + "\" " + problem,
                Map.of("model", input.model().text()),
                cause);
    }

    @Override
    public Object input(Input input) {
        return ModelJson.request(input.model(), input.request());
    }

    @Override
    public Object output(ModelResponse response) {
        return ModelJson.response(response);
    }

    @Override
    public Object data(HookPoint point, Input input, @Nullable ModelResponse response) {
        return response == null ? input(input) : output(response);
    }

    @Override
    public Input modified(HookPoint point, Input input, @Nullable Object data) {
        if (!(data instanceof JsonObject changed)) {
            throw JsonValueException.mismatch("model request", "a map", data);
        }
        Providers.Model model = providers.resolve(changed.text("model"));
        return new Input(input.agent(), model, ModelJson.request(model.name(), changed, input.request()), input.bill());
    }

    @Override
    public ModelResponse answer(HookPoint point, Input input, @Nullable Object value) {
        return ModelJson.response(value);
    }

    @Override
    public Map<String, String> metadata(Input input) {
        return input.agent();
    }

    @Override
    public void noted(Input input, Map<String, String> metadata) {
        String total = metadata.get("cost_total");
        if (total != null && AMOUNT.matcher(total).matches()) {
            input.bill().cost = new BigDecimal(total);
        }
    }
}
