package io.llmspell.cli;

import io.llmspell.core.script.ScriptSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs a script given on the command line. */
@Command(
        name = "exec",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = "Runs a script given as text.",
        usageHelpAutoWidth = true)
final class ExecCommand implements Callable<Integer> {
    @CommandLine.Mixin
    private RunOptions options = new RunOptions();

    @Parameters(index = "0", paramLabel = "TEXT", description = "The script, such as 'print(1)'.")
    private String text = "";

    @Parameters(index = "1..*", paramLabel = "ARG", description = "Arguments for the script, in ARGS.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        return run(options, text, arguments);
    }

    static int run(RunOptions options, String text, List<String> arguments) {
        return Session.run(options, null, runner -> runner.run(ScriptSource.of("exec", text), arguments));
    }
}
