package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Snapshot;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Stored;
import io.llmspell.storage.spi.IndexKeys;
import org.jspecify.annotations.Nullable;

/** Follows the keys of an index to the entries of its log in one snapshot; entries that were removed are skipped. */
final class IndexCursor implements Cursor {
    private final Snapshot view;
    private final boolean ownsView;
    private final Space log;
    private final Cursor keys;
    private @Nullable Entry present;

    IndexCursor(Snapshot view, boolean ownsView, Space log, Cursor keys) {
        this.view = view;
        this.ownsView = ownsView;
        this.log = log;
        this.keys = keys;
    }

    @Override
    public boolean next() {
        present = null;
        while (present == null && keys.next()) {
            Bytes position = IndexKeys.position(keys.entry().key());
            Stored stored = view.get(log, position).orElse(null);
            present = stored == null ? null : new Entry(position, stored);
        }
        return present != null;
    }

    @Override
    public Entry entry() {
        Entry entry = present;
        if (entry == null) {
            throw new InvalidStateException("the cursor stands on no entry; call next() until it gives false");
        }
        return entry;
    }

    @Override
    public void close() {
        keys.close();
        if (ownsView) {
            view.close();
        }
    }
}
