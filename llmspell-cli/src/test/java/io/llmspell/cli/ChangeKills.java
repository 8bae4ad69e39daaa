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
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Kills {@link ChangeKillChild} again and again, and compares what it left: values, events and what it acknowledged. */
final class ChangeKills {
    private static final long STEP = 1_000_000;
    private static final int LEAST_SENT = 20;

    private final Path folder;
    private final WriteMode mode;
    private final String variant;
    private final Random random;
    private final long[] acknowledged = new long[ChangeKillChild.THREADS];
    private final List<String> wrong = new ArrayList<>();
    private final NavigableSet<Long> sent = new TreeSet<>();
    private final NavigableSet<Long> received = new TreeSet<>();
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

    int messages() {
        return received.size();
    }

    /** Gives what is wrong, empty if nothing is. */
    List<String> run(int kills) throws IOException {
        for (int round = 1; round <= kills && wrong.isEmpty(); round++) {
            killed(round * STEP);
            compare();
        }
        if (wrong.isEmpty()) {
            long last = (kills + 1) * STEP;
            follow(last, line -> line.equals(ChangeKillChild.DRAINED + " " + last + "."));
            compareMessages(kills);
        }
        return wrong;
    }

    /** What was sent has come, but for one at each kill, which was taken out of the channel and could not be told any more. */
    private void compareMessages(int kills) {
        List<Long> missing = sent.headSet((kills + 1) * STEP).stream()
                .filter(n -> !received.contains(n))
                .toList();
        if (missing.size() > kills) {
            wrong.add("lost: " + missing.size() + " messages, such as " + missing.get(0));
        }
    }

    /** Kills after some lines, mostly when some messages were sent too; the fault that dies by itself is left to it. */
    private void killed(long first) throws IOException {
        int lines = 1 + random.nextInt(1_000);
        int least = variant.equals("right") && random.nextInt(4) == 0 ? 0 : LEAST_SENT;
        AtomicInteger read = new AtomicInteger();
        follow(
                first,
                line -> read.incrementAndGet() >= lines
                        && sent.tailSet(first).size() >= least
                        && !variant.equals("late"));
    }

    private void follow(long first, Predicate<String> enough) throws IOException {
        try (Child child = new Child(folder, ChangeKillChild.class, String.valueOf(first), mode.name(), variant)) {
            for (String line = child.line(); line != null; line = child.line()) {
                if (line.matches("\\d \\d{7,}")) { // the kill may cut the last line
                    String[] words = line.split(" ");
                    acknowledged[Integer.parseInt(words[0])] = Long.parseLong(words[1]);
                }
                message(line);
                if (enough.test(line)) {
                    child.kill();
                }
            }
        }
    }

    private void message(String line) {
        if (!line.matches("\\d \\d+\\.")) {
            return;
        }
        long number = Long.parseLong(line.substring(2, line.length() - 1));
        if (line.startsWith(ChangeKillChild.SENT + " ")) {
            sent.add(number);
        } else if (line.startsWith(ChangeKillChild.RECEIVED + " ")) {
            if (!received.isEmpty() && number <= received.last()) {
                wrong.add("again or out of order: message " + number + " after " + received.last());
            }
            received.add(number);
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
