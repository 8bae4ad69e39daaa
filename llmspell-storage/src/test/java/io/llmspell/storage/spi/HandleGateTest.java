package io.llmspell.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.storage.StorageException;
import io.llmspell.core.time.SystemTimeSource;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandleGateTest {
    private final SystemTimeSource time = new SystemTimeSource();
    private final HandleGate gate = new HandleGate();
    private final ExecutorService pool = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        pool.shutdownNow();
        time.close();
    }

    @Test
    void enter_afterShut_isRefused() {
        assertThat(gate.shut()).isTrue();
        assertThat(gate.shut()).as("only the first closer frees").isFalse();
        assertThatThrownBy(gate::enter).isInstanceOf(StorageException.class);
        assertThat(gate.tryEnter()).isFalse();
        assertThat(gate.leases()).as("a refused call leaves no lease").isZero();
        assertThat(gate.awaitEmpty(time, Duration.ZERO)).isTrue();
    }

    @Test
    void awaitEmpty_leaseHeld_waitsForItsEnd() throws Exception {
        gate.enter();
        gate.shut();
        Future<Boolean> closer = pool.submit(() -> gate.awaitEmpty(time, Duration.ofSeconds(30)));
        assertThat(gate.leases()).isEqualTo(1);
        assertThat(closer.isDone()).isFalse();
        gate.exit();
        assertThat(closer.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void awaitEmpty_leaseThatOutlivesTheDeadline_isTold() {
        gate.enter();
        gate.shut();
        assertThat(gate.awaitEmpty(time, Duration.ofMillis(20))).isFalse();
    }

    @Test
    void awaitEmpty_interruptedCloser_waitsAndKeepsTheFlag() {
        gate.enter();
        gate.shut();
        Thread.currentThread().interrupt();
        assertThat(gate.awaitEmpty(time, Duration.ofMillis(20))).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void gate_callersAgainstClose_nobodyIsInsideAfterwards() throws Exception {
        for (int round = 0; round < 200; round++) {
            HandleGate each = new HandleGate();
            AtomicBoolean freed = new AtomicBoolean();
            AtomicLong touchedFreed = new AtomicLong();
            Runnable caller = () -> {
                while (each.tryEnter()) {
                    touchedFreed.addAndGet(freed.get() ? 1 : 0);
                    each.exit();
                }
            };
            Future<?> one = pool.submit(caller);
            Future<?> two = pool.submit(caller);
            each.shut();
            assertThat(each.awaitEmpty(time, Duration.ofSeconds(30))).isTrue();
            freed.set(true);
            one.get(30, TimeUnit.SECONDS);
            two.get(30, TimeUnit.SECONDS);
            assertThat(touchedFreed).hasValue(0);
        }
    }
}
