package io.llmspell.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.llmspell.core.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {
    @ParameterizedTest
    @CsvSource({
        "global, GLOBAL, global",
        "GLOBAL, GLOBAL, global",
        "agent:x, AGENT, agent:x",
        "agent:x:y, AGENT, agent:x:y",
        "workflow:w, WORKFLOW, workflow:w",
        "step:w:s, STEP, step:w:s",
        "step:w:s:t, STEP, step:w:s:t",
        "session:1, SESSION, session:1",
        "tool:t, TOOL, tool:t",
        "hook:h, HOOK, hook:h",
        "custom:c, CUSTOM, c",
        "user:ada, CUSTOM, user:ada",
        "system, CUSTOM, system",
        "session, CUSTOM, session",
        "Agent, CUSTOM, Agent",
        "custom:global, CUSTOM, custom:global",
        "custom:agent:x, CUSTOM, custom:agent:x",
    })
    void parse_scopeText_givesKindAndTextThatParsesBack(String text, ScopeKind kind, String shown) {
        Scope scope = Scope.parse(text);

        assertThat(scope.kind()).isEqualTo(kind);
        assertThat(scope.text()).isEqualTo(shown);
        assertThat(Scope.parse(scope.text())).isEqualTo(scope);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":x", "agnet:x", "step:x", "step::x", "step:x:", "users:x", "global:x", "AGENT:x"})
    void parse_malformedText_isRefusedListingTheKinds(String text) {
        assertThatExceptionOfType(StateException.class)
                .isThrownBy(() -> Scope.parse(text))
                .withMessageContaining("step:WORKFLOW:STEP")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SCOPE));
    }

    @Test
    void custom_scopeNamedLikeAnotherKind_isAnotherScope() {
        assertThat(Scope.custom("agent:x")).isNotEqualTo(Scope.agent("x"));
        assertThat(Scope.custom("global")).isNotEqualTo(Scope.GLOBAL);
        assertThat(Scope.custom("agent:x").text()).isNotEqualTo(Scope.agent("x").text());
    }

    @Test
    void constructor_stepOfAWorkflowWithAColon_isRefused() {
        assertThatExceptionOfType(StateException.class)
                .isThrownBy(() -> new Scope(ScopeKind.STEP, List.of("a:b", "c")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SCOPE));
    }

    @Test
    void constructor_wrongNumberOfIds_isRefused() {
        assertThatExceptionOfType(StateException.class)
                .isThrownBy(() -> new Scope(ScopeKind.STEP, List.of("w")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SCOPE));
    }
}
