package io.llmspell.cli;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.time.TimeSource;
import io.llmspell.events.format.EventJson;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which events a command shows, and how. */
final class EventChoices {
    private static final int WIDEST_PAYLOAD = 200;
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final JsonCodec CODEC = JsonCodec.create();

    @Option(
            names = "--type",
            paramLabel = "PATTERN",
            description = "A pattern of types, such as tool.*; may be repeated.")
    private List<String> types = List.of();

    @Option(names = "--run", paramLabel = "ID", description = "The correlation id of the run.")
    private @Nullable String run;

    @Option(names = "--component", paramLabel = "NAME", description = "The name of the source.")
    private @Nullable String component;

    @Option(names = "--tag", paramLabel = "TAG", description = "A tag; may be repeated, one must fit.")
    private List<String> tags = List.of();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "From then on: a time such as 2025-01-31T12:00:00Z, or how long ago, such as 10m.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Before then, written in the same ways.")
    private @Nullable String until;

    @Option(names = "--after-position", paramLabel = "N", description = "Behind this position of the journal.")
    private long afterPosition;

    @Option(names = "--json", description = "Prints one JSON object for each event.")
    private boolean json;

    EventQuery query(TimeSource time) {
        EventQuery query = EventQuery.all()
                .types(types.toArray(new String[0]))
                .anyTag(Set.copyOf(tags))
                .between(instant("--since", since, time), instant("--until", until, time))
                .afterPosition(afterPosition);
        query = run == null ? query : query.run(new CorrelationId(run));
        return component == null ? query : query.source(component);
    }

    private static @Nullable Instant instant(String option, @Nullable String text, TimeSource time) {
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException noTime) {
            return time.now().minus(ago(option, text));
        }
    }

    /** A time span of more than nothing. */
    static Duration duration(String option, String text) {
        try {
            return ConfigSection.of("", Map.of(option, text)).duration(option, LONGEST, Duration.ofMillis(1), LONGEST);
        } catch (ConfigException wrong) {
            throw new ArgumentException(option, text, "a duration such as 10m");
        }
    }

    private static Duration ago(String option, String text) {
        try {
            return ConfigSection.of("", Map.of(option, text)).duration(option, LONGEST, Duration.ZERO, LONGEST);
        } catch (ConfigException neither) {
            throw new ArgumentException(option, text, "a time such as 2025-01-31T12:00:00Z, or a duration such as 10m");
        }
    }

    void print(JournaledEvent each) {
        UniversalEvent event = each.event();
        if (json) {
            System.out.println(CODEC.text(EventJson.write(event).with("position", each.position())));
            return;
        }
        String payload = CODEC.text(event.payload());
        String shown = payload.length() > WIDEST_PAYLOAD ? payload.substring(0, WIDEST_PAYLOAD - 1) + "…" : payload;
        System.out.println(each.position() + "  " + event.timestamp() + "  " + printable(event.type()) + "  "
                + printable(event.source().toString()) + "  " + event.correlation() + "  " + printable(shown));
    }

    static void print(Map<String, ? extends @Nullable Object> answer) {
        System.out.println(CODEC.pretty(answer, 2));
    }

    /** Names come from outside; what would move the cursor of a terminal does not. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }
}
