package io.llmspell.core.hook;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the changed data of points at which a hook may replace some members only.
 *
 * <p><b>Threads:</b> safe.
 */
public final class PointData {
    private PointData() {}

    /**
     * Checks that a hook changed nothing but what it may. Members that are left out count as unchanged.
     *
     * @param point the point
     * @param shown the data that the hook saw
     * @param data the data that it gave back
     * @param replaceable the members that it may change
     * @return {@code shown} with the changed members
     * @throws HookException {@code result_not_allowed} naming a member that must stay
     * @throws JsonValueException {@code type_mismatch} if the data is no map
     */
    public static JsonObject merged(
            HookPoint point, JsonObject shown, @Nullable Object data, List<String> replaceable) {
        if (!(data instanceof JsonObject changed)) {
            throw JsonValueException.mismatch("data of " + point, "a map", data);
        }
        JsonObject merged = shown;
        for (Map.Entry<String, @Nullable Object> member : changed.entrySet()) {
            String name = member.getKey();
            if (replaceable.contains(name)) {
                merged = merged.with(name, member.getValue());
            } else if (!shown.containsKey(name) || !JsonValues.same(shown.get(name), member.getValue())) {
                throw notReplaceable(point, name, replaceable);
            }
        }
        return merged;
    }

    private static HookException notReplaceable(HookPoint point, String name, List<String> replaceable) {
        return new HookException(
                ErrorCode.RESULT_NOT_ALLOWED,
                "a hook changed \"" + name + "\" at " + point + ", where "
                        + (replaceable.isEmpty() ? "nothing" : String.join(", ", replaceable)) + " can be changed",
                Map.of("point", point.name(), "member", name),
                null);
    }
}
