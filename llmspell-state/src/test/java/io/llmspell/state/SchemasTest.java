package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.json.CompiledSchema;
import io.llmspell.core.json.CompiledSchema.Violation;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.json.SchemaCompiler;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemasTest {
    private static final JsonCodec JSON = JsonCodec.create();

    private final SchemaCompiler compiler = Schemas.compiler();

    private static JsonObject object(String text) {
        return (JsonObject) Objects.requireNonNull(JSON.parse(text.replace('\'', '"'), JsonLimits.TOOL));
    }

    private CompiledSchema compile(String text) {
        return compiler.compile(object(text));
    }

    @Test
    void validate_fittingValue_hasNoViolation() {
        CompiledSchema schema = compile("{'type':'object','properties':{'a':{'type':'integer'}},'required':['a']}");

        assertThat(schema.validate(JsonObject.of("a", 1))).isEmpty();
    }

    @Test
    void validate_severalFaults_reportsAllWithPaths() {
        CompiledSchema schema = compile("{'type':'object','properties':{'items':{'type':'array','items':{'type':"
                + "'integer','minimum':1000}},'name':{'type':'string','maxLength':2}},'required':['name','id'],"
                + "'additionalProperties':false}");

        assertThat(schema.validate(object("{'items':[2000,'x',1],'name':'abc','nmae':1}")))
                .containsExactlyInAnyOrder(
                        new Violation("$.items[1]", "must be a whole number, but is a text"),
                        new Violation("$.items[2]", "must be at least 1000"),
                        new Violation("$.name", "must have at most 2 characters"),
                        new Violation("$", "must have the member \"id\""),
                        new Violation("$", "does not know the member \"nmae\"; did you mean name?"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':['integer','null']} | 'x' | must be a whole number or null, but is a text",
                "{'enum':[1,2]} | 3 | must be one of [1, 2]",
                "{'const':1} | 2 | must be 1",
                "{'exclusiveMinimum':1} | 1 | must be greater than 1",
                "{'maximum':1} | 2 | must be at most 1",
                "{'exclusiveMaximum':1} | 1 | must be less than 1",
                "{'multipleOf':3} | 4 | must be a multiple of 3",
                "{'minLength':1200} | 'a' | must have at least 1200 characters",
                "{'minItems':2} | [1] | must have at least 2 elements, but has 1",
                "{'maxItems':1} | [1,2] | must have at most 1 elements, but has 2",
                "{'uniqueItems':true} | [1,1] | must not have equal elements",
                "{'minProperties':1} | {} | must have at least 1 members",
                "{'maxProperties':0} | {'a':1} | must have at most 0 members",
                "{'pattern':'^x+$'} | 'y' | must match the pattern ^x+$",
                "{'not':{'type':'string'}} | 'y' | must not be what the schema excludes",
                "{'oneOf':[{'type':'number'},{'type':'integer'}]} | 1 | must fit exactly one of the alternatives, but fits 2",
                "{'dependentRequired':{'x':['y']}} | {'x':1} | must have the member 'y', because it has 'x'",
                "{'properties':{'a':true},'unevaluatedProperties':false} | {'zzzzz':1} | does not know the member 'zzzzz'; known are a",
            })
    void validate_oneFault_saysItInPlainWords(String schema, String value, String message) {
        CompiledSchema compiled = compile(schema);

        assertThat(compiled.validate(JSON.parse(value.replace('\'', '"'), JsonLimits.TOOL)))
                .extracting(Violation::message)
                .containsExactly(message.replace('\'', '"'));
    }

    @Test
    void validate_secretValue_isNotInTheMessage() {
        CompiledSchema schema = compile("{'type':'integer','enum':[1],'pattern':'^a$','maxLength':2}");

        assertThat(schema.validate("hunter2hunter2").toString()).doesNotContain("hunter2");
    }

    @Test
    void validate_largeNumbers_areComparedExactly() {
        CompiledSchema schema = compile("{'maximum':9007199254740993}");

        assertThat(schema.validate(9007199254740993L)).isEmpty();
        assertThat(schema.validate(9007199254740994L)).hasSize(1);
        assertThat(schema.validate(new BigDecimal("9007199254740993.5"))).hasSize(1);
    }

    @Test
    void validate_nullInsideArray_isFound() {
        CompiledSchema schema = compile("{'items':{'type':'string'}}");

        assertThat(schema.validate(JsonArray.of("a", null)))
                .containsExactly(new Violation("$[1]", "must be a text, but is null"));
    }

    @Test
    void validate_inForeignLocale_speaksEnglish() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            CompiledSchema schema = Schemas.compiler().compile(object("{'propertyNames':{'maxLength':1}}"));

            assertThat(schema.validate(JsonObject.of("long", 1)).toString()).contains("characters");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'properties':{'a':{'type':'foo'}}}; $.properties.a.type",
                "{'required':'a'}; $.required",
                "{'minLength':-1}; $.minLength",
                "{'pattern':'('}; no regular expression",
                "{'patternProperties':{'(':{}}}; no regular expression",
                "{'$ref':'#/$defs/none'}; files or addresses are never read",
                "{'$ref':'http://example.com/x.json'}; files or addresses are never read",
                "{'$ref':'file:///etc/passwd'}; files or addresses are never read",
                "{'$ref':'classpath:jsv-messages.properties'}; files or addresses are never read",
                "{'$id':'http://x/y','$ref':'z'}; files or addresses are never read",
                "{'$schema':'http://json-schema.org/draft-07/schema#'}; https://json-schema.org/draft/2020-12/schema",
            })
    void compile_badSchema_isRefusedNamingThePlace(String schema, String place) {
        assertThatExceptionOfType(JsonValueException.class)
                .isThrownBy(() -> compile(schema))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SCHEMA))
                .withMessageContaining(place);
    }

    @Test
    void validate_schemaThatRefersToItself_isRefused() {
        assertThatThrownBy(() -> compile("{'$ref':'#'}").validate(1))
                .isInstanceOf(JsonValueException.class)
                .hasMessageContaining("without end");
    }

    @Test
    void validate_patternWithoutEnd_isGivenUp() {
        String text = "a".repeat(64) + "!";

        assertThatThrownBy(() -> compile("{'pattern':'^(a|aa)+\\\\1b$'}").validate(text))
                .isInstanceOf(LimitException.class)
                .hasMessageContaining("too costly");
        assertThatThrownBy(() -> compile("{'pattern':'^(x|y)*$'}").validate("x".repeat(200_000)))
                .isInstanceOf(LimitException.class);
    }

    @Test
    void compile_sameIdTwice_doesNotMixTheSchemas() {
        CompiledSchema text = compile("{'$id':'http://x/y','type':'string'}");
        CompiledSchema number = compile("{'$id':'http://x/y','type':'number'}");

        assertThat(text.validate("a")).isEmpty();
        assertThat(number.validate("a")).hasSize(1);
    }

    @Test
    void compile_sameSchemaTwice_isKept() {
        assertThat(compile("{'type':'string'}")).isSameAs(compile("{'type':'string'}"));
    }

    @Test
    void validate_deepRecursiveSchema_works() {
        CompiledSchema schema = compile("{'properties':{'next':{'$ref':'#'}},'additionalProperties':false}");
        Object deep = JsonObject.of("oops", 1);
        for (int i = 0; i < 60; i++) {
            deep = JsonValues.object(java.util.Map.of("next", deep), JsonLimits.TOOL);
        }

        assertThat(schema.validate(deep)).hasSize(1);
    }
}
