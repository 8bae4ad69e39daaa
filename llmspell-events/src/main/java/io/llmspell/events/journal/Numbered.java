package io.llmspell.events.journal;

import io.llmspell.core.event.EventStamp;
import io.llmspell.core.event.UniversalEvent;

/** Gives events their number. */
final class Numbered {
    private Numbered() {}

    static UniversalEvent with(UniversalEvent event, long sequence) {
        EventStamp stamp = event.stamp();
        return UniversalEvent.of(
                event.draft(),
                new EventStamp(
                        stamp.id(),
                        stamp.timestamp(),
                        sequence,
                        stamp.language(),
                        stamp.correlation(),
                        stamp.traceparent(),
                        stamp.schemaVersion()));
    }
}
