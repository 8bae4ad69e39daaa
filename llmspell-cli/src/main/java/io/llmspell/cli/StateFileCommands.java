package io.llmspell.cli;

import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.state.StoredState;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that carry state into files and back. */
final class StateFileCommands {
    private StateFileCommands() {}

    /** State to lines. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Writes values as lines of JSON, all of one commit. Secrets are masked, so it is no backup.",
            usageHelpAutoWidth = true)
    static final class Export implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @CommandLine.Mixin
        private StateChoices choices = new StateChoices();

        @Option(names = "--out", paramLabel = "FILE", description = "Writes a new file; default: standard output.")
        private @Nullable Path out;

        @Override
        public Integer call() {
            choices.checked();
            StateFolder folder = StateFolder.of(data);
            return folder.read(state -> {
                long[] counts = new long[2];
                if (out == null) {
                    export(state, System.out, counts);
                    if (System.out.checkError()) {
                        throw new ArgumentException(
                                "standard output", "full or closed", "a file or a pipe that takes all of it");
                    }
                } else {
                    exportTo(out, state, counts);
                }
                System.err.println(folder.asOf(state) + ": " + counts[0] + " values"
                        + (counts[1] == 0 ? "" : ", " + counts[1] + " of them masked"));
                return ExitCode.FINE;
            });
        }

        private void exportTo(Path file, StoredState state, long[] counts) {
            try (OutputStream bytes =
                            Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    PrintStream lines =
                            new PrintStream(new BufferedOutputStream(bytes, 1 << 16), false, StandardCharsets.UTF_8)) {
                export(state, lines, counts);
                lines.flush();
                if (lines.checkError()) {
                    throw new IOException("writing failed");
                }
            } catch (FileAlreadyExistsException e) {
                throw new ArgumentException("--out", file.toString(), "a file that does not exist yet");
            } catch (LlmSpellException e) {
                discard(file, e);
                throw e;
            } catch (IOException e) {
                discard(file, e);
                throw new ArgumentException(
                        "--out",
                        file.toString(),
                        "a file that can be written (" + e.getClass().getSimpleName() + ")");
            }
        }

        /** A part of an export is of no use, and would be in the way of the next try. */
        private static void discard(Path file, Exception failed) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException stays) {
                failed.addSuppressed(stays);
            }
        }

        private void export(StoredState state, PrintStream lines, long[] counts) {
            JsonCodec codec = JsonCodec.create();
            choices.each(state, value -> {
                lines.print(codec.text(StateLine.write(value)) + "\n");
                counts[0]++;
                counts[1] += value.masked() ? 1 : 0;
            });
        }
    }

    /** Lines to state. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Stores the values of a file of export. Checks all of it before it writes; writes batches of"
                    + " up to 1,000 values, each wholly or not at all.",
            usageHelpAutoWidth = true)
    static final class Import implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @Option(names = "--overwrite", description = "Replaces values that are there; default: they are an error.")
        private boolean overwrite;

        @Option(names = "--dry-run", description = "Checks the file and ends; needs no store.")
        private boolean dryRun;

        @Parameters(index = "0", paramLabel = "FILE", description = "The file.")
        private Path file = Path.of("");

        @Override
        public Integer call() {
            Instant now = now();
            StateTransfer transfer = new StateTransfer(new StateFile(file), overwrite, now, limits());
            long lines = transfer.check();
            if (dryRun) {
                System.out.println(lines + " values in " + file + " can be imported");
                return ExitCode.FINE;
            }
            return StateFolder.of(data).write(state -> {
                transfer.checkAbsent(state);
                transfer.write(state);
                System.out.println("imported " + transfer.written() + " values"
                        + (transfer.expired() == 0
                                ? ""
                                : "; " + transfer.expired() + " have expired and were left out"));
                return ExitCode.FINE;
            });
        }

        /** As configured for the state; the file needs no store to be checked. */
        private JsonLimits limits() {
            long most = RuntimeOptions.from(data.configuration().root(), ScriptLimits.DEFAULT)
                    .state()
                    .maxValueBytes();
            return new JsonLimits(JsonLimits.VALUE.depth(), JsonLimits.VALUE.nodes(), most);
        }

        private static Instant now() {
            try (SystemTimeSource time = new SystemTimeSource()) {
                return time.now();
            }
        }
    }
}
