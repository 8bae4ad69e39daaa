package io.llmspell.workflows;

import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a hook may change at points where one member of the data is the subject. */
final class Changes {
    private Changes() {}

    /**
     * Gives the subject that a hook left. A map that has a member beside the subject, or nothing but the subject, is the
     * whole data; anything else is the subject itself, because scripts may give it alone.
     */
    static @Nullable Object member(HookPoint point, JsonObject shown, @Nullable Object data, String subject) {
        boolean whole = data instanceof JsonObject changed
                && (shown.keySet().stream().anyMatch(name -> !name.equals(subject) && changed.containsKey(name))
                        || changed.keySet().equals(Set.of(subject)));
        return whole ? PointData.merged(point, shown, data, List.of(subject)).get(subject) : data;
    }
}
