package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Handle;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order in which a runtime ends. */
final class CloseStackTest {
    private final List<String> closed = new ArrayList<>();
    private final CloseStack stack = new CloseStack();

    private Handle part(String name) {
        return () -> closed.add(name);
    }

    private Handle failing(String name) {
        return () -> {
            closed.add(name);
            throw new ArithmeticException("it does not close");
        };
    }

    @Test
    void close_scriptsFirst_thenPartsInReverse() {
        stack.add(part("clock"));
        stack.own(part("script 1"));
        stack.add(part("store"));
        stack.own(part("script 2"));
        stack.close();
        stack.close();
        assertThat(closed).containsExactly("script 2", "script 1", "store", "clock");
    }

    @Test
    void close_whereOneFails_goesOn() {
        stack.add(part("clock"));
        stack.add(failing("store"));
        stack.own(part("script 1"));
        stack.own(failing("script 2"));
        stack.close();
        assertThat(closed).containsExactly("script 2", "script 1", "store", "clock");
    }

    @Test
    void closeScripts_twice_saysSo() {
        assertThat(stack.closeScripts()).isTrue();
        assertThat(stack.closeScripts()).isFalse();
    }

    @Test
    void own_afterTheEnd_closesAtOnce() {
        stack.close();
        stack.own(part("late"));
        assertThat(closed).containsExactly("late");
    }

    @Test
    void own_forgotten_isNotClosed() {
        stack.own(part("script")).close();
        stack.close();
        assertThat(closed).isEmpty();
    }
}
