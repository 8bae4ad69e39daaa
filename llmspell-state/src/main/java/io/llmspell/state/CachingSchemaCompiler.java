package io.llmspell.state;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import io.llmspell.core.concurrent.Lazy;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.CompiledSchema;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.json.SchemaCompiler;
import java.util.List;
import java.util.Locale;

/**
 * Compiles schemas with the networknt library and keeps the results.
 *
 * <p>Each schema has a registry of its own, so that two schemas with the same {@code $id} cannot meet.
 */
final class CachingSchemaCompiler implements SchemaCompiler {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/";
    private static final long KEPT_BYTES = 16L << 20;

    private final JsonCodec codec = JsonCodec.create();

    /** Made with the first use: the library starts the log of the JDK. */
    private final Lazy<Cache<JsonObject, CompiledSchema>> compiled = new Lazy<>(() -> Caffeine.newBuilder()
            .maximumWeight(KEPT_BYTES)
            .weigher((JsonObject schema, CompiledSchema value) -> (int) JsonValues.bytes(schema))
            .build());

    @Override
    public CompiledSchema compile(JsonObject schema) {
        Cache<JsonObject, CompiledSchema> cache = compiled.get();
        CompiledSchema kept = cache.getIfPresent(schema);
        if (kept != null) {
            return kept;
        }
        CompiledSchema fresh = read(schema);
        cache.put(schema, fresh);
        return fresh;
    }

    private CompiledSchema read(JsonObject schema) {
        checkDraft(schema);
        String text = codec.text(schema);
        checkForm(text);
        try {
            Schema read = registry().getSchema(text, InputFormat.JSON);
            read.initializeValidators();
            return new NetworkntSchema(read, schema, codec);
        } catch (LlmSpellException e) {
            throw e;
        } catch (SchemaException | StackOverflowError e) {
            throw JsonValueException.invalidSchema("$", problem(e), e);
        }
    }

    private static void checkDraft(JsonObject schema) {
        Object draft = schema.get("$schema");
        if (draft != null && !(draft instanceof String name && name.startsWith(DRAFT + "schema"))) {
            throw JsonValueException.invalidSchema("$.$schema", "must be absent or \"" + DRAFT + "schema\"", null);
        }
    }

    private void checkForm(String text) {
        List<Error> errors = Draft.SCHEMA.validate(text, InputFormat.JSON);
        if (!errors.isEmpty()) {
            Error first = errors.get(0);
            throw JsonValueException.invalidSchema(
                    first.getInstanceLocation().toString(), SchemaMessages.of(first, JsonObject.empty()), null);
        }
    }

    /** The library wraps what it could not load in several ways; its own words say "file not found" for all of them. */
    private static String problem(Throwable fault) {
        if (fault instanceof StackOverflowError) {
            return "it refers to itself without end";
        }
        String words = String.valueOf(fault.getMessage());
        return words.contains("FileNotFound") || words.contains("cannot be resolved") || words.contains("not allowed")
                ? "a $ref leads to nothing in this schema, and files or addresses are never read (" + words + ")"
                : words;
    }

    private static SchemaRegistry registry() {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .locale(Locale.ROOT)
                .pathType(PathType.JSON_PATH)
                .regularExpressionFactory(BoundedPattern::new)
                .build();
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaRegistryConfig(config)
                        .schemaLoader(loader -> loader.fetchRemoteResources(false)
                                .allow(iri -> iri.toString().startsWith(DRAFT))));
    }

    /** The schema of schemas; loaded when the first schema is compiled. */
    private static final class Draft {
        static final Schema SCHEMA = registry().getSchema(SchemaLocation.of(DRAFT + "schema"));
    }
}
