package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 64 threads that call, register and unregister at once. */
@Timeout(60)
class RegistryConcurrencyTest {
    private static final int THREADS = 64;
    private static final int ROUNDS = 200;

    @Test
    void operations_whileHooksComeAndGo_runEachHookTheyBeganWithOnceAndInOrder() throws Exception {
        try (Rig rig = new Rig()) {
            LongAdder steady = new LongAdder();
            AtomicInteger misordered = new AtomicInteger();
            AtomicInteger doubled = new AtomicInteger();
            rig.hooks.registry().register(Rig.BEFORE, Rig.at("steady", HookOptions.LOW), context -> {
                steady.increment();
                context.putMetadata("steady", "ran");
                return HookResult.proceed();
            });
            LongAdder calls = new LongAdder();
            together(thread -> () -> {
                for (int round = 0; round < ROUNDS; round++) {
                    if (thread % 2 == 0) {
                        assertThat(rig.call("in")).isEqualTo("out(in)");
                        calls.increment();
                    } else {
                        String name = "passing-" + thread;
                        HookHandle handle = rig.open(Rig.BEFORE, name, context -> {
                            if (context.metadata().containsKey("steady")) {
                                misordered.incrementAndGet();
                            }
                            if (context.metadata().containsKey(name)) {
                                doubled.incrementAndGet();
                            }
                            context.putMetadata(name, "ran");
                            return HookResult.proceed();
                        });
                        assertThat(handle.unregister()).isTrue();
                    }
                }
                return null;
            });

            assertThat(steady.sum()).isEqualTo(calls.sum()).isEqualTo((long) THREADS / 2 * ROUNDS);
            assertThat(misordered).hasValue(0);
            assertThat(doubled).hasValue(0);
            assertThat(rig.hooks.registry().list(HookFilter.at(Rig.BEFORE))).hasSize(1);
        }
    }

    @Test
    void registrations_fromManyThreads_areAllThereInOrder() throws Exception {
        try (Rig rig = new Rig()) {
            together(thread -> () -> {
                for (int i = 0; i < 20; i++) {
                    rig.hooks
                            .registry()
                            .register(Rig.AFTER, Rig.at("h-" + thread + "-" + i, (thread * 7 + i) % 11), context -> {
                                return HookResult.proceed();
                            });
                }
                return null;
            });

            List<Integer> priorities = rig.hooks.registry().list(HookFilter.at(Rig.AFTER)).stream()
                    .map(hook -> hook.options().priority())
                    .toList();
            assertThat(priorities).hasSize(THREADS * 20).isSorted();
        }
    }

    @Test
    void operation_afterRegisterReturned_runsTheHook() throws Exception {
        try (Rig rig = new Rig()) {
            together(thread -> () -> {
                AtomicInteger mine = new AtomicInteger();
                for (int round = 1; round <= 50; round++) {
                    HookHandle handle = rig.open(Rig.LAST, "mine-" + thread, context -> {
                        mine.incrementAndGet();
                        return HookResult.proceed();
                    });
                    int before = mine.get();
                    rig.call("in");
                    assertThat(mine.get()).isGreaterThan(before);
                    handle.close();
                }
                return null;
            });
        }
    }

    private interface Task {
        Callable<?> of(int thread);
    }

    private static void together(Task task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Callable<?> work = task.of(i);
                all.add(threads.submit(() -> {
                    start.await();
                    return work.call();
                }));
            }
            start.countDown();
            for (Future<?> each : all) {
                each.get(50, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
