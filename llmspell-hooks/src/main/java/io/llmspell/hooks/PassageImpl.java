package io.llmspell.hooks;

import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.gate.AsyncBody;
import io.llmspell.core.gate.Body;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.Lineage;
import io.llmspell.core.identity.NestedTime;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Runs one kind of operation: straight through its checks and its body if no hook is registered at any of its points,
 * else as a {@link Pass}.
 *
 * <p>{@code plan} is replaced when the table has another version. Two threads may build it at once; whichever is
 * kept is checked against the table's version at the next call.
 */
final class PassageImpl<I, O> implements Passage<I, O> {
    private final GateImpl gate;
    private final Operation<I, O> operation;
    private final boolean guardsOnly;

    // What a call without hooks looks at, kept at hand.
    private final HookTable table;
    private final Body<I, O> body;
    private final boolean encloses;

    /** What runs inputs that observers do not see; null if they see all. */
    private final @Nullable PassageImpl<I, O> unobserved;

    private volatile Plan<I> plan;
    private volatile @Nullable KnownShare lastShare;

    PassageImpl(GateImpl gate, Operation<I, O> operation) {
        this(gate, operation, false);
    }

    private PassageImpl(GateImpl gate, Operation<I, O> operation, boolean guardsOnly) {
        this.gate = gate;
        this.operation = operation;
        this.guardsOnly = guardsOnly;
        this.table = gate.table();
        this.body = operation.body();
        this.encloses = operation.encloses();
        boolean sees = guardsOnly || operation.guardsOnly() == Operation.ALL_HOOKS;
        this.unobserved = sees ? null : new PassageImpl<>(gate, operation, true);
        this.plan = Plan.compile(operation, guardsOnly, table);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // TOP is in no hook, and most calls are at the top
    public boolean idle(Caller caller) {
        Plan<I> present = plan();
        return present.bare()
                && !present.checks()
                && !encloses
                && caller.lineage() == Lineage.TOP
                && !caller.token().isCancelled();
    }

    private Plan<I> plan() {
        Plan<I> present = plan;
        if (present.version() != table.version()) {
            present = Plan.compile(operation, guardsOnly, table);
            plan = present;
        }
        return present;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // TOP is in no hook, and most calls are at the top
    public O call(Component component, I input, Caller caller) {
        Lineage lineage = caller.lineage();
        NestedTime hook = lineage == Lineage.TOP ? null : lineage.nested();
        if (hook == null) {
            return callNow(component, input, caller);
        }
        hook.begins(gate.time().nanos());
        try {
            return callNow(component, input, caller);
        } finally {
            hook.ends(gate.time().nanos());
        }
    }

    private O callNow(Component component, I input, Caller caller) {
        Plan<I> present = plan();
        if (present.bare()) {
            return straight(present, component, input, caller);
        }
        PassageImpl<I, O> quiet = unobserved;
        if (quiet != null && operation.guardsOnly().test(input)) {
            return quiet.callNow(component, input, caller);
        }
        gate.checkDepth(component, caller);
        Pass<I, O> pass = pass(present, component, input, caller);
        return present.around().isEmpty() ? pass.call() : new Arounds<>(pass).call();
    }

    @Override
    public Mono<O> callAsync(Component component, I input, Caller caller) {
        NestedTime hook = caller.lineage().nested();
        Mono<O> call = callAsyncNow(component, input, caller);
        return hook == null
                ? call
                : Mono.defer(() -> {
                    hook.begins(gate.time().nanos());
                    return call.doFinally(end -> hook.ends(gate.time().nanos()));
                });
    }

    private Mono<O> callAsyncNow(Component component, I input, Caller caller) {
        return Mono.defer(() -> {
            Plan<I> present = plan();
            if (present.bare()) {
                return straightAsync(present, component, input, caller);
            }
            PassageImpl<I, O> quiet = unobserved;
            if (quiet != null && operation.guardsOnly().test(input)) {
                return quiet.callAsyncNow(component, input, caller);
            }
            gate.checkDepth(component, caller);
            Pass<I, O> pass = pass(present, component, input, caller);
            return present.around().isEmpty() ? AsyncRun.of(pass) : new Arounds<>(pass).callAsync();
        });
    }

    @SuppressWarnings("ReferenceEquality") // an equal component that is another object is only looked up again
    private Pass<I, O> pass(Plan<I> present, Component component, I input, Caller caller) {
        Pass<I, O> pass = new Pass<>(gate, operation, present, component, input, caller);
        pass.checkNesting();
        long now = pass.startedNanos();
        gate.retries().called(now);
        KnownShare known = lastShare;
        if (known == null || known.component != component) {
            known = new KnownShare(component, gate.shares().of(component.toString(), now));
            lastShare = known;
        }
        pass.share(known.share, pass.stripe());
        return pass;
    }

    /** The share of the component that came last; most passages serve one, or one at a time. */
    private record KnownShare(Component component, Share share) {}

    private O straight(Plan<I> present, Component component, I input, Caller caller) {
        I checked = checked(present, component, input, caller);
        try {
            return Faults.output(body.run(checked, inner(caller)), component);
        } catch (Throwable failure) {
            throw Faults.coded(component, failure);
        }
    }

    private Mono<O> straightAsync(Plan<I> present, Component component, I input, Caller caller) {
        AsyncBody<I, O> later = operation.asyncBody();
        if (later == null) {
            return Mono.just(straight(present, component, input, caller));
        }
        I checked = checked(present, component, input, caller);
        try {
            return later.run(checked, inner(caller))
                    .switchIfEmpty(Mono.error(() -> Faults.noOutput(component)))
                    .onErrorMap(failure -> Faults.coded(component, failure));
        } catch (Throwable failure) {
            throw Faults.coded(component, failure);
        }
    }

    private I checked(Plan<I> present, Component component, I input, Caller caller) {
        checkToken(component, caller);
        if (!present.checks()) {
            return input;
        }
        Slots<I> checks = present.before();
        I checked = input;
        for (int i = 0; i < checks.size(); i++) {
            if (checks.get(i) instanceof Slot.CheckSlot<I> slot) {
                checked = check(slot, component, checked, caller);
                checkToken(component, caller);
            }
        }
        return checked;
    }

    private static void checkToken(Component component, Caller caller) {
        if (caller.token().isCancelled()) { // the name of the component is built only then
            throw new CancelledException(component.toString());
        }
    }

    private I check(Slot.CheckSlot<I> slot, Component component, I input, Caller caller) {
        try {
            return slot.check().checker().check(input, caller);
        } catch (Throwable failure) {
            throw Faults.ofCheck(slot.check().name(), component, failure);
        }
    }

    private Caller inner(Caller caller) {
        return encloses ? caller.within(gate.newId()) : caller;
    }
}
