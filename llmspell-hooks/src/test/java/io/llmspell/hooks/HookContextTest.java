package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.OperationView;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.state.StateValue;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HookContextTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static Hook doing(Consumer<HookContext> action) {
        return context -> {
            action.accept(context);
            return HookResult.proceed();
        };
    }

    @Test
    void context_inAHook_showsTheOperation() {
        List<HookSnapshot> snapshots = new ArrayList<>();
        rig.guard(Rig.BEFORE, "look", doing(context -> {
            OperationView view = context.operation();
            assertThat(context.point()).isEqualTo(Rig.BEFORE);
            assertThat(context.component()).isEqualTo(Rig.PROBE);
            assertThat(context.language()).isEqualTo(Rig.caller().language());
            assertThat(context.data()).isEqualTo("in");
            assertThat(context.attempt()).isEqualTo(1);
            assertThat(view.kind()).isEqualTo(OperationKind.TOOL_CALL);
            assertThat(view.input()).isEqualTo("in");
            assertThat(view.output()).isNull();
            assertThat(view.error()).isNull();
            assertThat(view.replaced()).isFalse();
            assertThat(view.id()).isEqualTo(view.id());
            assertThat(view.elapsed()).isGreaterThanOrEqualTo(java.time.Duration.ZERO);
            snapshots.add(context.snapshot());
        }));
        rig.guard(Rig.AFTER, "look", doing(context -> {
            assertThat(context.data()).isEqualTo("out(in)");
            assertThat(context.operation().output()).isEqualTo("out(in)");
            assertThat(context.operation().input()).isEqualTo("in");
            snapshots.add(context.snapshot());
        }));

        assertThat(rig.call("in")).isEqualTo("out(in)");

        HookSnapshot first = snapshots.get(0);
        HookSnapshot second = snapshots.get(1);
        assertThat(second.operationId()).isEqualTo(first.operationId());
        assertThat(second.timestamp()).isEqualTo(first.timestamp());
        assertThat(second.data()).isEqualTo("out(in)");
        assertThat(first.data()).isEqualTo("in");
        assertThat(first.principal()).isEqualTo("host");
        assertThat(first.correlation()).isEqualTo(Rig.caller().correlation());
    }

    @Test
    void metadata_writtenByAHook_isSeenByLaterOnesAndIsReadOnly() {
        rig.guard(Rig.FIRST, "write", doing(context -> context.putMetadata("note", "seen")));
        rig.guard(
                Rig.LAST,
                "read",
                doing(context -> rig.trace.add("note=" + context.metadata().get("note"))));
        rig.guard(
                Rig.AFTER,
                "clear",
                doing(context -> assertThatThrownBy(() -> context.metadata().clear())
                        .isInstanceOf(UnsupportedOperationException.class)));

        rig.call("in");

        assertThat(rig.written()).endsWith("note=seen");
    }

    @Test
    void metadata_beyondItsLimits_isRefused() {
        rig.guard(Rig.FIRST, "write", doing(context -> {
            for (int i = 0; i < 64; i++) {
                context.putMetadata("key" + i, "x".repeat(1024));
            }
            context.putMetadata("key0", "again");
            assertThatThrownBy(() -> context.putMetadata("key64", "one too many"))
                    .hasMessage("the metadata is full; \"key64\" does not fit (metadata.keys = 64 keys)"
                            + " [limit_exceeded]");
            assertThatThrownBy(() -> context.putMetadata("key0", "ä".repeat(513)))
                    .hasMessage("metadata value of \"key0\" is 1026 bytes long or more (metadata.text = 1024 bytes)"
                            + " [limit_exceeded]");
            assertThatThrownBy(() -> context.putMetadata("k".repeat(1025), ""))
                    .hasMessageContaining("metadata key is 1025 bytes long or more");
        }));

        assertThat(rig.call("in")).isEqualTo("out(in)");
    }

    @Test
    void context_afterTheEnd_isRefused() {
        AtomicReference<@Nullable HookContext> kept = new AtomicReference<>();
        AtomicReference<@Nullable HookSnapshot> snapshot = new AtomicReference<>();
        rig.guard(Rig.FIRST, "keep", doing(context -> {
            kept.set(context);
            snapshot.set(context.snapshot());
        }));
        rig.call("in");

        HookContext context = kept.get();
        assertThat(context).isNotNull();
        String text = "the hook context of tool/probe was used after its operation had ended; take a snapshot while"
                + " the hook runs [invalid_state]";
        List<Runnable> uses = List.of(
                context::point,
                context::component,
                context::caller,
                context::language,
                context::timestamp,
                context::data,
                context::operation,
                context::attempt,
                context::metadata,
                () -> context.putMetadata("a", "b"),
                context::state,
                () -> context.onEnd(view -> {}),
                context::snapshot,
                ((OperationView) context)::kind,
                ((OperationView) context)::id,
                ((OperationView) context)::input,
                ((OperationView) context)::output,
                ((OperationView) context)::error,
                ((OperationView) context)::replaced,
                ((OperationView) context)::elapsed);
        assertThat(uses).allSatisfy(use -> assertThatThrownBy(use::run).hasMessage(text));
        assertThat(snapshot.get()).isNotNull();
    }

    @Test
    void state_beforeItIsSet_saysSo() {
        rig.guard(
                Rig.FIRST,
                "state",
                doing(context -> assertThatThrownBy(context::state)
                        .hasMessage("context.state() is not available: this runtime has no state, or hooks ran before"
                                + " it was built [invalid_state]")));

        assertThat(rig.call("in")).isEqualTo("out(in)");
    }

    @Test
    void state_onceSet_readsWithTheCallerOfTheHook() {
        AtomicReference<@Nullable Caller> asked = new AtomicReference<>();
        rig.hooks.state(caller -> {
            asked.set(caller);
            return new NoState();
        });
        rig.guard(
                Rig.FIRST, "state", doing(context -> assertThat(context.state()).isInstanceOf(NoState.class)));

        assertThat(rig.call("in")).isEqualTo("out(in)");

        Caller caller = asked.get();
        assertThat(caller).isNotNull();
        assertThat(caller.principal()).isEqualTo(Rig.caller().principal());
        assertThat(caller.hookDepth()).isEqualTo(1);
        assertThatThrownBy(() -> rig.hooks.state(other -> new NoState()))
                .hasMessage("the state of hook contexts is set already; set it once [invalid_state]");
    }

    @Test
    void onEnd_everyWayOut_runsOnceWithTheOutcome() {
        rig.guard(Rig.FIRST, "end", doing(context -> {
            context.onEnd(view -> rig.trace.add("end:" + outcome(view)));
            context.onEnd(view -> {
                throw new AssertionError("planted");
            });
            context.onEnd(view -> {
                assertThatThrownBy(() -> ((HookContext) view).onEnd(later -> {}))
                        .hasMessage("onEnd was called while tool/probe was ending; call it while a hook runs"
                                + " [invalid_state]");
                rig.trace.add("end too");
            });
        }));
        rig.open(Rig.BEFORE, "veto", context -> {
            return "veto".equals(context.data()) ? HookResult.cancel("no") : HookResult.proceed();
        });

        rig.call("in");
        assertThat(rig.written()).isEqualTo("check=in body=in end:out(in) end too");
        rig.call("fail");
        assertThat(rig.written()).isEqualTo("check=fail body=fail end:invalid_argument end too");
        rig.call("veto");
        assertThat(rig.written()).isEqualTo("check=veto end:operation_cancelled end too");
        rig.call("forbidden");
        assertThat(rig.written()).isEqualTo("check=forbidden end:invalid_argument end too");
        CancellationSource token = new CancellationSource();
        token.cancel();
        rig.failure("in", Rig.caller().limited(token, Awaiter.NO_DEADLINE));
        assertThat(rig.written()).as("no hook has run").isEmpty();
    }

    @Test
    void onEnd_thatTakesTooLong_isInterruptedAndHarmsNobody() {
        ManualTime time = new ManualTime();
        try (Rig slow = new Rig(Hooks.builder().time(time).build())) {
            HookHandle handle = slow.guard(Rig.FIRST, "end", doing(context -> {
                context.onEnd(view -> {
                    time.advance(Duration.ofMillis(99));
                    slow.trace.add("in time " + Thread.currentThread().isInterrupted());
                    time.advance(Duration.ofMillis(5));
                    slow.trace.add("late " + Thread.currentThread().isInterrupted());
                });
                context.onEnd(
                        view -> slow.trace.add("next " + Thread.currentThread().isInterrupted()));
            }));

            assertThat(slow.call("in")).isEqualTo("out(in)");
            assertThat(slow.written()).isEqualTo("check=in body=in in time false late true next false");
            assertThat(Thread.interrupted()).isFalse();
            assertThat(handle.metrics().failures()).isZero();
        }
    }

    /** As with the hook itself: while it runs on in vain nobody else enters. */
    @Test
    void onEnd_thatNoInterruptEnds_opensTheBreakerOfItsHook() {
        ManualTime time = new ManualTime();
        try (Rig slow = new Rig(Hooks.builder().time(time).build())) {
            AtomicReference<HookHandle> handle = new AtomicReference<>();
            handle.set(slow.open(Rig.FIRST, "end", context -> {
                context.onEnd(view -> {
                    time.advance(Duration.ofMillis(200));
                    slow.trace.add(String.valueOf(handle.get().metrics().breaker()));
                });
                return HookResult.proceed();
            }));

            assertThat(slow.call("in")).isEqualTo("out(in)");
            assertThat(slow.written()).isEqualTo("check=in body=in OPEN");
        }
    }

    private static String outcome(OperationView view) {
        var error = view.error();
        return error == null ? String.valueOf(view.output()) : error.code().id();
    }

    @Test
    void caller_ofAHook_isInsideTheOperationAndOneHookDeeper() {
        rig.guard(Rig.BEFORE, "look", doing(context -> {
            assertThat(context.caller().parentOperation())
                    .isEqualTo(context.operation().id());
            assertThat(context.caller().hookChain()).containsExactly("\"look\" at BeforeToolExecution");
        }));

        assertThat(rig.call("in")).isEqualTo("out(in)");
    }

    @Test
    void hooksThatCallEachOther_beyondTheLimit_areRefusedWithTheChain() {
        List<String> refusals = new ArrayList<>();
        rig.open(Rig.BEFORE, "again", context -> {
            try {
                rig.passage.call(Rig.PROBE, new Rig.Text("in"), context.caller());
            } catch (io.llmspell.core.error.LimitException limit) {
                refusals.add(limit.getMessage());
            }
            return HookResult.proceed();
        });

        assertThat(rig.call("in")).isEqualTo("out(in)");

        String link = "\"again\" at BeforeToolExecution";
        assertThat(refusals)
                .containsExactly("tool/probe was called by hooks that call each other, outermost first: "
                        + String.join(" > ", java.util.Collections.nCopies(9, link))
                        + " (hooks.max_depth = 8 hooks) [limit_exceeded]");
        assertThat(rig.trace.stream().filter("body=in"::equals)).hasSize(9);
    }

    /** A reader that finds nothing. */
    private static final class NoState implements StateReader {
        @Override
        public Optional<StateValue> get(StateKey key) {
            return Optional.empty();
        }

        @Override
        public List<String> keys(Scope scope) {
            return List.of();
        }
    }

    @Test
    void fire_runtimePoint_isRefused() {
        assertThatThrownBy(() -> rig.hooks.fire(HookPoint.parse("custom:agent_paused"), null, Rig.caller()))
                .hasMessage("hook point to fire is \"agent_paused\", but must be custom:NAME; the points of the runtime"
                        + " are fired by the runtime alone [invalid_argument]");
    }
}
