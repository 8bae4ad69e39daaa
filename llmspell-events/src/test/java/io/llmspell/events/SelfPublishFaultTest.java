package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.identity.Caller;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Shows that {@link SelfPublishTest} turns red if a publisher waits for itself without a deadline. */
class SelfPublishFaultTest {
    @Test
    void noDeadline_isFound() {
        CountDownLatch released = new CountDownLatch(1);
        BusCheck check = new BusCheck(bus -> new PatientBus(bus, released), Duration.ofSeconds(1));
        try {
            assertThatThrownBy(check::selfPublish_isAnsweredInTime).hasMessageContaining("within 1S");
        } finally {
            released.countDown();
        }
    }

    private static final class PatientBus extends FaultyBus {
        private final CountDownLatch released;

        PatientBus(EventBus bus, CountDownLatch released) {
            super(bus);
            this.released = released;
        }

        @Override
        public PublishResult publish(EventDraft draft, Caller caller) {
            PublishResult result = super.publish(draft, caller);
            if (result instanceof PublishResult.Rejected) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return result;
        }

        @Override
        public void close() {
            super.close(Duration.ZERO);
        }
    }
}
