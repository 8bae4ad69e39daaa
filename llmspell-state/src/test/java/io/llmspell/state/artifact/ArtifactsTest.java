package io.llmspell.state.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.artifact.Artifact;
import io.llmspell.core.artifact.ArtifactContent;
import io.llmspell.core.artifact.ArtifactDraft;
import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.artifact.ArtifactManager;
import io.llmspell.core.artifact.ArtifactQuery;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.session.Session;
import io.llmspell.core.session.SessionOptions;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Cursor;
import io.llmspell.core.storage.Entry;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.state.session.SessionRig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ArtifactsTest {
    private final AtomicReference<Artifacts> made = new AtomicReference<>();
    private final SessionRig rig =
            new SessionRig(null, builder -> builder.contents(() -> made.get().contents()));
    private final ArtifactManager artifacts = open();
    private final Caller caller = SessionRig.run();

    private ArtifactManager open() {
        made.set(Artifacts.builder()
                .storage(rig.store)
                .codec(rig.codec)
                .gate(rig.hooks.gate())
                .state(rig.state)
                .sessions(rig.sessions)
                .events(rig.bus)
                .time(rig.time)
                .ids(rig.ids)
                .build());
        return made.get().manager();
    }

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

    private ArtifactInfo store(String name, String text) {
        return artifacts.store(ArtifactDraft.text(name, "note", text), caller);
    }

    private ArtifactContent content(String id) {
        return artifacts.get(id, caller).orElseThrow().content();
    }

    // ---- contents and records ----

    @Test
    void store_ofEachForm_givesItBack() {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        List<ArtifactContent> contents = List.of(
                new ArtifactContent.Text("grüße \0 😀"),
                new ArtifactContent.Text(""),
                new ArtifactContent.Json(Map.of("a", List.of(1, 2.5, true))),
                new ArtifactContent.Json(null),
                new ArtifactContent.Binary(Bytes.own(large)));
        for (int i = 0; i < contents.size(); i++) {
            ArtifactInfo info = artifacts.store(ArtifactDraft.of("n" + i, "any", contents.get(i)), caller);
            assertThat(content(info.id())).isEqualTo(contents.get(i));
            assertThat(info.form()).isEqualTo(contents.get(i).form());
        }
    }

    // ---- secrets ----

    private static final String SECRET = "password=hunter2canary";

    @Test
    void store_secretInAnyForm_standsNowhereInClearAndComesBack() {
        String large = "line after line\n".repeat(60_000) + SECRET;
        List<ArtifactContent> contents = List.of(
                new ArtifactContent.Text("it is " + SECRET),
                new ArtifactContent.Text(large),
                new ArtifactContent.Json(Map.of("deep", List.of(Map.of("api_key", "hunter2canary")))));
        for (int i = 0; i < contents.size(); i++) {
            ArtifactInfo info = artifacts.store(ArtifactDraft.of("n" + i, "any", contents.get(i)), caller);
            assertThat(content(info.id())).isEqualTo(contents.get(i));
            assertThat(rig.entriesWith(Space.SESSIONS, info.contentHash()))
                    .as("a hash of a secret lets it be guessed")
                    .isZero();
        }
        assertThat(rig.entriesWith(Space.SESSIONS, "hunter2")).isZero();
        assertThat(rig.entriesWith(Space.EVENTS, "hunter2")).isZero();
        ArtifactInfo tagged =
                artifacts.store(ArtifactDraft.text("t", "any", "plain").withTags(List.of(SECRET)), caller);
        assertThat(rig.entriesWith(Space.SESSIONS, "hunter2")).isZero();
        assertThat(artifacts.get(tagged.id(), caller).orElseThrow().info().tags())
                .containsExactly(SECRET);
    }

    @Test
    void store_versionWithAndWithoutASecret_keepsBothAndDeletesBoth() {
        long before = rig.entries(Space.SESSIONS);
        ArtifactInfo first = store("n", "plain");
        store("n", SECRET);
        ArtifactInfo third = store("n", "plain again");

        assertThat(artifacts.get(first.id(), 1, caller).orElseThrow().content())
                .isEqualTo(new ArtifactContent.Text("plain"));
        assertThat(artifacts.get(first.id(), 2, caller).orElseThrow().content())
                .isEqualTo(new ArtifactContent.Text(SECRET));
        assertThat(content(third.id())).isEqualTo(new ArtifactContent.Text("plain again"));
        assertThat(rig.entriesWith(Space.SESSIONS, "plain"))
                .as("what is no secret is not sealed")
                .isEqualTo(2);
        artifacts.delete(first.id(), caller);
        assertThat(rig.entries(Space.SESSIONS)).isEqualTo(before);
    }

    @Test
    void reseal_newKey_reachesArtifacts() {
        ArtifactInfo info = store("n", SECRET);
        String old = rig.keys.activeKey();
        String fresh = rig.keys.newKey();

        assertThat(rig.state.reseal(caller)).isEqualTo(2);
        assertThat(rig.entriesWith(Space.SESSIONS, old)).isZero();
        assertThat(rig.entriesWith(Space.SESSIONS, fresh)).isEqualTo(2);
        assertThat(content(info.id())).isEqualTo(new ArtifactContent.Text(SECRET));
    }

    @Test
    void store_keepsTheRecord() {
        Session session = rig.sessions.start(SessionOptions.DEFAULT, caller);
        ArtifactInfo parent = store("parent", "p");
        ArtifactInfo info = artifacts.store(
                ArtifactDraft.text("child", "report", "abc")
                        .withSession(session.id())
                        .withPermanent(true)
                        .withParents("summary", List.of(parent.id()))
                        .withTags(List.of("t"))
                        .withMetadata(Map.of("x", 1, "password", "hunter22")),
                caller);

        assertThat(info.version()).isEqualTo(1);
        assertThat(info.size()).isEqualTo(3);
        assertThat(info.contentHash()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(info.origin().sessionId()).isEqualTo(session.id());
        assertThat(info.origin().creator()).isEqualTo("host");
        assertThat(info.origin().correlationId()).isEqualTo(caller.correlation().text());
        assertThat(info.origin().parents()).containsExactly(parent.id());
        assertThat(info.metadata().get("x")).isEqualTo(1L);
        assertThat(info.metadata().get("password")).asString().doesNotContain("hunter22");
        assertThat(artifacts.get(info.id(), caller).map(Artifact::info)).contains(info);
        assertThat(rig.entriesWith(Space.SESSIONS, "hunter22")).isZero();
    }

    @Test
    void store_underThePresentName_isANewVersion() {
        ArtifactInfo first = store("n", "one");
        ArtifactInfo second = store("n", "two");
        ArtifactInfo other = artifacts.store(
                ArtifactDraft.text("n", "note", "elsewhere")
                        .withSession(rig.sessions
                                .start(SessionOptions.DEFAULT, caller)
                                .id()),
                caller);

        assertThat(second.id()).isEqualTo(first.id()).isNotEqualTo(other.id());
        assertThat(second.version()).isEqualTo(2);
        assertThat(content(first.id())).isEqualTo(new ArtifactContent.Text("two"));
        assertThat(artifacts.get(first.id(), 1, caller).map(Artifact::content))
                .contains(new ArtifactContent.Text("one"));
        assertThat(artifacts.get(first.id(), 3, caller)).isEmpty();
        assertThat(artifacts.get(first.id(), 0, caller)).isEmpty();
    }

    @Test
    void store_fromManyThreads_losesNoVersion() {
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String text = "from " + i;
            all.add(CompletableFuture.supplyAsync(() -> store("n", text).version(), task -> new Thread(task).start()));
        }
        assertThat(all.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
    }

    @Test
    void store_beyondTenMebibytes_isRefused() {
        int most = (int) ArtifactContent.LARGEST;
        artifacts.store(ArtifactDraft.text("n", "t", "x".repeat(most)), caller);
        refused("value_too_large", () -> artifacts.store(ArtifactDraft.text("n", "t", "x".repeat(most + 1)), caller));
        refused("value_too_large", () -> artifacts.store(ArtifactDraft.text("n", "t", "ü".repeat(most)), caller));
        refused(
                "value_too_large",
                () -> artifacts.store(
                        ArtifactDraft.of("n", "t", new ArtifactContent.Binary(Bytes.own(new byte[most + 1]))), caller));
        assertThat(artifacts.query(ArtifactQuery.all(), caller)).hasSize(1).allMatch(info -> info.version() == 1);
    }

    @Test
    void drafts_outOfRange_areRefused() {
        refused("invalid_argument", () -> ArtifactDraft.text("", "t", ""));
        refused("invalid_argument", () -> ArtifactDraft.text("x".repeat(257), "t", ""));
        refused("invalid_argument", () -> ArtifactDraft.text("n", "a type", ""));
        refused("invalid_argument", () -> ArtifactDraft.text("n", "", ""));
        refused("invalid_argument", () -> ArtifactDraft.text("n", "t", "").withTags(List.of("")));
        refused("invalid_argument", () -> ArtifactDraft.text("n", "t", "").withParents("", List.of()));
        refused(
                "missing_artifact",
                () -> artifacts.store(ArtifactDraft.text("n", "t", "").withParents("x", List.of("nobody")), caller));
        refused(
                "session_not_found",
                () -> artifacts.store(ArtifactDraft.text("n", "t", "").withSession("nobody"), caller));
        refused("validation_failed", () -> artifacts.store(ArtifactDraft.text("n", "json", "{no"), caller));
        assertThat(artifacts.query(ArtifactQuery.all(), caller)).isEmpty();
    }

    @Test
    void content_thatWasChangedInTheStore_isFound() {
        ArtifactInfo info = store("n", "canary");
        for (Entry entry : entries()) {
            if (entry.stored().value().text().equals("canary")) {
                rig.store.commit(
                        Batch.of(WriteMode.DURABLE, new Write.Put(Space.SESSIONS, entry.key(), Bytes.utf8("canarx"))));
            }
        }
        refused("store_corrupt", () -> artifacts.get(info.id(), caller));
    }

    private List<Entry> entries() {
        List<Entry> all = new ArrayList<>();
        try (Cursor cursor = rig.store.scan(Space.SESSIONS, Range.all())) {
            while (cursor.next()) {
                all.add(cursor.entry());
            }
        }
        return all;
    }

    // ---- queries, removal, sessions ----

    @Test
    void query_findsByEachMember() {
        Session session = rig.sessions.start(SessionOptions.DEFAULT, caller);
        ArtifactInfo one = store("one", "1");
        Caller other = SessionRig.run();
        ArtifactInfo two = artifacts.store(
                ArtifactDraft.text("two", "report", "2")
                        .withSession(session.id())
                        .withTags(List.of("red"))
                        .withParents("from", List.of(one.id())),
                other);
        ArtifactInfo again = artifacts.store(ArtifactDraft.text("one", "note", "3"), other);

        ArtifactQuery all = ArtifactQuery.all();
        assertThat(artifacts.query(all, caller)).containsExactly(again, two);
        assertThat(artifacts.query(all.name("two"), caller)).containsExactly(two);
        assertThat(artifacts.query(all.type("note"), caller)).containsExactly(again);
        assertThat(artifacts.query(all.tag("red"), caller)).containsExactly(two);
        assertThat(artifacts.query(all.parent(one.id()), caller)).containsExactly(two);
        assertThat(artifacts.query(all.session(session.id()), caller)).containsExactly(two);
        assertThat(artifacts.query(all.run(caller.correlation().text()), caller))
                .containsExactly(one);
        assertThat(artifacts.query(all.run(other.correlation().text()), caller)).containsExactly(again, two);
        assertThat(artifacts.query(all.run(other.correlation().text()).session(session.id()), caller))
                .containsExactly(two);
        assertThat(artifacts.query(all.limit(1), caller)).containsExactly(again);
        assertThat(artifacts.query(all.name("nobody"), caller)).isEmpty();
        refused("invalid_argument", () -> all.limit(0));
    }

    @Test
    void delete_removesEverything() {
        ArtifactInfo info = store("n", "one");
        store("n", "two");
        assertThat(artifacts.delete(info.id(), caller)).isTrue();

        assertThat(artifacts.delete(info.id(), caller)).isFalse();
        assertThat(artifacts.get(info.id(), caller)).isEmpty();
        assertThat(artifacts.get("nobody", caller)).isEmpty();
        assertThat(artifacts.get("x".repeat(100_000), caller)).isEmpty();
        assertThat(entries()).isEmpty();
        assertThat(store("n", "three").version()).isEqualTo(1);
    }

    @Test
    void endOfASession_removesItsArtifactsButThePermanentOnes() {
        Session session = rig.sessions.start(SessionOptions.DEFAULT, caller);
        Session kept = rig.sessions.start(SessionOptions.DEFAULT.withKeepState(true), caller);
        ArtifactDraft draft = ArtifactDraft.text("n", "note", "canary");
        ArtifactInfo gone = artifacts.store(draft.withSession(session.id()), caller);
        ArtifactInfo stays = artifacts.store(
                ArtifactDraft.text("p", "note", "x").withSession(session.id()).withPermanent(true), caller);
        ArtifactInfo inKept =
                artifacts.store(ArtifactDraft.text("k", "note", "x").withSession(kept.id()), caller);
        session.finish(caller);
        kept.finish(caller);

        assertThat(artifacts.get(gone.id(), caller)).isEmpty();
        assertThat(rig.entriesWith(Space.SESSIONS, "canary")).isZero();
        assertThat(artifacts.query(ArtifactQuery.all(), caller)).containsExactly(stays, inKept);
        refused("session_closed", () -> artifacts.store(draft.withSession(session.id()), caller));
    }

    @Test
    void store_whileItsSessionEnds_leavesNothingBehind() {
        for (int round = 0; round < 20; round++) {
            Session session = rig.sessions.start(SessionOptions.DEFAULT, caller);
            CompletableFuture<Boolean> storing = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            for (int i = 0; ; i++) { // the end of the session is the only way out
                                artifacts.store(
                                        ArtifactDraft.text("n" + i, "note", "canary")
                                                .withSession(session.id()),
                                        caller);
                            }
                        } catch (LlmSpellException ended) {
                            return ended.code().id().equals("session_closed");
                        }
                    },
                    task -> new Thread(task).start());
            session.finish(caller);
            assertThat(storing.join()).isTrue();
            assertThat(rig.entriesWith(Space.SESSIONS, "canary")).isZero();
        }
    }

    // ---- rights ----

    @Test
    void agents_seeTheirOwnAndThoseOfAll() {
        Session session = rig.sessions.start(SessionOptions.DEFAULT, caller);
        ArtifactInfo ofSession =
                artifacts.store(ArtifactDraft.text("s", "note", "x").withSession(session.id()), caller);
        ArtifactInfo ofAll = store("g", "x");
        Caller one = caller.as(new Principal.Agent("one"));
        Caller two = caller.as(new Principal.Agent("two"));
        ArtifactInfo own = artifacts.store(ArtifactDraft.text("g", "note", "mine"), one);

        assertThat(own.id()).isNotEqualTo(ofAll.id());
        assertThat(artifacts.query(ArtifactQuery.all(), one)).containsExactly(ofAll, own);
        assertThat(artifacts.query(ArtifactQuery.all(), two)).containsExactly(ofAll);
        refused("access_denied", () -> artifacts.get(own.id(), two));
        refused("access_denied", () -> artifacts.delete(own.id(), two));
        refused("access_denied", () -> artifacts.get(ofSession.id(), one));
        refused(
                "access_denied",
                () -> artifacts.store(ArtifactDraft.text("s", "note", "x").withSession(session.id()), one));
        refused(
                "access_denied",
                () -> artifacts.store(ArtifactDraft.text("c", "note", "x").withParents("x", List.of(own.id())), two));
        assertThat(artifacts.query(ArtifactQuery.all(), caller)).containsExactly(ofSession, ofAll, own);
    }

    // ---- what it came from ----

    @Test
    void origin_namesWhatTheRunDidBefore() {
        rig.state.as(caller).put(StateKey.of(Scope.GLOBAL, "a"), 1);
        rig.state.as(SessionRig.run()).put(StateKey.of(Scope.GLOBAL, "b"), 1);
        rig.bus.publish(
                io.llmspell.core.event.EventDraft.of(
                        "report.ready",
                        1,
                        io.llmspell.core.identity.Component.named(
                                io.llmspell.core.identity.ComponentType.SYSTEM, "test")),
                caller);
        ArtifactInfo info = store("n", "x");

        assertThat(info.origin().stateKeys()).containsExactly("global/a");
        assertThat(info.origin().eventIds()).hasSize(2);
        assertThat(rig.journal("report.ready"))
                .extracting(event -> event.id().toString())
                .isSubsetOf(info.origin().eventIds());
    }

    // ---- hooks and events ----

    private void at(String point, Hook hook) {
        rig.hooks.registry().register(new HookPoint("artifact:" + point), "test", hook);
    }

    private static JsonObject data(HookContext context) {
        return (JsonObject) Objects.requireNonNull(context.data());
    }

    @Test
    void points_areFiredInOrder() {
        List<String> fired = new CopyOnWriteArrayList<>();
        for (String point : List.of(
                "before_create",
                "after_create",
                "before_modify",
                "after_modify",
                "before_delete",
                "after_delete",
                "before_validate",
                "after_validate",
                "validation_failed",
                "derived",
                "accessed")) {
            at(point, context -> {
                fired.add(point);
                assertThat(data(context).keySet()).contains("artifact_id", "artifact_name", "artifact_type");
                assertThat(context.component().type().name()).isEqualTo("artifact");
                return HookResult.proceed();
            });
        }
        ArtifactInfo info = store("n", "1");
        artifacts.get(info.id(), caller);
        artifacts.store(ArtifactDraft.text("n", "note", "2").withParents("by", List.of(info.id())), caller);
        refused("validation_failed", () -> artifacts.store(ArtifactDraft.text("j", "json", "{"), caller));
        artifacts.delete(info.id(), caller);

        assertThat(fired)
                .containsExactly(
                        "before_create",
                        "before_validate",
                        "after_validate",
                        "after_create",
                        "accessed",
                        "before_modify",
                        "before_validate",
                        "after_validate",
                        "after_modify",
                        "derived",
                        "before_create",
                        "before_validate",
                        "after_validate",
                        "validation_failed",
                        "before_delete",
                        "after_delete");
    }

    @Test
    void beforeHooks_canChangeTheContent() {
        at("before_create", context -> HookResult.modified(data(context).with("content", "from create")));
        at(
                "before_validate",
                context -> HookResult.modified(
                        data(context).with("content", data(context).text("content") + " and validate")));
        ArtifactInfo info = store("n", "mine");

        assertThat(content(info.id())).isEqualTo(new ArtifactContent.Text("from create and validate"));
    }

    @Test
    void changedContent_isCheckedAgain() {
        at("before_create", context -> HookResult.modified(data(context).with("content", "{no")));
        refused("validation_failed", () -> artifacts.store(ArtifactDraft.text("n", "json", "{}"), caller));
    }

    @Test
    void beforeHooks_canRefuse() {
        ArtifactInfo info = store("n", "1");
        for (String point : List.of("before_create", "before_modify", "before_delete")) {
            at(point, context -> HookResult.cancel("no"));
        }
        refused("operation_cancelled", () -> store("other", "1"));
        refused("operation_cancelled", () -> store("n", "2"));
        refused("operation_cancelled", () -> artifacts.delete(info.id(), caller));

        assertThat(artifacts.query(ArtifactQuery.all(), caller)).containsExactly(info);
    }

    @Test
    void validateHooks_canRefuse() {
        at("after_validate", context -> HookResult.cancel("no " + data(context).get("valid")));
        assertThatThrownBy(() -> store("n", "1")).hasMessageContaining("no true");
        assertThat(artifacts.query(ArtifactQuery.all(), caller)).isEmpty();
    }

    @Test
    void afterHook_thatRefuses_cannotUndo() {
        at("after_create", context -> HookResult.cancel("late"));
        assertThatThrownBy(() -> store("n", "1"))
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        veto -> assertThat(veto.details())
                                .containsEntry("committed", true)
                                .containsEntry("version", 1L));
        assertThat(artifacts.query(ArtifactQuery.all(), caller)).hasSize(1);
    }

    @Test
    void events_areInTheBatch() {
        ArtifactInfo info = store("n", "1");
        artifacts.get(info.id(), caller);
        artifacts.store(ArtifactDraft.text("n", "note", "2").withParents("by", List.of(info.id())), caller);
        artifacts.delete(info.id(), caller);
        org.awaitility.Awaitility.await().until(() -> rig.journal("artifact.*").size() == 7);

        assertThat(rig.journal("artifact.*"))
                .extracting(UniversalEvent::type)
                .containsExactlyInAnyOrder(
                        "artifact.validated",
                        "artifact.created",
                        "artifact.accessed",
                        "artifact.validated",
                        "artifact.modified",
                        "artifact.derived",
                        "artifact.deleted");
        assertThat(rig.journal("artifact.created").get(0).payload())
                .isEqualTo(JsonObject.of(
                        "artifact_id", info.id(), "artifact_name", "n", "artifact_type", "note", "version", 1L));
    }
}
