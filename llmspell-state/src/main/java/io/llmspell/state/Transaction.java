package io.llmspell.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Changes that commit together, optimistically: hooks run without a lock, and the store checks at the commit that what
 * was read still stands.
 *
 * <p>Three kinds of expectations: those of the caller's checks (a conflict is the answer), what a hook has seen of the
 * old value (a conflict runs the hooks again, see {@link StateWrites}) and what only the event tells of it (a conflict
 * reads it again; after three times the change goes through without, and its event leaves the old value out).
 *
 * <p>Belongs to one call; {@code clash}, {@code done} and {@code removed} are written by the thread that settles the
 * commit and read by the one that goes on after it.
 */
final class Transaction {
    /** How often a change is tried again that lost against another writer. */
    static final int MOST_REPEATS = 3;

    /**
     * How often a conflict is passed over that is none for the caller: a value that is to be removed was replaced, or an
     * expired one, which counts as absent, was removed.
     */
    private static final int MOST_ROUNDS = 100;

    private final StateStore store;
    private final @Nullable ChangeEvents events;
    private final @Nullable ChangeRecords records;
    private final WriteMode mode;
    private final List<StateChange.Check> checks;
    private final @Nullable Supplier<Write.Expect> tie;
    private volatile @Nullable Clash clash;
    private volatile Commit.@Nullable Done done;
    private volatile int removed;
    private volatile long elsewhere;

    /** With what must stand beside the state, if anything, asked for anew at each try; it throws if that is over for good. */
    Transaction(
            StateStore store,
            @Nullable ChangeEvents events,
            @Nullable ChangeRecords records,
            WriteMode mode,
            List<StateChange.Check> checks,
            @Nullable Supplier<Write.Expect> tie) {
        this.store = store;
        this.events = events;
        this.records = records;
        this.mode = mode;
        this.checks = checks;
        this.tie = tie;
    }

    Secrets secrets() {
        return store.secrets();
    }

    JsonLimits limits() {
        return store.limits();
    }

    /** The commit, or null if there is none yet. */
    Commit.@Nullable Done done() {
        return done;
    }

    /** Against whom it lost, or null. */
    @Nullable Clash clash() {
        return clash;
    }

    /** Whether a check of the caller decided the conflict, so that trying again is no use. */
    boolean checkFailed() {
        Clash lost = clash;
        return lost != null && checked(lost.key());
    }

    /** How many values the commit removed. */
    int removed() {
        return removed;
    }

    /** Commits, or throws {@code state_conflict} after setting {@link #clash}. */
    long commit(List<Planned> parts, Caller caller) {
        for (int round = 0; ; round++) {
            Attempt attempt = attempt(parts, caller, round);
            Commit commit;
            try {
                commit = attempt.commit();
            } catch (Throwable failure) {
                attempt.drop();
                throw failure;
            }
            if (settle(attempt, parts, commit, caller, round)) {
                return version();
            }
        }
    }

    Mono<Long> commitAsync(List<Planned> parts, Caller caller) {
        return Mono.defer(() -> round(parts, caller, 0));
    }

    private Mono<Long> round(List<Planned> parts, Caller caller, int round) {
        Attempt attempt = attempt(parts, caller, round);
        CompletableFuture<Boolean> settled = attempt.commitAsync()
                .whenComplete((commit, failure) -> {
                    if (failure != null) {
                        attempt.drop();
                    }
                })
                .thenApply(commit -> settle(attempt, parts, commit, caller, round));
        return Mono.fromFuture(settled, true)
                .flatMap(ended -> ended ? Mono.just(version()) : round(parts, caller, round + 1));
    }

    /** The version of the commit, of this transaction or of the peer that a hook sent the change to. */
    long version() {
        Commit.Done commit = done;
        return commit == null ? elsewhere : commit.number();
    }

    /** Notes the version that came out of the operation. */
    void ended(long version) {
        elsewhere = version;
    }

    private Attempt attempt(List<Planned> parts, Caller caller, int round) {
        Attempt attempt = new Attempt(store, mode);
        if (tie != null) {
            attempt.tie(tie.get());
        }
        checks.forEach(check -> expect(attempt, check, caller));
        for (Planned part : parts) {
            if (exact(part, round) && !part.prior().made()) {
                attempt.expect(part.key(), revision(part.key(), part.prior().cell()));
            }
            boolean known = exact(part, round) || part.prior().made();
            attempt.add(part, known ? part.prior().known() : null, caller.correlation());
        }
        try {
            for (Planned part : parts) {
                stage(attempt, part, round, caller);
                Write record = records == null || !changes(part) ? null : records.of(part, caller);
                if (record != null) {
                    attempt.add(record);
                }
            }
        } catch (Throwable refused) {
            attempt.drop();
            throw refused;
        }
        return attempt;
    }

    private void expect(Attempt attempt, StateChange.Check check, Caller caller) {
        Cell cell = store.live(check.key());
        if (cell.revision() != check.version()) {
            throw lost(new Clash(check.key(), cell.stateClass(), caller.principal(), check.version(), cell.revision()));
        }
        attempt.expect(check.key(), revision(check.key(), cell));
    }

    /** What the store says of a cell: an expired value is absent for callers, but still there until it is removed. */
    private long revision(StateKey key, Cell cell) {
        if (cell.present()) {
            return cell.revision();
        }
        Cell stored = store.persisted(key);
        return stored.expired(store.clock()) ? stored.revision() : 0;
    }

    /** Whether what is known of the old value must still be true at the commit. A removal must know what it removes. */
    private boolean exact(Planned part, int round) {
        return part.prior().shown() || part.change() != Change.SET || (round < MOST_REPEATS && tells(part));
    }

    private boolean tells(Planned part) {
        return (events != null || store.watches().watched(part.key())) && ChangeEvents.tells(part.stateClass());
    }

    /** Whether something happens: a value is set, or one is there that goes. */
    private static boolean changes(Planned part) {
        return part.change() == Change.SET || part.prior().cell().present();
    }

    private void stage(Attempt attempt, Planned part, int round, Caller caller) {
        ChangeEvents telling = events;
        if (telling == null || !tells(part) || !changes(part)) {
            return;
        }
        boolean known = exact(part, round) || part.prior().made();
        attempt.add(telling.stage(part, known ? part.prior().cell() : null, caller));
    }

    /** Whether the commit is through; else it is to be tried again. */
    private boolean settle(Attempt attempt, List<Planned> parts, Commit commit, Caller caller, int round) {
        if (commit instanceof Commit.Done through) {
            removed = (int) parts.stream()
                    .filter(part ->
                            part.change() != Change.SET && part.prior().cell().present())
                    .count();
            done = through;
            attempt.publish();
            return true;
        }
        attempt.drop();
        if (attempt.untied((Commit.Conflict) commit)) {
            if (round >= MOST_ROUNDS) {
                throw new StateException(
                        ErrorCode.STATE_CONFLICT,
                        "what a change of state depends on was changed " + MOST_ROUNDS + " times meanwhile; try again",
                        Map.of(),
                        null);
            }
            parts.forEach(part -> part.prior().refresh());
            return false;
        }
        Clash lost = clash((Commit.Conflict) commit, parts, caller);
        boolean seen = parts.stream()
                .anyMatch(part -> part.key().equals(lost.key()) && part.prior().shown());
        boolean apparent = lost.expected() == lost.actual() && round < MOST_ROUNDS;
        if (round >= MOST_ROUNDS || (!apparent && (seen || checked(lost.key())))) {
            throw lost(lost);
        }
        parts.forEach(part -> part.prior().refresh());
        return false;
    }

    private Clash clash(Commit.Conflict conflict, List<Planned> parts, Caller caller) {
        for (StateChange.Check check : checks) {
            if (check.key().encoded().equals(conflict.key())) {
                return clash(check.key(), check.version(), caller);
            }
        }
        for (Planned part : parts) {
            if (part.key().encoded().equals(conflict.key())) {
                return clash(part.key(), part.prior().cell().revision(), caller);
            }
        }
        throw new InvalidStateException("the store reports a conflict at a key that the change does not have");
    }

    private Clash clash(StateKey key, long expected, Caller caller) {
        Cell now = store.live(key);
        return new Clash(key, now.stateClass(), caller.principal(), expected, now.revision());
    }

    private boolean checked(StateKey key) {
        return checks.stream().anyMatch(check -> check.key().equals(key));
    }

    private StateException lost(Clash lost) {
        clash = lost;
        return lost.error();
    }
}
