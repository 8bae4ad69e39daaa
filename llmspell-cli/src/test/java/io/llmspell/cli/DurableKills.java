package io.llmspell.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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
        follow(start((kills + 1) * STEP, 0), Integer.MAX_VALUE);
        published.stream().filter(n -> !handled.contains(n)).sorted().limit(10).forEach(n -> wrong.add("lost: " + n));
        return wrong;
    }

    private Process start(long first, long count) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DurableKillChild.class.getName(),
                        folder.resolve("store").toString(),
                        String.valueOf(first),
                        String.valueOf(count),
                        variant)
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
    }

    /** Reads lines and kills after some; a child that publishes nothing is killed when everything was handled. */
    private void follow(Process process, int lines) throws IOException {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            long last = -1;
            int read = 0;
            boolean drain = lines == Integer.MAX_VALUE;
            if (drain && handled.containsAll(published)) {
                process.toHandle().destroyForcibly();
            }
            for (String line = next(out, drain, process); line != null; line = next(out, drain, process)) {
                last = take(line, last);
                if (++read >= lines || (drain && handled.containsAll(published))) {
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.toHandle().destroyForcibly();
            process.onExit().join();
        }
    }

    /** A child with nothing left to do says nothing, and would be waited for in vain. */
    private static String next(BufferedReader out, boolean drain, Process process) throws IOException {
        if (drain) {
            try {
                Awaitility.await().atMost(SILENCE).until(() -> out.ready() || !process.isAlive());
            } catch (ConditionTimeoutException silent) {
                process.toHandle().destroyForcibly();
            }
        }
        return out.readLine();
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
