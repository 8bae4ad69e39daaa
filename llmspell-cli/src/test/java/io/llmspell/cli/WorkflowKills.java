package io.llmspell.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** Kills {@link WorkflowKillChild} at random moments, lets the last run end, and compares what it said. */
final class WorkflowKills {
    private static final int SUM = WorkflowKillChild.STEPS * (WorkflowKillChild.STEPS + 1) / 2;

    private final Path folder;
    private final String variant;
    private final Random random;
    private final List<String> wrong = new ArrayList<>();

    /** Of the present run: the key of each step, and the steps that are kept. */
    private final Map<String, String> keys = new HashMap<>();

    private final Set<String> kept = new HashSet<>();
    private int ended;
    private int resumed;

    WorkflowKills(Path folder, String variant, long seed) {
        this.folder = folder;
        this.variant = variant;
        this.random = new Random(seed);
    }

    int ended() {
        return ended;
    }

    int resumed() {
        return resumed;
    }

    /** Gives what is wrong, empty if nothing is. */
    List<String> run(int kills) throws IOException {
        for (int kill = 0; kill < kills; kill++) {
            follow(variant.equals("right") ? 3 + random.nextInt(40) : Integer.MAX_VALUE, false);
        }
        follow(Integer.MAX_VALUE, true);
        return wrong;
    }

    private void follow(int lines, boolean toTheEnd) throws IOException {
        try (Child child = new Child(folder, WorkflowKillChild.class, toTheEnd ? "right" : variant)) {
            int read = 0;
            for (String line = child.line(); line != null; line = child.line()) {
                take(line);
                if (++read == lines || (toTheEnd && line.startsWith("D "))) {
                    LockSupport.parkNanos(random.nextInt(25_000_000)); // at any moment, not only where it speaks
                    child.kill();
                }
            }
        }
    }

    /** The kill may cut the last line, which then says nothing. */
    private void take(String line) {
        if (line.equals("B")) {
            keys.clear();
            kept.clear();
        } else if (line.equals("R")) {
            resumed++;
        } else if (line.matches("E s\\d+ [0-9a-f-]{36}/s\\d+/\\d+")) {
            effect(line.split(" ")[1], line.split(" ")[2]);
        } else if (line.matches("C s\\d+")) {
            kept.add(line.substring(2));
        } else if (line.startsWith("D ")) {
            ended++;
            if (!line.equals("D " + SUM + " " + WorkflowKillChild.STEPS + " true")) {
                wrong.add("result: " + line);
            }
        }
    }

    private void effect(String step, String key) {
        if (kept.contains(step)) {
            wrong.add("again: " + step);
        }
        String before = keys.putIfAbsent(step, key);
        if (before != null && !before.equals(key)) {
            wrong.add("another key: " + key + " after " + before);
        }
    }
}
