package io.llmspell.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Kills {@link DurableKillChild} again and again, lets the last one end, and compares what was published and handled. */
final class DurableKills {
    private static final long STEP = 1_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SILENCE = Duration.ofSeconds(6);

    private final Path folder;
    private final String variant;
    private final Random random;
    private final Set<Long> published = new HashSet<>();
    private final Set<Long> handled = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();
    private long again;

    DurableKills(Path folder, String variant, long seed) {
        this.folder = folder;
        this.variant = variant;
        this.random = new Random(seed);
    }

    /** How many events came again. */
    long again() {
        return again;
    }

    int published() {
        return published.size();
    }

    /** Gives what is wrong, empty if nothing is. */
    List<String> run(int kills) throws IOException {
        for (int round = 1; round <= kills; round++) {
            follow(start(round * STEP, STEP), 1 + random.nextInt(3_000));
        }
        drain(start((kills + 1) * STEP, 0));
        published.stream().filter(n -> !handled.contains(n)).sorted().limit(10).forEach(n -> wrong.add("lost: " + n));
        return wrong;
    }

    private Child start(long first, long count) throws IOException {
        return new Child(folder, DurableKillChild.class, String.valueOf(first), String.valueOf(count), variant);
    }

    /** Reads lines and kills after some. */
    private void follow(Child started, int lines) throws IOException {
        try (Child child = started) {
            child.line("B");
            long last = -1;
            int read = 0;
            for (String line = child.line(); line != null; line = child.line()) {
                last = take(line, last);
                if (++read >= lines) {
                    child.kill();
                }
            }
        }
    }

    /** Reads what a child that publishes nothing handles, until everything is handled or it has no more to say. */
    private void drain(Child started) throws IOException {
        try (Child child = started) {
            child.line("B");
            long last = -1;
            while (!handled.containsAll(published) && !silent(child)) {
                last = take(child.line(""), last);
            }
        }
    }

    /** A child that does what it should is never waited for that long. */
    private boolean silent(Child child) {
        try {
            Awaitility.await()
                    .atMost(variant.equals("right") ? PATIENCE : SILENCE)
                    .until(child::ready);
            return false;
        } catch (ConditionTimeoutException silent) {
            return true;
        }
    }

    /** The kill may cut the last line; what is left of it is told by its length. */
    private long take(String line, long last) {
        if (line.matches("P \\d+")) {
            published.add(Long.parseLong(line.substring(2)));
        } else if (line.matches("H \\d+ (true|false)")) {
            String[] words = line.split(" ");
            long n = Long.parseLong(words[1]);
            boolean flagged = words[2].equals("true");
            if (n <= last) {
                wrong.add("order: " + n + " after " + last);
            }
            if (!handled.add(n) && !flagged) {
                wrong.add("again without flag: " + n);
            }
            again += flagged ? 1 : 0;
            return n;
        }
        return last;
    }
}
