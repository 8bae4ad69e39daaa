package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Starts {@link KillWriter}, kills it at a random moment, and compares what it acknowledged with what is there. */
final class KillRounds {
    private final Path temp;
    private final TimeSource time;
    private final WriteMode mode;
    private final String variant;
    private final Random random;
    private final Map<Bytes, Long> newest = new HashMap<>();
    private long newestNumber;
    private long newestPosition;
    private long acknowledged;

    KillRounds(Path temp, TimeSource time, WriteMode mode, String variant, long seed) {
        this.temp = temp;
        this.time = time;
        this.mode = mode;
        this.variant = variant;
        this.random = new Random(seed);
    }

    long acknowledged() {
        return acknowledged;
    }

    /** One round; gives what is wrong with the store afterwards, empty if nothing is. */
    List<String> round(int round) throws IOException, InterruptedException {
        Path folder = temp.resolve("store");
        try (Child child =
                new Child(temp, KillWriter.class, folder.toString(), mode.name(), round + "000000", variant)) {
            String line = child.out.readLine();
            long moment = time.nanos() + (long) (random.nextDouble() * 250_000_000);
            while (line != null) {
                acknowledge(line);
                if (time.nanos() >= moment) {
                    child.kill();
                }
                line = child.out.readLine();
            }
            child.exit();
        }
        try (StorageBackend store = RocksDbStorage.at(folder).open(Sandbox.SPACES, time)) {
            return check(store);
        }
    }

    private void acknowledge(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length < 5 || parts[4].isEmpty()) {
            // The kill cut the line: its write is not acknowledged.
            return;
        }
        int thread = Integer.parseInt(parts[0]);
        long sequence = Long.parseLong(parts[2]);
        if (parts[1].equals("0")) {
            newest.put(KillWriter.single(thread, sequence), sequence);
        } else if (parts[1].equals("1")) {
            newest.put(KillWriter.together(thread, 0), sequence);
        }
        newestNumber = Math.max(newestNumber, Long.parseLong(parts[3]));
        // The kill may cut this number too; a shorter one is smaller and does no harm.
        newestPosition = Math.max(newestPosition, Long.parseLong(parts[4]));
        acknowledged++;
    }

    private List<String> check(StorageBackend store) {
        List<String> wrong = new ArrayList<>();
        newest.forEach((key, sequence) -> {
            long stored = sequence(store, Space.STATE, key);
            if (stored < sequence) {
                wrong.add("lost: " + key.text() + " has " + stored + ", acknowledged " + sequence);
            }
        });
        checkTorn(store, wrong);
        checkLog(store, wrong);
        long commits = store.statistics().getOrDefault("commits", 0L);
        if (commits < newestNumber) {
            wrong.add("lost: " + commits + " commits, acknowledged " + newestNumber);
        }
        return wrong;
    }

    static void checkTorn(StorageBackend store, List<String> wrong) {
        for (int thread = 0; thread < KillWriter.THREADS; thread++) {
            long first = sequence(store, Space.STATE, KillWriter.together(thread, 0));
            long second = sequence(store, Space.META, KillWriter.together(thread, 1));
            long third = sequence(store, Space.STATE, KillWriter.together(thread, 2));
            if (first != second || second != third) {
                wrong.add("torn: thread " + thread + " has " + first + ", " + second + ", " + third);
            }
        }
    }

    private void checkLog(StorageBackend store, List<String> wrong) {
        long last = 0;
        try (Cursor log = store.scan(Space.EVENTS, Range.all())) {
            while (log.next()) {
                long position = log.entry().key().longAt(0);
                if (position != last + 1) {
                    wrong.add("gap: position " + position + " after " + last);
                }
                last = position;
            }
        }
        if (last < newestPosition) {
            wrong.add("lost: the log ends at " + last + ", acknowledged " + newestPosition);
        }
        long indexed = 0;
        for (int thread = 0; thread < KillWriter.THREADS; thread++) {
            try (Cursor index = store.index(Space.EVENTS, Bytes.utf8("t" + thread), false)) {
                while (index.next()) {
                    indexed++;
                }
            }
        }
        if (indexed != last) {
            wrong.add("torn: " + last + " log entries, " + indexed + " in the index");
        }
    }

    static long sequence(StorageBackend store, Space space, Bytes key) {
        return store.get(space, key).map(stored -> stored.value().longAt(0)).orElse(-1L);
    }
}
