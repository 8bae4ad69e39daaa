package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.event.CloseReport;
import io.llmspell.core.event.EventBus;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Shows that {@link CloseBusTest} turns red if events in the hands of handlers are not counted. */
class CloseBusFaultTest {
    @Test
    void inFlightNotCounted_isFound() {
        BusCheck check = new BusCheck(ForgetfulBus::new, Duration.ofSeconds(10));
        assertThatThrownBy(() -> check.close_reportsTheExactRest(Duration.ofSeconds(2)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("running=0");
    }

    private static final class ForgetfulBus extends FaultyBus {
        ForgetfulBus(EventBus bus) {
            super(bus);
        }

        @Override
        public CloseReport close(Duration drainTimeout) {
            CloseReport report = super.close(drainTimeout);
            return new CloseReport(
                    report.drained(),
                    report.left().stream()
                            .map(each -> new CloseReport.Left(each.subscriptionId(), each.pattern(), each.dropped(), 0))
                            .toList());
        }
    }
}
