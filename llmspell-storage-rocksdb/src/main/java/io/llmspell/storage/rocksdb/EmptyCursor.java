package io.llmspell.storage.rocksdb;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;

/** A scan of a space that the store does not have. */
final class EmptyCursor implements Cursor {
    @Override
    public boolean next() {
        return false;
    }

    @Override
    public Entry entry() {
        throw new InvalidStateException("the cursor stands on no entry; call next() until it gives false");
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
