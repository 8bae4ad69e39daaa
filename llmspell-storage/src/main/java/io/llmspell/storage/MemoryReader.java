package io.llmspell.storage;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Stored;
import io.llmspell.storage.spi.BatchRules;
import io.llmspell.storage.spi.IndexKeys;
import java.util.Objects;
import java.util.Optional;

/** Reads one view of a memory store. */
final class MemoryReader {
    private MemoryReader() {}

    static Optional<Stored> get(MemoryView view, Space space, Bytes key) {
        BatchRules.checkSpace(space, view.parts().keySet());
        return Optional.ofNullable(Treap.get(view.part(space).entries(), key));
    }

    static Cursor scan(MemoryView view, Space space, Range range, Runnable guard) {
        BatchRules.checkSpace(space, view.parts().keySet());
        return new TreapCursor(view.part(space).entries(), range, guard);
    }

    static Cursor index(MemoryView view, Space log, Bytes prefix, boolean reverse, Runnable guard) {
        BatchRules.checkLog(log, view.parts().keySet());
        MemoryView.Part part = view.part(log);
        Range range = Range.prefix(IndexKeys.prefix(prefix));
        return new IndexCursor(new TreapCursor(part.index(), reverse ? range.reversed() : range, guard), part);
    }

    /** Follows index keys to the entries of the log; entries that were removed since are skipped. */
    private static final class IndexCursor implements Cursor {
        private final Cursor keys;
        private final MemoryView.Part part;

        IndexCursor(Cursor keys, MemoryView.Part part) {
            this.keys = keys;
            this.part = part;
        }

        @Override
        public boolean next() {
            while (keys.next()) {
                if (Treap.get(part.entries(), position()) != null) {
                    return true;
                }
            }
            return false;
        }

        private Bytes position() {
            return IndexKeys.position(keys.entry().key());
        }

        @Override
        public Entry entry() {
            Bytes position = position();
            return new Entry(position, Objects.requireNonNull(Treap.get(part.entries(), position)));
        }

        @Override
        public void close() {
            keys.close();
        }
    }
}
