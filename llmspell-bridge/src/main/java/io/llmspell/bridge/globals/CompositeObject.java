package io.llmspell.bridge.globals;

import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptCallback;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptObject;
import io.llmspell.core.script.ScriptObjectType;
import io.llmspell.hooks.Composition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several hooks as one, in scripts: what {@code Hook.compose} gives and {@code Hook.register} takes. */
final class CompositeObject implements ScriptObject {
    private static final ScriptObjectType TYPE = ScriptObjectType.of(
            "hook composite",
            Map.of(),
            List.of(
                    ScriptFunction.plain(
                            "kind",
                            "",
                            "How it decides.",
                            call -> self(call).composition.mode().id()),
                    ScriptFunction.plain(
                            "children",
                            "",
                            "Its children with their figures.",
                            call -> rows(self(call).composition.children()))));

    private final String id;
    private final Composition composition;
    private final List<ScriptCallback> functions;

    CompositeObject(String id, Composition composition, List<ScriptCallback> functions) {
        this.id = id;
        this.composition = composition;
        this.functions = List.copyOf(functions);
    }

    private static CompositeObject self(ScriptCall call) {
        return call.self(CompositeObject.class);
    }

    private static List<Object> rows(List<Composition.Child> children) {
        List<Object> rows = new ArrayList<>();
        for (Composition.Child child : children) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("name", child.name());
            row.put("metrics", HookFigures.of(child.metrics()));
            row.put("children", rows(child.children()));
            rows.add(row);
        }
        return rows;
    }

    Composition composition() {
        return composition;
    }

    /** The functions of the children, also of inner composites. */
    List<ScriptCallback> functions() {
        return functions;
    }

    @Override
    public ScriptObjectType type() {
        return TYPE;
    }

    @Override
    public String id() {
        return id;
    }
}
