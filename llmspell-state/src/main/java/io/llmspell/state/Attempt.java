package io.llmspell.state;

import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One try to commit a transaction: what is expected, what is written, which events are staged. Made and used by one
 * thread; the commit listener may run on another, which the store orders.
 */
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    /**
     * A change with what is worked out for this try: what the key will hold, its record unless it has none, and what was
     * there if somebody asks.
     */
    private record Step(
            Planned part,
            Cell cell,
            @Nullable Bytes record,
            @Nullable Cell before) {
        StateKey key() {
            return part.key();
        }

        /** Whether those who watch hear of it: of classes that are told, and not that nothing was removed. */
        boolean told() {
            boolean set = part.change() == Change.SET;
            return ChangeEvents.tells(part.stateClass()) && (set || (before != null && before.present()));
        }

        boolean inMemory() {
            return part.change() == Change.SET && part.wanted().stateClass() == StateClass.EPHEMERAL;
        }

        Cell result(long revision) {
            return cell.present() ? cell.at(revision) : cell;
        }
    }

    private final StateStore store;
    private final WriteMode mode;
    private final List<Step> steps = new ArrayList<>();
    private final Map<StateKey, Long> expected = new LinkedHashMap<>();
    private final List<StagedEvent> events = new ArrayList<>();
    private final List<Write> beside = new ArrayList<>();
    private Write.@Nullable Expect tie;

    /** The keys that records of this try are sealed with. */
    private final Set<String> sealedWith = new LinkedHashSet<>();

    Attempt(StateStore store, WriteMode mode) {
        this.store = store;
        this.mode = mode;
    }

    /** What must stand beside the state for the changes to be committed. */
    void tie(Write.Expect other) {
        tie = other;
    }

    /** Whether a conflict is one of the tie. */
    boolean untied(Commit.Conflict conflict) {
        Write.Expect other = tie;
        return other != null
                && other.space().equals(conflict.space())
                && other.key().equals(conflict.key());
    }

    void expect(StateKey key, long revision) {
        expected.putIfAbsent(key, revision);
    }

    /** Adds a change, with what it replaces if that is known for sure. */
    void add(Planned part, @Nullable Cell before, CorrelationId correlation) {
        long expiresAt = part.wanted().ttl() == null
                ? Cell.NEVER
                : store.clock().after(part.wanted().ttl());
        boolean kept = part.change() == Change.SET && part.wanted().stateClass() != StateClass.EPHEMERAL;
        Cell cell = part.result(0, expiresAt);
        Bytes record = kept ? record(part.key().encoded(), cell, correlation) : null;
        steps.add(new Step(part, record == null ? cell : cell.recorded(record.length()), record, before));
    }

    private Bytes record(Bytes key, Cell cell, CorrelationId correlation) {
        boolean secret = cell.secrecy() != Secrecy.NONE;
        if (secret) {
            store.probes().ready();
        }
        Bytes record = store.records().write(key, cell, correlation);
        String keyId = secret ? store.records().keyOf(record) : null;
        if (keyId != null) {
            sealedWith.add(keyId);
        }
        return record;
    }

    void add(StagedEvent event) {
        events.add(event);
    }

    /** Adds something that is not state and stands if the changes do. */
    void add(Write other) {
        beside.add(other);
    }

    Commit commit() {
        return touchesMemory() ? store.ephemeral().locked(this::commitBoth) : persist(writes(false));
    }

    /** Goes on to its end once it has begun, whoever loses interest in the future. */
    CompletableFuture<Commit> commitAsync() {
        if (touchesMemory()) {
            return Mono.fromCallable(this::commit)
                    .subscribeOn(Schedulers.boundedElastic())
                    .toFuture();
        }
        begin();
        return Mono.defer(() -> store.backend().commitAsync(batch(writes(false))))
                .doFinally(signal -> end())
                .toFuture();
    }

    private boolean touchesMemory() {
        for (Step step : steps) {
            if (step.inMemory() || isInMemory(step.key())) {
                return true;
            }
        }
        for (StateKey key : expected.keySet()) {
            if (isInMemory(key)) {
                return true;
            }
        }
        return false;
    }

    private boolean isInMemory(StateKey key) {
        return store.ephemeral().peek(key) != null;
    }

    private Commit persist(List<Write> writes) {
        begin();
        try {
            return store.backend().commit(batch(writes));
        } finally {
            end();
        }
    }

    private Batch batch(List<Write> writes) {
        boolean changes = false;
        for (Write write : writes) {
            changes |= !(write instanceof Write.Expect);
        }
        return new Batch(writes, changes ? mode : WriteMode.BUFFERED, this::committed);
    }

    private void begin() {
        steps.forEach(step -> store.cache().begin(step.key()));
    }

    private void end() {
        steps.forEach(step -> store.cache().end(step.key()));
    }

    /** In commit order. The cache comes first, so that whoever hears of the event reads the value that it tells of. */
    private void committed(Commit.Done done) {
        sealedWith.forEach(store.probes()::committed);
        for (Step step : steps) {
            store.cache().put(step.key(), step.inMemory() ? Cell.ABSENT : step.result(done.number()));
        }
        events.forEach(event -> event.committed(done));
        if (!store.watches().isEmpty()) {
            steps.stream().filter(Step::told).forEach(step -> tell(step, done.number()));
        }
    }

    private void tell(Step step, long version) {
        store.watches().publish(new StateWatches.Told(step.key(), shown(step), step.result(version), version));
    }

    private static @Nullable Cell shown(Step step) {
        Cell before = step.before();
        return before == null || ChangeEvents.tells(before.stateClass()) ? before : null;
    }

    private List<Write> writes(boolean withMemory) {
        List<Write> writes = new ArrayList<>();
        if (tie != null) {
            writes.add(tie);
        }
        expected.forEach((key, revision) -> {
            if (!withMemory || !isInMemory(key)) {
                writes.add(new Write.Expect(Space.STATE, key.encoded(), revision));
            }
        });
        for (Step step : steps) {
            Bytes key = step.key().encoded();
            if (step.record() != null) {
                writes.add(new Write.Put(Space.STATE, key, step.record()));
            } else if (!withMemory || store.persisted(step.key()).present()) {
                writes.add(new Write.Delete(Space.STATE, key));
            }
        }
        sealedWith.forEach(key -> store.probes().with(key).ifPresent(writes::add));
        events.forEach(event -> event.write().ifPresent(writes::add));
        writes.addAll(beside);
        return writes;
    }

    /** Under the lock of the ephemeral values: nobody changes them between the decision and the end of the commit. */
    private Commit commitBoth() {
        for (Map.Entry<StateKey, Long> expectation : expected.entrySet()) {
            Cell memory = store.ephemeral().peek(expectation.getKey());
            if (memory != null && memory.revision() != expectation.getValue()) {
                return new Commit.Conflict(Space.STATE, expectation.getKey().encoded(), memory.revision());
            }
        }
        List<Write> writes = writes(true);
        boolean changes = writes.stream().anyMatch(write -> !write.equals(tie));
        Commit commit = writes.isEmpty() ? inMemory() : persist(writes);
        if (!changes && tie != null && commit instanceof Commit.Done) {
            commit = inMemory();
        }
        if (commit instanceof Commit.Done done) {
            steps.forEach(step -> applyInMemory(step, done.number()));
        }
        return commit;
    }

    private Commit inMemory() {
        return new Commit.Done(store.ephemeral().nextVersion(), List.of(), WriteMode.MEMORY);
    }

    private void applyInMemory(Step step, long version) {
        if (step.inMemory()) {
            store.ephemeral().put(step.key(), step.result(version));
        } else {
            store.ephemeral().remove(step.key());
        }
    }

    /** After the commit. The change stands, so nothing that happens here may make it look failed. */
    void publish() {
        for (StagedEvent event : events) {
            try {
                event.publish();
            } catch (RuntimeException e) {
                LOG.warn("the event of a committed change could not be published to all", LogText.maskedError(e));
            }
        }
    }

    void drop() {
        events.forEach(StagedEvent::dropped);
    }
}
