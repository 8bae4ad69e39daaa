package io.llmspell.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Kills {@link SessionKillChild} at random moments, again and again; each child tells what its predecessor left. */
final class SessionKills {
    private static final int MOST_LINES = 40;

    private final Path folder;
    private final String variant;
    private final Random random;
    private final List<String> wrong = new ArrayList<>();
    private long copied;
    private long restored;

    SessionKills(Path folder, String variant, long seed) {
        this.folder = folder;
        this.variant = variant;
        this.random = new Random(seed);
    }

    /** How many restores have returned. */
    long restored() {
        return restored;
    }

    /** Gives what is wrong, empty if nothing is. */
    List<String> run(int kills) throws IOException {
        for (int kill = 0; kill < kills; kill++) {
            boolean early = variant.equals("right") && kill > 0; // the first makes enough for the others to find
            follow(early ? 1 + random.nextInt(MOST_LINES) : MOST_LINES);
        }
        follow(0);
        return wrong;
    }

    private void follow(int lines) throws IOException {
        try (Child child = new Child(folder, SessionKillChild.class, variant)) {
            check(child.line("L ").split(" "));
            for (int i = 0; i < lines; i++) {
                note(child.line());
            }
            child.kill();
            for (String line = child.line(); line != null; line = child.line()) {
                note(line); // said before the kill came
            }
        }
    }

    /** The kill may cut the last line; a child that has died says nothing more. */
    private void note(@Nullable String line) {
        if (line != null && line.matches("[CR] \\d+")) {
            long number = Long.parseLong(line.substring(2));
            if (line.charAt(0) == 'C') {
                copied = number;
            } else {
                restored = number;
            }
        }
    }

    private void check(String[] words) {
        String state = words[0];
        String checkpoint = words[1];
        if (state.startsWith("torn")) {
            wrong.add("torn state after checkpoint " + copied + ", restore " + restored);
        } else if (SessionKillChild.number(state) < Math.max(copied, restored)) {
            wrong.add("lost state: " + state + " after checkpoint " + copied);
        }
        if (state.equals("spoilt:" + restored) && restored > 0) {
            wrong.add("lost restore " + restored);
        }
        if (copied > 0 && (!checkpoint.startsWith("good:") || SessionKillChild.number(checkpoint) < copied)) {
            wrong.add("lost or torn checkpoint " + copied + ": " + checkpoint);
        }
    }
}
