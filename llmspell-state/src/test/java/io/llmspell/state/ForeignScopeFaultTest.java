package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Language;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.ScopeKind;
import io.llmspell.core.state.StateException;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateManager;
import io.llmspell.state.ForeignScopeCheck.Way;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ForeignScopeFaultTest {
    private static ForeignScopeCheck planted(PlantedManager.Fault fault) {
        return new ForeignScopeCheck(PlantedManager.with(fault));
    }

    private static void assertRed(ThrowingCallable check, String what) {
        assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContaining(what);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"GRANT_TO_ITSELF"})
    void checkedInScriptsOnly_isRed(Way way) {
        ForeignScopeCheck check = planted(
                (caller, quietly, method, arguments) -> caller.language() == Language.LUA ? caller : Fixture.HOST);
        assertRed(() -> check.nothingForeign_isReached(way), "what was reached");
    }

    @Test
    void listingNotChecked_isRed() {
        ForeignScopeCheck check = planted((caller, quietly, method, arguments) ->
                method.equals("keys") || method.equals("all") ? Fixture.HOST : caller);
        assertRed(() -> check.nothingForeign_isReached(Way.KEYS), "what was reached");
        assertRed(() -> check.nothingForeign_isReached(Way.ALL), "what was reached");
    }

    @Test
    void readerOfHooksNotChecked_isRed() {
        ForeignScopeCheck check = planted((caller, quietly, method, arguments) -> quietly ? Fixture.HOST : caller);
        assertRed(() -> check.nothingForeign_isReached(Way.QUIET_GET), "what was reached");
        assertRed(check::nothingForeign_isReached_fromAHooksContext, "HOOK: what was reached");
    }

    @Test
    void idsComparedAsPrefixes_isRed() {
        ForeignScopeCheck check = planted((caller, quietly, method, arguments) -> scope(arguments)
                        .map(scope -> scope.kind() == ScopeKind.AGENT
                                && scope.ids().get(0).startsWith("bob"))
                        .orElse(false)
                ? Fixture.HOST
                : caller);
        assertRed(() -> check.nothingForeign_isReached(Way.GET), "GET agent:bob");
    }

    @Test
    void kindsNotCompared_isRed() {
        ForeignScopeCheck check = planted((caller, quietly, method, arguments) ->
                scope(arguments).map(scope -> scope.ids().contains("bob")).orElse(false) ? Fixture.HOST : caller);
        assertRed(() -> check.nothingForeign_isReached(Way.GET), "GET workflow:bob");
    }

    @Test
    void refusalThatTellsTheValue_isRed() {
        ForeignScopeCheck check = planted(new PlantedManager.Fault() {
            @Override
            public Caller rights(Caller caller, boolean quietly, String method, Object[] arguments) {
                return caller;
            }

            @Override
            public Throwable told(RuntimeException refusal, StateManager real, Object[] arguments) {
                StateException denied = (StateException) refusal;
                String value = real.as(Fixture.HOST)
                                .get((StateKey) arguments[0])
                                .orElseThrow()
                                .json() + "";
                return new StateException(denied.code(), denied.text() + " (it is " + value + ")", Map.of(), denied);
            }
        });
        assertRed(() -> check.nothingForeign_isReached(Way.GET), "the text of the refusal");
    }

    /** The attempt is refused by somebody in front of the manager, who writes nothing down. */
    @Test
    void refusalThatIsNotAudited_isRed() {
        ForeignScopeCheck check = planted((caller, quietly, method, arguments) -> {
            if (caller.equals(Fixture.HOST.as(AccessHouse.BOB))) {
                throw new StateException(ErrorCode.ACCESS_DENIED, "no");
            }
            return caller;
        });
        assertRed(() -> check.nothingForeign_isReached(Way.GET), "denials in the audit log");
    }

    private static Optional<Scope> scope(Object[] arguments) {
        if (arguments[0] instanceof StateKey key) {
            return Optional.of(key.scope());
        }
        return Optional.ofNullable(arguments[0] instanceof Scope scope ? scope : null);
    }
}
