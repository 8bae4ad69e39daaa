package io.llmspell.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JVM that runs a main class of the tests until it is killed, with its standard output as a pipe. */
final class Child implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private final Process process;
    private final Watch watch;
    private final BufferedReader out;

    /** The first argument of the child is the folder {@code store} within the folder; the others follow. */
    Child(Path folder, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                folder.resolve("store").toString()));
        Collections.addAll(command, arguments);
        process = new ProcessBuilder(command)
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
        watch = new Watch(process, LONGEST);
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next line, which the kill may have cut, or null once the child is dead and all was read. */
    @Nullable String line() throws IOException {
        String line = out.readLine();
        if (line == null && watch.tookTooLong()) {
            throw new AssertionError("the child went on for " + LONGEST.toMinutes() + " min and was killed");
        }
        return line;
    }

    /** The rest of the next line, which begins with something that it must begin with. */
    String line(String begin) throws IOException {
        String line = line();
        if (line == null || !line.startsWith(begin)) {
            throw new AssertionError("the child was to say \"" + begin + "\", but said: " + line);
        }
        return line.substring(begin.length());
    }

    /** Whether {@link #line} would return at once. */
    boolean ready() throws IOException {
        return out.ready() || !process.isAlive();
    }

    /** Kills without warning. By the handle: {@code Process.destroyForcibly} would close the pipe and lose lines. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        kill();
        process.onExit().join();
        out.close();
    }
}
