package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookRegistration;
import io.llmspell.core.hook.HookRegistry;
import io.llmspell.core.hook.HookResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * 64 threads execute while others register, unregister and do both in bulk: each operation runs exactly the hooks of one
 * moment, each once and in order.
 */
final class RegistryStressCheck {
    private static final int CALLERS = 64;
    private static final int CHANGERS = 4;
    private static final List<HookPoint> POINTS = List.of(Rig.FIRST, Rig.BEFORE, Rig.AFTER, Rig.LAST);
    private static final HookFilter BULK =
            new HookFilter(null, null, null, "bulk-*", HookOptions.HIGHEST, HookOptions.LOWEST, false);

    /** On a busy machine some calls are slow, and a breaker would skip their hooks. */
    private static final HookSettings UNBROKEN =
            Rig.PATIENT.toBuilder().enableCircuitBreaker(false).build();

    private final UnaryOperator<HookRegistry> plant;
    private final ThreadLocal<List<Ran>> ran = ThreadLocal.withInitial(ArrayList::new);
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final CountDownLatch somethingWrong = new CountDownLatch(1);
    private final LongAdder calls = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final AtomicBoolean stop = new AtomicBoolean();

    RegistryStressCheck(UnaryOperator<HookRegistry> plant) {
        this.plant = plant;
    }

    /** One execution. */
    private record Ran(HookPoint point, int priority, String name) {
        @Override
        public String toString() {
            return name + "@" + POINTS.indexOf(point);
        }
    }

    /** Runs for some time, or until something is wrong; gives how many operations ran. */
    long run(Duration howLong) throws InterruptedException {
        try (Rig rig = new Rig(Hooks.builder().settings(UNBROKEN).build())) {
            HookRegistry registry = plant.apply(rig.hooks.registry());
            for (HookPoint point : POINTS) {
                registry.register(point, Rig.at("steady-a", -10), noting(-10, "steady-a"));
                registry.register(point, Rig.at("steady-b", 10), noting(10, "steady-b"));
            }
            List<Thread> threads = new ArrayList<>();
            CountDownLatch start = new CountDownLatch(1);
            for (int i = 0; i < CALLERS; i++) {
                String own = "own-" + i;
                boolean registers = i % 2 == 0;
                threads.add(started(start, () -> execute(rig, registry, registers ? own : "")));
            }
            for (int i = 0; i < CHANGERS; i++) {
                String passing = "passing-" + i;
                threads.add(started(start, () -> comeAndGo(registry, passing)));
            }
            threads.add(started(start, () -> bulk(registry)));
            start.countDown();
            boolean unused = somethingWrong.await(howLong.toNanos(), TimeUnit.NANOSECONDS);
            stop.set(true);
            for (Thread thread : threads) {
                thread.join(30_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
        assertThat(wrong)
                .as("what went wrong in %d operations and %d changes", calls.sum(), changes.sum())
                .isEmpty();
        assertThat(changes.sum()).isPositive();
        return calls.sum();
    }

    private Thread started(CountDownLatch start, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        start.await();
                        while (!stop.get()) {
                            work.run();
                        }
                    } catch (Throwable failed) {
                        wrong(failed.toString());
                    }
                },
                "stress");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private Hook noting(int priority, String name) {
        return context -> {
            ran.get().add(new Ran(context.point(), priority, name));
            return HookResult.proceed();
        };
    }

    private void execute(Rig rig, HookRegistry registry, String own) {
        HookHandle handle = own.isEmpty() ? null : registry.register(Rig.BEFORE, Rig.at(own, 0), noting(0, own));
        List<Ran> seen = ran.get();
        seen.clear();
        String output = rig.call("in");
        if (handle != null && !handle.unregister()) {
            wrong("unregister said that " + own + " was not there");
        }
        if (!output.equals("out(in)")) {
            wrong("the output was " + output);
        }
        judge(seen, own);
        calls.increment();
        rig.trace.clear();
    }

    private void judge(List<Ran> seen, String own) {
        for (HookPoint point : POINTS) {
            List<Ran> here =
                    seen.stream().filter(each -> each.point.equals(point)).toList();
            Set<String> names = here.stream().map(Ran::name).collect(Collectors.toSet());
            expect(names.contains("steady-a") && names.contains("steady-b"), "lost", seen);
            expect(names.size() == here.size(), "doubled", seen);
            for (int i = 1; i < here.size(); i++) {
                expect(ordered(here.get(i - 1), here.get(i)), "misordered", seen);
            }
        }
        expect(own.isEmpty() || seen.contains(new Ran(Rig.BEFORE, 0, own)), "lost what was there before: " + own, seen);
        long ofTheBulk =
                seen.stream().filter(each -> each.name.startsWith("bulk-")).count();
        expect(ofTheBulk == 0 || ofTheBulk == 2L * POINTS.size(), "half of a bulk", seen);
    }

    private static boolean ordered(Ran one, Ran next) {
        return one.priority < next.priority || one.priority == next.priority && one.name.compareTo(next.name) < 0;
    }

    private void wrong(String what) {
        wrong.add(what);
        somethingWrong.countDown();
    }

    private void expect(boolean right, String what, List<Ran> seen) {
        if (!right) {
            wrong(what + " " + seen);
        }
    }

    private void comeAndGo(HookRegistry registry, String name) {
        for (HookPoint point : POINTS) {
            HookHandle early = registry.register(point, Rig.at(name + "-early", -20), noting(-20, name + "-early"));
            HookHandle late = registry.register(point, Rig.at(name + "-late", 20), noting(20, name + "-late"));
            early.unregister();
            late.unregister();
            changes.increment();
        }
        pause();
    }

    private void bulk(HookRegistry registry) {
        List<HookRegistration> all = new ArrayList<>();
        for (HookPoint point : POINTS) {
            all.add(new HookRegistration(point, Rig.at("bulk-a", -15), noting(-15, "bulk-a")));
            all.add(new HookRegistration(point, Rig.at("bulk-b", 15), noting(15, "bulk-b")));
        }
        registry.registerAll(all);
        pause();
        registry.unregisterAll(BULK);
        changes.increment();
        pause();
    }

    /** Lets operations in between. */
    private static void pause() {
        Thread.yield();
    }
}
