package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.artifact.ArtifactQuery;
import io.llmspell.core.session.SessionInfo;
import io.llmspell.core.session.SessionStatus;
import io.llmspell.core.state.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The globals {@code Session} and {@code Artifact}. */
@Timeout(60)
final class SessionGlobalTest {
    @Test
    void session_fromStartToFinish() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local s = Session.start {name = 'import', metadata = {user = 'ada'}, tags = {'a'}}",
                            "s:set('k', {n = 1})",
                            "local before = s:checkpoint('before')",
                            "s:set('k', nil); s:set('other', 2)",
                            "local gone = s:get('k') == nil",
                            "local restored = s:restore('before')",
                            "local c = s.checkpoints[1]",
                            "local r = JSON.array {s.name, s.status, s.metadata.user, s.tags[1], s.keep_state, gone,"
                                    + " restored,",
                            "  s:get('k').n, s:get('other') == nil, c.name, c.keys, c.checkpoint_id == before,",
                            "  Session.get(s.id) == s, tostring(s) == s.session_id, s.ended_at == nil}",
                            "r[#r + 1] = s:finish(); r[#r + 1] = s.status",
                            "return r"))
                    .isEqualTo(list(
                            "import", "active", "ada", "a", false, true, true, 1L, true, "before", 1L, true, true, true,
                            true, true, "ended"));
        }
    }

    @Test
    void current_isTheOwnSessionUntilOneIsStarted() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local own = Session.current()",
                            "local a = Session.start('a'); local b = Session.start()",
                            "local r = JSON.array {Session.current() == b, a.parent_id == own.id, b.parent_id == a.id}",
                            "b:finish(); r[#r + 1] = Session.current() == a",
                            "a:finish(); r[#r + 1] = Session.current() == own",
                            "return r"))
                    .isEqualTo(list(true, true, true, true, true));
            List<SessionInfo> all = scripts.spell.sessions().list(scripts.spell.caller());
            assertThat(all).hasSize(3).allMatch(info -> info.status() == SessionStatus.ENDED);
        }
    }

    @Test
    void scopeTextSession_isTheCurrentSession() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local own = Session.current()",
                            "State.set('session', 'k', 1)",
                            "State.batch {{op = 'set', scope = 'session', key = 'l', value = 2}}",
                            "Hook.register('BeforeToolExecution', function(ctx) seen ="
                                    + " ctx.state:get('session', 'k') end)",
                            "Tool.calculator {input = '1'}",
                            "local other = Session.start()",
                            "return JSON.array {own:get('k'), State.get('session:' .. own.id, 'l'), seen,",
                            "  State.exists('session', 'k'), #State.list('session'), #State.list('session:' .."
                                    + " own.id)}"))
                    .isEqualTo(list(1L, 2L, 1L, false, 0L, 2L));
        }
    }

    @Test
    void hookState_ofAScriptWithoutSession_isEmptyAndMakesNone() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Hook.register('BeforeToolExecution', function(ctx)",
                            "  seen = JSON.array {ctx.state:get('session', 'k') == nil, ctx.state:exists('session',"
                                    + " 'k'),",
                            "    #ctx.state:list('session')} end)",
                            "Tool.calculator {input = '1'}",
                            "return seen"))
                    .isEqualTo(list(true, false, 0L));
            assertThat(scripts.spell.sessions().list(scripts.spell.caller())).isEmpty();
        }
    }

    @Test
    void endOfTheScript_cleansItsOwnSessionUp_butNotAStartedOne() {
        try (Scripts scripts = Scripts.open()) {
            Object ids = scripts.run(
                    "local own = Session.current(); own:set('k', 1)",
                    "Artifact.store {name = 'gone', content = 'x'}",
                    "Artifact.store {name = 'stays', content = 'x', permanent = true}",
                    "Artifact.store {name = 'beside', content = 'x', session = false}",
                    "local left = Session.start('left'); left:set('k', 2)",
                    "return JSON.array {own.id, left.id}");
            String own = String.valueOf(((List<?>) ids).get(0));
            String left = String.valueOf(((List<?>) ids).get(1));

            assertThat(scripts.spell.state().as(scripts.spell.caller()).keys(Scope.session(own)))
                    .isEmpty();
            assertThat(scripts.spell.state().as(scripts.spell.caller()).keys(Scope.session(left)))
                    .containsExactly("k");
            assertThat(scripts.spell.artifacts().query(ArtifactQuery.all(), scripts.spell.caller()))
                    .extracting(ArtifactInfo::name)
                    .containsExactly("stays", "beside");
            assertThat(scripts.run("return Session.get('" + left + "'):get('k')"))
                    .isEqualTo(2L);
        }
    }

    @Test
    void scriptThatFails_leavesNoSession() {
        try (Scripts scripts = Scripts.open()) {
            try {
                scripts.run("Session.current():set('k', 1)", "error('broken')");
            } catch (RuntimeException wanted) {
                // the script is meant to fail
            }
            assertThat(scripts.spell.sessions().list(scripts.spell.caller()))
                    .hasSize(1)
                    .allMatch(info -> info.status() == SessionStatus.ENDED);
        }
    }

    @Test
    void scriptWithoutSessions_makesNone() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run("State.set('k', 1)");
            assertThat(scripts.spell.sessions().list(scripts.spell.caller())).isEmpty();
        }
    }

    @Test
    void keepStateInTheConfiguration_keepsTheState() {
        Map<String, Object> config = Map.of("sessions", Map.of("keep_state", true));
        try (Scripts scripts = Scripts.configured(config)) {
            scripts.run("id = Session.current().id; State.set('id', id); State.set('session', 'k', 1)");
            assertThat(scripts.run("return State.get('session:' .. State.get('id'), 'k')"))
                    .isEqualTo(1L);
        }
    }

    @Test
    void errors_haveTheirCodes() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("Session.get('nobody')", "code")).isEqualTo("session_not_found");
            String ended = "local s = Session.start(); s:finish(); ";
            for (String call : List.of(
                    "s:finish()",
                    "s:get('k')",
                    "s:set('k', 1)",
                    "s:checkpoint()",
                    "s:restore('x')",
                    "Artifact.store {name = 'n', content = 'x', session = s}")) {
                assertThat(scripts.failure(ended + call, "code")).as(call).isEqualTo("session_closed");
            }
            assertThat(scripts.failure("Session.current():restore('x')", "code"))
                    .isEqualTo("invalid_argument");
            assertThat(scripts.failure("Session.start {nam = 'x'}", "message"))
                    .asString()
                    .contains("name");
            assertThat(scripts.failure("Artifact.store {content = 'x'}", "message"))
                    .asString()
                    .contains("name");
            assertThat(scripts.failure("Artifact.store {name = 'x'}", "message"))
                    .asString()
                    .contains("content");
            assertThat(scripts.failure("Artifact.store {name = 'x', content = 'x', parents = {'no'}}", "code"))
                    .isEqualTo("missing_artifact");
            assertThat(scripts.failure("Artifact.store {name = 'x', type = 'json', content = '{'}", "code"))
                    .isEqualTo("validation_failed");
            assertThat(scripts.failure("Artifact.list {nam = 'x'}", "code")).isEqualTo("invalid_argument");
        }
    }

    @Test
    void set_whileItsSessionEnds_leavesNothing() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local s = Session.start(); local ends = true",
                            "Hook.register('BeforeStateWrite', function() if ends then ends = false; s:finish() end end)",
                            "local ok, err = pcall(s.set, s, 'k', 1)",
                            "return JSON.array {ends, ok, err.code, #State.list('session:' .. s.id)}"))
                    .isEqualTo(list(false, false, "session_closed", 0L));
        }
    }

    @Test
    void artifact_fromStoreToDelete() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "State.set('topic', 'tides')",
                            "local draft = Artifact.store {name = 'draft', content = 'first', tags = {'t'}, metadata ="
                                    + " {n = 1}}",
                            "local again = Artifact.store {name = 'draft', content = 'second'}",
                            "local sum = Artifact.store {name = 'sum', type = 'json', content = {words = 2},",
                            "  parents = {draft}, derivation = 'count'}",
                            "local read = Artifact.get(draft.id)",
                            "local s = Session.current()",
                            "return JSON.array {draft.version, again.version, again.id == draft.id, draft:content(),",
                            "  read:content(), Artifact.get(draft, 1):content(), Artifact.get('nobody') == nil,"
                                    + " sum.type,",
                            "  sum:content().words, sum.parents[1] == draft.id, draft.session_id == s.id,"
                                    + " #s:artifacts(),",
                            "  #Artifact.list(), Artifact.list({parent = draft})[1] == sum,",
                            "  #Artifact.list {correlation_id = draft.correlation_id}, draft.tags[1],"
                                    + " draft.metadata.n,",
                            "  draft.state_keys[1], draft.creator:match('^script') ~= nil, draft.size,",
                            "  Artifact.delete(draft), Artifact.delete(draft.id), draft:content() == nil}"))
                    .isEqualTo(list(
                            1L,
                            2L,
                            true,
                            "first",
                            "second",
                            "first",
                            true,
                            "json",
                            2L,
                            true,
                            true,
                            2L,
                            2L,
                            true,
                            3L,
                            "t",
                            1L,
                            "global/topic",
                            true,
                            5L,
                            true,
                            false,
                            true));
        }
    }

    @Test
    void points_canBeHookedInLua() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "Hook.register('SessionCheckpoint', function(ctx)",
                            "  local d = ctx.data; d.annotations = {by = 'hook'}; return {type = 'modified',"
                                    + " data = d} end)",
                            "Hook.register('custom:artifact:before_create', function(ctx)",
                            "  local d = ctx.data; d.content = d.content:upper(); return {type = 'modified',"
                                    + " data = d} end)",
                            "Hook.register('SessionEnd', function(ctx) keys = ctx.data.keys; return 'cancel'" + " end)",
                            "local s = Session.start(); s:set('k', 1); s:checkpoint()",
                            "local ok, err = pcall(s.finish, s)",
                            "return JSON.array {s.checkpoints[1].annotations.by,",
                            "  Artifact.store({name = 'a', content = 'quiet'}):content(), ok, err.code,"
                                    + " keys[1], s.status}"))
                    .isEqualTo(list("hook", "QUIET", false, "operation_cancelled", "k", "active"));
        }
    }

    @Test
    void artifact_versionThatIsNotWhole_isRefused() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure(
                            "local a = Artifact.store {name = 'a', content = 'x'}; Artifact.get(a.id, 1.5)", "message"))
                    .asString()
                    .contains("Artifact.get", "1.5", "whole");
        }
    }

    @Test
    void methodWithADot_isAWrongCall() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("local a = Artifact.store {name = 'a', content = 'x'}; a.content()", "message"))
                    .asString()
                    .contains("call content of the artifact with a colon");
        }
    }
}
