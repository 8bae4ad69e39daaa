package io.llmspell.cli;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.events.correlation.Timeline;
import io.llmspell.events.correlation.TimelineQuery;
import io.llmspell.events.correlation.Timelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the events that the journal in a data folder keeps, also while a runtime writes it. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = "Shows the events in the journal.",
        subcommands = {
            EventsCommand.Tail.class,
            EventsCommand.Query.class,
            EventsCommand.TimelineOf.class,
            EventsCommand.Stats.class
        },
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true)
final class EventsCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec own = Objects.requireNonNull(spec);
        throw new ParameterException(own.commandLine(), "say what to show: tail, query, timeline or stats");
    }

    /** The newest events, and those that come. */
    @Command(
            name = "tail",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Shows the newest events and goes on with those that come, until it is interrupted.",
            usageHelpAutoWidth = true)
    static final class Tail implements Callable<Integer> {
        private static final Duration EVERY = Duration.ofMillis(500);

        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @CommandLine.Mixin
        private EventChoices choices = new EventChoices();

        @Option(names = "--lines", paramLabel = "N", description = "How many of the newest; default: 10.")
        private long lines = 10;

        @Option(names = "--no-follow", description = "Ends after the newest.")
        private boolean once;

        @Override
        public Integer call() {
            try (EventStore store = EventStore.open(data)) {
                EventQuery wanted = choices.query(store.time());
                long end = store.newest(); // before the reading: what comes meanwhile is then shown once, not never
                List<JournaledEvent> newest =
                        new ArrayList<>(store.read(wanted.backwards().most(lines)));
                Collections.reverse(newest);
                long position = Math.max(end, last(newest, 0));
                newest.forEach(choices::print);
                while (!once && !System.out.checkError()) {
                    store.pause(EVERY);
                    List<JournaledEvent> more = store.read(wanted.afterPosition(position));
                    more.forEach(choices::print);
                    position = last(more, position);
                }
                return ExitCode.FINE;
            }
        }

        private static long last(List<JournaledEvent> events, long otherwise) {
            return events.isEmpty() ? otherwise : events.get(events.size() - 1).position();
        }
    }

    /** Chosen events. */
    @Command(
            name = "query",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Shows events, the oldest first.",
            usageHelpAutoWidth = true)
    static final class Query implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @CommandLine.Mixin
        private EventChoices choices = new EventChoices();

        @Option(names = "--newest", description = "The newest first.")
        private boolean newest;

        @Option(names = "--limit", paramLabel = "N", description = "At most so many; default: 100.")
        private long limit = 100;

        @Override
        public Integer call() {
            try (EventStore store = EventStore.open(data)) {
                EventQuery query = choices.query(store.time()).most(limit);
                store.each(newest ? query.backwards() : query, choices::print);
                return ExitCode.FINE;
            }
        }
    }

    /** One run. */
    @Command(
            name = "timeline",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Shows what happened in a run, with causes.",
            usageHelpAutoWidth = true)
    static final class TimelineOf implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Option(
                names = "--html",
                paramLabel = "FILE",
                description = "Writes a page that any browser opens without a server.")
        private @Nullable Path html;

        @Parameters(index = "0", paramLabel = "CORRELATION_ID", description = "The run, as events show it.")
        private String run = "";

        @Override
        public Integer call() {
            try (EventStore store = EventStore.open(data)) {
                List<UniversalEvent> events = store.read(EventQuery.all().run(new CorrelationId(run))).stream()
                        .map(JournaledEvent::event)
                        .toList();
                if (events.isEmpty()) {
                    System.err.println("llmspell: the journal in " + store.folder() + " has no events of run \"" + run
                            + "\"; llmspell events query shows runs");
                    return ExitCode.SCRIPT;
                }
                show(store.timelines(), events);
                return ExitCode.FINE;
            }
        }

        private void show(Timelines timelines, List<UniversalEvent> events) {
            Timeline timeline = timelines.of(events, TimelineQuery.all());
            Path page = html;
            if (page != null) {
                write(page, timelines.html(timeline, "run " + run));
                System.out.println("wrote " + page);
            } else if (json) {
                EventChoices.print(timelines.json(timeline));
            } else {
                System.out.print(timelines.text(timeline));
            }
        }

        private static void write(Path page, String text) {
            try {
                Files.writeString(page, text);
            } catch (IOException e) {
                throw new ArgumentException(
                        "--html",
                        page.toString(),
                        "a file that can be written (" + e.getClass().getSimpleName() + ")");
            }
        }
    }

    /** What there is. */
    @Command(
            name = "stats",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Shows what the journal holds: how many events of which types, and durable subscriptions.",
            usageHelpAutoWidth = true)
    static final class Stats implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Override
        public Integer call() {
            try (EventStore store = EventStore.open(data)) {
                Map<String, Long> types = new TreeMap<>();
                store.each(EventQuery.all(), each -> types.merge(each.event().type(), 1L, Long::sum));
                Map<String, @Nullable Object> answer = new LinkedHashMap<>();
                answer.put("data_folder", store.folder().toString());
                answer.put(
                        "events",
                        types.values().stream().mapToLong(count -> count).sum());
                answer.put("oldest_position", store.oldest());
                answer.put("newest_position", store.newest());
                answer.put("types", types);
                answer.put("cursors", store.cursors());
                if (json) {
                    EventChoices.print(answer);
                } else {
                    show(answer, types, store.cursors());
                }
                return ExitCode.FINE;
            }
        }

        private static void show(
                Map<String, @Nullable Object> answer, Map<String, Long> types, Map<String, Long> cursors) {
            System.out.println(answer.get("events") + " events in " + answer.get("data_folder") + ", positions "
                    + answer.get("oldest_position") + " to " + answer.get("newest_position"));
            table("TYPE", "EVENTS", types);
            table("DURABLE SUBSCRIPTION", "POSITION", cursors);
        }

        private static void table(String name, String value, Map<String, Long> rows) {
            List<List<String>> cells = rows.entrySet().stream()
                    .map(row -> List.of(EventChoices.printable(row.getKey()), String.valueOf(row.getValue())))
                    .toList();
            new TextTable(List.of(name, value), cells).lines().forEach(System.out::println);
        }
    }
}
