package io.llmspell.core.json;

/**
 * Reads JSON Schemas (draft 2020-12).
 *
 * <p><b>Threads:</b> safe.
 */
@FunctionalInterface
public interface SchemaCompiler {
    /**
     * Reads a schema.
     *
     * @param schema the schema
     * @return the compiled form
     * @throws io.llmspell.core.error.LlmSpellException {@code invalid_schema} naming the keyword that is wrong
     */
    CompiledSchema compile(JsonObject schema);
}
