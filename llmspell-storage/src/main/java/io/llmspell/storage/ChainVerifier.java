package io.llmspell.storage;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.LogChain;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows a chained log from its anchor and names the first record that is not as it was written.
 *
 * <p>Where a record does not begin with the link that the one before has, one of the two is not as it was. If the later
 * one has the link that its own successor, or the head, begins with, it is intact, and the earlier one was changed.
 *
 * @param store the store as it is at one moment
 * @param log the log
 * @param anchor the last record that was trimmed
 * @param reader reads the value of a record; throws if it cannot
 */
record ChainVerifier(Snapshot store, Space log, LogChain.Head anchor, Consumer<Bytes> reader) {
    /** Verifies the whole log up to its head; gives the head. */
    LogChain.Head verify(LogChain.Head head) {
        LogChain.Head reached = follow(Long.MAX_VALUE, head);
        if (reached.position() < head.position()) {
            throw bad(reached.position() + 1, "is missing: it was removed or moved");
        }
        if (reached.position() > head.position()) {
            throw bad(head.position() + 1, "was added by somebody else than the store");
        }
        if (!reached.link().equals(head.link())) {
            throw bad(reached.position(), "was changed or moved");
        }
        return reached;
    }

    /** Verifies the log up to a record; gives its position and link. */
    LogChain.Head verifyTo(long position) {
        LogChain.Head reached = follow(position, null);
        if (reached.position() < position) {
            throw bad(reached.position() + 1, "is missing: it was removed or moved");
        }
        return reached;
    }

    private LogChain.Head follow(long end, LogChain.@Nullable Head head) {
        LogChain.Head reached = anchor;
        try (Cursor cursor = store.scan(log, Range.all())) {
            while (reached.position() < end && cursor.next()) {
                reached = step(reached, cursor.entry(), head);
            }
        }
        return reached;
    }

    private LogChain.Head step(LogChain.Head before, Entry entry, LogChain.@Nullable Head head) {
        long position = entry.key().longAt(0);
        if (position <= before.position()) {
            throw bad(position, "was added by somebody else than the store, before what was trimmed");
        }
        if (position > before.position() + 1) {
            throw bad(before.position() + 1, "is missing: it was removed or moved");
        }
        Bytes stored = entry.stored().value();
        LogChain.Head here = LogChain.Head.after(position, stored);
        if (!LogChain.linkOf(stored).equals(before.link())) {
            throw broken(before, here, head);
        }
        try {
            reader.accept(LogChain.valueOf(stored));
        } catch (LlmSpellException unreadable) {
            throw bad(position, "was changed: " + unreadable.text());
        }
        return here;
    }

    private StorageException broken(LogChain.Head before, LogChain.Head here, LogChain.@Nullable Head head) {
        boolean intact = successor(here.position(), head)
                .filter(link -> link.equals(here.link()))
                .isPresent();
        if (!intact) {
            return bad(here.position(), "was changed or moved, or one was put in front of it or removed there");
        }
        return before.position() == anchor.position()
                ? bad(before.position(), "which was trimmed, or its anchor, was changed")
                : bad(before.position(), "was changed");
    }

    /** The link that the next record, or the head, has for a position. */
    private Optional<Bytes> successor(long position, LogChain.@Nullable Head head) {
        if (head != null && head.position() == position) {
            return Optional.of(head.link());
        }
        return store.get(log, Bytes.ofLong(position + 1)).map(next -> LogChain.linkOf(next.value()));
    }

    private StorageException bad(long position, String what) {
        return bad(log, position, what + "; what comes before it is in order");
    }

    /** The error of a log that is not in order from a record on. */
    static StorageException bad(Space log, long position, String what) {
        return new StorageException(
                ErrorCode.STORE_CORRUPT,
                log.name() + " record " + position + " " + what,
                Map.of("space", log.name(), "position", position),
                null);
    }
}
