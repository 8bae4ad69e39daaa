package io.llmspell.state;

import io.llmspell.core.gate.View;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.PointData;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows listings to hooks as reads without a key whose value is the list of keys. A hook may take keys out; it cannot
 * add any.
 */
final class ListView implements View<Listing, Map<String, Cell>> {
    @Override
    public JsonObject input(Listing listing) {
        return JsonObject.of("scope", listing.scope().text(), "key", null, "class", null);
    }

    @Override
    public Object output(Map<String, Cell> output) {
        return JsonValues.array(new ArrayList<>(output.keySet()), JsonLimits.TOOL);
    }

    @Override
    public JsonObject data(HookPoint point, Listing listing, @Nullable Map<String, Cell> output) {
        JsonObject data = input(listing).with("principal", listing.principal().text());
        return output == null ? data : data.with("value", output(output));
    }

    @Override
    public Listing modified(HookPoint point, Listing listing, @Nullable Object data) {
        PointData.merged(point, data(point, listing, null), data, List.of());
        return listing;
    }

    /** Keys that a hook gives in place of the listing stand without their values, which are then read one by one. */
    @Override
    public Map<String, Cell> answer(HookPoint point, Listing listing, @Nullable Object value) {
        Map<String, Cell> named = new LinkedHashMap<>();
        names(value).forEach(name -> named.put(name, Cell.ABSENT));
        return named;
    }

    @Override
    public Map<String, Cell> changed(
            HookPoint point, Listing listing, Map<String, Cell> output, @Nullable Object data) {
        JsonObject shown = data(point, listing, output);
        List<String> kept =
                names(PointData.merged(point, shown, data, List.of("value")).get("value"));
        Map<String, Cell> filtered = new LinkedHashMap<>(output);
        filtered.keySet().retainAll(kept);
        return filtered;
    }

    private static List<String> names(@Nullable Object value) {
        if (!(value instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
            throw JsonValueException.mismatch("value", "an array of keys", value);
        }
        return list.stream().map(String.class::cast).toList();
    }

    @Override
    public Map<String, String> metadata(Listing listing) {
        return Map.of(
                "scope",
                listing.scope().text(),
                "principal",
                listing.principal().text());
    }
}
