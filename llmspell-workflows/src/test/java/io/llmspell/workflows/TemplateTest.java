package io.llmspell.workflows;

import static io.llmspell.workflows.Fixture.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateReader;
import io.llmspell.core.state.StateValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class TemplateTest {
    private final Fixture fixture = new Fixture(caller -> new GlobalState());

    @AfterEach
    void close() {
        fixture.close();
    }

    /** What a step gets whose input is the template; the first step gives a map, the second fails. */
    private Object filled(Object template) {
        JsonObject result = fixture.run(
                fixture.workflows.sequential(SequentialDefinition.builder("w")
                        .initialState(Map.of("own", "mine"))
                        .onError(ErrorStrategy.CONTINUE)
                        .step(WorkflowStep.function("first", context -> Map.of("n", 1, "list", List.of("a", "b"))))
                        .step(WorkflowStep.tool("second", "no_such_tool", Map.of()))
                        .step(new WorkflowStep(
                                "look",
                                new WorkflowStep.Target.OfFunction(context -> JsonArray.of(context.stepInput())),
                                template,
                                true,
                                null))
                        .build()),
                JsonObject.of("x", 7, "t", "tides", "deep", JsonObject.of("k", JsonArray.of("zero", "one"))));
        return java.util.Objects.requireNonNull(object(result, "outputs").get("look"));
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                Arguments.of("$first", JsonObject.of("n", 1, "list", JsonArray.of("a", "b"))),
                Arguments.of("$first.n", 1),
                Arguments.of("$first.list.1", "b"),
                Arguments.of("$first.list.2", null),
                Arguments.of("$first.no.such", null),
                Arguments.of("$second", null),
                Arguments.of("$unknown", "$unknown"),
                Arguments.of("$5.00", "$5.00"),
                Arguments.of("costs $first", "costs $first"),
                Arguments.of("$$.x", 7),
                Arguments.of("$$.deep.k.0", "zero"),
                Arguments.of("{{input.x}}", 7),
                Arguments.of("{{ input.x }}", 7),
                Arguments.of("x={{input.x}}, t={{input.t}}", "x=7, t=tides"),
                Arguments.of("{{input.deep}}!", "{\"k\":[\"zero\",\"one\"]}!"),
                Arguments.of("<{{input.none}}>", "<>"),
                Arguments.of("{{input.none}}", null),
                Arguments.of("{{step:first:output.n}}", 1),
                Arguments.of("{{step:first:output}}", JsonObject.of("n", 1, "list", JsonArray.of("a", "b"))),
                Arguments.of("{{step:first:success}} {{step:second:success}}", "true false"),
                Arguments.of("{{step:second:error.code}}", "tool_not_found"),
                Arguments.of("{{step:look:output}}", null),
                Arguments.of("{{step:nobody:output}}", "{{step:nobody:output}}"),
                Arguments.of("{{step:first:colour}}", "{{step:first:colour}}"),
                Arguments.of("{{state:own}}", "mine"),
                Arguments.of("{{state:global}}", "theirs"),
                Arguments.of("{{state:none}}", null),
                Arguments.of("{{name}}", "{{name}}"),
                Arguments.of("{{name}} {{input.x}}", "{{name}} 7"),
                Arguments.of("{{input.x", "{{input.x"),
                Arguments.of("{{{input.x}}}", "{7}"),
                Arguments.of("{{random:1:20}}", "{{random:1:20}}"),
                Arguments.of("{{input.t | uppercase}}", null),
                Arguments.of(
                        JsonObject.of("a", JsonArray.of("$$.x", 1, true), "b", "$$.t"),
                        JsonObject.of("a", JsonArray.of(7, 1, true), "b", "tides")),
                Arguments.of(
                        JsonObject.of("variables", JsonObject.empty(), "text", "{{input}} {{uuid}} {{input.x}}"),
                        JsonObject.of("variables", JsonObject.empty(), "text", "{{input}} {{uuid}} 7")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void fill_template_givesValue(Object template, @Nullable Object expected) {
        assertThat(JsonValues.same(filled(template), JsonArray.of(expected)))
                .as("%s gave %s", template, filled(template))
                .isTrue();
    }

    @Test
    void fill_uuidAndTimestamp_areMade() {
        assertThat(filled("{{uuid}}").toString()).matches("\\[[0-9a-f]{8}-[0-9a-f-]{27}]");
        assertThat(filled("at {{timestamp}}").toString()).matches("\\[at \\d{4}-\\d\\d-\\d\\dT.*Z]");
    }

    @Test
    void fill_valueWithPlaceholder_isNotReadAgain() {
        JsonObject result = fixture.runSteps(
                "{{uuid}}",
                WorkflowStep.tool("a", "text_manipulator", Map.of("operation", "trim", "input", "{{input}} $$")));
        assertThat(result).containsEntry("output", "{{uuid}} $$");
    }

    @Test
    void fill_growingWithoutBound_failsTheStep() {
        JsonObject result = fixture.runSteps(
                "x".repeat(1_000_000),
                WorkflowStep.tool(
                        "a", "text_manipulator", Map.of("operation", "trim", "input", "{{input}}".repeat(20))));
        assertThat(object(object(object(result, "step_results"), "a"), "error"))
                .containsEntry("code", "limit_exceeded");
    }

    /** Global state with one key. */
    private static final class GlobalState implements StateReader {
        @Override
        public Optional<StateValue> get(StateKey key) {
            boolean known = key.scope().equals(Scope.GLOBAL) && key.key().equals("global");
            return known ? Optional.of(new StateValue("theirs", 1)) : Optional.empty();
        }

        @Override
        public List<String> keys(Scope scope) {
            return List.of();
        }
    }
}
