package io.llmspell.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Starts the packaged runner through the launcher, as a user does. */
final class Runner {
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private String input = "";
    private @Nullable File output;
    private @Nullable Watch watch;

    private Runner(Path folder) {
        this.folder = folder;
    }

    static Runner in(Path folder) {
        return new Runner(folder);
    }

    /** The root of the repository: the first folder above that holds the launcher. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("llmspell.cmd"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    Runner input(String text) {
        this.input = text;
        return this;
    }

    Runner environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Sends standard output to a file instead of to the result. */
    Runner output(File file) {
        output = file;
        return this;
    }

    /**
     * Starts it and does not wait. Standard output can be read, standard error goes to a file; what goes on too long is
     * killed.
     */
    Process start(String... arguments) {
        Process process = unwatched(arguments);
        watch = new Watch(process, LONGEST);
        return process;
    }

    private Process unwatched(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(root().resolve("llmspell").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        cleanEnvironment(builder);
        builder.environment().putAll(environment);
        if (output != null) {
            builder.redirectOutput(output);
        }
        builder.redirectError(folder.resolve("stderr.txt").toFile());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void cleanEnvironment(ProcessBuilder builder) {
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("LLMSPELL_NO_BUILD", "1");
        builder.environment().remove("LLMSPELL_DATA_DIR");
        builder.environment().remove("LLMSPELL_CONFIG");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().put("LLMSPELL_HOOKS__DEADLINE", "20s"); // no hook is cut because the machine is busy
    }

    Result run(String... arguments) {
        Process process = start(arguments);
        try {
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            if (Objects.requireNonNull(watch).tookTooLong()) {
                throw new AssertionError("the runner did not end; output so far: " + out);
            }
            return new Result(process.exitValue(), out, Files.readString(folder.resolve("stderr.txt")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** How the runner ended. */
    record Result(int exit, String out, String err) {}
}
