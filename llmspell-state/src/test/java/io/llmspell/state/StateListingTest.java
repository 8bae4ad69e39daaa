package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Stored;
import io.llmspell.hooks.Hooks;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.testing.time.ManualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Listings of a store that shows of each value only as much as it is asked for. */
class StateListingTest {
    private final AtomicInteger wholes = new AtomicInteger();

    @Test
    void keys_recordsInClear_takeTheBeginningsAlone() {
        assertThat(listed(Fixture.CODEC)).containsExactly("large", "late", "small");
        assertThat(wholes).hasValue(0);
    }

    @Test
    void keys_compressedRecords_takeTheWholeOfThese() {
        RecordCodec codec = RecordCodecs.compressed(RecordCodecs.create(JsonCodec.create()), 1_000);

        assertThat(listed(codec)).containsExactly("large", "late", "small");
        assertThat(wholes).as("large, late and gone").hasValue(3);
    }

    private List<String> listed(RecordCodec codec) {
        String large = "tides ".repeat(1_000);
        ManualTime time = new ManualTime();
        try (Hooks hooks = Hooks.builder().time(time).build();
                StorageBackend store = Fixture.newStore();
                StateManager manager = States.builder()
                        .storage(cutting(store))
                        .codec(codec)
                        .gate(hooks.gate())
                        .time(time)
                        .build()) {
            StateView state = manager.as(Fixture.HOST);
            state.put(Fixture.key("small"), 1);
            state.put(Fixture.key("large"), large);
            state.apply(List.of(new StateChange.Put(Fixture.key("late"), large, Duration.ofHours(2), null)));
            state.apply(List.of(new StateChange.Put(Fixture.key("gone"), large, Duration.ofHours(1), null)));
            time.advance(Duration.ofHours(1));
            return state.keys(Scope.GLOBAL);
        }
    }

    private StorageBackend cutting(StorageBackend store) {
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(), new Class<?>[] {StorageBackend.class}, (self, method, given) -> {
                    try {
                        Object result = method.invoke(store, given);
                        return result instanceof Cursor cursor ? new Cutting(cursor) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Shows no byte more than it must. */
    private final class Cutting implements Cursor {
        private final Cursor real;
        private int most;

        Cutting(Cursor real) {
            this.real = real;
        }

        @Override
        public boolean next() {
            return next(Integer.MAX_VALUE);
        }

        @Override
        public boolean next(int wanted) {
            most = wanted;
            return real.next();
        }

        @Override
        public Entry begin() {
            Entry whole = real.entry();
            Stored stored = whole.stored();
            int shown = Math.min(most, stored.value().length());
            return new Entry(whole.key(), new Stored(stored.value().slice(0, shown), stored.revision()));
        }

        @Override
        public Entry entry() {
            wholes.incrementAndGet();
            return real.entry();
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
