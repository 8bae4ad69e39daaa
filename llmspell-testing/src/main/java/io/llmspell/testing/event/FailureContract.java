package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.QUEUED;
import static io.llmspell.testing.event.Buses.SYNCHRONOUS;
import static io.llmspell.testing.event.Buses.accountsAgree;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.eventually;
import static io.llmspell.testing.event.Buses.open;
import static io.llmspell.testing.event.Buses.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonObject;
import io.llmspell.testing.gate.PointGate;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Handlers that fail harm nobody, and are told of. */
interface FailureContract extends EventBusFixture {
    /** A handler that throws, an {@code Error} included, gets the later events; others lose none. */
    @Test
    default void handler_thatThrows_getsTheRestAndDisturbsNobody() {
        List<EventHandler> bad = List.of(
                (event, again) -> {
                    throw new IOException("planted");
                },
                (event, again) -> {
                    throw new AssertionError("planted");
                },
                (event, again) -> {
                    throw new StackOverflowError();
                },
                (event, again) -> {
                    Thread.currentThread().interrupt();
                    throw new InterruptedException("planted");
                });
        for (SubscribeOptions options : List.of(SYNCHRONOUS, QUEUED)) {
            for (EventHandler handler : bad) {
                throwerIsAlone(options.withQuarantineAfter(0), handler);
            }
        }
    }

    private void throwerIsAlone(SubscribeOptions options, EventHandler handler) {
        try (EventBus bus = open(this)) {
            List<Long> others = new CopyOnWriteArrayList<>();
            Subscription thrower = bus.subscribe("a", options, handler, CALLER);
            bus.subscribe("a", options, (event, again) -> others.add(event.sequence()), CALLER);
            publish(bus, "a", 20);
            eventually(() -> {
                assertThat(thrower.stats().delivered()).isEqualTo(20);
                assertThat(thrower.stats().failed()).isEqualTo(20);
                assertThat(others).hasSize(20).isSorted();
            });
            accountsAgree(bus);
        } finally {
            Thread.interrupted(); // one of the handlers interrupts the thread that it runs on
        }
    }

    /** The point on failure shows subscription, event and error, with the caller of the subscription in the event's run. */
    @Test
    default void handlerError_point_seesTheFailure() {
        PointGate gate = new PointGate();
        try (EventBus bus = open(this, gate)) {
            Subscription thrower = bus.subscribe(
                    "a.*",
                    QUEUED,
                    (event, again) -> {
                        throw new IOException("planted");
                    },
                    CALLER.in(Language.LUA));
            bus.publish(draft("a.b", null), CALLER.correlated(new CorrelationId("run-2")));
            eventually(() ->
                    assertThat(gate.firings(HookPoint.EVENT_HANDLER_ERROR)).hasSize(1));
            PointGate.Firing firing =
                    gate.firings(HookPoint.EVENT_HANDLER_ERROR).get(0);
            assertThat(firing.data()).isInstanceOfSatisfying(JsonObject.class, data -> {
                assertThat(data).containsOnlyKeys("subscription_id", "pattern", "event_id", "event_type");
                assertThat(data)
                        .containsEntry("subscription_id", thrower.id())
                        .containsEntry("pattern", "a.*")
                        .containsEntry("event_type", "a.b");
            });
            assertThat(firing.error()).isNotNull();
            assertThat(firing.error().code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(firing.caller().correlation().text()).isEqualTo("run-2");
            assertThat(firing.caller().language()).isEqualTo(Language.LUA);
        }
    }

    /** A hook at the point on failure cannot cancel anything. */
    @Test
    default void handlerError_cannotBeChangedByHooks() {
        PointGate gate = new PointGate().on(HookPoint.EVENT_HANDLER_ERROR, data -> HookResult.cancel("no"));
        try (EventBus bus = open(this, gate)) {
            Subscription thrower = bus.subscribe(
                    "a",
                    SYNCHRONOUS,
                    (event, again) -> {
                        throw new IOException("planted");
                    },
                    CALLER);
            publish(bus, "a", 3);
            assertThat(thrower.stats().failed()).isEqualTo(3);
        }
    }

    /** Failures on {@code event.} and {@code hook.} types fire no point. */
    @Test
    default void handlerError_onEventsAboutEvents_firesNothing() {
        PointGate gate = new PointGate();
        try (EventBus bus = open(this, gate)) {
            Subscription thrower = bus.subscribe(
                    "**",
                    SYNCHRONOUS,
                    (event, again) -> {
                        throw new IOException("planted");
                    },
                    CALLER);
            publish(bus, "event.handler.failed", 1);
            publish(bus, "hook.registered", 1);
            assertThat(thrower.stats().failed()).isEqualTo(2);
            assertThat(gate.firings(HookPoint.EVENT_HANDLER_ERROR)).isEmpty();
        }
    }
}
