package io.llmspell.storage;

import io.llmspell.core.storage.Space;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole content of a memory store at one commit.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param commit the newest commit in it
 * @param parts the content of each space
 */
record MemoryView(long commit, Map<Space, Part> parts) {
    MemoryView {
        parts = Map.copyOf(parts);
    }

    static MemoryView empty(Set<Space> spaces) {
        Map<Space, Part> parts = new HashMap<>();
        spaces.forEach(space -> parts.put(space, new Part(null, null, 1)));
        return new MemoryView(0, parts);
    }

    Part part(Space space) {
        return Objects.requireNonNull(parts.get(space), space.name());
    }

    /**
     * The content of one space.
     *
     * @param entries keys and values
     * @param index of a log: length, prefix, position; the values are empty
     * @param nextPosition of a log: the position of the next append
     */
    record Part(@Nullable Treap entries, @Nullable Treap index, long nextPosition) {
        Part withEntries(@Nullable Treap changed) {
            return new Part(changed, index, nextPosition);
        }
    }
}
