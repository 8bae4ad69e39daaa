package io.llmspell.hooks;

import java.util.List;
import java.util.stream.Stream;

/**
 * The slots of one stage, in their order; never changed.
 *
 * <p>An array, since the walk over a list costs each operation more than most checks in it do.
 *
 * @param <I> the type of the operation's input
 */
final class Slots<I> {
    private final Slot<I>[] all;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type can be made raw only
    private Slots(List<Slot<I>> slots) {
        this.all = slots.toArray(new Slot[0]);
    }

    static <I> Slots<I> of(List<Slot<I>> slots) {
        return new Slots<>(slots);
    }

    int size() {
        return all.length;
    }

    boolean isEmpty() {
        return all.length == 0;
    }

    Slot<I> get(int place) {
        return all[place];
    }

    Stream<Slot<I>> stream() {
        return Stream.of(all);
    }
}
