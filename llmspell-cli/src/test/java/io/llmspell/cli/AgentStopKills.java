package io.llmspell.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Kills {@link AgentStopChild} right after a stop has returned, again and again. */
final class AgentStopKills {
    private final Path folder;
    private final String variant;
    private final Random random;
    private final List<String> wrong = new ArrayList<>();
    private long acknowledged;

    AgentStopKills(Path folder, String variant, long seed) {
        this.folder = folder;
        this.variant = variant;
        this.random = new Random(seed);
    }

    /** The last number whose stop has returned. */
    long acknowledged() {
        return acknowledged;
    }

    /** Gives what was lost, empty if nothing was. */
    List<String> run(int kills) throws IOException {
        for (int kill = 0; kill < kills; kill++) {
            follow(1 + random.nextInt(20));
        }
        follow(0);
        return wrong;
    }

    private void follow(int stops) throws IOException {
        try (Child child = new Child(folder, AgentStopChild.class, variant)) {
            long found = Long.parseLong(child.line("L "));
            if (found < acknowledged) {
                wrong.add("lost: " + acknowledged + ", found " + found);
            }
            acknowledged = Math.max(acknowledged, found);
            for (int i = 0; i < stops; i++) {
                acknowledged = Long.parseLong(child.line("S "));
            }
        }
    }
}
