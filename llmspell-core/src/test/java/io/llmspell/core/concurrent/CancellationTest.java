package io.llmspell.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class CancellationTest {
    private final List<String> ran = new ArrayList<>();
    private final CancellationSource source = new CancellationSource();

    @Test
    void cancel_withActions_runsEachOnceInOrder() {
        source.onCancel(() -> ran.add("a"));
        source.onCancel(() -> ran.add("b"));
        assertThat(source.isCancelled()).isFalse();

        source.cancel();
        source.cancel();

        assertThat(source.isCancelled()).isTrue();
        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void onCancel_whenCancelledAlready_runsAtOnce() {
        source.cancel();

        Handle late = source.onCancel(() -> ran.add("late"));

        assertThat(ran).containsExactly("late");
        assertThatCode(late::close).doesNotThrowAnyException();
    }

    @Test
    void handle_closed_takesOnlyItsOwnRegistrationBack() {
        Runnable action = () -> ran.add("a");
        Handle first = source.onCancel(action);
        source.onCancel(action);

        first.close();
        first.close();
        source.cancel();

        assertThat(ran).containsExactly("a");
    }

    @Test
    void action_thatFails_keepsNobodyFromHearing() {
        source.onCancel(() -> {
            throw new IllegalArgumentException("broken");
        });
        source.onCancel(() -> {
            throw new StackOverflowError("broken");
        });
        source.onCancel(() -> ran.add("after"));

        source.cancel();

        assertThat(ran).containsExactly("after");
        assertThatCode(() -> source.onCancel(() -> {
                    throw new AssertionError("broken");
                }))
                .doesNotThrowAnyException();
    }

    @Test
    void action_mayUseTheTokenItself() {
        source.onCancel(() -> {
            ran.add("cancelled " + source.isCancelled());
            source.onCancel(() -> ran.add("inner"));
            source.cancel();
        });

        source.cancel();

        assertThat(ran).containsExactly("cancelled true", "inner");
    }

    @Test
    void child_followsItsParentAndNotTheOtherWay() {
        CancellationSource first = source.child();
        CancellationSource second = source.child();

        first.cancel();
        assertThat(source.isCancelled()).isFalse();
        assertThat(second.isCancelled()).isFalse();

        source.cancel();
        assertThat(second.isCancelled()).isTrue();
        assertThat(source.child().isCancelled()).isTrue();
    }

    @Test
    void child_closed_noLongerFollowsAndForgetsItsActions() {
        CancellationSource child = source.child();
        child.onCancel(() -> ran.add("child"));

        child.close();
        child.close();
        source.cancel();

        assertThat(child.isCancelled()).isFalse();
        assertThat(ran).isEmpty();
    }

    @Test
    void child_cancelled_letsGoOfItsParent() {
        CancellationSource child = source.child();
        child.onCancel(() -> ran.add("child"));

        child.cancel();
        source.cancel();

        assertThat(ran).containsExactly("child");
    }

    @Test
    void throwIfCancelled_namesTheOperation() {
        assertThatCode(() -> source.throwIfCancelled("the run")).doesNotThrowAnyException();
        source.cancel();

        assertThatThrownBy(() -> source.throwIfCancelled("the run"))
                .isInstanceOf(CancelledException.class)
                .hasMessage("the run was cancelled by its caller [cancelled]");
    }

    @Test
    void none_isNeverCancelledButHasChildren() {
        Cancellation none = Cancellation.none();
        none.onCancel(() -> ran.add("never")).close();
        CancellationSource child = none.child();

        assertThat(none.isCancelled()).isFalse();
        child.cancel();
        assertThat(child.isCancelled()).isTrue();
        assertThat(none.isCancelled()).isFalse();
        assertThat(ran).isEmpty();
    }

    @RepeatedTest(20)
    void cancel_whileOthersRegister_runsEveryActionExactlyOnce() throws Exception {
        int threads = 4;
        int each = 200;
        AtomicInteger runs = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(threads + 1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(pool.submit(() -> {
                    start.await();
                    for (int i = 0; i < each; i++) {
                        source.onCancel(runs::incrementAndGet);
                    }
                    return null;
                }));
            }
            start.await();
            source.cancel();
            for (Future<?> one : all) {
                one.get(10, TimeUnit.SECONDS);
            }
            assertThat(runs).hasValue(threads * each);
        } finally {
            pool.shutdownNow();
        }
    }
}
