package io.llmspell.state;

import io.llmspell.core.json.SchemaCompiler;

/**
 * Makes the compiler for JSON Schemas.
 *
 * <p><b>Threads:</b> safe.
 */
public final class Schemas {
    private Schemas() {}

    /**
     * A compiler for draft 2020-12.
     *
     * <p>It knows the keywords of the draft, treats {@code format} as a remark, reads nothing from files or the network
     * ({@code $ref} reaches within the schema only) and keeps what it has compiled, up to 16 MiB of schemas. Nothing is
     * loaded before the first call of {@link SchemaCompiler#compile}. Its messages are English, whatever the locale of
     * the machine, and show no values. <b>Errors:</b> {@code invalid_schema} naming the first place that is wrong;
     * validation gives {@code limit_exceeded} if a pattern of the schema is too costly for a text.
     *
     * @return the compiler; safe for threads
     */
    public static SchemaCompiler compiler() {
        return new CachingSchemaCompiler();
    }
}
