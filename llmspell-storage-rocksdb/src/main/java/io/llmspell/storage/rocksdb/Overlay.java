package io.llmspell.storage.rocksdb;

import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a group that is being decided has changed, before the database knows it: so later batches of the group see
 * earlier ones.
 *
 * <p>One overlay stands for the group, one on top of it for the batch at hand, which is merged or thrown away. For the
 * committing thread.
 */
final class Overlay {
    private final @Nullable Overlay below;
    private final Map<Space, Layer> layers = new HashMap<>();

    Overlay(@Nullable Overlay below) {
        this.below = below;
    }

    /** Points count before ranges: a range removes the points that were there, and later points lie above it. */
    private static final class Layer {
        final NavigableMap<Bytes, Long> points = new TreeMap<>();
        final List<Range> removed = new ArrayList<>();
    }

    private Layer layer(Space space) {
        return layers.computeIfAbsent(space, each -> new Layer());
    }

    /** The revision of a key, 0 if it was removed, null if the overlay does not know it. */
    @Nullable Long revision(Space space, Bytes key) {
        Layer layer = layers.get(space);
        if (layer != null) {
            Long point = layer.points.get(key);
            if (point != null) {
                return point;
            }
            if (layer.removed.stream().anyMatch(range -> range.contains(key))) {
                return 0L;
            }
        }
        return below == null ? null : below.revision(space, key);
    }

    void set(Space space, Bytes key, long revision) {
        layer(space).points.put(key, revision);
    }

    void removeRange(Space space, Range range) {
        Layer layer = layer(space);
        part(layer.points, range).clear();
        layer.removed.add(range);
    }

    /** The keys of a range that the overlay has set, of all levels; some may be removed again on top. */
    List<Bytes> keys(Space space, Range range) {
        List<Bytes> keys = below == null ? new ArrayList<>() : below.keys(space, range);
        Layer layer = layers.get(space);
        if (layer != null) {
            keys.addAll(part(layer.points, range).keySet());
        }
        return keys;
    }

    private static NavigableMap<Bytes, Long> part(NavigableMap<Bytes, Long> points, Range range) {
        return range.to().length() == 0
                ? points.tailMap(range.from(), true)
                : points.subMap(range.from(), true, range.to(), false);
    }

    /** Makes the changes of this level part of the level below. */
    void merge() {
        if (below != null) {
            layers.forEach((space, layer) -> {
                layer.removed.forEach(range -> below.removeRange(space, range));
                layer.points.forEach((key, revision) -> below.set(space, key, revision));
            });
        }
    }
}
