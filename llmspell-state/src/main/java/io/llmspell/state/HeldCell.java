package io.llmspell.state;

import io.llmspell.core.state.StateKey;

/** A cell in its place among {@link BoundedCells}, which alone makes it; all fields but the mark are under their lock. */
final class HeldCell extends Cell {
    final StateKey key;

    /** Who comes before it and after it in the ring; itself if it is alone. */
    HeldCell before = this;

    HeldCell after = this;

    /** Whether it was read since the hand passed it: set by readers, without order, and cleared by the hand. */
    boolean used;

    HeldCell(StateKey key, Cell cell) {
        super(cell);
        this.key = key;
    }
}
