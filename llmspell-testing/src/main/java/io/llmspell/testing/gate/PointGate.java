package io.llmspell.testing.gate;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.AsyncBody;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A gate with at most one hook at each point, which honours Continue, Skipped, Modified before the body and Cancel; and
 * notes every firing. For tests of an owner's points and data; the semantics of hooks are tested on the real gate.
 *
 * <p>A hook that throws is ignored, as one that fails open. <b>Threads:</b> safe.
 */
public final class PointGate implements Gate {
    private static final String HOOK = "test hook";

    private final Map<HookPoint, Function<@Nullable Object, HookResult>> hooks = new ConcurrentHashMap<>();
    private final List<Firing> firings = new CopyOnWriteArrayList<>();

    /** Makes a gate without hooks. */
    public PointGate() {}

    /**
     * One time that a point was passed.
     *
     * @param point the point
     * @param kind the kind of the operation
     * @param component what ran
     * @param caller on whose behalf
     * @param data what a hook sees
     * @param error the error of the operation at a point on failure, else null
     */
    public record Firing(
            HookPoint point,
            OperationKind kind,
            Component component,
            Caller caller,
            @Nullable Object data,
            @Nullable LlmSpellException error) {}

    /**
     * Sets the hook of a point.
     *
     * @param point the point
     * @param hook gets the data and gives a result
     * @return this gate
     */
    public PointGate on(HookPoint point, Function<@Nullable Object, HookResult> hook) {
        hooks.put(point, hook);
        return this;
    }

    /**
     * All firings of a point so far.
     *
     * @param point the point
     * @return the firings in order
     */
    public List<Firing> firings(HookPoint point) {
        return firings.stream().filter(firing -> firing.point().equals(point)).toList();
    }

    @Override
    public <I, O> Passage<I, O> passage(Operation<I, O> operation) {
        return new Pass<>(operation);
    }

    private HookResult fire(Firing firing, Step.Point<?> step) {
        firings.add(firing);
        Function<@Nullable Object, HookResult> hook = hooks.get(step.point());
        HookResult result = hook == null ? HookResult.proceed() : safely(hook, firing.data());
        if (!step.allowed().contains(result.kind())) {
            throw HookException.resultNotAllowed(
                    HOOK, step.point(), result.kind(), step.allowed().toString());
        }
        return result;
    }

    private static HookResult safely(Function<@Nullable Object, HookResult> hook, @Nullable Object data) {
        try {
            return hook.apply(data);
        } catch (RuntimeException failsOpen) {
            return HookResult.proceed();
        }
    }

    private final class Pass<I, O> implements Passage<I, O> {
        private final Operation<I, O> operation;

        Pass(Operation<I, O> operation) {
            this.operation = operation;
        }

        @Override
        public O call(Component component, I input, Caller caller) {
            try {
                I changed = before(component, input, caller);
                O output = operation.body().run(changed, caller);
                after(component, changed, output, caller);
                return output;
            } catch (Exception e) {
                throw failed(component, input, caller, e);
            }
        }

        @Override
        public Mono<O> callAsync(Component component, I input, Caller caller) {
            AsyncBody<I, O> body = operation.asyncBody();
            if (body == null) {
                return Mono.fromCallable(() -> call(component, input, caller));
            }
            return Mono.defer(() -> {
                        I changed = before(component, input, caller);
                        return body.run(changed, caller).doOnNext(output -> after(component, changed, output, caller));
                    })
                    .onErrorMap(e -> failed(component, input, caller, e));
        }

        private I before(Component component, I input, Caller caller) {
            I present = input;
            for (Step<I> step : operation.steps()) {
                if (step instanceof Step.Check<I> check) {
                    present = check.checker().check(present, caller);
                } else if (step instanceof Step.Point<I> point && point.stage() == Step.Stage.BEFORE) {
                    present = beforePoint(point, component, present, caller);
                }
            }
            return present;
        }

        private I beforePoint(Step.Point<I> step, Component component, I input, Caller caller) {
            Object data = operation.view().data(step.point(), input, null);
            HookResult result = fire(new Firing(step.point(), operation.kind(), component, caller, data, null), step);
            if (result instanceof HookResult.Cancel cancel) {
                throw new OperationCancelledException(HOOK, step.point(), component.toString(), cancel.reason(), null);
            }
            return result instanceof HookResult.Modified modified
                    ? operation.view().modified(step.point(), input, modified.data())
                    : input;
        }

        private void after(Component component, I input, O output, Caller caller) {
            for (Step<I> step : operation.steps()) {
                if (step instanceof Step.Point<I> point && point.stage() == Step.Stage.AFTER) {
                    Object data = operation.view().data(point.point(), input, output);
                    fire(new Firing(point.point(), operation.kind(), component, caller, data, null), point);
                }
            }
        }

        private LlmSpellException failed(Component component, I input, Caller caller, Throwable cause) {
            LlmSpellException error = InternalException.coded(operation.kind().id() + " of " + component, cause);
            for (Step<I> step : operation.steps()) {
                if (step instanceof Step.Point<I> point
                        && point.stage() == Step.Stage.ERROR
                        && operation.view().passes(point.point(), input, error)) {
                    Object data = operation.view().data(point.point(), input, null);
                    fire(new Firing(point.point(), operation.kind(), component, caller, data, error), point);
                }
            }
            return error;
        }
    }
}
