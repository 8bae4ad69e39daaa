package io.llmspell.cli;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.script.ScriptSource;
import io.llmspell.core.storage.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs a script file. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = "Runs a script file.",
        usageHelpAutoWidth = true)
final class RunCommand implements Callable<Integer> {
    @CommandLine.Mixin
    private RunOptions options = new RunOptions();

    @Parameters(index = "0", paramLabel = "FILE", description = "The script; - reads it from standard input.")
    private String file = "";

    @Parameters(index = "1..*", paramLabel = "ARG", description = "Arguments for the script, in ARGS.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        return run(options, file, arguments);
    }

    static int run(RunOptions options, String file, List<String> arguments) {
        if (file.equals("-")) {
            ScriptSource source = new ScriptSource("stdin", Bytes.own(standardInput()), null);
            return Session.run(options, null, runner -> runner.run(source, arguments));
        }
        Path path = Path.of(file);
        String problem = ScriptFiles.problem(path);
        if (problem != null) {
            throw new ArgumentException(problem); // before a store is made for nothing
        }
        return Session.run(
                options, ScriptFiles.language(path), runner -> runner.run(path, arguments.toArray(String[]::new)));
    }

    private static byte[] standardInput() {
        try {
            return System.in.readAllBytes();
        } catch (IOException e) {
            throw new ArgumentException("standard input", "-", "readable (" + e.getMessage() + ")");
        }
    }
}
