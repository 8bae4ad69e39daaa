package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.state.StateChange.Put;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of 1 MiB is stored; one byte more is refused, and 64 MiB are refused before they are copied. */
final class ValueSizeCheck {
    private static final int MIB = (int) JsonLimits.VALUE.bytes();
    private static final long A_COPY = 32L << 20;

    private ValueSizeCheck() {}

    /** How a value is stored; the check of a fault has a way of its own. */
    interface Writer {
        void put(StateView state, StateKey key, Object json, StateClass stateClass);
    }

    static void apply(StateView state, StateKey key, Object json, StateClass stateClass) {
        state.apply(List.of(new Put(key, json, null, stateClass))).orThrow();
    }

    static void run(StateClass stateClass, Writer writer) {
        try (Fixture fixture = new Fixture(new PassThroughGate(), new ManualTime())) {
            StateView state = fixture.host();
            String largest = "x".repeat(MIB - 2); // and two quotes
            writer.put(state, Fixture.KEY, largest, stateClass);
            assertThat(state.get(Fixture.KEY).map(StateValue::json)).contains(largest);
            refused(() -> writer.put(state, Fixture.KEY, largest + "x", stateClass));
            refused(() -> writer.put(state, Fixture.KEY, "ä".repeat(MIB / 2), stateClass));
            Object huge = huge();
            assertThat(allocated(() -> refused(() -> writer.put(state, Fixture.KEY, huge, stateClass))))
                    .as("bytes that refusing 64 MiB takes")
                    .isLessThan(A_COPY);
            assertThat(state.get(Fixture.KEY).map(StateValue::json)).contains(largest);
        }
    }

    /** 64 MiB in pieces that are each small enough. */
    private static Object huge() {
        List<Map<String, String>> pieces = new ArrayList<>();
        String piece = "y".repeat(64 << 10);
        for (int i = 0; i < 1_024; i++) {
            Map<String, String> members = new LinkedHashMap<>();
            members.put("password", piece);
            pieces.add(members);
        }
        return pieces;
    }

    private static void refused(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.VALUE_TOO_LARGE));
    }

    private static long allocated(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
