package io.llmspell.testing.event;

import io.llmspell.core.gate.Gate;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * With what a test of the bus contract wants its bus to be made. Ids are time-ordered, the awaiter is the blocking one,
 * both on the clock of the settings; the journal is {@code Space.EVENTS}.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param time the clock
 * @param gate runs the hooks
 * @param drainTimeout how long closing waits for queues
 * @param store where journal and numbers are kept, or null for none
 * @param codec packs the records of the store
 */
public record BusSettings(
        TimeSource time,
        Gate gate,
        Duration drainTimeout,
        @Nullable StorageBackend store,
        RecordCodec codec) {}
