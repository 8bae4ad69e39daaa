package io.llmspell.cli;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings the lines of a file into state: everything is checked before anything is written, then it is written in batches
 * that commit wholly or not at all. For one thread.
 */
final class StateTransfer {
    private static final int MOST_VALUES = 1_000;
    private static final long MOST_BYTES = 4 << 20;

    private final StateFile file;
    private final boolean overwrite;
    private final Instant now;
    private final JsonLimits limits;
    private List<StateChange> batch = new ArrayList<>();
    private int batchValues;
    private long batchBytes;
    private long written;
    private long expired;

    /** The limits are those of values in the state that the file goes to. */
    StateTransfer(StateFile file, boolean overwrite, Instant now, JsonLimits limits) {
        this.file = file;
        this.overwrite = overwrite;
        this.now = now;
        this.limits = limits;
    }

    /** Reads the whole file and says what is wrong with it. */
    long check() {
        Map<Bytes, Long> seen = new HashMap<>();
        file.each((number, line) -> {
            Long first = seen.putIfAbsent(line.key().encoded(), number);
            if (first != null) {
                throw file.at(number, line.key() + " is in line " + first + " already; a key may be there once");
            }
            checkSize(number, line);
        });
        return seen.size();
    }

    private void checkSize(long number, StateLine line) {
        try {
            JsonValues.checked(line.json(), limits);
        } catch (LlmSpellException tooLarge) {
            throw file.at(number, line.key() + ": " + tooLarge.text());
        }
    }

    /** Says which key is in the way, unless it may be overwritten. */
    void checkAbsent(StateView state) {
        if (overwrite) {
            return;
        }
        file.each((number, line) -> {
            if (!gone(line) && state.exists(line.key())) {
                throw file.at(number, line.key() + " exists already; nothing was changed (--overwrite replaces)");
            }
        });
    }

    /** Writes; if that stops, what was committed stays and is told. */
    void write(StateView state) {
        try {
            file.each((number, line) -> add(state, line));
            flush(state);
        } catch (LlmSpellException stopped) {
            if (written == 0) {
                throw stopped;
            }
            throw new StateException(
                    stopped.code(),
                    stopped.text() + "; " + written + " values before it are imported and stay (--overwrite to import"
                            + " the file again)",
                    stopped.details(),
                    stopped);
        }
    }

    private void add(StateView state, StateLine line) {
        if (gone(line)) {
            expired++;
            return;
        }
        if (!overwrite) {
            batch.add(new StateChange.Check(line.key(), 0));
        }
        batch.add(new StateChange.Put(line.key(), line.json(), ttl(line), line.stateClass()));
        batchValues++;
        batchBytes += JsonValues.bytes(line.json());
        if (batchValues == MOST_VALUES || batchBytes >= MOST_BYTES) {
            flush(state);
        }
    }

    private boolean gone(StateLine line) {
        return line.expiresAt() != null && !line.expiresAt().isAfter(now);
    }

    private @Nullable Duration ttl(StateLine line) {
        return line.expiresAt() == null ? null : Duration.between(now, line.expiresAt());
    }

    private void flush(StateView state) {
        if (batch.isEmpty()) {
            return;
        }
        StateCommit commit = state.apply(batch);
        if (commit instanceof StateCommit.Conflict conflict) {
            StateKey taken = conflict.key();
            throw new StateException(
                    conflict.error().code(), taken + " came to exist meanwhile; nothing of its batch was written");
        }
        written += batchValues;
        batch = new ArrayList<>();
        batchValues = 0;
        batchBytes = 0;
    }

    long written() {
        return written;
    }

    long expired() {
        return expired;
    }
}
