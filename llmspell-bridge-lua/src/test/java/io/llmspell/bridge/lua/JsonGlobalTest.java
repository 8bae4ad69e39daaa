package io.llmspell.bridge.lua;

import static io.llmspell.bridge.lua.Scripts.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The global {@code JSON}. */
final class JsonGlobalTest {
    @Test
    void parse_text_givesTheValue() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local v = JSON.parse('{\"a\":[1,2.5,\"x\",null,true],\"n\":null,\"e\":[],\"m\":{}}')",
                            "return JSON.array {v.a[1], v.a[2], v.a[3], v.a[4] == JSON.null, v.a[5], v.n == nil, #v.e,"
                                    + " JSON.stringify(v)}"))
                    .isEqualTo(list(
                            1L,
                            2.5,
                            "x",
                            true,
                            true,
                            true,
                            0L,
                            "{\"a\":[1,2.5,\"x\",null,true],\"e\":[],\"m\":{},\"n\":null}"));
        }
    }

    @Test
    void parse_wrongText_tellsLineAndColumn() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("JSON.parse('{\"a\":\\n  oops}')", "code"))
                    .isEqualTo("json_error");
            assertThat(scripts.failure("JSON.parse('{\"a\":\\n  oops}')", "message"))
                    .asString()
                    .startsWith("JSON parse error:")
                    .contains("line 2");
            assertThat(scripts.failure("JSON.parse('')", "code")).isEqualTo("json_error");
            assertThat(scripts.failure("JSON.parse('[1] 2')", "code")).isEqualTo("json_error");
            assertThat(scripts.failure("JSON.parse({})", "code")).isEqualTo("invalid_argument");
        }
    }

    @Test
    void stringify_values_writesThem() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "return JSON.array {JSON.stringify({1, 2}), JSON.stringify({}), JSON.stringify(JSON.array()),",
                                    "  JSON.stringify(JSON.null), JSON.stringify(nil), JSON.stringify('é😀\\n'),",
                                    "  JSON.stringify({a = {b = 1}}, 2), JSON.stringify(10 ^ 15 // 1 | 0), JSON.stringify(0.1)}"))
                    .isEqualTo(list(
                            "[1,2]",
                            "{}",
                            "[]",
                            "null",
                            "null",
                            "\"é😀\\n\"",
                            "{\n  \"a\": {\n    \"b\": 1\n  }\n}",
                            "1000000000000000",
                            "0.1"));
            assertThat(scripts.failure("JSON.stringify(print)", "code")).isEqualTo("value_not_convertible");
            assertThat(scripts.failure("JSON.stringify(0/0)", "code")).isEqualTo("value_not_convertible");
        }
    }

    @Test
    void float_ofAWholeNumber_isWrittenAsAFloat() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run("return JSON.array {JSON.stringify({JSON.float(2), 2, JSON.float(0.5)}),"
                            + " tostring(JSON.float(2)), JSON.float(2) < 3, JSON.float(2) == JSON.float(2)}"))
                    .isEqualTo(list("[2.0,2,0.5]", "2.0", true, true));
            assertThat(scripts.failure("JSON.float('2')", "code")).isEqualTo("invalid_argument");
        }
    }

    @Test
    void exactInteger_beyondTwoToThe53_isNeverRounded() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(
                            scripts.run(
                                    "local big = JSON.parse('9007199254740993')",
                                    "local bigger = JSON.parse('9007199254740995')",
                                    "return JSON.array {JSON.stringify(big), tostring(big), 'n=' .. big, big < bigger, big > 5,",
                                    "  big == JSON.parse('9007199254740993'), big == bigger, (pcall(function() return big + 1 end))}"))
                    .isEqualTo(list(
                            "9007199254740993",
                            "9007199254740993",
                            "n=9007199254740993",
                            true,
                            true,
                            true,
                            false,
                            false));
        }
    }

    @Test
    void exactNumber_comparedWithAText_isRefused() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.failure("return JSON.parse('9007199254740993') < 'text'", "code"))
                    .isEqualTo("invalid_argument");
            assertThat(scripts.run("return JSON.stringify(JSON.parse('1e400'))"))
                    .isEqualTo("1E+400");
        }
    }

    @Test
    void array_mark_staysThroughChanges() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run(
                            "local a = JSON.array()",
                            "local empty = JSON.stringify(a)",
                            "a[1] = 'x'; table.insert(a, 'y')",
                            "return JSON.array {empty, JSON.stringify(a), #a, a}"))
                    .isEqualTo(list("[]", "[\"x\",\"y\"]", 2L, List.of("x", "y")));
        }
    }
}
