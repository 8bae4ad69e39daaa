package io.llmspell.testing.event;

import static io.llmspell.testing.event.Buses.CALLER;
import static io.llmspell.testing.event.Buses.SOURCE;
import static io.llmspell.testing.event.Buses.SYNCHRONOUS;
import static io.llmspell.testing.event.Buses.draft;
import static io.llmspell.testing.event.Buses.getAsync;
import static io.llmspell.testing.event.Buses.open;
import static io.llmspell.testing.event.Buses.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.BusStats;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.testing.gate.PointGate;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The hook points around an emit. */
interface HookContract extends EventBusFixture {
    /** The points before and after an emit carry the data of the catalogue. */
    @Test
    default void emit_points_carryTheirData() {
        PointGate gate = new PointGate();
        try (EventBus bus = open(this, gate)) {
            List<UniversalEvent> seen = new ArrayList<>();
            bus.subscribe("a", SYNCHRONOUS, (event, again) -> seen.add(event), CALLER);
            bus.publish(draft("a", "x").withTags(Set.of("t")).withTtl(Duration.ofMillis(1500)), CALLER);
            PointGate.Firing before = gate.firings(HookPoint.BEFORE_EVENT_EMIT).get(0);
            assertThat(before.kind()).isEqualTo(OperationKind.EVENT_EMIT);
            assertThat(before.component()).isEqualTo(SOURCE);
            assertThat(before.data())
                    .isEqualTo(JsonObject.of(
                            "event_type",
                            "a",
                            "data",
                            "x",
                            "tags",
                            JsonArray.of("t"),
                            "ttl_seconds",
                            new BigDecimal("1.500000000")));
            assertThat(gate.firings(HookPoint.AFTER_EVENT_EMIT).get(0).data())
                    .isEqualTo(JsonObject.of(
                            "event_id", seen.get(0).id().toString(), "event_type", "a", "sequence", 1L, "matched", 1L));
        }
    }

    /** A hook may change data, tags and time to live. */
    @Test
    default void beforeEmit_modified_changesDataTagsAndLife() {
        PointGate gate = new PointGate()
                .on(
                        HookPoint.BEFORE_EVENT_EMIT,
                        data -> HookResult.modified(JsonObject.of(
                                "event_type", "a", "data", 2L, "tags", JsonArray.of("u"), "ttl_seconds", 0.5)));
        try (EventBus bus = open(this, gate)) {
            List<UniversalEvent> seen = new ArrayList<>();
            bus.subscribe("a", SYNCHRONOUS, (event, again) -> seen.add(event), CALLER);
            bus.publish(draft("a", 1L), CALLER);
            assertThat(seen.get(0).payload()).isEqualTo(2L);
            assertThat(seen.get(0).tags()).containsExactly("u");
            assertThat(seen.get(0).ttl()).isEqualTo(Duration.ofMillis(500));
        }
    }

    /** Members that a hook leaves out stay as they were. */
    @Test
    default void beforeEmit_modifiedWithSomeMembers_leavesTheOthers() {
        PointGate gate =
                new PointGate().on(HookPoint.BEFORE_EVENT_EMIT, data -> HookResult.modified(JsonObject.of("data", 2L)));
        try (EventBus bus = open(this, gate)) {
            List<UniversalEvent> seen = new ArrayList<>();
            bus.subscribe("a", SYNCHRONOUS, (event, again) -> seen.add(event), CALLER);
            bus.publish(draft("a", 1L).withTags(Set.of("t")).withTtl(Duration.ofNanos(1_000_000_001)), CALLER);
            assertThat(seen.get(0).payload()).isEqualTo(2L);
            assertThat(seen.get(0).tags()).containsExactly("t");
            assertThat(seen.get(0).ttl()).isEqualTo(Duration.ofNanos(1_000_000_001));
        }
    }

    /** A hook must not change the type. */
    @Test
    default void beforeEmit_anotherType_isNotAllowed() {
        PointGate gate = new PointGate()
                .on(HookPoint.BEFORE_EVENT_EMIT, data -> HookResult.modified(JsonObject.of("event_type", "b")));
        try (EventBus bus = open(this, gate)) {
            refused(ErrorCode.RESULT_NOT_ALLOWED, () -> bus.publish(draft("a", null), CALLER));
            assertThat(bus.stats().accepted()).isZero();
        }
    }

    /** A time to live from a hook must be a positive number that a duration can hold. */
    @Test
    default void beforeEmit_lifeThatIsNone_isRefused() {
        for (Object wrong : new Object[] {0L, -1L, "soon", 1e300}) {
            PointGate gate = new PointGate()
                    .on(HookPoint.BEFORE_EVENT_EMIT, data -> HookResult.modified(JsonObject.of("ttl_seconds", wrong)));
            try (EventBus bus = open(this, gate)) {
                refused(ErrorCode.INVALID_EVENT, () -> bus.publish(draft("a", null), CALLER));
            }
        }
    }

    /** An emit cannot be replaced. */
    @Test
    default void beforeEmit_replace_isNotAllowed() {
        PointGate gate = new PointGate().on(HookPoint.BEFORE_EVENT_EMIT, data -> HookResult.replace("x"));
        try (EventBus bus = open(this, gate)) {
            refused(ErrorCode.RESULT_NOT_ALLOWED, () -> bus.publish(draft("a", null), CALLER));
        }
    }

    /** A vetoed event gets no number, reaches nobody and counts as rejected. */
    @Test
    default void beforeEmit_cancel_refusesBeforeTheNumberAndCounts() {
        PointGate gate = new PointGate().on(HookPoint.BEFORE_EVENT_EMIT, data -> HookResult.cancel("no"));
        try (EventBus bus = open(this, gate)) {
            List<UniversalEvent> seen = new ArrayList<>();
            bus.subscribe("**", SYNCHRONOUS, (event, again) -> seen.add(event), CALLER);
            refused(ErrorCode.OPERATION_CANCELLED, () -> bus.publish(draft("a", null), CALLER));
            refused(ErrorCode.OPERATION_CANCELLED, () -> getAsync(bus, "a"));
            assertThat(seen).isEmpty();
            assertThat(bus.stats()).isEqualTo(new BusStats(2, 0, 2, 0, 1, 0, 0, 0, 0, 0));
            assertThat(gate.firings(HookPoint.AFTER_EVENT_EMIT)).isEmpty();
        }
    }

    /** Events about hooks and events pass no hooks. */
    @Test
    default void emit_eventsAboutHooksAndEvents_passNoHooks() {
        PointGate gate = new PointGate().on(HookPoint.BEFORE_EVENT_EMIT, data -> HookResult.cancel("no"));
        try (EventBus bus = open(this, gate)) {
            bus.publish(draft("hook.registered", null), CALLER).orThrow();
            bus.publish(draft("event.flow.warning", null), CALLER).orThrow();
            refused(ErrorCode.OPERATION_CANCELLED, () -> bus.publish(draft("hooks.mine", null), CALLER));
            assertThat(gate.firings(HookPoint.AFTER_EVENT_EMIT)).isEmpty();
        }
    }

    /** A publish without blocking passes the same points. */
    @Test
    default void emit_async_passesTheSamePoints() {
        PointGate gate = new PointGate();
        try (EventBus bus = open(this, gate)) {
            assertThat(getAsync(bus, "a").orThrow().sequence()).isEqualTo(1);
            assertThat(gate.firings(HookPoint.BEFORE_EVENT_EMIT)).hasSize(1);
            assertThat(gate.firings(HookPoint.AFTER_EVENT_EMIT)).hasSize(1);
        }
    }
}
