package io.llmspell.cli;

import io.llmspell.core.error.ArgumentException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The bundled runner: {@code llmspell run FILE}, {@code llmspell exec TEXT}, {@code llmspell hooks list},
 * {@code llmspell events tail}, {@code llmspell state get}, {@code llmspell version}.
 *
 * <p>Exit codes: 0 fine, 1 script error, 2 usage, 3 environment or storage, 124 a limit of the script, 130 and 143
 * interrupted; {@code os.exit(n)} gives n. <b>Threads:</b> one.
 */
@Command(
        name = "llmspell",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = "Runs Lua scripts with hooks, events, state, tools, agents and workflows.",
        subcommands = {
            RunCommand.class,
            ExecCommand.class,
            HooksCommand.class,
            EventsCommand.class,
            StateCommand.class,
            VersionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:fine",
            "1:error in the script",
            "2:wrong usage",
            "3:environment or storage",
            "124:a limit of the script was reached",
            "130, 143:interrupted"
        })
public final class Main {
    private Main() {}

    /**
     * Starts the runner and ends the process with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        LogProvider.choose();
        System.setOut(unicode(System.out));
        System.setErr(unicode(System.err));
        System.exit(run(arguments));
    }

    /** In a locale without Unicode, the stream of the JVM would print question marks, also into files of export. */
    private static PrintStream unicode(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    static int run(String... arguments) {
        return FastStart.accepts(arguments) ? FastStart.run(arguments) : parsed(arguments);
    }

    private static int parsed(String... arguments) {
        CommandLine line = new CommandLine(new Main())
                .setStopAtPositional(true)
                .setUnmatchedOptionsArePositionalParams(false)
                .registerConverter(Long.class, Main::wholeNumber)
                .registerConverter(Long.TYPE, Main::wholeNumber)
                .setParameterExceptionHandler(Main::wrongUsage)
                .setExecutionExceptionHandler((failed, command, parsed) -> Failures.report(failed, command));
        line.getSubcommands().values().forEach(each -> each.setStopAtPositional(true));
        // Arguments of a script may look like options; those of the other commands are no script's.
        for (String group : List.of("hooks", "events", "state")) {
            Objects.requireNonNull(line.getSubcommands().get(group))
                    .getSubcommands()
                    .values()
                    .forEach(each -> each.setStopAtPositional(false));
        }
        if (arguments.length == 0) {
            line.usage(line.getErr());
            return ExitCode.USAGE;
        }
        return line.execute(arguments);
    }

    private static Long wholeNumber(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("\"" + text + "\" is not a whole number, such as 100");
        }
    }

    private static int wrongUsage(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        String text = wrong.getMessage();
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            text = unmatched(unmatched, command);
        }
        if (wrong.getCause() instanceof ArgumentException argument) {
            text = argument.text();
        }
        command.getErr().println("llmspell: " + text);
        command.getErr().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        command.getErr().flush();
        return ExitCode.USAGE;
    }

    private static String unmatched(UnmatchedArgumentException wrong, CommandLine command) {
        String first = wrong.getUnmatched().get(0);
        boolean option = first.startsWith("-");
        List<String> known = new ArrayList<>();
        if (option) {
            for (OptionSpec each : command.getCommandSpec().options()) {
                known.addAll(List.of(each.names()));
            }
        } else {
            known.addAll(command.getSubcommands().keySet());
        }
        String name = first.contains("=") ? first.substring(0, first.indexOf('=')) : first;
        String hint = io.llmspell.core.text.Nearest.hint(name, known);
        String what = option ? "unknown option " : "unknown command or argument ";
        return what + "\"" + name + "\"" + (hint.isEmpty() ? "" : "; " + hint);
    }
}
