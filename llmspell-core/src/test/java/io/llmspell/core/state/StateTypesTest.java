package io.llmspell.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.WriteMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class StateTypesTest {
    private static final StateKey KEY = StateKey.of(Scope.GLOBAL, "k");

    @Test
    void commit_orThrow_givesTheVersionOrTheConflict() {
        StateCommit.Done done = new StateCommit.Done(7, WriteMode.DURABLE);
        StateCommit conflict = new StateCommit.Conflict(KEY, 9);

        assertThat(done.orThrow()).isSameAs(done);
        assertThatThrownBy(conflict::orThrow)
                .isInstanceOfSatisfying(StateException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.STATE_CONFLICT);
                    assertThat(error.details()).isEqualTo(Map.of("key", "global/k", "actual", 9L));
                })
                .hasMessageContaining("another writer was first: global/k now has version 9; read it again");
    }

    @Test
    void classes_haveIdsInLowerCase() {
        assertThat(Arrays.stream(StateClass.values()).map(StateClass::id))
                .containsExactly("ephemeral", "trusted", "standard", "sensitive", "external");
    }

    @Test
    void view_putAndExists_goThroughApplyAndGet() {
        OneKey view = new OneKey();

        assertThat(view.exists(KEY)).isFalse();
        assertThat(view.put(KEY, "x")).isEqualTo(1);
        assertThat(view.exists(KEY)).isTrue();
        assertThat(view.applied).containsExactly(new StateChange.Put(KEY, "x", null, null));
        view.conflict = true;
        assertThatThrownBy(() -> view.put(KEY, "y")).isInstanceOf(StateException.class);
    }

    /** Holds the last value. */
    private static final class OneKey implements StateView {
        final List<StateChange> applied = new ArrayList<>();
        boolean conflict;

        @Override
        public StateCommit apply(List<StateChange> changes) {
            if (conflict) {
                return new StateCommit.Conflict(KEY, 1);
            }
            applied.addAll(changes);
            return new StateCommit.Done(applied.size(), WriteMode.MEMORY);
        }

        @Override
        public Mono<StateCommit> applyAsync(List<StateChange> changes) {
            return Mono.fromCallable(() -> apply(changes));
        }

        @Override
        public Map<String, StateValue> all(Scope scope) {
            return Map.of();
        }

        @Override
        public <T extends @Nullable Object> T transact(Function<StateTransaction, T> work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable Object update(StateKey key, UnaryOperator<@Nullable Object> change) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Flux<StateUpdate> watch(StateWatch watch) {
            return Flux.never();
        }

        @Override
        public int clear(Scope scope) {
            return 0;
        }

        @Override
        public boolean delete(StateKey key) {
            return false;
        }

        @Override
        public Optional<StateValue> get(StateKey key) {
            return applied.isEmpty() ? Optional.empty() : Optional.of(new StateValue(value(), 1));
        }

        private @Nullable Object value() {
            return ((StateChange.Put) applied.get(applied.size() - 1)).json();
        }

        @Override
        public List<String> keys(Scope scope) {
            return List.of();
        }
    }
}
