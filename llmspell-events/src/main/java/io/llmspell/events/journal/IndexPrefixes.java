package io.llmspell.events.journal;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.storage.Bytes;
import java.time.Instant;
import java.util.List;

/** Under which prefixes an event stands in the index of its log: type, run, component and hour. */
final class IndexPrefixes {
    private static final Bytes TYPE = Bytes.utf8("t");
    private static final Bytes RUN = Bytes.utf8("c");
    private static final Bytes COMPONENT = Bytes.utf8("s");
    private static final Bytes HOUR = Bytes.utf8("h");
    private static final long HOUR_SECONDS = 3_600;

    private IndexPrefixes() {}

    static List<Bytes> of(UniversalEvent event) {
        return List.of(
                type(event.type()),
                run(event.correlation().text()),
                component(event.source().name()),
                hour(hourOf(event.timestamp())));
    }

    static Bytes type(String type) {
        return TYPE.plus(Bytes.utf8(type));
    }

    static Bytes run(String correlation) {
        return RUN.plus(Bytes.utf8(correlation));
    }

    static Bytes component(String name) {
        return COMPONENT.plus(Bytes.utf8(name));
    }

    static Bytes hour(long hour) {
        return HOUR.plus(Bytes.ofLong(hour));
    }

    static long hourOf(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), HOUR_SECONDS);
    }
}
