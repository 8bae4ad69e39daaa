package io.llmspell.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.ToolInfo;
import io.llmspell.testing.tool.ScriptedTool;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ToolRegistryTest {
    private final ToolsFixture fixture = new ToolsFixture();

    private static ScriptedTool tool(String name, JsonObject schema) {
        return new ScriptedTool(name, SecurityLevel.SAFE, schema, (parameters, run) -> parameters);
    }

    private static JsonObject schema(Object... more) {
        return JsonObject.of(more).with("type", "object");
    }

    private List<String> names(String query) {
        return fixture.tools.registry().discover(query, fixture.caller).stream()
                .map(ToolInfo::name)
                .toList();
    }

    @Test
    void discover_emptyQuery_listsAllInOrder() {
        fixture.tools.registry().register(tool("Abacus", schema()));
        assertThat(names("")).containsExactly("Abacus", "calculator", "text_manipulator");
    }

    @Test
    void discover_query_matchesNameCategoryDescription() {
        assertThat(names("TEXT-MAN")).containsExactly("text_manipulator");
        assertThat(names("utility")).containsExactly("calculator", "text_manipulator");
        assertThat(names("arithmetic")).containsExactly("calculator");
        assertThat(names("nothing like it")).isEmpty();
    }

    @Test
    void register_nameTaken_isRefused() {
        assertThatThrownBy(() -> fixture.tools.registry().register(tool("Text-Manipulator", schema())))
                .isInstanceOfSatisfying(
                        LlmSpellException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.TOOL_EXISTS));
    }

    @Test
    void handle_closed_removesItsToolOnly() {
        Handle first = fixture.tools.registry().register(tool("mine", schema()));
        first.close();
        assertThat(fixture.tools.registry().find("mine")).isEmpty();
        ScriptedTool second = tool("mine", schema());
        Handle kept = fixture.tools.registry().register(second);
        first.close();
        assertThat(fixture.tools.registry().find("mine")).containsSame(second);
        kept.close();
    }

    static Stream<Arguments> badSchemas() {
        return Stream.of(
                Arguments.of(JsonObject.of("type", "string"), "must be \"object\""),
                Arguments.of(JsonObject.empty(), "must be \"object\""),
                Arguments.of(schema("properties", JsonObject.of("a", JsonObject.of("type", "txt"))), "bad"),
                Arguments.of(schema("x-aliases", "a"), "x-aliases"),
                Arguments.of(schema("x-aliases", JsonObject.of("a", "b")), "x-aliases"));
    }

    @ParameterizedTest
    @MethodSource("badSchemas")
    void register_badSchema_isRefused(JsonObject schema, String named) {
        assertThatThrownBy(() -> fixture.tools.registry().register(tool("bad", schema)))
                .isInstanceOfSatisfying(LlmSpellException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_SCHEMA);
                    assertThat(error.getMessage()).contains("bad").contains(named);
                });
    }

    static Stream<Arguments> unknownParameters() {
        JsonObject a = JsonObject.of("a", JsonObject.of("type", "integer"));
        return Stream.of(
                Arguments.of(schema("properties", a), true),
                Arguments.of(schema("properties", a, "additionalProperties", false), true),
                Arguments.of(schema(), true),
                Arguments.of(schema("allOf", JsonArray.of(JsonObject.of("properties", a))), true),
                Arguments.of(schema("properties", a, "additionalProperties", true), false),
                Arguments.of(schema("patternProperties", JsonObject.of("^b", true)), false),
                Arguments.of(schema("additionalProperties", JsonObject.of("type", "integer")), false));
    }

    @ParameterizedTest
    @MethodSource("unknownParameters")
    void invoke_unknownParameter_isRefusedUnlessTheSchemaIsOpen(JsonObject schema, boolean refused) {
        fixture.tools.registry().register(tool("some", schema));
        if (refused) {
            assertThatThrownBy(() -> fixture.call("some", "bb", 1)).hasMessageContaining("bb");
        } else {
            assertThat(fixture.call("some", "bb", 1).success()).isTrue();
        }
    }

    @Test
    void builder_withoutGate_isRefused() {
        assertThatThrownBy(() -> Tools.builder().build())
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("gate");
    }
}
