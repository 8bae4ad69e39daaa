package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A script saves a counter in a loop and prints each acknowledged value; it is killed at random moments. Each restart
 * finds the last acknowledged value or a later one.
 */
class KillIT {
    private static final int KILLS = Integer.getInteger("llmspell.kills", 50);

    @TempDir
    private Path folder;

    @Test
    void counter_killedAtRandomMoments_neverGoesBack() throws Exception {
        long seed = Long.getLong("llmspell.seed", System.nanoTime());
        assertThat(acknowledgedValuesLost(KILLS, seed, "State.set('n', n)\n  print(n)"))
                .as("repeat with -Dllmspell.seed=" + seed)
                .isZero();
    }

    /** The planted fault: the script prints the value before it saves it. */
    @Test
    void counter_acknowledgedBeforeItIsSaved_isCaught() throws Exception {
        assertThat(acknowledgedValuesLost(5, 42, "print(n)\n  if n % 1000000 == 0 then State.set('n', n) end"))
                .isPositive();
    }

    private int acknowledgedValuesLost(int kills, long seed, String body) throws Exception {
        Path script = Files.writeString(
                folder.resolve("count.lua"),
                "local n = State.get('n') or 0\nprint('start', n)\nwhile true do\n  n = n + 1\n  " + body + "\nend\n");
        Random random = new Random(seed);
        long acknowledged = 0;
        int lost = 0;
        for (int kill = 0; kill < kills; kill++) {
            Process process = Runner.in(folder).start("run", script.toString());
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                long found = Long.parseLong(out.readLine().substring("start\t".length()));
                lost += found < acknowledged ? 1 : 0;
                acknowledged = killAfter(process, out, random.nextInt(60), found);
            }
        }
        return lost;
    }

    /** Reads some values, kills, and gives the last value that came out. */
    private static long killAfter(Process process, BufferedReader out, int values, long found) throws IOException {
        long last = found;
        for (int i = 0; i < values; i++) {
            last = Long.parseLong(out.readLine());
        }
        process.toHandle().destroyForcibly();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            last = line.isEmpty() ? last : Math.max(last, parsed(line, last));
        }
        process.onExit().join();
        return last;
    }

    /** The kill may cut a line; what is left of a number is smaller than the number. */
    private static long parsed(String line, long otherwise) {
        return line.matches("\\d+") ? Long.parseLong(line) : otherwise;
    }
}
