package io.llmspell.workflows;

import static io.llmspell.workflows.Fixture.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class DefinitionParserTest {
    private static final WorkflowFunction NOTHING = context -> null;

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Map<String, @Nullable Object> map(@Nullable Object... pairs) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        return map;
    }

    private static Map<String, @Nullable Object> workflow(@Nullable Object... steps) {
        List<@Nullable Object> list = new ArrayList<>();
        list.addAll(java.util.Arrays.asList(steps));
        return map("name", "report", "steps", list);
    }

    @Test
    void parse_everyKindOfStep_runs() {
        Agent writer = fixture.agent("writer", "offline/echo");
        Workflow inner = fixture.workflows.sequential(workflow(map("name", "i", "execute", NOTHING)));
        Map<String, @Nullable Object> definition = workflow(
                map("name", "draft", "agent", writer, "prompt", "On {{input.topic}}"),
                map("name", "again", "agent", "writer", "input", "Go on"),
                map("name", "more", "agent", "writer", "prompt", "And", "input", map("mood", "calm")),
                map(
                        "name",
                        "loud",
                        "type",
                        "tool",
                        "tool",
                        "text_manipulator",
                        "parameters",
                        map("operation", "uppercase", "input", "$draft")),
                map(
                        "name",
                        "fn",
                        "type",
                        "custom",
                        "execute",
                        (WorkflowFunction) context -> context.stepInput(),
                        "input",
                        "$loud"),
                map("name", "made", "workflow", inner),
                map("name", "defined", "workflow", map("steps", List.of(map("name", "x", "execute", NOTHING)))),
                map("name", "nested", "steps", List.of(map("name", "y", "execute", NOTHING)), "required", false));
        definition.put("initial_state", map("a", 1));
        definition.put("error_strategy", "stop");
        definition.put("some_unknown_member", 1);
        JsonObject result = fixture.run(fixture.workflows.sequential(definition), JsonObject.of("topic", "tides"));
        assertThat(result.get("error")).isNull();
        assertThat(object(result, "outputs"))
                .containsEntry("draft", "(offline/echo) On tides")
                .containsEntry("again", "(offline/echo) Go on")
                .containsEntry("more", "(offline/echo) And")
                .containsEntry("fn", "(OFFLINE/ECHO) ON TIDES");
        assertThat(object(result, "final_state")).containsEntry("a", 1L);
    }

    static Stream<Arguments> bad() {
        Map<String, @Nullable Object> good = map("name", "a", "execute", NOTHING);
        return Stream.of(
                Arguments.of(map("steps", List.of(good)), "workflow: name"),
                Arguments.of(map("name", "report"), "workflow \"report\": steps is absent"),
                Arguments.of(map("name", "report", "steps", "a"), "an array of steps"),
                Arguments.of(workflow(), "has no steps"),
                Arguments.of(workflow("text"), "step 1: steps is a text"),
                Arguments.of(workflow(map("tool", "x")), "step 1: name is absent"),
                Arguments.of(workflow(good, good), "two steps named \"a\""),
                Arguments.of(workflow(map("name", "a:b", "tool", "x")), "a:b"),
                Arguments.of(workflow(map("name", "a")), "step \"a\": target must be one of"),
                Arguments.of(workflow(map("name", "a", "tool", "x", "agent", "y")), "tool and agent are given"),
                Arguments.of(workflow(map("name", "a", "tool", 1)), "tool is a number, but must be a text"),
                Arguments.of(workflow(map("name", "a", "agent", 1)), "an agent or its name"),
                Arguments.of(workflow(map("name", "a", "execute", "x")), "must be a function"),
                Arguments.of(workflow(map("name", "a", "workflow", "x")), "a workflow or a definition"),
                Arguments.of(workflow(map("name", "a", "type", "tol", "tool", "x")), "did you mean \"tool\"?"),
                Arguments.of(workflow(map("name", "a", "type", "agent", "tool", "x")), "has the member tool"),
                Arguments.of(workflow(map("name", "a", "type", "loop", "steps", List.of(good))), "not available"),
                Arguments.of(workflow(map("name", "a", "tool", "x", "required", 1)), "required is a number"),
                Arguments.of(workflow(map("name", "a", "tool", "x", "prompt", "p")), "belongs to a step with an agent"),
                Arguments.of(
                        workflow(map("name", "a", "tool", "x", "input", map(), "parameters", map())),
                        "parameters is given beside input"),
                Arguments.of(workflow(map("name", "a", "tool", "x", "input", map("f", NOTHING))), "is no JSON value"),
                Arguments.of(workflow(map("name", "a", "tool", "x", "retry", map())), "retry is not available"),
                Arguments.of(workflow(map("name", "a", "tool", "x", "condition", true)), "condition is not available"),
                Arguments.of(
                        workflow(map("name", "a", "tool", "x", "error_strategy", "retry")),
                        "\"retry\" is not available"),
                Arguments.of(
                        workflow(map("name", "a", "tool", "x", "error_strategy", map("type", "fallback"))),
                        "\"fallback\" is not available"),
                Arguments.of(workflow(map("name", "a", "tool", "x", "error_strategy", "panic")), "\"panic\""),
                Arguments.of(with("error_strategy", 3), "error_strategy"),
                Arguments.of(with("timeout_ms", 3), "timeout_ms is not available"),
                Arguments.of(with("initial_state", List.of()), "initial_state"),
                Arguments.of(with("type", "parallel"), "\"parallel\" is not available"),
                Arguments.of(
                        workflow(map("name", "a", "workflow", map("steps", List.of(map("name", "b"))))), "step \"b\""));
    }

    private static Map<String, @Nullable Object> with(String member, Object value) {
        Map<String, @Nullable Object> definition = workflow(map("name", "a", "execute", NOTHING));
        definition.put(member, value);
        return definition;
    }

    @ParameterizedTest
    @MethodSource("bad")
    void parse_badDefinition_namesStepAndMember(Map<String, @Nullable Object> definition, String named) {
        assertThatThrownBy(() -> fixture.workflows.sequential(definition))
                .isInstanceOfSatisfying(LlmSpellException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_WORKFLOW);
                    assertThat(error.getMessage()).contains(named);
                });
    }
}
