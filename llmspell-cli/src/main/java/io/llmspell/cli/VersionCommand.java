package io.llmspell.cli;

import io.llmspell.LlmSpell;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Shows the version of LlmSpell and of the Java that runs it. */
@Command(
        name = "version",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = "Shows the version.")
final class VersionCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.println(text());
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
