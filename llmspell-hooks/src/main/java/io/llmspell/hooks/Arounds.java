package io.llmspell.hooks;

import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One operation with its around-hooks, the first one outermost; they alone unwind in reverse.
 *
 * <p>An outcome that the hooks pass through unchanged is the operation's own output, not a copy of it. Another one is an
 * answer in its place: the promises and guards that have not agreed to it are asked before it goes out, guards around
 * the operation included, and it does not go out where a hook cancelled the operation or a guard refused it.
 */
final class Arounds<I, O> {
    private record Given<O>(Outcome shown, O output) {}

    private final Pass<I, O> pass;
    private volatile @Nullable Given<O> given;

    /** Whether the operation itself has ended; false if no hook handed it on, or if it was given up. */
    private volatile boolean ran;

    Arounds(Pass<I, O> pass) {
        this.pass = pass;
        pass.enclosed();
    }

    O call() {
        CompletableFuture<Outcome> all = enclosed(Mono.fromCallable(pass::call)).toFuture();
        try {
            Outcome outcome = pass.gate.awaiter().await(all, pass.caller.deadlineNanos(), pass.caller.token());
            Given<O> own = own(outcome);
            return own == null ? answer(outcome) : own.output;
        } finally {
            all.cancel(true); // its caller may have stopped waiting
            pass.close();
        }
    }

    Mono<O> callAsync() {
        return enclosed(AsyncRun.of(pass))
                .flatMap(outcome -> {
                    Given<O> own = own(outcome);
                    return own == null ? answerAsync(outcome) : Mono.just(own.output);
                })
                .doFinally(signal -> pass.close());
    }

    private Mono<Outcome> enclosed(Mono<O> operation) {
        Mono<Outcome> all = operation.doOnTerminate(() -> ran = true).map(this::shown);
        List<Slot.HookSlot<I>> hooks = pass.plan.around();
        for (int i = hooks.size() - 1; i >= 0; i--) {
            all = AroundStage.of(pass, hooks.get(i), all);
        }
        return all;
    }

    private Outcome shown(O output) {
        Outcome shown = new Outcome(pass.operation.view().output(output));
        given = new Given<>(shown, output);
        return shown;
    }

    /** The operation's own output, if that is what came through. */
    @SuppressWarnings("ReferenceEquality") // an equal outcome that is another object came from a hook
    private @Nullable Given<O> own(@Nullable Outcome outcome) {
        Given<O> own = given;
        return own != null && own.shown == Faults.output(outcome, pass.component) ? own : null;
    }

    private O answer(Outcome outcome) {
        Pass<I, O> asking = answering(outcome);
        List<Slot.HookSlot<I>> guards = pass.unaskedAround();
        if (guards.isEmpty()) {
            return asking.call();
        }
        asking.enclosed();
        CompletableFuture<Outcome> agreed =
                agreed(asking, guards, Mono.fromCallable(asking::call)).toFuture();
        try {
            pass.gate.awaiter().await(agreed, pass.caller.deadlineNanos(), pass.caller.token());
            return Faults.output(asking.output, pass.component);
        } finally {
            agreed.cancel(true);
            asking.close();
        }
    }

    private Mono<O> answerAsync(Outcome outcome) {
        Pass<I, O> asking = answering(outcome);
        List<Slot.HookSlot<I>> guards = pass.unaskedAround();
        if (guards.isEmpty()) {
            return AsyncRun.of(asking);
        }
        asking.enclosed();
        return agreed(asking, guards, AsyncRun.of(asking))
                .map(agreed -> Faults.output(asking.output, pass.component))
                .doFinally(signal -> asking.close());
    }

    /** The answer with the guards around it that have not seen it; they can only let it pass. */
    private Mono<Outcome> agreed(Pass<I, O> asking, List<Slot.HookSlot<I>> guards, Mono<O> answer) {
        Mono<Outcome> all =
                answer.map(output -> new Outcome(pass.operation.view().output(output)));
        for (int i = guards.size() - 1; i >= 0; i--) {
            all = AroundStage.again(asking, guards.get(i), all);
        }
        return all;
    }

    private Pass<I, O> answering(Outcome outcome) {
        return pass.answering(pass.answer(HookPoint.around(pass.operation.kind()), outcome.json()), ran);
    }
}
