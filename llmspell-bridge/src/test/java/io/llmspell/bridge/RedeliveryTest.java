package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.LlmSpell;
import io.llmspell.core.event.DurableOptions;
import io.llmspell.core.event.DurableSubscription;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.EventJournal;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that a handler failed on come again if a hook of EventHandlerError asks for it. */
final class RedeliveryTest {
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "test");

    private final LlmSpell spell = LlmSpell.builder().build();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();

    @AfterEach
    void close() {
        spell.close();
    }

    private Subscription subscribe(boolean onPublisher, EventHandler handler) {
        SubscribeOptions options = SubscribeOptions.DEFAULT;
        Subscription made = spell.events()
                .subscribe("my.*", onPublisher ? options.onPublisherThread() : options, handler, spell.caller());
        subscription.set(made);
        return made;
    }

    /** Fails so many times on each event. */
    private EventHandler failing(int times) {
        int[] calls = new int[1];
        return (event, again) -> {
            seen.add(event.type() + (again ? " again" : ""));
            if (calls[0]++ < times) {
                throw new UnsupportedOperationException("planted");
            }
        };
    }

    private void retry(int most) {
        spell.hooks()
                .register(
                        HookPoint.EVENT_HANDLER_ERROR,
                        "retry",
                        context -> HookResult.retry(Duration.ofMillis(1), most));
    }

    private void publish(String type) {
        spell.events().publish(EventDraft.of(type, null, SOURCE), spell.caller());
    }

    private void sees(String... lines) {
        Awaitility.await().untilAsserted(() -> assertThat(seen).containsExactly(lines));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void retry_handlerThatRecovers_getsTheEventAgainBeforeTheNext(boolean onPublisher) {
        List<String> failed = new CopyOnWriteArrayList<>();
        spell.events()
                .subscribe(
                        "event.handler.failed",
                        SubscribeOptions.DEFAULT.onPublisherThread(),
                        (event, again) -> failed.add(event.type()),
                        spell.caller());
        retry(3);
        Subscription mine = subscribe(onPublisher, failing(2));
        publish("my.first");
        publish("my.second");

        sees("my.first", "my.first again", "my.first again", "my.second");
        Awaitility.await()
                .untilAsserted(() -> assertThat(mine.stats().delivered()).isEqualTo(2));
        assertThat(mine.stats().failed()).isEqualTo(2);
        assertThat(failed).as("it was delivered after all").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void retry_handlerThatGoesOnFailing_isBoundedByTheRunsInAll(boolean onPublisher) {
        retry(3);
        subscribe(onPublisher, failing(3));
        publish("my.first");
        publish("my.second");

        sees("my.first", "my.first again", "my.first again", "my.second");
    }

    @Test
    void withoutHook_nothingComesAgain() {
        subscribe(false, failing(1));
        publish("my.first");
        publish("my.second");

        sees("my.first", "my.second");
    }

    @Test
    void retry_ofASubscriptionThatWasClosed_deliversNothing() {
        spell.hooks().register(HookPoint.EVENT_HANDLER_ERROR, "retry", context -> {
            Subscription mine = subscription.get();
            if (mine != null) {
                mine.close();
            }
            seen.add("closed");
            return HookResult.retry(Duration.ofMillis(1), 2);
        });
        subscribe(true, failing(9));
        publish("my.first");

        assertThat(seen).startsWith("my.first", "closed").doesNotContain("my.first again");
    }

    @Test
    void retry_durableSubscriptionThatRecovers_countsNoFailure() {
        retry(3);
        EventJournal journal = spell.events().journal().orElseThrow();
        try (DurableSubscription durable =
                journal.subscribe("my.*", DurableOptions.named("books"), failing(2), spell.caller())) {
            publish("my.first");
            publish("my.second");

            sees("my.first", "my.first again", "my.first again", "my.second");
            assertThat(durable.stats().failed()).isZero();
        }
    }

    @Test
    void durableSubscriptionThatFails_isTold() {
        List<Object> told = new CopyOnWriteArrayList<>();
        spell.events()
                .subscribe(
                        "event.handler.failed",
                        SubscribeOptions.DEFAULT.onPublisherThread(),
                        (event, again) -> told.add(((JsonObject) event.payload()).get("subscription_id")),
                        spell.caller());
        EventJournal journal = spell.events().journal().orElseThrow();
        try (DurableSubscription durable =
                journal.subscribe("my.*", DurableOptions.named("books"), failing(1), spell.caller())) {
            publish("my.first");

            Awaitility.await().untilAsserted(() -> {
                assertThat(told).containsExactly("books");
                assertThat(durable.stats().failed()).isOne();
                assertThat(spell.events().deadLetters()).hasSize(1);
            });
        }
    }
}
