package io.llmspell.hooks;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.Fuseable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** Asks children one after the other. On one thread at a time, handed over through the pending future. */
final class SerialRun implements CompositeRun {
    private final List<CompositeChild> children;
    private final Tally tally;
    private final CompositeEnv env;
    private final HookContext context;

    /** Whose token ends the composite; kept, because the context may be closed when it is abandoned. */
    private final Caller caller;

    /** The context of a reactive call, null for one that may block. */
    private final @Nullable ContextView reactive;

    private int next;
    private @Nullable CompletableFuture<HookResult> pending;
    private @Nullable Asked asked;

    SerialRun(
            List<CompositeChild> children,
            Tally tally,
            CompositeEnv env,
            HookContext context,
            @Nullable ContextView reactive) {
        this.children = children;
        this.tally = tally;
        this.env = env;
        this.context = context;
        this.caller = context.caller();
        this.reactive = reactive;
    }

    /** A child that was asked. */
    private record Asked(CompositeChild child, HookContext shown, int ticket, long began, long paused) {}

    @Override
    public @Nullable CompletableFuture<?> advance() {
        resume();
        while (pending == null && next < children.size() && !tally.decided() && !stopped()) {
            ask(children.get(next++));
        }
        return pending;
    }

    @Override
    public HookResult result() {
        return tally.result();
    }

    @Override
    public void abandon() {
        CompletableFuture<HookResult> wait = pending;
        Asked call = asked;
        pending = null;
        asked = null;
        if (wait != null && call != null) {
            wait.cancel(true);
            if (caller.token().isCancelled()) { // no fault of the child
                call.child.guard().notStarted(call.ticket, env.time().nanos());
            } else {
                settle(call, null, call.child.late("was cut off, because nobody waited for it any longer"));
            }
        }
    }

    private void resume() {
        CompletableFuture<HookResult> done = pending;
        Asked call = asked;
        pending = null;
        asked = null;
        if (done != null && call != null) {
            Settled<HookResult> ended = Settled.of(done);
            settle(call, ended.value(), ended.error());
        }
    }

    /** Whether the caller of the operation wants it no more. */
    private boolean stopped() {
        boolean cancelled = caller.token().isCancelled();
        if (cancelled) {
            tally.fail(new CancelledException(context.component().toString()));
        }
        return cancelled;
    }

    private void ask(CompositeChild child) {
        long began = env.time().nanos();
        int ticket = child.guard().start(began);
        if (ticket == HookGuard.REFUSED) {
            tally.take(child, child.notStarted());
            return;
        }
        HookContext shown = tally.changed() ? new ChildContext(context, tally.data()) : context;
        Asked call = new Asked(child, shown, ticket, began, env.watchdog().pausedNanos());
        CompositeChild.Code code = child.code();
        if (code instanceof CompositeChild.Code.Direct direct) {
            answerNow(call, () -> direct.hook().execute(shown));
        } else if (code instanceof CompositeChild.Code.Reactive later) {
            answerLater(call, () -> later.hook().execute(shown));
        } else if (code instanceof CompositeChild.Code.Nested nested) {
            if (reactive == null) {
                answerNow(call, () -> nested.composition().execute(shown, null));
            } else {
                answerLater(call, () -> nested.composition().executeReactive(shown, null));
            }
        }
    }

    private void answerNow(Asked call, Callable<HookResult> work) {
        HookResult result = null;
        Throwable thrown = null;
        Watch watch = call.child.watched() ? env.watchdog().arm(call.child.guard(), call.began) : null;
        try {
            result = work.call();
        } catch (Throwable failure) { // errors too: a child must not take the others with it
            thrown = failure;
        }
        settle(call, result, watch != null && watch.disarm() ? call.child.overran() : thrown);
    }

    private void answerLater(Asked call, Callable<Mono<HookResult>> work) {
        Mono<HookResult> answer;
        try {
            answer = work.call();
            if (answer instanceof Fuseable.ScalarCallable<?> known) {
                settle(call, (HookResult) known.call(), null);
                return;
            }
        } catch (Throwable failure) { // errors too: a child must not take the others with it
            settle(call, null, failure);
            return;
        }
        asked = call;
        pending = ChildFuture.of(call.child, answer, reactive, env.watchdog(), call.began);
    }

    private void settle(Asked call, @Nullable HookResult result, @Nullable Throwable thrown) {
        long now = env.time().nanos();
        ChildOutcome outcome = call.child.outcome(call.shown, result, thrown);
        call.child.book(call.ticket, outcome, env.watchdog().elapsed(call.began, call.paused, now), now);
        tally.take(call.child, outcome);
        if (thrown instanceof InterruptedException && outcome.failure() != null) {
            tally.fail(call.child.failure(outcome.failure())); // whoever interrupts wants the whole composite to end
        }
    }
}
