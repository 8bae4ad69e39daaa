package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class DrainTest {
    /** Work whose steps are counted and into whose questions a test can interfere. */
    private static final class Steps implements Drain.Work {
        private int waiting;
        private int done;
        private int rests;
        private Runnable onEmpty = () -> {};

        @Override
        public boolean ready() {
            boolean ready = waiting > 0;
            if (!ready) {
                onEmpty.run();
            }
            return ready;
        }

        @Override
        public void step() {
            waiting--;
            done++;
        }

        @Override
        public void rested() {
            rests++;
        }
    }

    private final Steps steps = new Steps();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    private void runAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void wake_asTheTaskFindsNothingMore_isNotLost() {
        Drain drain = new Drain(steps, tasks::add);
        steps.waiting = 1;
        steps.onEmpty = () -> {
            steps.onEmpty = () -> {};
            steps.waiting++;
            drain.wake();
        };
        drain.wake();
        runAll();
        assertThat(steps.done).isEqualTo(2);
        assertThat(steps.rests).isEqualTo(1);
    }

    @Test
    void wake_whileScheduled_schedulesNoSecondTask() {
        Drain drain = new Drain(steps, tasks::add);
        steps.waiting = 3;
        drain.wake();
        drain.wake();
        assertThat(tasks).hasSize(1);
        runAll();
        assertThat(steps.done).isEqualTo(3);
        assertThat(drain.isIdle()).isTrue();
    }

    @Test
    void run_muchWork_letsOthersInBetween() {
        Drain drain = new Drain(steps, tasks::add);
        steps.waiting = 5000;
        drain.wake();
        List<Integer> turns = new ArrayList<>();
        while (!tasks.isEmpty()) {
            tasks.remove().run();
            turns.add(steps.done);
        }
        assertThat(turns).containsExactly(1024, 2048, 3072, 4096, 5000);
    }

    @Test
    void settle_taskThatHasNotBegun_takesItBack() {
        Drain drain = new Drain(steps, tasks::add);
        steps.waiting = 1;
        drain.wake();
        drain.settle();
        assertThat(steps.rests).isEqualTo(1);
        runAll();
        assertThat(steps.done).isZero();
    }

    @Test
    void wake_executorRefuses_runsOnTheCaller() {
        Executor closed = task -> {
            throw new RejectedExecutionException("closed");
        };
        Drain drain = new Drain(steps, closed);
        steps.waiting = 3000;
        drain.wake();
        assertThat(steps.done).isEqualTo(3000);
        assertThat(drain.isIdle()).isTrue();
    }
}
