package io.llmspell.state.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.artifact.Artifact;
import io.llmspell.core.artifact.ArtifactContent;
import io.llmspell.core.artifact.ArtifactDraft;
import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.artifact.ArtifactQuery;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.state.session.SessionContents;
import io.llmspell.state.session.SessionRig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A thousand canaries in the sessions of many runs, in every place that a session has; half of the sessions end, by
 * themselves, with their run or by a crash; then everything is searched.
 */
final class SessionLeakCheck implements AutoCloseable {
    private final int sessions;
    private static final int CANARIES = 10;

    private final SessionRig rig;
    private Artifacts artifacts;

    /** One session with the run that made it. */
    private record Held(Session session, Caller run, int number) {
        String canary(int place) {
            return "canary-" + number + "-" + place + "-";
        }

        StateKey key(int place) {
            return StateKey.of(session.scope(), "key-" + canary(place));
        }
    }

    SessionLeakCheck(UnaryOperator<StorageBackend> store, UnaryOperator<SessionContents> contents, int sessions) {
        this.sessions = sessions;
        this.rig = new SessionRig(
                store,
                null,
                builder -> builder.contents(() -> contents.apply(artifacts().contents())));
        this.artifacts = open();
    }

    private Artifacts artifacts() {
        return artifacts;
    }

    private Artifacts open() {
        return Artifacts.builder()
                .storage(rig.used)
                .codec(rig.codec)
                .gate(rig.hooks.gate())
                .state(rig.state)
                .sessions(rig.sessions)
                .events(rig.bus)
                .time(rig.time)
                .ids(rig.ids)
                .build();
    }

    void endedSessions_leaveNothing_andOthersKeepTheirs() {
        List<Held> all = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            all.add(fill(i));
        }
        List<Held> ended = new ArrayList<>();
        List<Held> kept = new ArrayList<>();
        for (Held held : all) {
            (held.number() % 4 < 2 ? ended : kept).add(held);
            if (held.number() % 4 == 0) {
                end(held);
            }
        }
        rig.restart(); // what is left of the first half dies with its process
        artifacts = open();
        rig.sessions.list(SessionRig.run());

        ended.forEach(this::isGone);
        kept.forEach(this::isWhole);
    }

    /** Every second of those that end belongs to its run, every fourth of all ends before the crash. */
    private Held fill(int number) {
        Caller run = SessionRig.run();
        Session session = number % 4 == 1 ? rig.sessions.ofRun(run) : rig.sessions.start(SessionOptions.DEFAULT, run);
        Held held = new Held(session, run, number);
        StateView state = rig.state.as(run);
        state.put(held.key(0), held.canary(0));
        state.put(held.key(1), Map.of("deep", List.of(held.canary(1))));
        state.put(StateKey.of(session.scope(), "long"), held.canary(2).repeat(500));
        state.apply(List.of(new StateChange.Put(
                StateKey.of(session.scope(), "temp:" + held.canary(3)), held.canary(3), null, StateClass.EPHEMERAL)));
        state.put(held.key(4), held.canary(4));
        session.checkpoint(held.canary(5), run);
        state.delete(held.key(4)); // in the checkpoint alone
        session.checkpoint(null, run);
        store(held, ArtifactDraft.text("text-" + held.canary(6), "note", held.canary(6)));
        store(held, ArtifactDraft.text("text-" + held.canary(6), "note", "version two " + held.canary(7)));
        store(held, ArtifactDraft.of("json", "json", new ArtifactContent.Json(Map.of("x", held.canary(8)))));
        store(held, ArtifactDraft.text("large", "note", held.canary(9).repeat(40_000)));
        assertThat(CANARIES).isEqualTo(10);
        return held;
    }

    private void store(Held held, ArtifactDraft draft) {
        artifacts.manager().store(draft.withSession(held.session().id()).withTags(List.of("canary")), held.run());
    }

    private void end(Held held) {
        if (held.number() % 8 == 0) {
            held.session().finish(held.run());
        } else {
            rig.sessions.get(held.session().id(), SessionRig.run()).finish(SessionRig.run());
        }
    }

    private void isGone(Held held) {
        Caller anybody = SessionRig.run();
        for (int place = 0; place < CANARIES; place++) {
            for (Space space : List.of(Space.STATE, Space.SESSIONS)) {
                assertThat(rig.entriesWith(space, held.canary(place)))
                        .as("canary %s in the space %s", held.canary(place), space.name())
                        .isZero();
            }
        }
        assertThat(rig.state.as(anybody).all(held.session().scope()))
                .as("state")
                .isEmpty();
        assertThat(found(ArtifactQuery.all().session(held.session().id())))
                .as("artifacts")
                .isEmpty();
        assertThat(found(ArtifactQuery.all().run(held.run().correlation().text())))
                .as("artifacts of the run")
                .isEmpty();
    }

    private List<ArtifactInfo> found(ArtifactQuery query) {
        return artifacts.manager().query(query, SessionRig.run());
    }

    private void isWhole(Held held) {
        StateView state = rig.state.as(held.run());
        assertThat(state.keys(held.session().scope()))
                .as("keys of a session that goes on")
                .containsExactly(held.key(0).key(), held.key(1).key(), "long");
        List<ArtifactInfo> own =
                found(ArtifactQuery.all().session(held.session().id()));
        assertThat(own).as("artifacts of a session that goes on").hasSize(3);
        Function<ArtifactInfo, String> content = info -> artifacts
                .manager()
                .get(info.id(), held.run())
                .map(Artifact::content)
                .map(Object::toString)
                .orElse("");
        assertThat(own).allMatch(info -> !content.apply(info).isEmpty());
        rig.sessions.get(held.session().id(), held.run()).restore(held.canary(5), held.run());
        assertThat(rig.get(held.session().scope(), held.key(4).key())).isEqualTo(held.canary(4));
    }

    @Override
    public void close() {
        rig.close();
    }
}
