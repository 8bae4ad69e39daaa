package io.llmspell.state.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.session.Checkpoint;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.session.SessionStatus;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SessionsTest {
    private final SessionRig rig = new SessionRig();
    private final Caller caller = SessionRig.run();

    @AfterEach
    void close() {
        rig.close();
    }

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        failure -> assertThat(failure.code().id()).isEqualTo(code));
    }

    private Session start() {
        return rig.sessions.start(SessionOptions.DEFAULT, caller);
    }

    // ---- records ----

    @Test
    void start_withAllOptions_keepsTheRecord() {
        Session session = rig.sessions.start(
                SessionOptions.named("import")
                        .withTags("a", "b")
                        .withMetadata(Map.of("user", "ada", "api_key", "very secret"))
                        .withKeepState(true),
                caller);

        SessionInfo info = session.info();
        assertThat(info.id()).isEqualTo(session.id());
        assertThat(info.name()).isEqualTo("import");
        assertThat(info.status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(info.tags()).containsExactly("a", "b");
        assertThat(info.metadata().get("user")).isEqualTo("ada");
        assertThat(info.metadata().get("api_key")).asString().contains("REDACTED");
        assertThat(info.keepState()).isTrue();
        assertThat(info.endedAt()).isNull();
        rig.restart();
        assertThat(rig.sessions.get(session.id(), caller).info()).isEqualTo(info);
        assertThat(rig.entriesWith(Space.SESSIONS, "very secret")).isZero();
    }

    @Test
    void options_outOfRange_areRefused() {
        refused("invalid_argument", () -> SessionOptions.named(" "));
        refused("invalid_argument", () -> SessionOptions.named("x".repeat(257)));
        refused("invalid_argument", () -> SessionOptions.DEFAULT.withTags("x".repeat(129)));
        refused("value_too_large", () -> SessionOptions.DEFAULT.withMetadata(Map.of("x", "y".repeat(70_000))));
    }

    @Test
    void get_ofAnIdThatNoSessionHas_isNotFound() {
        refused("session_not_found", () -> rig.sessions.get("nobody", caller));
        refused("session_not_found", () -> rig.sessions.get("", caller));
        refused("session_not_found", () -> rig.sessions.get("x".repeat(100_000), caller));
    }

    @Test
    void list_givesAllInTheOrderOfTheirStart() {
        Session first = start();
        Session second = start();
        first.finish(caller);

        assertThat(rig.sessions.list(caller)).extracting(SessionInfo::id).containsExactly(first.id(), second.id());
        assertThat(rig.sessions.list(caller))
                .extracting(SessionInfo::status)
                .containsExactly(SessionStatus.ENDED, SessionStatus.ACTIVE);
    }

    // ---- the current one ----

    @Test
    void current_isTheLastOneStartedInTheRun_andAnotherRunHasItsOwn() {
        assertThat(rig.sessions.current(caller)).isEmpty();
        Session outer = start();
        Session inner = start();
        Caller other = SessionRig.run();

        assertThat(rig.sessions.current(caller)).contains(inner);
        assertThat(inner.info().parentId()).isEqualTo(outer.id());
        assertThat(rig.sessions.current(other)).isEmpty();
        inner.finish(caller);
        assertThat(rig.sessions.current(caller)).contains(outer);
        rig.sessions.get(outer.id(), other).finish(other);
        assertThat(rig.sessions.current(caller)).isEmpty();
    }

    @Test
    void ofRun_makesOneOnce_andTheEndOfTheRunEndsIt() {
        Session own = rig.sessions.ofRun(caller);
        rig.put(own.scope(), "k", 1);
        Session started = start();

        assertThat(rig.sessions.ofRun(caller)).isEqualTo(started);
        started.finish(caller);
        assertThat(rig.sessions.ofRun(caller)).isEqualTo(own);
        Session left = start();
        rig.sessions.endRun(caller);

        assertThat(own.info().status()).isEqualTo(SessionStatus.ENDED);
        assertThat(rig.get(own.scope(), "k")).isNull();
        assertThat(left.info().status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(rig.sessions.current(caller)).isEmpty();
    }

    @Test
    void ofRun_fromManyThreads_isOneSession() {
        List<CompletableFuture<String>> asked = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            asked.add(CompletableFuture.supplyAsync(
                    () -> rig.sessions.ofRun(caller).id(), task -> new Thread(task).start()));
        }
        assertThat(asked.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(rig.sessions.list(caller).stream().filter(info -> info.status() == SessionStatus.ACTIVE))
                .hasSize(1);
    }

    // ---- checkpoints ----

    @Test
    void restore_putsBackValuesAndRemovesYoungerKeys() {
        Session session = start();
        rig.put(session.scope(), "a", 1);
        rig.put(session.scope(), "b", Map.of("x", List.of(1, 2)));
        Checkpoint checkpoint = session.checkpoint("before", caller);
        rig.put(session.scope(), "a", 2);
        rig.put(session.scope(), "c", 3);
        rig.state.as(caller).delete(StateKey.of(session.scope(), "b"));
        rig.restart();
        Session again = rig.sessions.get(session.id(), caller);

        assertThat(checkpoint.keys()).isEqualTo(2);
        assertThat(again.info().checkpoints()).containsExactly(checkpoint);
        assertThat(again.restore("before", caller)).isEqualTo(3);
        assertThat(rig.get(session.scope(), "a")).isEqualTo(1L);
        assertThat(rig.get(session.scope(), "b")).isEqualTo(JsonObject.of("x", List.of(1, 2)));
        assertThat(rig.get(session.scope(), "c")).isNull();
        again.restore(checkpoint.id(), caller);
        assertThat(rig.state.as(caller).keys(session.scope())).containsExactly("a", "b");
    }

    @Test
    void restore_ofAName_takesTheNewest_andOfNothingIsRefused() {
        Session session = start();
        rig.put(session.scope(), "a", 1);
        session.checkpoint("x", caller);
        rig.put(session.scope(), "a", 2);
        session.checkpoint("x", caller);
        rig.put(session.scope(), "a", 3);

        session.restore("x", caller);
        assertThat(rig.get(session.scope(), "a")).isEqualTo(2L);
        refused("invalid_argument", () -> session.restore("y", caller));
        refused("invalid_argument", () -> session.checkpoint("", caller));
    }

    @Test
    void restore_isOneCommit() {
        Session session = start();
        rig.put(session.scope(), "a", 1);
        rig.put(session.scope(), "b", 1);
        session.checkpoint("x", caller);
        rig.put(session.scope(), "a", 2);
        rig.put(session.scope(), "b", 2);

        session.restore("x", caller);
        StateKey a = StateKey.of(session.scope(), "a");
        StateKey b = StateKey.of(session.scope(), "b");
        assertThat(rig.state.as(caller).get(a).orElseThrow().version())
                .isEqualTo(rig.state.as(caller).get(b).orElseThrow().version());
    }

    @Test
    void checkpoints_beyondAHundred_loseTheOldest() {
        Session session = start();
        rig.put(session.scope(), "a", "canary");
        String first = session.checkpoint(null, caller).id();
        for (int i = 0; i < 100; i++) {
            session.checkpoint(null, caller);
        }
        assertThat(session.info().checkpoints())
                .hasSize(100)
                .noneMatch(each -> each.id().equals(first));
        assertThat(rig.entriesWith(Space.SESSIONS, "canary")).isEqualTo(100);
    }

    @Test
    void checkpoint_whileAWriterWrites_holdsOneMoment() {
        Session session = start();
        StateKey a = StateKey.of(session.scope(), "a");
        StateKey b = StateKey.of(session.scope(), "b");
        CompletableFuture<@Nullable Void> writer = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < 500; i++) {
                        rig.state
                                .as(caller)
                                .apply(List.of(
                                        io.llmspell.core.state.StateChange.Put.of(a, i),
                                        io.llmspell.core.state.StateChange.Put.of(b, i)));
                    }
                },
                task -> new Thread(task).start());
        List<String> made = new ArrayList<>();
        do {
            made.add(session.checkpoint(null, caller).id());
        } while (!writer.isDone());
        writer.join();
        for (String id : made.subList(Math.max(0, made.size() - 20), made.size())) {
            session.restore(id, caller);
            assertThat(rig.get(session.scope(), "a")).isEqualTo(rig.get(session.scope(), "b"));
        }
    }

    // ---- the end ----

    @Test
    void finish_removesStateAndCheckpoints_andClosesTheSession() {
        Session session = start();
        rig.put(session.scope(), "a", "canary");
        rig.put(session.scope(), "temp:b", "canary");
        session.checkpoint("x", caller);
        session.finish(caller);

        assertThat(session.info().status()).isEqualTo(SessionStatus.ENDED);
        assertThat(session.info().endedAt()).isNotNull();
        assertThat(session.info().checkpoints()).isEmpty();
        assertThat(rig.state.as(caller).keys(session.scope())).isEmpty();
        assertThat(rig.entriesWith(Space.STATE, "canary")).isZero();
        assertThat(rig.entriesWith(Space.SESSIONS, "canary")).isZero();
        refused("session_closed", () -> session.finish(caller));
        refused("session_closed", () -> session.checkpoint(null, caller));
        refused("session_closed", () -> session.restore("x", caller));
        refused("session_closed", session::requireActive);
    }

    @Test
    void finish_ofASessionThatKeepsItsState_keepsIt() {
        Session session = rig.sessions.start(SessionOptions.DEFAULT.withKeepState(true), caller);
        rig.put(session.scope(), "a", 1);
        session.checkpoint("x", caller);
        session.finish(caller);
        rig.restart();
        rig.sessions.list(caller);

        assertThat(rig.get(session.scope(), "a")).isEqualTo(1L);
        assertThat(rig.sessions.get(session.id(), caller).info().checkpoints()).hasSize(1);
    }

    @Test
    void finish_leavesOtherSessionsAlone() {
        Session one = start();
        Session other = start();
        rig.put(one.scope(), "a", 1);
        rig.put(other.scope(), "a", 2);
        other.checkpoint("x", caller);
        one.finish(caller);

        rig.put(other.scope(), "a", 3);
        other.restore("x", caller);
        assertThat(rig.get(other.scope(), "a")).isEqualTo(2L);
    }

    @Test
    void crash_ofARun_isCleanedUpAtTheNextStart_andAStartedSessionGoesOn() {
        Session own = rig.sessions.ofRun(caller);
        rig.put(own.scope(), "a", "canary");
        own.checkpoint("x", caller);
        Session started = start();
        rig.put(started.scope(), "a", 1);
        rig.restart();

        assertThat(rig.sessions.get(own.id(), caller).info().status()).isEqualTo(SessionStatus.ENDED);
        assertThat(rig.entriesWith(Space.STATE, "canary") + rig.entriesWith(Space.SESSIONS, "canary"))
                .isZero();
        assertThat(rig.sessions.get(started.id(), caller).info().status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(rig.get(started.scope(), "a")).isEqualTo(1L);
    }

    @Test
    void cleaning_thatWasCutOff_isFinishedAtTheNextStart() {
        Session session = start();
        rig.put(session.scope(), "a", "canary");
        rig.hooks.registry().register(HookPoint.BEFORE_STATE_WRITE, "stop", context -> HookResult.cancel("not now"));
        refused("operation_cancelled", () -> session.finish(caller));
        assertThat(session.info().status()).isEqualTo(SessionStatus.ENDED);
        assertThat(rig.entriesWith(Space.STATE, "canary")).isEqualTo(1);
        rig.restart();
        rig.sessions.list(caller);

        assertThat(rig.entriesWith(Space.STATE, "canary")).isZero();
    }

    @Test
    void endedRecords_beyondAThousand_loseTheOldest() {
        Session first = start();
        first.finish(caller);
        for (int i = 0; i < 1_100; i++) {
            start().finish(caller);
        }
        assertThat(rig.sessions.list(caller)).hasSizeLessThanOrEqualTo(1_100);
        refused("session_not_found", () -> rig.sessions.get(first.id(), caller));
    }

    @Test
    void close_refusesFurtherCalls() {
        Session session = start();
        rig.sessions.close();
        rig.sessions.close();
        refused("invalid_state", () -> session.checkpoint(null, caller));
        refused("invalid_state", this::start);
        refused("invalid_state", () -> rig.sessions.list(caller));
    }

    // ---- rights ----

    @Test
    void agents_haveNoSessionsOfOthers() {
        Session session = start();
        session.checkpoint("x", caller);
        Caller agent = caller.as(new Principal.Agent("a1"));

        refused("access_denied", () -> rig.sessions.get(session.id(), agent));
        refused("access_denied", () -> session.checkpoint(null, agent));
        refused("access_denied", () -> session.restore("x", agent));
        refused("access_denied", () -> session.finish(agent));
        refused("access_denied", () -> rig.sessions.start(SessionOptions.DEFAULT, agent));
        assertThat(rig.sessions.list(agent)).isEmpty();
        assertThat(session.info().status()).isEqualTo(SessionStatus.ACTIVE);
    }

    // ---- hooks ----

    private void at(HookPoint point, io.llmspell.core.hook.Hook hook) {
        rig.hooks.registry().register(point, "test", hook);
    }

    private static JsonObject data(io.llmspell.core.hook.HookContext context) {
        return (JsonObject) java.util.Objects.requireNonNull(context.data());
    }

    @Test
    void hooks_canChangeMetadataAnnotationsAndKeys() {
        at(
                HookPoint.SESSION_START,
                context -> HookResult.modified(data(context).with("metadata", Map.of("by", "hook"))));
        at(
                HookPoint.SESSION_CHECKPOINT,
                context -> HookResult.modified(data(context).with("annotations", Map.of("why", "because"))));
        at(
                HookPoint.SESSION_RESTORE,
                context -> HookResult.modified(data(context).with("keys", List.of("a"))));
        Session session = start();
        rig.put(session.scope(), "a", 1);
        rig.put(session.scope(), "b", 1);
        Checkpoint checkpoint = session.checkpoint("x", caller);
        rig.put(session.scope(), "a", 2);
        rig.put(session.scope(), "b", 2);
        rig.put(session.scope(), "c", 2);

        assertThat(session.info().metadata()).isEqualTo(JsonObject.of("by", "hook"));
        assertThat(checkpoint.annotations()).isEqualTo(JsonObject.of("why", "because"));
        assertThat(session.info().checkpoints()).containsExactly(checkpoint);
        assertThat(session.restore("x", caller)).isEqualTo(1);
        assertThat(rig.get(session.scope(), "a")).isEqualTo(1L);
        assertThat(rig.get(session.scope(), "b")).isEqualTo(2L);
        assertThat(rig.get(session.scope(), "c")).isEqualTo(2L);
    }

    @Test
    void hooks_canRefuseEverything() {
        Session session = start();
        rig.put(session.scope(), "a", 1);
        session.checkpoint("x", caller);
        rig.put(session.scope(), "a", 2);
        for (HookPoint point : List.of(
                HookPoint.SESSION_START,
                HookPoint.SESSION_CHECKPOINT,
                HookPoint.SESSION_RESTORE,
                HookPoint.SESSION_END)) {
            at(point, context -> HookResult.cancel("no"));
        }
        refused("operation_cancelled", this::start);
        refused("operation_cancelled", () -> session.checkpoint(null, caller));
        refused("operation_cancelled", () -> session.restore("x", caller));
        refused("operation_cancelled", () -> session.finish(caller));

        assertThat(rig.sessions.list(caller)).hasSize(1);
        assertThat(session.info().status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(session.info().checkpoints()).hasSize(1);
        assertThat(rig.get(session.scope(), "a")).isEqualTo(2L);
    }

    @Test
    void hooks_seeSessionAndItsKeys() {
        AtomicReference<@Nullable JsonObject> seen = new AtomicReference<>();
        AtomicReference<String> component = new AtomicReference<>("");
        at(HookPoint.SESSION_END, context -> {
            seen.set(data(context));
            component.set(context.component() + " " + context.metadata().get("session_id"));
            return HookResult.proceed();
        });
        Session session = start();
        rig.put(session.scope(), "a", 1);
        session.finish(caller);

        assertThat(seen.get())
                .isEqualTo(JsonObject.of("session_id", session.id(), "keys", List.of("a"), "artifacts", List.of()));
        assertThat(component.get()).isEqualTo("session/" + session.id() + " " + session.id());
    }

    @Test
    void restore_passesTheHooksOfState() {
        Session session = start();
        rig.put(session.scope(), "a", 1);
        session.checkpoint("x", caller);
        rig.put(session.scope(), "a", 2);
        at(HookPoint.BEFORE_STATE_WRITE, context -> HookResult.cancel("guarded"));

        refused("operation_cancelled", () -> session.restore("x", caller));
        assertThat(rig.get(session.scope(), "a")).isEqualTo(2L);
    }

    // ---- events ----

    @Test
    void events_tellOfEachStep() {
        Session session = rig.sessions.start(SessionOptions.named("n"), caller);
        rig.put(session.scope(), "a", 1);
        Checkpoint checkpoint = session.checkpoint("x", caller);
        session.restore("x", caller);
        session.finish(caller);
        org.awaitility.Awaitility.await().until(() -> rig.journal("session.*").size() == 4);

        List<UniversalEvent> events = rig.journal("session.*");
        assertThat(events)
                .extracting(UniversalEvent::type)
                .containsExactlyInAnyOrder(
                        "session.started", "session.checkpointed", "session.restored", "session.ended");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.correlation()).isEqualTo(caller.correlation());
            assertThat(event.source().toString()).isEqualTo("session/" + session.id());
            assertThat(((JsonObject) event.payload()).get("session_id")).isEqualTo(session.id());
        });
        assertThat(rig.journal("session.checkpointed").get(0).payload())
                .isEqualTo(JsonObject.of("session_id", session.id(), "checkpoint_id", checkpoint.id(), "keys", 1L));
    }
}
