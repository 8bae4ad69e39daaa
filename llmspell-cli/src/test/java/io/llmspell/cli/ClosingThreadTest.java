package io.llmspell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.LlmSpell;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ClosingThreadTest {
    private final CountDownLatch released = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    private LlmSpell slow() {
        return LlmSpell.builder()
                .hooks(hooks -> hooks.register(HookPoint.SYSTEM_SHUTDOWN, "slow", context -> {
                    boolean go = false;
                    while (!go) {
                        try {
                            go = released.await(50, TimeUnit.SECONDS);
                        } catch (InterruptedException ignored) {
                            go = false; // as bad as a hook can be
                        }
                    }
                    ended.countDown();
                    return HookResult.proceed();
                }))
                .build();
    }

    @Test
    void run_closingTakesTooLong_returnsAfterTheTimeout() throws InterruptedException {
        new ClosingThread(slow(), Duration.ofMillis(50)).run();

        assertThat(ended.getCount()).isEqualTo(1);
        released.countDown();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void run_closingIsQuick_waitsForIt() {
        released.countDown();

        new ClosingThread(slow(), Duration.ofSeconds(30)).run();

        assertThat(ended.getCount()).isZero();
    }
}
