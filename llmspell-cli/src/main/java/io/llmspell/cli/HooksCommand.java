package io.llmspell.cli;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookPointInfo;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.json.JsonCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the hooks of a runtime that runs, or has run, on a data folder; and the points where hooks can run. */
@Command(
        name = "hooks",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = "Shows hooks and hook points.",
        subcommands = {HooksCommand.ListHooks.class, HooksCommand.Explain.class, HooksCommand.Points.class},
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true)
final class HooksCommand implements Callable<Integer> {
    private static final int INDENT = 2;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec own = Objects.requireNonNull(spec);
        throw new ParameterException(own.commandLine(), "say what to show: list, explain or points");
    }

    private static void print(Map<String, @Nullable Object> answer) {
        System.out.println(JsonCodec.create().pretty(answer, INDENT));
    }

    private static HookPoint point(String text) {
        try {
            return HookPoint.parse(text);
        } catch (HookException unknown) {
            if (unknown.code().equals(ErrorCode.UNKNOWN_HOOK_POINT)) {
                throw new ArgumentException(unknown.text());
            }
            throw unknown;
        }
    }

    /** Which hooks there are. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Lists the hooks that a runtime on the data folder has, or had when it ended.",
            usageHelpAutoWidth = true)
    static final class ListHooks implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions options = new DataOptions();

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Override
        public Integer call() {
            HookView view = HookView.read(options);
            if (json) {
                print(view.json());
            } else {
                System.out.println(view.heading());
                new TextTable(HookView.COLUMNS, view.rows()).lines().forEach(System.out::println);
            }
            return ExitCode.FINE;
        }
    }

    /** Which hooks run at one point, in which order and why. */
    @Command(
            name = "explain",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Says which hooks run at a point, in which order and why.",
            usageHelpAutoWidth = true)
    static final class Explain implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions options = new DataOptions();

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Parameters(index = "0", paramLabel = "POINT", description = "The hook point, such as BeforeToolExecution.")
        private String point = "";

        @Override
        public Integer call() {
            HookPoint wanted = point(point);
            HookView view = HookView.read(options).at(wanted.name());
            if (json) {
                print(view.json());
            } else {
                System.out.println(view.heading());
                System.out.println(view.text());
            }
            return ExitCode.FINE;
        }
    }

    /** Where hooks can run. */
    @Command(
            name = "points",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Lists the hook points.",
            usageHelpAutoWidth = true)
    static final class Points implements Callable<Integer> {
        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Override
        public Integer call() {
            if (json) {
                Map<String, @Nullable Object> answer = new LinkedHashMap<>();
                answer.put(
                        "points", HookPoint.known().stream().map(Points::json).toList());
                print(answer);
            } else {
                List<List<String>> rows =
                        HookPoint.known().stream().map(Points::row).toList();
                new TextTable(List.of("POINT", "GROUP", "PHASE", "RESULTS"), rows)
                        .lines()
                        .forEach(System.out::println);
            }
            return ExitCode.FINE;
        }

        private static List<String> results(HookPointInfo point) {
            return point.phase().results().stream().map(HookResultKind::id).toList();
        }

        private static Map<String, Object> json(HookPointInfo point) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", point.name());
            row.put("group", point.group());
            row.put("phase", point.phase().name().toLowerCase(Locale.ROOT));
            row.put("results", results(point));
            return row;
        }

        private static List<String> row(HookPointInfo point) {
            return List.of(
                    point.name(),
                    point.group(),
                    point.phase().name().toLowerCase(Locale.ROOT),
                    String.join(" ", results(point)));
        }
    }
}
