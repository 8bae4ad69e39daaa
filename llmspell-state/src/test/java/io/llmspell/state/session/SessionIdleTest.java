package io.llmspell.state.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionException;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.session.SessionStatus;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions that nobody uses, and ended ones that keep what they had. */
@Timeout(120)
class SessionIdleTest {
    private static final Duration IDLE = Duration.ofMinutes(60);
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();
    private final SessionRig rig =
            new SessionRig(time, builder -> builder.idleTimeout(IDLE).keepSessions(2));
    private final Caller caller = SessionRig.run();

    @AfterEach
    void close() {
        rig.close();
    }

    private Session start() {
        return rig.sessions.start(SessionOptions.DEFAULT, caller);
    }

    private Session startKept() {
        return rig.sessions.start(SessionOptions.DEFAULT.withKeepState(true), caller);
    }

    /** Without using it. */
    private boolean active(Session session) {
        return session.info().status() == SessionStatus.ACTIVE;
    }

    /** Looks follow the clock on other threads, so the clock goes on until they have seen it. */
    private void awaitEnd(Session session) {
        await().atMost(PATIENCE).until(() -> {
            time.advance(QUARTER);
            return !active(session);
        });
    }

    // ---- idle time ----

    @Test
    void idle_sessionNobodyUses_endsAsIfItWereFinished() {
        AtomicReference<Object> seen = new AtomicReference<>();
        rig.hooks.registry().register(HookPoint.SESSION_END, "look", context -> {
            seen.set(((JsonObject) context.data()).get("reason"));
            return HookResult.proceed();
        });
        Session session = start();
        session.set("a", "canary", caller);
        awaitEnd(session);

        await().atMost(PATIENCE).until(() -> rig.entriesWith(Space.STATE, "canary") == 0);
        assertThat(seen).hasValue("idle");
        UniversalEvent told = rig.journal("session.ended").get(0);
        assertThat((JsonObject) told.payload()).containsEntry("reason", "idle").containsEntry("keys", 1L);
        assertThatThrownBy(() -> session.set("a", 1, caller)).isInstanceOf(SessionException.class);
        assertThat(rig.sessions.current(caller)).isEmpty();
    }

    @Test
    void idle_sessionThatIsFinished_hasNoReason() {
        start().finish(caller);

        assertThat((JsonObject) rig.journal("session.ended").get(0).payload()).doesNotContainKey("reason");
    }

    @Test
    void idle_sessionThatIsUsed_goesOn() {
        Session idle = start();
        Session used = start();
        Session byHand = start();
        AtomicInteger turn = new AtomicInteger();
        await().atMost(PATIENCE).until(() -> {
            used.requireActive();
            rig.put(byHand.scope(), "a", turn.incrementAndGet());
            time.advance(QUARTER);
            return !active(idle);
        });

        assertThat(active(used)).isTrue();
        assertThat(active(byHand)).isTrue();
    }

    @Test
    void idle_sessionInAnOperation_goesOn() {
        Session slow = start();
        Session witness = start();
        rig.hooks.registry().register(HookPoint.SESSION_CHECKPOINT, "slow", context -> {
            long until = rig.real.nanos() + PATIENCE.toNanos();
            while (active(witness) && rig.real.nanos() - until < 0) {
                boolean late = Thread.interrupted(); // the deadline of the hook follows the clock that goes on here
                time.advance(QUARTER);
                Thread.onSpinWait();
            }
            return HookResult.proceed();
        });

        slow.checkpoint("late", caller);

        assertThat(active(witness)).isFalse();
        assertThat(active(slow)).isTrue();
    }

    @Test
    void idle_sessionOfARun_endsWithItsRunAlone() {
        Session own = rig.sessions.ofRun(SessionRig.run());
        Session witness = start();
        awaitEnd(witness);

        assertThat(active(own)).isTrue();
    }

    @Test
    void idle_hookThatCancels_keepsItOpenForTheSameTimeAgain() {
        AtomicInteger asked = new AtomicInteger();
        HookHandle keeper = rig.hooks.registry().register(HookPoint.SESSION_END, "keep", context -> {
            asked.incrementAndGet();
            return HookResult.cancel("still needed");
        });
        Session session = start();
        await().atMost(PATIENCE).until(() -> {
            time.advance(QUARTER);
            return asked.get() == 1;
        });
        assertThat(active(session)).isTrue();
        keeper.unregister();
        awaitEnd(session);

        assertThat(asked).hasValue(1);
    }

    @Test
    void idle_sessionOfAProcessThatDied_endsAtTheFirstLookAfterItsTime() {
        Session session = start();
        session.set("a", "canary", caller);
        rig.sessions.close();
        time.advance(IDLE.multipliedBy(2));
        rig.restart();

        assertThat(rig.sessions.list(caller).get(0).status()).isEqualTo(SessionStatus.ENDED);
        assertThat(rig.entriesWith(Space.STATE, "canary")).isZero();
    }

    @Test
    void idle_sessionOfAProcessThatDied_goesOnBeforeItsTime() {
        Session session = start();
        time.advance(IDLE.minus(QUARTER));
        session.requireActive(); // more than a quarter after the last note, so it is noted, without anybody waiting
        // for it
        String now = time.now().truncatedTo(ChronoUnit.MILLIS).toString();
        await().atMost(PATIENCE).until(() -> rig.entriesWith(Space.SESSIONS, now) == 1);
        rig.sessions.close();
        time.advance(IDLE.minus(QUARTER));
        rig.restart();

        assertThat(rig.sessions.list(caller).get(0).status()).isEqualTo(SessionStatus.ACTIVE);
    }

    @Test
    void idle_clockThatWentBack_endsNothingEarly() {
        Session session = start();
        rig.sessions.close();
        time.setWall(time.now().minus(Duration.ofDays(30)));
        rig.restart();

        assertThat(rig.sessions.list(caller).get(0).status()).isEqualTo(SessionStatus.ACTIVE);
        assertThat(session.id()).isNotEmpty();
    }

    @Test
    void idle_endedSession_leavesNoNote() {
        Session session = start();
        session.finish(caller);

        assertThat(rig.entriesWith(Space.SESSIONS, "u" + session.id())).isZero();
    }

    @Test
    void close_leavesNoTimer() {
        start();
        int before = time.timers();
        rig.sessions.close();

        assertThat(time.timers()).isLessThan(before);
    }

    // ---- ended sessions that keep what they had ----

    @Test
    void keep_beyondTheBound_theOldestLoseWhatTheyKept() {
        Session open = startKept();
        open.set("a", "open", caller);
        List<Session> ended = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Session session = startKept();
            session.set("a", "canary-" + i, caller);
            session.checkpoint("c", caller);
            session.finish(caller);
            ended.add(session);
        }

        assertThat(rig.entriesWith(Space.STATE, "canary-0") + rig.entriesWith(Space.SESSIONS, "canary-0"))
                .isZero();
        assertThat(rig.entriesWith(Space.STATE, "canary-1")).isZero();
        assertThat(rig.entriesWith(Space.STATE, "canary-2")).isEqualTo(1);
        assertThat(rig.entriesWith(Space.STATE, "canary-3")).isEqualTo(1);
        assertThat(active(open)).isTrue();
        assertThat(rig.get(open.scope(), "a")).isEqualTo("open");
        assertThat(ended.get(0).info().keepState()).isFalse();
        assertThat(ended.get(3).info().checkpoints()).hasSize(1);
    }

    @Test
    void keep_removalThatWasRefused_isFinishedAtTheNextStart() {
        rig.hooks
                .registry()
                .register(
                        HookPoint.BEFORE_STATE_WRITE,
                        "stop",
                        context -> "delete".equals(context.metadata().get("change"))
                                        || "clear".equals(context.metadata().get("change"))
                                ? HookResult.cancel("not now")
                                : HookResult.proceed());
        for (int i = 0; i < 3; i++) {
            Session session = startKept();
            session.set("a", "canary-" + i, caller);
            session.finish(caller);
        }
        assertThat(rig.entriesWith(Space.STATE, "canary-0")).isEqualTo(1);
        rig.restart();
        rig.sessions.list(caller);

        assertThat(rig.entriesWith(Space.STATE, "canary-0")).isZero();
    }

    @Test
    void opening_storeOfBefore_isGivenItsPlaces() {
        Session kept = startKept();
        kept.finish(caller);
        Session open = start();
        rig.store.commit(new Batch(
                List.of(
                        new Write.DeleteRange(Space.SESSIONS, Range.prefix(Bytes.utf8("i"))),
                        new Write.Delete(Space.SESSIONS, SessionKeys.PLACED)),
                WriteMode.BUFFERED,
                done -> {}));
        rig.sessions.close();
        time.advance(IDLE.multipliedBy(2));
        rig.restart();

        assertThat(rig.sessions.list(caller))
                .extracting(info -> info.id() + info.status())
                .containsExactly(kept.id() + SessionStatus.ENDED, open.id() + SessionStatus.ENDED);
    }
}
