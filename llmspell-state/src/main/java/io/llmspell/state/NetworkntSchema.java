package io.llmspell.state;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import io.llmspell.core.json.CompiledSchema;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A schema that the networknt library has read. Values cross as text, so that no Jackson type is needed here. */
final class NetworkntSchema implements CompiledSchema {
    private final Schema schema;
    private final JsonObject source;
    private final JsonCodec codec;

    NetworkntSchema(Schema schema, JsonObject source, JsonCodec codec) {
        this.schema = schema;
        this.source = source;
        this.codec = codec;
    }

    @Override
    public List<Violation> validate(@Nullable Object value) {
        try {
            return schema.validate(codec.text(value), InputFormat.JSON).stream()
                    .map(error ->
                            new Violation(error.getInstanceLocation().toString(), SchemaMessages.of(error, source)))
                    .distinct()
                    .toList();
        } catch (StackOverflowError e) {
            throw JsonValueException.invalidSchema("$", "it refers to itself without end", e);
        }
    }
}
