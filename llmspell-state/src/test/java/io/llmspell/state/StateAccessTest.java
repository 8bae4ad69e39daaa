package io.llmspell.state;

import static io.llmspell.state.AccessHouse.ANN;
import static io.llmspell.state.AccessHouse.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.state.Boundary;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.ScopeKind;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateGrant;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.state.StateView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateAccessTest {
    private static final Scope ANNS = Scope.agent("ann");
    private static final StateKey NOTE = StateKey.of(ANNS, "note");
    private static final Principal WORKFLOW = new Principal.Workflow("w1");

    private final AccessHouse house = new AccessHouse();

    @AfterEach
    void close() {
        house.close();
    }

    private StateView bob() {
        return house.as(BOB);
    }

    private static void denied(ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(
                        StateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED));
    }

    // ---- grants ----

    @Test
    void grant_toRead_allowsReadingAlone() {
        house.as(ANN).put(NOTE, "hers");
        denied(() -> bob().get(NOTE));

        StateGrant grant = house.access().grant(ANNS, "bob", GrantAccess.READ, null);

        assertThat(grant).isEqualTo(new StateGrant(ANNS, "bob", GrantAccess.READ, "host", null));
        assertThat(bob().get(NOTE).orElseThrow().json()).isEqualTo("hers");
        assertThat(bob().keys(ANNS)).containsExactly("note");
        assertThat(bob().all(ANNS)).containsOnlyKeys("note");
        assertThat(house.manager.reader(Fixture.HOST.as(BOB)).exists(NOTE)).isTrue();
        denied(() -> bob().put(NOTE, "his"));
        denied(() -> bob().delete(NOTE));
        denied(() -> bob().clear(ANNS));
        denied(() -> house.as(new Principal.Agent("eve")).get(NOTE));
    }

    @Test
    void grant_toWrite_allowsWritingWithoutReading() {
        house.access().grant(ANNS, "bob", GrantAccess.WRITE, null);

        bob().put(NOTE, "from bob");
        assertThat(bob().delete(NOTE)).isTrue();
        denied(() -> bob().get(NOTE));
        denied(() -> bob().keys(ANNS));
        denied(() -> bob().apply(List.of(new StateChange.Check(NOTE, 0), StateChange.Put.of(NOTE, 1))));
    }

    @Test
    void grant_toBoth_allowsBoth_andTheLaterGrantCounts() {
        house.access().grant(ANNS, "bob", GrantAccess.READ_WRITE, null);
        bob().put(NOTE, 1);
        assertThat(bob().exists(NOTE)).isTrue();

        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        denied(() -> bob().put(NOTE, 2));
        assertThat(house.access().grants()).hasSize(1);
    }

    @Test
    void grant_withTimeToLive_ends_andTheWallClockDoesNotMatter() {
        house.access().grant(ANNS, "bob", GrantAccess.READ, Duration.ofSeconds(10));
        house.time.setWall(house.time.now().plus(Duration.ofDays(3650)));
        assertThat(bob().exists(NOTE)).isFalse();
        house.time.advance(Duration.ofMillis(9_999));
        assertThat(bob().exists(NOTE)).isFalse();

        house.time.advance(Duration.ofMillis(1));
        denied(() -> bob().get(NOTE));
        assertThat(house.access().grants()).isEmpty();
        assertThat(house.access().revoke(ANNS, "bob")).isFalse();
    }

    @Test
    void grant_overARestart_stays_untilItsExpiry() {
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        house.access().grant(Scope.custom("box"), "bob", GrantAccess.WRITE, Duration.ofSeconds(60));
        house.reopen();
        assertThat(bob().exists(NOTE)).isFalse();
        bob().put(StateKey.of(Scope.custom("box"), "k"), 1);
        assertThat(house.access().grants()).extracting(StateGrant::agent).containsExactly("bob", "bob");

        house.time.advance(Duration.ofSeconds(61));
        house.reopen();
        assertThat(bob().exists(NOTE)).isFalse();
        denied(() -> bob().put(StateKey.of(Scope.custom("box"), "k"), 2));
    }

    @Test
    void lend_countsAsAGrant_andEndsWithTheManager() {
        house.access().grant(ANNS, "bob", GrantAccess.READ_WRITE, null);
        house.access().lend(ANNS, "bob", GrantAccess.READ, null);
        house.access().lend(Scope.custom("box"), "bob", GrantAccess.WRITE, Duration.ofSeconds(5));
        assertThat(bob().exists(NOTE)).isFalse();
        denied(() -> bob().put(NOTE, 1));
        bob().put(StateKey.of(Scope.custom("box"), "k"), 1);
        house.time.advance(Duration.ofSeconds(5));
        denied(() -> bob().put(StateKey.of(Scope.custom("box"), "k"), 2));
        assertThat(house.access().grants()).hasSize(1);

        house.reopen();
        denied(() -> bob().get(NOTE));
        assertThat(house.access().grants()).isEmpty();
        assertThat(house.audit()).filteredOn(AuditRecord::allowed).hasSizeGreaterThanOrEqualTo(3);
        house.access().lend(ANNS, "bob", GrantAccess.READ, null);
        assertThat(house.access().revoke(ANNS, "bob")).isTrue();
        denied(() -> bob().get(NOTE));
    }

    @Test
    void revoke_bindsTheNextOperation_alsoOfViewsThatAreThereAlready_andAfterARestart() {
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        StateView held = bob();
        assertThat(held.exists(NOTE)).isFalse();

        assertThat(house.access().revoke(ANNS, "bob")).isTrue();
        denied(() -> held.get(NOTE));
        assertThat(house.access().revoke(ANNS, "bob")).isFalse();
        house.reopen();
        denied(() -> bob().get(NOTE));
    }

    @Test
    void grant_byOthersThanTheOwner_isDenied() {
        denied(() -> house.access(BOB).grant(ANNS, "bob", GrantAccess.READ, null));
        denied(() -> house.access(BOB).grant(Scope.GLOBAL, "bob", GrantAccess.READ_WRITE, null));
        denied(() -> house.access(BOB).grant(Scope.custom("box"), "bob", GrantAccess.READ, null));
        denied(() -> house.access(WORKFLOW).grant(ANNS, "bob", GrantAccess.READ, null));
        denied(() -> house.access(BOB).revoke(ANNS, "bob"));
        denied(() -> bob().get(NOTE));
        assertThat(house.access().grants()).isEmpty();
    }

    @Test
    void grant_byTheOwner_counts_andAGrantedScopeCannotBePassedOn() {
        house.access(ANN).grant(ANNS, "bob", GrantAccess.READ_WRITE, null);
        assertThat(bob().exists(NOTE)).isFalse();
        denied(() -> house.access(BOB).grant(ANNS, "eve", GrantAccess.READ, null));

        assertThat(house.access(ANN).grants()).hasSize(1);
        assertThat(house.access(BOB).grants()).hasSize(1);
        assertThat(house.access(new Principal.Agent("eve")).grants()).isEmpty();
        assertThat(house.access(ANN).revoke(ANNS, "bob")).isTrue();
        denied(() -> bob().get(NOTE));
    }

    @Test
    void grant_ofAWorkflowAndItsSteps_byTheRunItself_counts() {
        Scope step = new Scope(ScopeKind.STEP, List.of("w1", "s"));
        house.access(WORKFLOW).grant(step, "bob", GrantAccess.READ, null);
        assertThat(bob().keys(step)).isEmpty();
        denied(() -> bob().keys(Scope.workflow("w1")));
        denied(() -> house.as(WORKFLOW).keys(ANNS));
    }

    @Test
    void grant_withBadArguments_isRefused() {
        assertThatThrownBy(() -> house.access().grant(ANNS, "bob", GrantAccess.READ, Duration.ZERO))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("positive");
        assertThatThrownBy(() -> house.access().grant(ANNS, "b\u0000b", GrantAccess.READ, null))
                .isInstanceOfSatisfying(
                        StateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KEY));
        assertThatThrownBy(() -> house.access().grant(ANNS, "", GrantAccess.READ, null))
                .isInstanceOf(StateException.class);
        assertThatThrownBy(() -> GrantAccess.of("all"))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("read_write");
    }

    @Test
    void grants_ofOneScope_haveALimit_andExpiredOnesDoNotCount() {
        for (int i = 0; i < 1_000; i++) {
            house.access().grant(ANNS, "agent" + i, GrantAccess.READ, Duration.ofSeconds(i == 0 ? 5 : 50));
        }
        assertThatThrownBy(() -> house.access().grant(ANNS, "bob", GrantAccess.READ, null))
                .isInstanceOfSatisfying(
                        LlmSpellException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
                .hasMessageContaining("max_grants_of_a_scope = 1000");
        house.access().grant(ANNS, "agent7", GrantAccess.READ_WRITE, null);
        house.time.advance(Duration.ofSeconds(5));
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        assertThat(bob().exists(NOTE)).isFalse();
        house.reopen();
        assertThat(house.access().grants()).hasSize(1_000);
    }

    // ---- ids ----

    @Test
    void ids_thatAreTheSameAfterNormalisation_areOneAgent() {
        Principal composed = new Principal.Agent("ren\u00e9");
        Principal decomposed = new Principal.Agent("rene\u0301");
        StateKey key = StateKey.of(Scope.agent("rene\u0301"), "k");
        house.as(decomposed).put(key, 1);
        assertThat(house.as(composed).exists(key)).isTrue();

        house.access().grant(ANNS, "rene\u0301", GrantAccess.READ, null);
        assertThat(house.as(composed).exists(NOTE)).isFalse();
        assertThat(house.as(decomposed).exists(NOTE)).isFalse();
        house.access().cutOff("ren\u00e9", "test");
        denied(() -> house.as(decomposed).get(key));
        denied(() -> house.as(composed).get(key));
    }

    @Test
    void ids_thatLookLikeOthers_areOthers() {
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        for (String look : List.of("Bob", "bob ", "bob\u200b", "b\u043eb", "bob:ann", "ann:bob", "bo\uff42", "b%6fb")) {
            denied(() -> house.as(new Principal.Agent(look)).get(NOTE));
        }
        for (String look : List.of("Ann", "ann ", "ann:x", "x:ann", "\uff41nn", "an\u0578", "a\u200bnn")) {
            denied(() -> house.as(ANN).get(StateKey.of(Scope.agent(look), "note")));
        }
    }

    // ---- boundaries ----

    @Test
    void boundary_strict_leavesGlobalAndOwn() {
        assertThat(house.access().boundary("bob")).isSameAs(Boundary.STRICT);
        Scope board = house.access().share("board");
        bob().put(Fixture.KEY, 1);
        denied(() -> bob().keys(board));
        denied(() -> bob().keys(Scope.session("s")));
    }

    @Test
    void boundary_readOnlyShared_readsSharedScopesAlone() {
        Scope board = house.access().share("board");
        house.access().setBoundary("bob", Boundary.READ_ONLY_SHARED);

        assertThat(bob().keys(board)).isEmpty();
        assertThat(bob().keys(Scope.GLOBAL)).isEmpty();
        denied(() -> bob().put(StateKey.of(board, "k"), 1));
        denied(() -> bob().put(Fixture.KEY, 1));
        denied(() -> bob().get(NOTE));
        bob().put(StateKey.of(Scope.agent("bob"), "k"), 1);
        house.access().grant(board, "bob", GrantAccess.WRITE, null);
        bob().put(StateKey.of(board, "k"), 1);
        denied(() -> bob().keys(Scope.custom("shared:other")));
    }

    @Test
    void boundary_sharedAccess_usesSharedScopes_andStaysOverARestart() {
        Scope board = house.access().share("board");
        house.access().setBoundary("bob", Boundary.SHARED_ACCESS);
        house.reopen();

        bob().put(StateKey.of(board, "k"), 1);
        bob().put(Fixture.KEY, 1);
        denied(() -> bob().get(NOTE));
        denied(() -> bob().keys(Scope.custom("board")));
        assertThat(house.access().boundary("bob").kind()).isEqualTo(Boundary.Kind.SHARED_ACCESS);

        house.access().setBoundary("bob", Boundary.STRICT);
        denied(() -> bob().keys(board));
    }

    @Test
    void boundary_custom_allowsWhatItsPartsAllow_andNothingElse() {
        Scope board = house.access().share("board");
        house.access().setBoundary("bob", Boundary.custom(false, false, null));
        denied(() -> bob().keys(Scope.GLOBAL));
        denied(() -> bob().keys(board));

        house.access().setBoundary("bob", Boundary.custom(true, false, null));
        assertThat(bob().keys(ANNS)).isEmpty();
        denied(() -> bob().put(Fixture.KEY, 1));

        house.access().setBoundary("bob", Boundary.custom(false, true, null));
        bob().put(StateKey.of(board, "k"), 1);
        bob().put(Fixture.KEY, 1);
        denied(() -> bob().keys(ANNS));
    }

    @Test
    void boundaryRule_isAskedEachTime_andOneThatThrowsAllowsNothing() {
        AtomicBoolean open = new AtomicBoolean(true);
        house.access().setBoundary("bob", Boundary.custom(false, false, (agent, scope, operation, key) -> {
            if (!open.get()) {
                throw new IllegalStateException("broken");
            }
            return agent.equals("bob") && scope.equals(ANNS) && operation == StateOperation.READ && "note".equals(key);
        }));
        assertThat(bob().exists(NOTE)).isFalse();
        denied(() -> bob().get(StateKey.of(ANNS, "other")));
        denied(() -> bob().keys(ANNS));
        open.set(false);
        denied(() -> bob().get(NOTE));
        open.set(true);
        house.reopen();
        denied(() -> bob().get(NOTE));
        assertThat(house.access().boundary("bob").kind()).isEqualTo(Boundary.Kind.CUSTOM);
    }

    @Test
    void boundaryRule_thatGuardsKeys_guardsThemInTheListOfValuesToo() {
        house.host().put(StateKey.of(ANNS, "public"), 1);
        house.host().put(StateKey.of(ANNS, "secret"), 2);
        house.access()
                .setBoundary(
                        "bob",
                        Boundary.custom(
                                false,
                                false,
                                (agent, scope, operation, key) -> operation == StateOperation.LIST
                                        || (operation == StateOperation.READ && key != null && key.startsWith("pub"))));

        assertThat(bob().keys(ANNS)).containsExactly("public", "secret");
        denied(() -> bob().get(StateKey.of(ANNS, "secret")));
        assertThat(bob().all(ANNS)).containsOnlyKeys("public");
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        assertThat(bob().all(ANNS)).containsOnlyKeys("public", "secret");
    }

    @Test
    void boundaryAndCutOff_byAgents_areDenied() {
        denied(() -> house.access(BOB).setBoundary("bob", Boundary.SHARED_ACCESS));
        denied(() -> house.access(ANN).cutOff("bob", "rival"));
        denied(() -> house.access(WORKFLOW).restore("bob"));
        denied(() -> house.access(BOB).boundary("ann"));
        assertThat(house.access(BOB).boundary("bob")).isSameAs(Boundary.STRICT);
    }

    // ---- cut-off ----

    @Test
    void cutOff_refusesEverything_untilRestored_andOverARestart() {
        StateKey own = StateKey.of(Scope.agent("bob"), "k");
        StateView held = bob();
        held.put(own, 1);
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);

        house.access().cutOff("bob", "leaks");
        denied(() -> held.get(own));
        denied(() -> held.put(own, 2));
        denied(() -> held.get(NOTE));
        denied(() -> held.keys(Scope.GLOBAL));
        denied(() -> house.access(BOB).grant(Scope.agent("bob"), "ann", GrantAccess.READ, null));
        denied(() -> house.access(BOB).share("nest"));
        assertThat(house.access().cutOffAgents()).containsExactly("bob");
        house.reopen();
        assertThatThrownBy(() -> bob().get(own)).hasMessageContaining("cut off").hasMessageContaining("restored");

        assertThat(house.access().restore("bob")).isTrue();
        assertThat(house.access().restore("bob")).isFalse();
        assertThat(held.getClass()).isNotNull();
        assertThat(bob().get(own).orElseThrow().json()).isEqualTo(1L);
        assertThat(bob().exists(NOTE)).isFalse();
    }

    // ---- shared scopes ----

    @Test
    void share_givesAScopeToItsOwner_whoMayGrantIt() {
        Scope board = house.access(ANN).share("board");
        assertThat(board.text()).isEqualTo("custom:shared:board");
        StateKey line = StateKey.of(board, "line");
        house.as(ANN).put(line, 1);
        denied(() -> bob().get(line));
        denied(() -> house.access(BOB).share("board"));
        denied(() -> house.access(BOB).unshare("board"));
        assertThat(house.access().share("board")).isEqualTo(board);

        house.access(ANN).grant(board, "bob", GrantAccess.READ, null);
        assertThat(bob().exists(line)).isTrue();
        house.reopen();
        assertThat(house.access().shared()).containsExactly(board);
        assertThat(house.access(ANN).unshare("board")).isTrue();
        denied(() -> bob().get(line));
        denied(() -> house.as(ANN).get(line));
        assertThat(house.host().exists(line)).isTrue();
        assertThat(house.access().unshare("board")).isFalse();
        house.reopen();
        assertThat(house.access().grants()).isEmpty();
        assertThat(house.access().shared()).isEmpty();
    }

    @Test
    void share_ofAScopeInWhichSomethingStands_isForTheHostAlone() {
        Scope board = Scope.custom("shared:board");
        house.host().put(StateKey.of(board, "line"), "canary");
        denied(() -> house.access(BOB).share("board"));
        denied(() -> house.access(WORKFLOW).share("board"));
        denied(() -> bob().keys(board));
        assertThat(house.access().shared()).isEmpty();

        assertThat(house.access().share("board")).isEqualTo(board);
        denied(() -> house.access(BOB).share("board"));
        house.access().unshare("board");
        house.host().clear(board);
        assertThat(house.access(BOB).share("board")).isEqualTo(board);
        house.as(BOB).put(StateKey.of(board, "line"), "his");
        house.access(BOB).unshare("board");
        denied(() -> house.access(ANN).share("board"));
    }

    @Test
    void share_withABadId_isRefused() {
        for (String id : List.of("", "../x", "__x", "a\nb")) {
            assertThatThrownBy(() -> house.access().share(id))
                    .isInstanceOfSatisfying(
                            StateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KEY));
        }
    }

    // ---- questions ----

    @Test
    void allows_answersAsAnAttemptWould_andLeavesNoTrace() {
        house.access().grant(ANNS, "bob", GrantAccess.READ, null);
        int before = house.audit().size();
        assertThat(house.access(BOB).allows(ANNS, StateOperation.READ, "note")).isTrue();
        assertThat(house.access(BOB).allows(ANNS, StateOperation.WATCH, null)).isTrue();
        assertThat(house.access(BOB).allows(ANNS, StateOperation.WRITE, "note")).isFalse();
        assertThat(house.access().allows(ANNS, StateOperation.DELETE, null)).isTrue();
        assertThat(house.audit()).hasSize(before);
    }

    @Test
    void everything_afterClose_isRefused() {
        var access = house.access();
        house.manager.close();
        assertThatThrownBy(access::grants).isInstanceOf(InvalidStateException.class);
        assertThatThrownBy(() -> access.audit(AuditQuery.newest(1))).isInstanceOf(InvalidStateException.class);
        assertThatThrownBy(() -> access.cutOff("bob", "late")).isInstanceOf(InvalidStateException.class);
    }
}
