package io.llmspell.core.concurrent;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made with its first use, once.
 *
 * <p>For what a short script does not need and would wait for at each start, such as a cache whose library loads much.
 * <b>Threads:</b> safe; the maker runs under the lock of this object, so it calls no foreign code. After the first use a
 * read is one volatile read.
 *
 * @param <T> what is made
 */
public final class Lazy<T> {
    private final Supplier<T> maker;
    private volatile @Nullable T made;

    /**
     * Remembers how to make the value.
     *
     * @param maker makes it, never null; called once, unless it throws
     */
    public Lazy(Supplier<T> maker) {
        this.maker = Objects.requireNonNull(maker, "maker");
    }

    /**
     * The value.
     *
     * @return what the maker made
     */
    public T get() {
        T present = made;
        return present != null ? present : make();
    }

    private synchronized T make() {
        T present = made;
        if (present == null) {
            present = Objects.requireNonNull(maker.get(), "made");
            made = present;
        }
        return present;
    }
}
