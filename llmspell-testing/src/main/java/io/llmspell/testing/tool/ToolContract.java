package io.llmspell.testing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolExecutor;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.core.tool.ToolResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every tool keeps, whatever it does. A test class of a tool implements this interface beside its own tests.
 *
 * <p><b>Threads:</b> for one thread.
 */
public interface ToolContract {
    /**
     * The tool.
     *
     * @return the tool under test
     */
    Tool tool();

    /**
     * Calls tools as users do, with checked parameters.
     *
     * @return an executor that knows {@link #tool()}
     */
    ToolExecutor executor();

    /**
     * Parameters with which the tool succeeds, all required ones among them.
     *
     * @return the parameters
     */
    JsonObject goodParameters();

    /**
     * A parameter without which {@link #goodParameters()} are refused.
     *
     * @return its name
     */
    String neededParameter();

    /** The description is the same at every call, because models and caches hold on to it. */
    @Test
    default void info_calledTwice_isTheSame() {
        assertThat(tool().info()).isEqualTo(tool().info());
    }

    /** A model chooses by the texts alone. */
    @Test
    default void info_texts_areThere() {
        ToolInfo info = tool().info();
        assertThat(info.description()).isNotBlank();
        assertThat(info.category()).isNotBlank();
        assertThat(info.version()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    /** Parameters go by name and each says what it is for. */
    @Test
    default void schema_properties_areDescribed() {
        JsonObject schema = tool().info().schema();
        assertThat(schema.get("type")).isEqualTo("object");
        assertThat(schema.get("properties")).isInstanceOf(JsonObject.class);
        ((JsonObject) Objects.requireNonNull(schema.get("properties")))
                .forEach((name, property) -> assertThat(property)
                        .as("property %s", name)
                        .isInstanceOfSatisfying(
                                JsonObject.class,
                                object -> assertThat(object.text("description"))
                                        .as("description of %s", name)
                                        .isNotBlank()));
    }

    /** Good parameters give a result that is JSON and comes through its text form unchanged. */
    @Test
    default void execute_goodParameters_givesJson() {
        ToolResult result = call(goodParameters());
        assertThat(result.error()).isNull();
        assertThat(result.success()).isTrue();
        JsonCodec codec = JsonCodec.create();
        Object back = codec.parse(codec.text(result.result()), JsonLimits.TOOL);
        assertThat(JsonValues.same(back, result.result())).isTrue();
    }

    /** A misspelt parameter is told, never dropped. */
    @Test
    default void execute_unknownParameter_isRefused() {
        refused(goodParameters().with("no_such_parameter", 1), "no_such_parameter");
    }

    /** A missing parameter is told by name. */
    @Test
    default void execute_missingParameter_isRefused() {
        Map<String, @Nullable Object> fewer = new LinkedHashMap<>(goodParameters());
        fewer.remove(neededParameter());
        refused(JsonValues.object(fewer, JsonLimits.TOOL), neededParameter());
    }

    /** All violations are told at once. */
    @Test
    default void execute_twoViolations_areToldTogether() {
        Map<String, @Nullable Object> wrong = new LinkedHashMap<>(goodParameters());
        wrong.remove(neededParameter());
        wrong.put("no_such_parameter", 1);
        refused(JsonValues.object(wrong, JsonLimits.TOOL), neededParameter(), "no_such_parameter");
    }

    private ToolResult call(JsonObject parameters) {
        return executor().invoke(tool().info().name(), parameters, Caller.host(new CorrelationId("contract")));
    }

    private void refused(JsonObject parameters, String... named) {
        assertThatThrownBy(() -> call(parameters)).isInstanceOfSatisfying(LlmSpellException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.VALIDATION_FAILED);
            assertThat(error.getMessage()).contains(List.of(named));
        });
    }
}
