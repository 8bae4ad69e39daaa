package io.llmspell.cli;

import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.journal.JournalReader;
import io.llmspell.state.StoredState;
import io.llmspell.state.StoredValue;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Kills {@link ChangeKillChild} again and again, and compares what it left: values, events and what it acknowledged. */
final class ChangeKills {
    private static final long STEP = 1_000_000;

    private final Path folder;
    private final WriteMode mode;
    private final String variant;
    private final Random random;
    private final long[] acknowledged = new long[ChangeKillChild.THREADS];
    private final List<String> wrong = new ArrayList<>();
    private int events;

    ChangeKills(Path folder, WriteMode mode, String variant, long seed) {
        this.folder = folder;
        this.mode = mode;
        this.variant = variant;
        this.random = new Random(seed);
    }

    int events() {
        return events;
    }

    /** Gives what is wrong, empty if nothing is. */
    List<String> run(int kills) throws IOException {
        for (int round = 1; round <= kills && wrong.isEmpty(); round++) {
            killed(round * STEP);
            compare();
        }
        return wrong;
    }

    private void killed(long first) throws IOException {
        try (Child child = new Child(folder, ChangeKillChild.class, String.valueOf(first), mode.name(), variant)) {
            int lines = variant.equals("right") ? 1 + random.nextInt(1_000) : Integer.MAX_VALUE;
            int read = 0;
            for (String line = child.line(); line != null; line = child.line()) {
                if (line.matches("\\d \\d{7,}")) { // the kill may cut the last line
                    String[] words = line.split(" ");
                    acknowledged[Integer.parseInt(words[0])] = Long.parseLong(words[1]);
                }
                if (++read >= lines) {
                    child.kill();
                }
            }
        }
    }

    /** The newest event of a key: of which commit, and the new value, null for a removal. */
    private record Newest(long version, @Nullable Object value) {}

    private void compare() {
        try (SystemTimeSource time = new SystemTimeSource();
                StorageBackend store =
                        RocksDbStorage.at(folder.resolve("store")).open(ChangeKillChild.SPACES, time);
                StoredState state = StoredState.of(store, ChangeKillChild.CODEC, Redactor.create(), time)) {
            Map<StateKey, Newest> told = new HashMap<>();
            List<JournaledEvent> journal = new JournalReader(store, ChangeKillChild.CODEC, Space.EVENTS)
                    .query(EventQuery.all().types("state.changed"))
                    .collectList()
                    .block();
            journal.forEach(event -> told.merge(
                    key(event), newest(event), (one, other) -> one.version() > other.version() ? one : other));
            events = journal.size();
            Map<StateKey, StoredValue> values = new HashMap<>();
            state.each(null, value -> values.put(value.key(), value));
            told.forEach((key, newest) -> compare(key, newest, values.get(key)));
            values.keySet().stream()
                    .filter(key -> !told.containsKey(key))
                    .forEach(key -> wrong.add("no event: " + key));
            for (int thread = 0; thread < ChangeKillChild.THREADS; thread++) {
                whole(values, thread);
            }
        }
    }

    private static StateKey key(JournaledEvent event) {
        Map<?, ?> payload = (Map<?, ?>) event.event().payload();
        return StateKey.of(Scope.parse((String) payload.get("scope")), (String) payload.get("key"));
    }

    private static Newest newest(JournaledEvent event) {
        Map<?, ?> payload = (Map<?, ?>) event.event().payload();
        return new Newest(
                payload.get("version") instanceof Long version ? version : -event.position(), payload.get("new_value"));
    }

    private void compare(StateKey key, Newest newest, @Nullable StoredValue value) {
        if (value == null ? newest.value() != null : value.version() != newest.version()) {
            wrong.add("event and value differ: " + key + " " + newest + " " + value);
        }
    }

    private void whole(Map<StateKey, StoredValue> values, int thread) {
        long last = 0;
        for (List<StateKey> together : List.of(
                List.of(
                        ChangeKillChild.key(thread, "a"),
                        ChangeKillChild.key(thread, "b"),
                        ChangeKillChild.key(thread, "c")),
                List.of(ChangeKillChild.key(thread, "left"), StateKey.of(Scope.GLOBAL, "right-" + thread)),
                List.of(ChangeKillChild.key(thread, "single")))) {
            List<Long> versions = together.stream()
                    .map(values::get)
                    .map(value -> value == null ? 0L : value.version())
                    .distinct()
                    .toList();
            if (versions.size() > 1) {
                wrong.add("torn: " + together + " " + versions);
            }
            StoredValue value = values.get(together.get(0));
            last = Math.max(last, value == null ? 0 : (Long) value.json());
        }
        // Three of four changes leave their number, so the last of them is at most one behind.
        if (last < acknowledged[thread] - 1) {
            wrong.add("lost: thread " + thread + " has " + last + ", acknowledged " + acknowledged[thread]);
        }
    }
}
