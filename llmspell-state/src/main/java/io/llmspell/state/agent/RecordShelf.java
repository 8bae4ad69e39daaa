package io.llmspell.state.agent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmspell.core.agent.AgentRecord;
import io.llmspell.core.concurrent.Lazy;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.StagedEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.StateException;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Commit;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.RecordHeader;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Stored;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.state.Sealing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records of agents in the store, taken apart: writes what is new in one batch, puts together what is there.
 *
 * <p>What is done with one agent comes one after the other ({@link AgentTurns}); {@code known} is a bounded cache of what
 * the store holds, safe for threads. A batch expects the head to be as it is known, so that an earlier form could not
 * replace a later one even if another writer were faster.
 */
final class RecordShelf {
    private static final int MOST_KNOWN = 1_000;
    private static final String SCHEMA = "agent";

    private final StorageBackend backend;
    private final RecordCodec codec;
    private final Supplier<Sealing> sealings;
    private final Redactor redactor;
    private final WriteMode mode;

    /** Made with the first use: the library starts the log of the JDK. */
    private final Lazy<Cache<Bytes, Kept>> known =
            new Lazy<>(() -> Caffeine.newBuilder().maximumSize(MOST_KNOWN).build());

    RecordShelf(
            StorageBackend backend, RecordCodec codec, Supplier<Sealing> sealings, Redactor redactor, WriteMode mode) {
        this.backend = backend;
        this.codec = codec;
        this.sealings = sealings;
        this.redactor = redactor;
        this.mode = mode;
    }

    /** What a commit holds beside the record: the event of it, made when its size is known. */
    interface Telling {
        @Nullable StagedEvent stage(long bytes);
    }

    // ---- saving ----

    long save(AgentRecord record, Caller caller, Telling telling) {
        AgentKeys keys = AgentKeys.of(record.name());
        Kept kept = kept(keys);
        try {
            return save(record, kept, caller, telling);
        } catch (StateException conflict) {
            if (!conflict.code().equals(ErrorCode.STATE_CONFLICT) || !sealedAgain(kept, kept(keys))) {
                throw conflict;
            }
            return save(record, kept(keys), caller, telling);
        }
    }

    /** Whether only the seal of a record is another: then no other form of it could be lost. */
    private static boolean sealedAgain(Kept before, Kept now) {
        return before.revision() != now.revision()
                && before.head().equals(now.head())
                && before.body().equals(now.body())
                && before.messages().equals(now.messages());
    }

    private long save(AgentRecord record, Kept kept, Caller caller, Telling telling) {
        AgentKeys keys = AgentKeys.of(record.name());
        SavePlan plan = SavePlan.of(kept, record.conversation());
        JsonObject head = RecordParts.head(
                record, plan.first(), plan.first() + record.conversation().size());
        JsonObject body = RecordParts.body(record, redactor);
        Pack pack = new Pack(RecordHeader.of("standard", caller.correlation()), keys);
        pack.put(keys.head(), head);
        if (!kept.present() || !body.equals(kept.body())) {
            pack.put(keys.body(), body);
        }
        plan.added().forEach((number, piece) -> pack.put(keys.messages(number), JsonObject.of("messages", piece)));
        plan.removed().forEach(number -> pack.writes.add(new Write.Delete(Space.AGENTS, keys.messages(number))));
        return commit(
                record.name(),
                pack.expecting(kept.revision()),
                pack.sealing,
                telling.stage(pack.bytes),
                revision -> new Kept(revision, head, body, plan.first(), record.conversation(), plan.segments()));
    }

    /** Whether a value holds secrets: people tell them to agents, and tools give them. */
    private boolean secret(JsonObject value) {
        return redactor.value(value) != value;
    }

    /** Collects the records of one save. */
    private final class Pack {
        private final RecordHeader header;
        private final AgentKeys keys;
        private final List<Write> writes = new ArrayList<>();
        private final Sealing sealing = sealings.get();
        private long bytes;

        Pack(RecordHeader standard, AgentKeys keys) {
            this.header = new RecordHeader(
                    SCHEMA, AgentRecord.SCHEMA_VERSION, standard.stateClass(), null, standard.correlation());
            this.keys = keys;
        }

        void put(Bytes key, JsonObject value) {
            Bytes record = secret(value) ? sealing.seal(codec, key, header, value) : codec.encode(key, header, value);
            bytes += record.length();
            writes.add(new Write.Put(Space.AGENTS, key, record));
        }

        List<Write> expecting(long revision) {
            List<Write> all = new ArrayList<>();
            all.add(new Write.Expect(Space.AGENTS, keys.head(), revision));
            all.addAll(writes);
            all.addAll(sealing.writes());
            return all;
        }
    }

    private long commit(
            String name, List<Write> writes, Sealing sealing, @Nullable StagedEvent event, LongFunction<Kept> after) {
        AgentKeys keys = AgentKeys.of(name);
        known.get().invalidate(keys.head()); // whatever becomes of the commit, the next one looks again
        Commit commit;
        try {
            if (event != null) {
                event.write().ifPresent(writes::add);
            }
            commit = backend.commit(new Batch(writes, mode, done -> {
                if (event != null) {
                    event.committed(done);
                }
            }));
        } catch (Throwable failed) {
            drop(event);
            throw failed;
        }
        if (!(commit instanceof Commit.Done done)) {
            drop(event);
            throw new StateException(
                    ErrorCode.STATE_CONFLICT,
                    "the record of agent \"" + name + "\" was changed by another writer; try again");
        }
        sealing.committed();
        known.get().put(keys.head(), after.apply(done.number()));
        if (event != null) {
            event.publish();
        }
        return done.number();
    }

    private static void drop(@Nullable StagedEvent event) {
        if (event != null) {
            event.dropped();
        }
    }

    // ---- reading ----

    Optional<AgentRecord> load(String name) {
        AgentKeys keys = AgentKeys.of(name);
        known.get().invalidate(keys.head()); // what is asked for is what the store holds, with its checksums
        Kept kept = kept(keys);
        return kept.present() ? Optional.of(RecordParts.record(kept)) : Optional.empty();
    }

    private Kept kept(AgentKeys keys) {
        Kept cached = known.get().getIfPresent(keys.head());
        if (cached != null) {
            return cached;
        }
        Kept read = read(keys);
        known.get().put(keys.head(), read);
        return read;
    }

    private Kept read(AgentKeys keys) {
        Optional<Stored> stored = backend.get(Space.AGENTS, keys.head());
        if (stored.isEmpty()) {
            return Kept.NOTHING;
        }
        JsonObject head = map(keys.head(), stored.get());
        JsonObject body = backend.get(Space.AGENTS, keys.body())
                .map(found -> map(keys.body(), found))
                .orElseThrow(() -> corrupt("its configuration is missing"));
        NavigableMap<Long, Integer> segments = new TreeMap<>();
        List<JsonObject> messages = messages(keys, RecordParts.first(head), RecordParts.next(head), segments);
        return new Kept(stored.get().revision(), head, body, RecordParts.first(head), messages, segments);
    }

    private List<JsonObject> messages(AgentKeys keys, long first, long next, NavigableMap<Long, Integer> segments) {
        List<JsonObject> messages = new ArrayList<>();
        try (Cursor cursor = backend.scan(Space.AGENTS, Range.prefix(keys.messages()))) {
            while (cursor.next()) {
                Entry entry = cursor.entry();
                long number = keys.first(entry.key());
                if (!(map(entry.key(), entry.stored()).get("messages") instanceof JsonArray piece)) {
                    throw corrupt("messages from number " + number + " on have an unknown form");
                }
                segments.put(number, piece.size());
                for (int i = (int) Math.max(0, first - number); i < piece.size(); i++) {
                    if (number + i != first + messages.size() || !(piece.get(i) instanceof JsonObject message)) {
                        throw corrupt("message " + (first + messages.size()) + " is missing");
                    }
                    messages.add(message);
                }
            }
        }
        if (first + messages.size() != next) {
            throw corrupt("it has " + messages.size() + " of " + (next - first) + " messages");
        }
        return messages;
    }

    private JsonObject map(Bytes key, Stored stored) {
        RecordHeader header = codec.header(stored.value());
        if (!header.schemaId().equals(SCHEMA) || !header.schemaVersion().startsWith("1.")) {
            throw new StorageException(
                    ErrorCode.STORE_TOO_NEW,
                    "a record of an agent has the form " + header.schemaId() + " " + header.schemaVersion()
                            + ", but this release reads " + SCHEMA + " 1; use the release that wrote it");
        }
        if (codec.decode(key, stored.value()) instanceof JsonObject map) {
            return map;
        }
        throw corrupt("a part of it is no map");
    }

    private static StorageException corrupt(String why) {
        return new StorageException(
                ErrorCode.STORE_CORRUPT,
                "the record of an agent is damaged: " + why + "; delete it, or restore it from a backup");
    }

    // ---- removing, listing ----

    /** Removes all that stands under the name, whether it can be read or not; gives whether there was something. */
    boolean delete(String name, Telling telling) {
        AgentKeys keys = AgentKeys.of(name);
        long revision =
                backend.get(Space.AGENTS, keys.head()).map(Stored::revision).orElse(0L);
        if (revision == 0) {
            return false;
        }
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Expect(Space.AGENTS, keys.head(), revision));
        writes.add(new Write.Delete(Space.AGENTS, keys.head()));
        writes.add(new Write.Delete(Space.AGENTS, keys.body()));
        try (Cursor cursor = backend.scan(Space.AGENTS, Range.prefix(keys.messages()))) {
            while (cursor.next()) {
                writes.add(new Write.Delete(Space.AGENTS, cursor.entry().key()));
            }
        }
        commit(name, writes, sealings.get(), telling.stage(0), done -> Kept.NOTHING);
        return true;
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        try (Cursor cursor = backend.scan(Space.AGENTS, Range.prefix(AgentKeys.HEADS))) {
            while (cursor.next()) {
                Map<String, @Nullable Object> head =
                        map(cursor.entry().key(), cursor.entry().stored());
                if (head.get("agent_name") instanceof String name) {
                    names.add(name);
                }
            }
        }
        names.sort(null);
        return names;
    }
}
