package io.llmspell.state.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.session.Checkpoint;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.session.SessionStatus;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens between two steps of a session's operations, made to happen; and what must not leave a session. */
@Timeout(60)
class SessionRacesTest {
    private static final Runnable NOTHING = () -> {};

    private final AtomicReference<Runnable> beforeScanOfSessions = new AtomicReference<>(NOTHING);
    private final AtomicInteger scansOfState = new AtomicInteger();
    private final SessionRig rig = new SessionRig(this::observed, null, builder -> builder);
    private final Caller caller = SessionRig.run();

    @AfterEach
    void close() {
        rig.close();
    }

    private StorageBackend observed(StorageBackend store) {
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(),
                new Class<?>[] {StorageBackend.class},
                (proxy, method, given) -> {
                    if (method.getName().equals("scan")) {
                        scanned((Space) given[0]);
                    }
                    try {
                        return method.invoke(store, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void scanned(Space space) {
        if (space.equals(Space.SESSIONS)) {
            beforeScanOfSessions.getAndSet(NOTHING).run();
        } else if (space.equals(Space.STATE)) {
            scansOfState.incrementAndGet();
        }
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

    @Test
    void restore_ofACheckpointThatANewerOneReplacesMeanwhile_isRefusedAndChangesNothing() {
        Session session = start();
        rig.put(session.scope(), "a", 1);
        String oldest = session.checkpoint(null, caller).id();
        for (int i = 1; i < 100; i++) {
            session.checkpoint(null, caller);
        }
        beforeScanOfSessions.set(() -> session.checkpoint(null, caller));

        refused("invalid_argument", () -> session.restore(oldest, caller));

        assertThat(session.info().checkpoints()).noneMatch(each -> each.id().equals(oldest));
        assertThat(rig.get(session.scope(), "a")).isEqualTo(1L);
    }

    @Test
    void restore_thatCommitsAfterTheEndOfItsSession_leavesNothing() {
        Session session = start();
        rig.put(session.scope(), "a", "canary");
        session.checkpoint("x", caller);
        AtomicBoolean ended = new AtomicBoolean();
        rig.hooks.registry().register(HookPoint.BEFORE_STATE_WRITE, "ends", context -> {
            if (!ended.getAndSet(true)) {
                session.finish(caller);
            }
            return HookResult.proceed();
        });

        refused("session_closed", () -> session.restore("x", caller));

        assertThat(rig.entriesWith(Space.STATE, "canary")).isZero();
    }

    @Test
    void set_whileItsSessionEnds_commitsNothing() {
        Session session = start();
        AtomicBoolean ended = new AtomicBoolean();
        rig.hooks.registry().register(HookPoint.BEFORE_STATE_WRITE, "ends", context -> {
            if (!ended.getAndSet(true)) {
                session.finish(caller);
            }
            return HookResult.proceed();
        });
        AtomicInteger changes = new AtomicInteger();
        rig.hooks.registry().register(HookPoint.AFTER_STATE_WRITE, "counts", context -> {
            changes.incrementAndGet();
            return HookResult.proceed();
        });

        refused("session_closed", () -> session.set("a", "canary", caller));

        assertThat(changes).hasValue(0);
        assertThat(rig.entriesWith(Space.STATE, "canary")).isZero();
    }

    @Test
    void set_whileAnotherTakesACheckpoint_isTriedAgainAndStands() {
        Session session = start();
        AtomicInteger checkpoints = new AtomicInteger();
        rig.hooks.registry().register(HookPoint.BEFORE_EVENT_EMIT, "copies", context -> {
            if (String.valueOf(context.data()).contains("state.changed") && checkpoints.getAndIncrement() < 3) {
                session.checkpoint(null, caller);
            }
            return HookResult.proceed();
        });

        session.set("a", 1, caller);
        session.set("temp:b", 2, caller);
        session.set("gone", 3, caller);
        session.set("gone", null, caller);

        assertThat(rig.get(session.scope(), "a")).isEqualTo(1L);
        assertThat(rig.get(session.scope(), "temp:b")).isEqualTo(2L);
        assertThat(rig.get(session.scope(), "gone")).isNull();
        assertThat(checkpoints.get()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void sessions_endedByOtherRunsThanTheirOwn_giveTheirRoomBack() {
        RunSessions runs = new RunSessions();
        for (int i = 0; i < 20_000; i++) {
            runs.started(new CorrelationId("run-" + i), "s" + i);
            runs.ended("s" + i);
        }
        assertThatCode(runs::requireRoom).doesNotThrowAnyException();
        for (int i = 0; i < 10_000; i++) {
            assertThat(runs.own(new CorrelationId("run-" + i), "s" + i)).isNull();
        }
        refused("limit_exceeded", runs::requireRoom);
        assertThat(runs.forget(new CorrelationId("run-7"))).isEqualTo("s7");
        assertThatCode(runs::requireRoom).doesNotThrowAnyException();
    }

    @Test
    void finish_byAnotherRun_isTheEndForItsOwnToo() {
        Session session = start();
        session.finish(SessionRig.run());
        assertThat(rig.sessions.current(caller)).isEmpty();
    }

    @Test
    void secrets_ofHooksAndNames_areMaskedBeforeTheyAreKept() {
        String secret = "sk-abcdefghijklmnop" + "q1".repeat(20);
        rig.hooks
                .registry()
                .register(
                        HookPoint.SESSION_START,
                        "adds",
                        context -> HookResult.modified(((JsonObject) java.util.Objects.requireNonNull(context.data()))
                                .with("metadata", Map.of("password", "hunter2222", "by", "hook"))));
        rig.hooks
                .registry()
                .register(
                        HookPoint.SESSION_CHECKPOINT,
                        "adds",
                        context -> HookResult.modified(((JsonObject) java.util.Objects.requireNonNull(context.data()))
                                .with("annotations", Map.of("password", "hunter2222", "by", "hook"))));
        Session session = start();
        Checkpoint checkpoint = session.checkpoint("before " + secret, caller);

        assertThat(session.info().metadata()).containsEntry("by", "hook");
        assertThat(checkpoint.annotations()).containsEntry("by", "hook");
        assertThat(session.info().toString() + checkpoint).doesNotContain("hunter2222", secret);
        assertThat(rig.entriesWith(Space.SESSIONS, "hunter2222")).isZero();
        assertThat(rig.entriesWith(Space.SESSIONS, secret)).isZero();
        assertThat(session.restore("before " + secret, caller)).isZero();
    }

    @Test
    void record_thatCannotBeRead_keepsNobodyFromStartsAndEndsAndCleanings() {
        Session own = rig.sessions.ofRun(caller);
        rig.store
                .commit(Batch.of(
                        WriteMode.DURABLE,
                        new Write.Put(
                                Space.SESSIONS,
                                SessionKeys.session(new UUID(0, 1).toString()),
                                Bytes.utf8("no record of a session"))))
                .orThrow();
        rig.restart();

        for (int i = 0; i < 200; i++) { // old records are looked for every hundred ends
            start().finish(caller);
        }

        assertThat(rig.sessions.get(own.id(), caller).info().status()).isEqualTo(SessionStatus.ENDED);
    }

    @Test
    void finish_howeverManyHooksLook_readsTheKeysOnce() {
        int few = scansOfAnEnd();
        for (int i = 0; i < 5; i++) {
            rig.hooks.registry().register(HookPoint.SESSION_END, "looks" + i, context -> {
                assertThat(context.data()).isNotNull();
                return HookResult.proceed();
            });
        }
        assertThat(scansOfAnEnd()).isLessThanOrEqualTo(few + 1);
    }

    private int scansOfAnEnd() {
        Session session = start();
        rig.put(session.scope(), "a", 1);
        int before = scansOfState.get();
        session.finish(caller);
        return scansOfState.get() - before;
    }
}
