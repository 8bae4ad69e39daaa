package io.llmspell.hooks.distributed;

import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.gate.Step;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonObject;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Runs the hooks of this process on the context of another one: an operation whose subject is the data. */
final class RemoteFiring {
    private static final ComponentType REMOTE = new ComponentType("remote");
    private static final Set<HookResultKind> ACTING = EnumSet.of(
            HookResultKind.CONTINUE,
            HookResultKind.SKIPPED,
            HookResultKind.MODIFIED,
            HookResultKind.REPLACE,
            HookResultKind.CANCEL);

    private final Gate gate;

    RemoteFiring(Gate gate) {
        this.gate = gate;
    }

    /**
     * What the hooks make of the data.
     *
     * @param result Continue, Modified, Replace or Cancel
     * @param reason why they cancelled
     * @param data the present data
     * @param context what was received
     */
    record Decision(
            HookResultKind result,
            @Nullable String reason,
            @Nullable Object data,
            DistributedHookContext context) {}

    /** Runs the hooks; a Cancel is a decision and no error. */
    Mono<Decision> fire(DistributedHookContext context, Caller caller) {
        HookPoint point = context.context().point();
        EnumSet<HookResultKind> allowed = EnumSet.copyOf(ACTING);
        allowed.retainAll(point.info().phase().results());
        Operation<Decision, Decision> operation = Operation.of(OperationKind.CUSTOM, new Subject())
                .point(point, Step.Stage.BEFORE, allowed)
                .run((input, inner) -> input);
        Component component = Component.named(REMOTE, name(context));
        Decision undecided =
                new Decision(HookResultKind.CONTINUE, null, context.context().data(), context);
        return gate.passage(operation)
                .callAsync(component, undecided, caller)
                .onErrorResume(
                        OperationCancelledException.class,
                        veto -> Mono.just(new Decision(HookResultKind.CANCEL, veto.reason(), null, context)));
    }

    private static String name(DistributedHookContext context) {
        String full =
                context.source().agentId() + "/" + context.context().component().name();
        return full.length() <= 256 ? full : full.substring(0, 256);
    }

    /** The data as it goes through the hooks; it notes what they did to it. */
    private static final class Subject implements View<Decision, Decision> {
        @Override
        public JsonObject input(Decision input) {
            DistributedHookContext context = input.context;
            return JsonObject.of(
                    "agent_id", context.source().agentId(),
                    "node_id", context.source().nodeId(),
                    "capabilities",
                            context.source().capabilities().stream().sorted().toList(),
                    "component_type", context.context().component().type().name(),
                    "component_name", context.context().component().name(),
                    "operation_id", context.context().operationId(),
                    "network_correlation_id", context.networkCorrelationId(),
                    "hops", context.propagation().hops(),
                    "attempt", context.context().attempt(),
                    "metadata", context.metadata(),
                    "data", input.data);
        }

        @Override
        public @Nullable Object output(Decision output) {
            return output.data;
        }

        @Override
        public @Nullable Object data(HookPoint point, Decision input, @Nullable Decision output) {
            return input.data;
        }

        @Override
        public Decision modified(HookPoint point, Decision input, @Nullable Object data) {
            return new Decision(HookResultKind.MODIFIED, null, data, input.context);
        }

        @Override
        public Decision answer(HookPoint point, Decision input, @Nullable Object value) {
            return new Decision(HookResultKind.REPLACE, null, value, input.context);
        }

        @Override
        public Map<String, String> metadata(Decision input) {
            return input.context.context().metadata();
        }
    }
}
