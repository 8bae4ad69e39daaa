package io.llmspell.core.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.agent.AgentException;
import io.llmspell.core.concurrent.CancelledException;
import io.llmspell.core.event.EventException;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonErrors;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.meter.Health;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.script.ScriptExit;
import io.llmspell.core.state.StateException;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.tool.ToolException;
import io.llmspell.core.workflow.WorkflowException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ErrorsTest {
    private static List<ErrorCode> constants() {
        return Arrays.stream(ErrorCode.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == ErrorCode.class)
                .map(field -> {
                    try {
                        ErrorCode code = (ErrorCode) java.util.Objects.requireNonNull(field.get(null));
                        assertThat(field.getName()).isEqualTo(code.id().toUpperCase(Locale.ROOT));
                        return code;
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    @Test
    void codes_areNamedAsTheirConstantsAndOnce() {
        assertThat(constants())
                .extracting(ErrorCode::id)
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(60);
    }

    @Test
    void codes_thatMayHelpToRepeat_areThese() {
        Set<String> retryable = constants().stream()
                .filter(ErrorCode::retryable)
                .map(ErrorCode::id)
                .collect(Collectors.toSet());

        assertThat(retryable)
                .containsExactlyInAnyOrder(
                        "timeout",
                        "hook_unavailable",
                        "peer_unavailable",
                        "event_rejected",
                        "state_conflict",
                        "store_locked",
                        "store_full",
                        "store_unavailable",
                        "provider_error",
                        "rate_limited");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "A", "aB", "1a", "_a", "a-b", "a b", "ä", "a.b"})
    void code_thatIsNoSnakeCaseWord_isRefused(String id) {
        assertThatThrownBy(() -> ErrorCode.of(id))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("a snake_case word of 2 to 64 characters");
        assertThatThrownBy(() -> ErrorCode.retryable("x".repeat(65))).isInstanceOf(ArgumentException.class);
        assertThat(ErrorCode.of("x".repeat(64))).hasToString("x".repeat(64));
    }

    static Stream<LlmSpellException> everyException() {
        ErrorCode code = ErrorCode.of("own_code");
        return Stream.of(
                new ArgumentException("what", "value", "wanted"),
                new ArgumentException("text"),
                new ConfigException("[runtime] data_dir", "is no folder"),
                ConfigException.missingArtifact("Lua", "io.llmspell:llmspell-bridge-lua"),
                new InternalException("part", new IllegalArgumentException("x")),
                new InvalidStateException("text"),
                LimitException.exceeded("max_depth", "8", "too deep"),
                LimitException.timeout("the run", "5 s"),
                new CancelledException("the run"),
                JsonValueException.notConvertible("value.a", "NaN"),
                JsonValueException.tooLarge("value", "is too large", "bytes"),
                JsonValueException.mismatch("a", "text", 1),
                JsonValueException.syntax("no JSON", null),
                JsonValueException.invalidSchema("$", "no", null),
                HookException.unknownPoint("x", List.of()),
                new OperationCancelledException("h", HookPoint.AGENT_ERROR, "agent/a", "no", null),
                new OperationCancelledException("h", HookPoint.AGENT_ERROR, "agent/a", "no", null).afterCommit(1),
                new EventException(code, "text"),
                new StateException(code, "text"),
                new StorageException(code, "text"),
                StorageException.closed(),
                new AgentException(code, "text"),
                new ToolException(code, "text", Map.of(), null),
                ToolException.failed("text", "division_by_zero"),
                new WorkflowException(code, "text", Map.of(), null),
                ScriptException.closed("the callback"),
                new ScriptException(code, "text", Map.of(), List.of("a.lua:1"), null));
    }

    @ParameterizedTest
    @MethodSource("everyException")
    void message_ofEveryException_endsWithItsCode(LlmSpellException error) {
        assertThat(error).hasMessage(error.text() + " [" + error.code().id() + "]");
        assertThat(error.text()).doesNotContain("[" + error.code().id() + "]").isNotBlank();
        assertThat(JsonErrors.object(error))
                .containsEntry("code", error.code().id())
                .containsEntry("message", error.text());
        assertThat((Map<?, ?>) JsonErrors.object(error).get("details")).hasSameSizeAs(error.details());
    }

    @Test
    void argument_longValue_isShortened() {
        assertThat(new ArgumentException("name", "x".repeat(80), "short").text())
                .contains("x".repeat(80) + "\"");
        assertThat(new ArgumentException("name", "x".repeat(81), "short").text())
                .isEqualTo("name is \"" + "x".repeat(77) + "...\", but must be short");
        assertThat(new ArgumentException("name", "x", "short").details()).isEqualTo(Map.of("argument", "name"));
    }

    @Test
    void limit_namesLimitAndValue() {
        LimitException exceeded = LimitException.exceeded("max_depth", "8", "too deep");

        assertThat(exceeded).hasMessage("too deep (max_depth = 8) [limit_exceeded]");
        assertThat(exceeded.details()).isEqualTo(Map.of("limit", "max_depth", "value", "8"));
        assertThat(LimitException.timeout("the run", "5 s")).hasMessage("the run did not end within 5 s [timeout]");
    }

    @Test
    void config_namesOptionOrArtifact() {
        assertThat(new ConfigException("[a] b", "is bad")).hasMessage("[a] b: is bad [invalid_config]");
        assertThat(ConfigException.missingArtifact("Lua", "g:a").details()).isEqualTo(Map.of("artifact", "g:a"));
    }

    @Test
    void internal_wrapsOnlyWhatHasNoCode() {
        ArgumentException coded = new ArgumentException("x");
        IllegalArgumentException fault = new IllegalArgumentException("password=hunter22");
        RuntimeException anonymous = new RuntimeException() {
            private static final long serialVersionUID = 1L;
        };

        assertThat(InternalException.coded("part", coded)).isSameAs(coded);
        assertThat(InternalException.coded("part", fault))
                .hasMessage("part failed with IllegalArgumentException; the log has the cause [internal]")
                .hasCause(fault);
        assertThat(InternalException.coded("part", anonymous).text()).contains("failed with io.llmspell.core.error.");
    }

    @Test
    void details_areCopiedAndKeepNulls() {
        Map<String, Object> details = new HashMap<>(Map.of("a", 1));
        StateException error = new StateException(ErrorCode.INVALID_KEY, "x", details, null);
        details.put("b", 2);

        assertThat(error.details()).isEqualTo(Map.of("a", 1));
        assertThatThrownBy(() -> error.details().put("c", 3)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void script_stackIsCopied() {
        List<String> stack = new ArrayList<>(List.of("a.lua:1"));
        ScriptException error = new ScriptException(ErrorCode.SCRIPT_ERROR, "x", Map.of(), stack, null);
        stack.clear();

        assertThat(error.scriptStack()).containsExactly("a.lua:1");
        assertThat(new ScriptExit(3).status()).isEqualTo(3);
        assertThat(new ScriptExit(3).getStackTrace()).isEmpty();
    }

    @Test
    void health_detailsAreCopied() {
        Map<String, String> details = new HashMap<>(Map.of("a", "1"));
        Health health = new Health("storage", Health.Status.DEGRADED, details);
        details.clear();

        assertThat(health.details()).isEqualTo(Map.of("a", "1"));
    }
}
