package io.llmspell.state;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The writing operations.
 *
 * <p>A change of one key is one operation whose body commits. Changes of several keys are one operation each up to the
 * last hook before the commit, then one commit of all, then one operation each for the hooks after it: so every hook
 * speaks for every key, and all keys still commit together. Hooks run without a lock; if a hook has seen an old value
 * that another writer has replaced meanwhile, everything runs again, at most three times.
 */
final class StateWrites {
    private static final HookPoint STATE_CHANGE = new HookPoint("state_change");

    /** A write cannot be answered without being done. */
    private static final Set<HookResultKind> BEFORE =
            EnumSet.complementOf(EnumSet.of(HookResultKind.REPLACE, HookResultKind.CACHE));

    /** One of several changes that commit together cannot go to another scope: it would be a commit of its own. */
    private static final Set<HookResultKind> BEFORE_ONE_OF_MANY =
            EnumSet.complementOf(EnumSet.of(HookResultKind.REPLACE, HookResultKind.CACHE, HookResultKind.REDIRECT));

    private static final Set<HookResultKind> AFTER =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL);

    private static final Set<HookResultKind> CONFLICT =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL, HookResultKind.RETRY);

    private final StateStore store;
    private final @Nullable ChangeEvents events;
    private final @Nullable ChangeRecords records;
    private final WriteMode mode;
    private final Passage<Planned, Long> single;
    private final Passage<Planned, Planned> prepare;
    private final Passage<Planned, Long> notify;
    private final Passage<Retrial, Outcome> conflict;

    StateWrites(
            StateStore store,
            Gate gate,
            @Nullable ChangeEvents events,
            @Nullable ChangeRecords records,
            WriteMode mode) {
        this.store = store;
        this.events = events;
        this.records = records;
        this.mode = mode;
        ChangeView.Committed committed = new ChangeView.Committed();
        single = gate.passage(before(Operation.<Planned, Long>of(OperationKind.STATE_WRITE, committed), BEFORE)
                .point(HookPoint.AFTER_STATE_WRITE, Step.Stage.AFTER, AFTER)
                .encloses()
                .run(
                        (part, caller) -> part.transaction().commit(List.of(part), caller),
                        (part, caller) -> part.transaction().commitAsync(List.of(part), caller)));
        prepare = gate.passage(before(
                        Operation.<Planned, Planned>of(OperationKind.STATE_WRITE, new ChangeView.Prepared()),
                        BEFORE_ONE_OF_MANY)
                .run((part, caller) -> part.beforeCommit()));
        notify = gate.passage(Operation.<Planned, Long>of(OperationKind.STATE_WRITE, committed)
                .guardsOnly(Planned::unobserved)
                .point(HookPoint.AFTER_STATE_WRITE, Step.Stage.AFTER, AFTER)
                .run((part, caller) -> part.transaction().version()));
        conflict = gate.passage(Operation.<Retrial, Outcome>of(OperationKind.STATE_WRITE, new ClashView())
                .guardsOnly(lost -> ClassRules.unobserved(lost.clash().stateClass()))
                .point(HookPoint.STATE_CONFLICT, Step.Stage.ERROR, CONFLICT)
                .run((lost, inner) -> lost.run(), (lost, inner) -> lost.runLater()));
    }

    private static <O> Operation.Builder<Planned, O> before(
            Operation.Builder<Planned, O> operation, Set<HookResultKind> allowed) {
        return operation
                .guardsOnly(Planned::unobserved)
                .point(HookPoint.BEFORE_STATE_WRITE, Step.Stage.BEFORE, allowed)
                .promise("value", (part, caller) -> part.checked())
                .point(STATE_CHANGE, Step.Stage.BEFORE, allowed);
    }

    /** How a change ended, how many values it removed, and against whom it lost if it did. */
    record Outcome(
            StateCommit commit, int removed, @Nullable Clash clash) {
        Outcome(StateCommit commit, int removed) {
            this(commit, removed, null);
        }
    }

    /** Applies changes; they are asked for anew at each try. A conflict is told. */
    Outcome apply(Supplier<List<Wanted>> changes, List<StateChange.Check> checks, Caller caller) {
        return told(() -> attempt(changes, checks, caller), caller);
    }

    /** As {@link #apply}, as long as something beside the state stands. */
    Outcome apply(Supplier<List<Wanted>> changes, @Nullable Supplier<Write.Expect> tie, Caller caller) {
        return told(() -> attempt(changes, List.of(), tie, caller), caller);
    }

    /** The same for a caller who may try again: a conflict is not told. */
    Outcome attempt(Supplier<List<Wanted>> changes, List<StateChange.Check> checks, Caller caller) {
        return attempt(changes, checks, null, caller);
    }

    private Outcome attempt(
            Supplier<List<Wanted>> changes,
            List<StateChange.Check> checks,
            @Nullable Supplier<Write.Expect> tie,
            Caller caller) {
        for (int repeats = 0; ; repeats++) {
            List<Wanted> present = changes.get();
            if (present.isEmpty() && checks.isEmpty()) {
                return nothing();
            }
            Transaction transaction = new Transaction(store, events, records, mode, checks, tie);
            try {
                run(transaction, present, caller);
                return outcome(transaction);
            } catch (LlmSpellException failure) {
                Clash clash = lost(transaction, failure);
                if (transaction.checkFailed() || repeats == Transaction.MOST_REPEATS) {
                    return new Outcome(clash.conflict(), 0, clash);
                }
            }
        }
    }

    private void run(Transaction transaction, List<Wanted> changes, Caller caller) {
        if (changes.size() == 1) {
            transaction.ended(
                    single.call(ChangeEvents.STATE, plan(transaction, changes.get(0), Map.of(), caller), caller));
            return;
        }
        Map<StateKey, Prior> made = new HashMap<>();
        List<Planned> parts = new ArrayList<>(changes.size());
        for (Wanted change : changes) {
            Planned part = prepare.call(ChangeEvents.STATE, plan(transaction, change, made, caller), caller);
            made.put(part.key(), part.prior().after(part.result(0, Cell.NEVER)));
            parts.add(part);
        }
        transaction.commit(parts, caller);
        LlmSpellException first = null;
        for (Planned part : parts) {
            try {
                notify.call(ChangeEvents.STATE, part, caller);
            } catch (LlmSpellException failure) {
                first = joined(first, failure);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private Planned plan(Transaction transaction, Wanted change, Map<StateKey, Prior> made, Caller caller) {
        Prior earlier = made.get(change.key());
        Prior prior = earlier == null ? new Prior(store, change.key()) : earlier;
        return new Planned(transaction, change, caller.principal(), prior);
    }

    private static LlmSpellException joined(@Nullable LlmSpellException first, LlmSpellException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    private Outcome outcome(Transaction transaction) {
        Commit.Done done = transaction.done();
        if (done == null) { // a hook sent the change to another scope, which has committed it
            return new Outcome(new StateCommit.Done(transaction.version(), mode), 0);
        }
        return new Outcome(new StateCommit.Done(done.number(), done.mode()), transaction.removed());
    }

    /** The conflict behind a failure; any other failure goes on, and says so if the change is committed already. */
    private static Clash lost(Transaction transaction, LlmSpellException failure) {
        Commit.Done done = transaction.done();
        if (done != null) {
            throw committed(failure, done.number());
        }
        Clash clash = transaction.clash();
        if (clash == null) {
            throw failure;
        }
        return clash;
    }

    private static LlmSpellException committed(LlmSpellException failure, long version) {
        if (failure instanceof OperationCancelledException veto) {
            return veto.afterCommit(version);
        }
        Map<String, @Nullable Object> details = new LinkedHashMap<>(failure.details());
        details.put("committed", true);
        details.put("version", version);
        return new StateException(
                failure.code(),
                failure.text() + " (the change is committed as version " + version + " and stands)",
                details,
                failure);
    }

    /**
     * Tries to change something; tells a conflict to hooks and as an event, and tries again as long as a hook asks for it.
     *
     * @param attempt a try, which reads afresh and tells nobody of a conflict
     */
    Outcome told(Supplier<Outcome> attempt, Caller caller) {
        Outcome first = attempt.get();
        Clash clash = first.clash();
        return clash == null ? first : lost(clash, attempt, caller);
    }

    private Outcome lost(Clash clash, Supplier<Outcome> again, Caller caller) {
        tell(clash, caller);
        Retrial retrial = Retrial.of(clash, again);
        try {
            return conflict.call(ChangeEvents.STATE, retrial, caller);
        } catch (StateException failure) {
            return stillLost(retrial, failure);
        }
    }

    /** The conflict itself is the answer of the call, not its failure. */
    private static Outcome stillLost(Retrial retrial, StateException failure) {
        if (!retrial.is(failure)) {
            throw failure;
        }
        Clash clash = retrial.clash();
        return new Outcome(clash.conflict(), 0, clash);
    }

    /** A change of nothing. */
    Outcome nothing() {
        return new Outcome(new StateCommit.Done(0, mode), 0);
    }

    private void tell(Clash clash, Caller caller) {
        ChangeEvents telling = events;
        if (telling != null) {
            telling.conflict(clash, caller);
        }
    }

    private Mono<Outcome> lostLater(Clash clash, Mono<Outcome> again, Caller caller) {
        Retrial retrial = Retrial.later(clash, again);
        return Mono.fromRunnable(() -> tell(clash, caller))
                .subscribeOn(Schedulers.boundedElastic())
                .then(conflict.callAsync(ChangeEvents.STATE, retrial, caller))
                .onErrorResume(StateException.class, failure -> Mono.fromSupplier(() -> stillLost(retrial, failure)));
    }

    /** The same without blocking; the hooks of several keys follow one another. */
    Mono<Outcome> applyAsync(Supplier<List<Wanted>> changes, List<StateChange.Check> checks, Caller caller) {
        Mono<Outcome> attempt = Mono.defer(() -> repeat(changes, checks, caller, 0));
        return attempt.flatMap(outcome -> {
            Clash clash = outcome.clash();
            return clash == null ? Mono.just(outcome) : lostLater(clash, attempt, caller);
        });
    }

    private Mono<Outcome> repeat(
            Supplier<List<Wanted>> changes, List<StateChange.Check> checks, Caller caller, int repeats) {
        Transaction transaction = new Transaction(store, events, records, mode, checks, null);
        return runAsync(transaction, changes.get(), caller)
                .then(Mono.fromSupplier(() -> outcome(transaction)))
                .onErrorResume(LlmSpellException.class, failure -> {
                    Clash clash = lost(transaction, failure);
                    return transaction.checkFailed() || repeats == Transaction.MOST_REPEATS
                            ? Mono.just(new Outcome(clash.conflict(), 0, clash))
                            : repeat(changes, checks, caller, repeats + 1);
                });
    }

    private Mono<Void> runAsync(Transaction transaction, List<Wanted> changes, Caller caller) {
        if (changes.size() == 1) {
            return single.callAsync(ChangeEvents.STATE, plan(transaction, changes.get(0), Map.of(), caller), caller)
                    .doOnNext(transaction::ended)
                    .then();
        }
        Map<StateKey, Prior> made = new HashMap<>();
        return Flux.fromIterable(changes)
                .concatMap(change -> prepare.callAsync(
                                ChangeEvents.STATE, plan(transaction, change, made, caller), caller)
                        .doOnNext(part -> made.put(part.key(), part.prior().after(part.result(0, Cell.NEVER)))))
                .collectList()
                .flatMap(parts -> transaction.commitAsync(parts, caller).thenReturn(parts))
                .flatMapMany(Flux::fromIterable)
                .concatMap(part -> notify.callAsync(ChangeEvents.STATE, part, caller)
                        .then(Mono.<LlmSpellException>empty())
                        .onErrorResume(LlmSpellException.class, Mono::just))
                .reduce(StateWrites::joined)
                .flatMap(Mono::error);
    }
}
