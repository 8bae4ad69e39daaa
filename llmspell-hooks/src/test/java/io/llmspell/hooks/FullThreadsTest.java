package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** While every thread for blocking work is taken, by tools that wait, hooks on waiting callers are still cut in time. */
@Timeout(60)
class FullThreadsTest {
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<Disposable> taken = new ArrayList<>();
    private final Rig rig = new Rig(Hooks.builder().build());

    @BeforeEach
    void takeAll() throws InterruptedException {
        int threads = Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE;
        CountDownLatch began = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            taken.add(Schedulers.boundedElastic().schedule(() -> {
                began.countDown();
                hold();
            }));
        }
        began.await();
    }

    @AfterEach
    void giveBack() {
        release.countDown();
        taken.forEach(Disposable::dispose);
        rig.close();
    }

    private void hold() {
        while (true) {
            try {
                release.await();
                return;
            } catch (InterruptedException ignored) { // deaf on purpose
                continue;
            }
        }
    }

    private void assertCut() {
        CompletableFuture<String> call = new CompletableFuture<>();
        Thread caller = new Thread(() -> call.complete(rig.call("in")), "caller");
        caller.setDaemon(true);
        caller.start();
        assertThat(call).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("hook_timeout");
    }

    private static HookOptions guard() {
        return HookOptions.builder("guard")
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .build();
    }

    @Test
    void hookOnItsCallersThread_isCut() {
        rig.hooks.registry().register(Rig.BEFORE, guard(), context -> {
            release.await();
            return HookResult.proceed();
        });
        assertCut();
    }

    @Test
    void isolatedHook_isCut() {
        HookOptions options = HookOptions.builder("guard")
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .isolated()
                .build();
        rig.hooks.registry().register(Rig.BEFORE, options, context -> {
            hold();
            return HookResult.proceed();
        });
        assertCut();
    }

    @Test
    void answerThatNeverComes_isGivenUp() {
        rig.reactive(Rig.BEFORE, guard(), context -> Mono.never());
        assertCut();
    }
}
