package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The packaged runner as one process for all command lines of a test class, which saves a start for each. Every test
 * begins with an empty {@link #folder}, where the process is.
 *
 * <p>{@code ServedRunnerIT} holds it to what {@link Runner} gives. What needs a process of its own (signals, variables of the
 * environment, what goes on beside others) takes a {@link Runner}.
 */
final class ServedRunner implements BeforeEachCallback, AfterAllCallback {
    private static final int LONGEST_MINUTES = 4;

    private final Path folder;
    private final Path errors;
    private @Nullable Process process;

    ServedRunner() {
        try {
            folder = Files.createTempDirectory("served").toRealPath();
            errors = Files.createTempFile("served", ".txt");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    Runner.Result run(String... arguments) {
        return runWith("", arguments);
    }

    /** Runs with a standard input. */
    Runner.Result runWith(String input, String... arguments) {
        Process server = process == null || !process.isAlive() ? start() : process;
        process = server;
        CompletableFuture<Void> answered = new CompletableFuture<>();
        answered.orTimeout(LONGEST_MINUTES, TimeUnit.MINUTES).whenComplete((fine, late) -> {
            if (late != null) {
                server.toHandle().destroyForcibly();
            }
        });
        try {
            send(server, input, arguments);
            DataInputStream answer = new DataInputStream(server.getInputStream());
            int exit = answer.readInt();
            String out = new String(RunnerServer.read(answer), StandardCharsets.UTF_8);
            return new Runner.Result(exit, out, new String(RunnerServer.read(answer), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError("no answer to " + List.of(arguments) + "; it said: " + said(), e);
        } finally {
            answered.complete(null);
        }
    }

    private static void send(Process server, String input, String... arguments) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream request = new DataOutputStream(bytes);
        request.writeInt(arguments.length);
        for (String each : arguments) {
            RunnerServer.write(request, each.getBytes(StandardCharsets.UTF_8));
        }
        RunnerServer.write(request, input.getBytes(StandardCharsets.UTF_8));
        bytes.writeTo(server.getOutputStream());
        server.getOutputStream().flush();
    }

    private String said() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            return "unreadable: " + e;
        }
    }

    /** The jars of the packaged runner and no others; the classes of the tests come behind them. */
    private Process start() {
        try {
            Path runner = Runner.root().resolve("llmspell-cli/target/runner");
            List<String> jars = new ArrayList<>(
                    List.of(runner.resolve("lib/llmspell-cli.jar").toString()));
            for (String jar :
                    Files.readString(runner.resolve("classpath")).strip().split(":")) {
                jars.add(runner.resolve(jar).toString());
            }
            jars.add(Runner.root().resolve("llmspell-cli/target/test-classes").toString());
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xlog:disable",
                            "-cp",
                            String.join(File.pathSeparator, jars),
                            RunnerServer.class.getName())
                    .directory(folder.toFile())
                    .redirectError(errors.toFile());
            Runner.cleanEnvironment(builder);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        empty();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (process != null) {
            process.getOutputStream().close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("the runner ended")
                    .isTrue();
        }
        empty();
        Files.delete(folder);
        Files.delete(errors);
    }

    private void empty() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!each.equals(folder)) {
                    Files.delete(each);
                }
            }
        }
    }
}
