package io.llmspell.core.json;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** A checked array over a private list. */
final class CheckedArray extends AbstractList<@Nullable Object> implements JsonArray, RandomAccess {
    private final List<@Nullable Object> elements;
    private final Measure measure;

    CheckedArray(List<@Nullable Object> elements, Measure measure) {
        this.elements = elements;
        this.measure = measure;
    }

    Measure measure() {
        return measure;
    }

    @Override
    public @Nullable Object get(int index) {
        return elements.get(index);
    }

    @Override
    public int size() {
        return elements.size();
    }
}
