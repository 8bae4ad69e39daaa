package io.llmspell.tools;

import io.llmspell.core.json.CompiledSchema;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A schema that is compiled with its first use. Two threads may both compile it; either result serves. */
final class LazySchema implements CompiledSchema {
    private final Supplier<CompiledSchema> compile;
    private volatile @Nullable CompiledSchema compiled;

    LazySchema(Supplier<CompiledSchema> compile) {
        this.compile = compile;
    }

    @Override
    public List<Violation> validate(@Nullable Object value) {
        CompiledSchema present = compiled;
        if (present == null) {
            present = compile.get();
            compiled = present;
        }
        return present.validate(value);
    }
}
