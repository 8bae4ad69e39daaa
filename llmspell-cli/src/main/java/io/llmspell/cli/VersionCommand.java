package io.llmspell.cli;

import io.llmspell.LlmSpell;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Shows the version of LlmSpell and of the Java that runs it. */
@Command(name = "version", description = "Shows the version.")
final class VersionCommand implements Callable<Integer> {
    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(text());
        spec.commandLine().getOut().flush();
        return ExitCode.FINE;
    }

    private static String text() {
        return "llmspell " + LlmSpell.version() + " (Java " + System.getProperty("java.version") + ")";
    }

    /** The text of {@code --version}. */
    static final class Provider implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {text()};
        }
    }
}
