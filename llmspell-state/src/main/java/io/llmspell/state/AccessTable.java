package io.llmspell.state;

import io.llmspell.core.concurrent.Lazy;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.state.Boundary;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.ScopeKind;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateGrant;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rights of agents and the shared scopes: all of them in memory, each change in the store.
 *
 * <pre>
 * known     read from the store with the first question, by anybody without a lock afterwards.
 * lock      held while a change is stored and made; the order of changes in the store is that in memory.
 * owed      what counts already but could not be stored, by the keys of the records; goes with the next change, and so
 *           do the audit records of it. Under the lock.
 *
 * Rule: more rights are stored first and count then; less rights count first and are stored then. So what could not be
 * stored never leaves somebody with rights that were taken from him.
 * </pre>
 */
final class AccessTable {
    /** What the ids of declared shared scopes begin with. */
    static final String SHARED = "shared:";

    private static final int MOST_GRANTS = 100_000;
    private static final int MOST_GRANTS_OF_A_SCOPE = 1_000;
    private static final int MOST_AGENTS = 100_000;
    private static final int MOST_SHARED = 10_000;
    private static final int MOST_OWED_RECORDS = 1_000;
    private static final Boundary NOTHING = Boundary.custom(false, false, null);
    private static final char FIRST_COMBINING = '\u0300';

    /** What is there: agents by id, NFC, and shared scopes with the texts of their owners. */
    private record Known(ConcurrentHashMap<String, AgentRights> agents, ConcurrentHashMap<Scope, String> shared) {}

    private final StorageBackend backend;
    private final AccessRecords records;
    private final StateClock clock;
    private final Lazy<Known> known = new Lazy<>(this::load);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Bytes, Write> owed = new LinkedHashMap<>();
    private final List<Write> owedRecords = new ArrayList<>();

    AccessTable(StorageBackend backend, AccessRecords records, StateClock clock) {
        this.backend = backend;
        this.records = records;
        this.clock = clock;
    }

    /** What goes with a change into the same batch: the run, and its record in the audit log. */
    record Along(CorrelationId run, List<Write> audit) {}

    private Known load() {
        Known loaded = new Known(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
        try (Cursor cursor = backend.scan(Space.META, AccessRecords.ALL)) {
            while (cursor.next()) {
                AccessRecords.Entry entry =
                        records.read(cursor.entry().key(), cursor.entry().stored());
                if (entry instanceof AccessRecords.Granted granted) {
                    StateGrant grant = granted.grant();
                    loaded.agents.merge(
                            grant.agent(), AgentRights.NONE.with(grant), (present, one) -> present.with(grant));
                } else if (entry instanceof AccessRecords.Bounded bounded) {
                    loaded.agents.compute(
                            bounded.agent(),
                            (agent, present) -> (present == null ? AgentRights.NONE : present)
                                    .with(bounded.boundary())
                                    .cutOff(bounded.cutOff()));
                } else if (entry instanceof AccessRecords.Shared shared) {
                    loaded.shared.put(shared.scope(), shared.owner());
                }
            }
        }
        return loaded;
    }

    // ---- questions ----

    AgentRights rights(String agent) {
        Map<String, AgentRights> agents = known.get().agents;
        AgentRights found = agents.get(agent);
        if (found == null) {
            String normal = normal(agent);
            found = normal.equals(agent) ? null : agents.get(normal);
        }
        return found == null ? AgentRights.NONE : found;
    }

    /** The form of an id in scopes and in this table. */
    static String normal(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) >= FIRST_COMBINING) {
                return Normalizer.normalize(id, Normalizer.Form.NFC);
            }
        }
        return id;
    }

    /** Who declared a shared scope, null if it is none. */
    @Nullable String sharedBy(Scope scope) {
        boolean may = scope.kind() == ScopeKind.CUSTOM && scope.ids().get(0).startsWith(SHARED);
        return may ? known.get().shared.get(scope) : null;
    }

    List<Scope> shared() {
        return List.copyOf(known.get().shared.keySet());
    }

    static boolean expired(StateGrant grant, StateClock clock) {
        Instant expiry = grant.expiry();
        return expiry != null && clock.reached(expiry);
    }

    /** The grants that count now. */
    List<StateGrant> grants() {
        List<StateGrant> all = new ArrayList<>();
        known.get()
                .agents
                .values()
                .forEach(rights -> rights.grants().values().stream()
                        .filter(grant -> !expired(grant, clock))
                        .forEach(all::add));
        return all;
    }

    List<String> cutOff() {
        List<String> all = new ArrayList<>();
        known.get().agents.forEach((agent, rights) -> {
            if (rights.cutOff()) {
                all.add(agent);
            }
        });
        return all;
    }

    // ---- changes ----

    /** Gives a grant; one that is not stored takes the place of one that is, and ends with this table. */
    void grant(StateGrant grant, boolean stored, Along along) {
        lock.lock();
        try {
            List<StateGrant> gone = new ArrayList<>();
            checkRoom(grant, gone);
            List<Write> writes = new ArrayList<>();
            gone.forEach(old -> writes.add(records.delete(old)));
            writes.add(stored ? records.put(grant, along.run()) : records.delete(grant));
            store(writes, along);
            gone.forEach(this::forget);
            change(grant.agent(), rights -> rights.with(grant));
        } finally {
            lock.unlock();
        }
    }

    /** Finds room for a grant, and those that count no more: they go with the next change. */
    private void checkRoom(StateGrant added, List<StateGrant> gone) {
        int all = 0;
        int same = 0;
        for (AgentRights rights : known.get().agents.values()) {
            for (StateGrant grant : rights.grants().values()) {
                boolean sameScope = grant.scope().equals(added.scope());
                if (expired(grant, clock)) {
                    gone.add(grant);
                } else if (!sameScope || !grant.agent().equals(added.agent())) {
                    all++;
                    same += sameScope ? 1 : 0;
                }
            }
        }
        if (same >= MOST_GRANTS_OF_A_SCOPE) {
            throw full(
                    "max_grants_of_a_scope", MOST_GRANTS_OF_A_SCOPE, "scope " + added.scope() + " has so many grants");
        }
        if (all >= MOST_GRANTS) {
            throw full("max_grants", MOST_GRANTS, "there are so many grants");
        }
        checkAgents(added.agent(), MOST_AGENTS);
    }

    private void checkAgents(String added, int most) {
        if (known.get().agents.size() >= most && !known.get().agents.containsKey(added)) {
            throw full("max_agents_with_rights", most, "so many agents have rights");
        }
    }

    private static LimitException full(String limit, int value, String what) {
        return LimitException.exceeded(
                limit, String.valueOf(value), what + " that no more can be given; take back what is not needed");
    }

    boolean revoke(Scope scope, String agent, Along along) {
        lock.lock();
        try {
            StateGrant present = rights(agent).grants().get(scope);
            if (present == null) {
                settle(along);
                return false;
            }
            forget(present);
            storeAfter(List.of(records.delete(present)), along);
            return !expired(present, clock);
        } finally {
            lock.unlock();
        }
    }

    private void forget(StateGrant grant) {
        change(grant.agent(), rights -> rights.without(grant.scope()));
    }

    void bound(String agent, Boundary boundary, Along along) {
        lock.lock();
        try {
            checkAgents(agent, MOST_AGENTS);
            AgentRights present = rights(agent);
            // Whether a new boundary is wider or narrower cannot be told: what both allow counts until it is stored,
            // and
            // if it cannot be, none.
            change(agent, rights -> rights.until(boundary));
            try {
                store(List.of(records.put(agent, present.with(boundary), along.run())), along);
            } catch (LlmSpellException failed) {
                change(agent, rights -> rights.with(NOTHING));
                throw owing(List.of(records.put(agent, present.with(NOTHING), along.run())), along, failed);
            }
            change(agent, rights -> rights.with(boundary));
        } finally {
            lock.unlock();
        }
    }

    void cutOff(String agent, Along along) {
        lock.lock();
        try {
            checkAgents(agent, 2 * MOST_AGENTS); // room that nothing else takes
            change(agent, rights -> rights.cutOff(true));
            storeAfter(List.of(records.put(agent, rights(agent), along.run())), along);
        } finally {
            lock.unlock();
        }
    }

    boolean restore(String agent, Along along) {
        lock.lock();
        try {
            AgentRights present = rights(agent);
            if (present.cutOff()) {
                store(List.of(records.put(agent, present.cutOff(false), along.run())), along);
                change(agent, rights -> rights.cutOff(false));
            }
            return present.cutOff();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Declares a shared scope.
     *
     * @param mayTake asked if nobody has declared it yet
     * @return its owner, the present one if there is one; null if it may not be taken
     */
    @Nullable String share(Scope scope, String owner, Along along, BooleanSupplier mayTake) {
        lock.lock();
        try {
            String present = known.get().shared.get(scope);
            if (present != null) {
                return present;
            }
            if (!mayTake.getAsBoolean()) {
                return null;
            }
            if (known.get().shared.size() >= MOST_SHARED) {
                throw full("max_shared_scopes", MOST_SHARED, "there are so many shared scopes");
            }
            store(List.of(records.put(scope, owner, along.run())), along);
            known.get().shared.put(scope, owner);
            return owner;
        } finally {
            lock.unlock();
        }
    }

    boolean unshare(Scope scope, Along along) {
        lock.lock();
        try {
            if (known.get().shared.remove(scope) == null) {
                settle(along);
                return false;
            }
            List<Write> writes = new ArrayList<>(List.of(records.delete(scope)));
            for (AgentRights rights : known.get().agents.values()) {
                StateGrant grant = rights.grants().get(scope);
                if (grant != null) {
                    forget(grant);
                    writes.add(records.delete(grant));
                }
            }
            storeAfter(writes, along);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void change(String agent, UnaryOperator<AgentRights> change) {
        known.get().agents.compute(agent, (id, present) -> {
            AgentRights next = change.apply(present == null ? AgentRights.NONE : present);
            return next.nothing() ? null : next;
        });
    }

    /** Stores what is owed, for those who do again what could not be stored. */
    private void settle(Along along) {
        if (!owed.isEmpty() || !owedRecords.isEmpty()) {
            storeAfter(List.of(), along);
        }
    }

    private void store(List<Write> writes, Along along) {
        List<Write> all = new ArrayList<>(owed.values());
        all.addAll(writes);
        all.addAll(owedRecords);
        all.addAll(along.audit());
        backend.commit(new Batch(all, WriteMode.DURABLE, null)).orThrow();
        owed.clear();
        owedRecords.clear();
    }

    /** Stores what counts already. */
    private void storeAfter(List<Write> writes, Along along) {
        try {
            store(writes, along);
        } catch (LlmSpellException failed) {
            throw owing(writes, along, failed);
        }
    }

    /** What counts could not be stored: it goes with the next change, and the error says so. */
    private StateException owing(List<Write> writes, Along along, LlmSpellException failed) {
        writes.forEach(write -> owed.put(key(write), write));
        if (owedRecords.size() < MOST_OWED_RECORDS) {
            owedRecords.addAll(along.audit());
        }
        Map<String, @Nullable Object> details = new LinkedHashMap<>(failed.details());
        details.put("in_force", true);
        return new StateException(
                failed.code(),
                failed.text() + " (the rights are taken until the state manager closes, but that could not be"
                        + " stored; do it again)",
                details,
                failed);
    }

    private static Bytes key(Write write) {
        return write instanceof Write.Put put ? put.key() : ((Write.Delete) write).key();
    }
}
