package io.llmspell.hooks;

import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One operation with its around-hooks, the first one outermost; they alone unwind in reverse.
 *
 * <p>An outcome that the hooks pass through unchanged is the operation's own output, not a copy of it.
 */
final class Arounds<I, O> {
    private record Given<O>(Outcome shown, O output) {}

    private final Pass<I, O> pass;
    private volatile @Nullable Given<O> given;

    Arounds(Pass<I, O> pass) {
        this.pass = pass;
        pass.enclosed();
    }

    O call() {
        try {
            return output(pass.gate
                    .awaiter()
                    .await(
                            enclosed(Mono.fromCallable(pass::call)).toFuture(),
                            pass.caller.deadlineNanos(),
                            pass.caller.token()));
        } finally {
            pass.close();
        }
    }

    Mono<O> callAsync() {
        return enclosed(AsyncRun.of(pass)).map(this::output).doFinally(signal -> pass.close());
    }

    private Mono<Outcome> enclosed(Mono<O> operation) {
        Mono<Outcome> all = operation.map(this::shown);
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

    private O output(@Nullable Outcome outcome) {
        Outcome last = Faults.output(outcome, pass.component);
        Given<O> own = given;
        if (own != null && own.shown == last) {
            return own.output;
        }
        return pass.operation.view().answer(HookPoint.around(pass.operation.kind()), pass.input, last.json());
    }
}
