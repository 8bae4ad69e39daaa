package io.llmspell.testing.gate;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/**
 * A gate without hooks: it runs the checks of an operation in order, then its body.
 *
 * <p>Errors that are not coded come out as {@code internal}, as from the real gate; a body that makes calls of its own
 * gets a caller whose parent is the operation. <b>Threads:</b> safe.
 */
public final class PassThroughGate implements Gate {
    private final AtomicLong operations = new AtomicLong();

    /** Makes a gate. */
    public PassThroughGate() {}

    /**
     * How many operations have passed, failed ones included.
     *
     * @return the count
     */
    public long operations() {
        return operations.get();
    }

    @Override
    public <I, O> Passage<I, O> passage(Operation<I, O> operation) {
        return new Straight<>(operation);
    }

    private final class Straight<I, O> implements Passage<I, O> {
        private final Operation<I, O> operation;

        Straight(Operation<I, O> operation) {
            this.operation = operation;
        }

        @Override
        public O call(Component component, I input, Caller caller) {
            Caller inside = enter(caller);
            try {
                return operation.body().run(checked(input, inside), inside);
            } catch (Exception e) {
                throw coded(component, e);
            }
        }

        @Override
        public Mono<O> callAsync(Component component, I input, Caller caller) {
            return Mono.defer(() -> start(component, input, caller)).onErrorMap(e -> coded(component, e));
        }

        private Mono<O> start(Component component, I input, Caller caller) {
            if (operation.asyncBody() == null) {
                return Mono.just(call(component, input, caller));
            }
            Caller inside = enter(caller);
            return operation.asyncBody().run(checked(input, inside), inside);
        }

        private Caller enter(Caller caller) {
            long number = operations.incrementAndGet();
            return operation.encloses() ? caller.within("operation-" + number) : caller;
        }

        private I checked(I input, Caller caller) {
            I present = input;
            for (Step<I> step : operation.steps()) {
                if (step instanceof Step.Check<I> check) {
                    present = check.checker().check(present, caller);
                }
            }
            return present;
        }

        private LlmSpellException coded(Component component, Throwable error) {
            return InternalException.coded(operation.kind().id() + " of " + component, error);
        }
    }
}
