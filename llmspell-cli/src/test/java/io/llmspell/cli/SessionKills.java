package io.llmspell.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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
            follow(variant.equals("right") ? 1 + random.nextInt(MOST_LINES) : MOST_LINES);
        }
        follow(0);
        return wrong;
    }

    private void follow(int lines) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SessionKillChild.class.getName(),
                        folder.resolve("store").toString(),
                        variant)
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String first = out.readLine();
            if (first == null || !first.startsWith("L ")) {
                throw new IOException("the child did not begin: " + first);
            }
            check(first.split(" "));
            for (int i = 0; i < lines; i++) {
                note(out.readLine());
            }
            process.toHandle().destroyForcibly();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                note(line); // said before the kill came
            }
        } finally {
            process.toHandle().destroyForcibly();
            process.onExit().join();
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
        String state = words[1];
        String checkpoint = words[2];
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
