package io.llmspell.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.event.DurableOptions;
import io.llmspell.core.event.DurableSubscription;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventJournal;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class JournalGuideTest extends Guide {
    private final List<Object> billed = new CopyOnWriteArrayList<>();

    private void bill(UniversalEvent event, boolean redelivered) {
        billed.add(event.payload());
    }

    @Test
    void readingAndFollowing() {
        EventBus bus = spell.events();
        Instant yesterday = Instant.EPOCH;
        // region
        EventJournal journal = bus.journal().orElseThrow();
        Flux<JournaledEvent> paid = journal.query(EventQuery.all()
                .types("order.*")
                .run(new CorrelationId("order-2"))
                .between(yesterday, null)
                .backwards()
                .most(100));
        // endregion

        // region
        DurableSubscription billing = journal.subscribe(
                "order.*", DurableOptions.named("billing"), (event, redelivered) -> bill(event, redelivered), caller);
        // endregion

        Component shop = Component.named(ComponentType.SYSTEM, "shop");
        bus.publish(
                        EventDraft.of("order.paid", 5, shop).withPersistent(true),
                        caller.correlated(new CorrelationId("order-2")))
                .orThrow();
        await().untilAsserted(() -> assertThat(billed).containsExactly(5L));
        assertThat(paid.map(each -> each.event().payload()).collectList().block())
                .containsExactly(5L);
        billing.close();
    }
}
