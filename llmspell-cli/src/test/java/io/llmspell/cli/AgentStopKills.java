package io.llmspell.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentStopChild.class.getName(),
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
            long found = Long.parseLong(first.substring(2));
            if (found < acknowledged) {
                wrong.add("lost: " + acknowledged + ", found " + found);
            }
            acknowledged = Math.max(acknowledged, found);
            for (int i = 0; i < stops; i++) {
                acknowledged = Long.parseLong(out.readLine().substring(2));
            }
            process.toHandle().destroyForcibly();
        } finally {
            process.toHandle().destroyForcibly();
            process.onExit().join();
        }
    }
}
