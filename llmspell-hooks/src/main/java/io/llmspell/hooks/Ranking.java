package io.llmspell.hooks;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.json.JsonValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a parallel composite makes of the answers of its children; the same whatever the order they came in. */
final class Ranking {
    private static final List<HookResultKind> RANKS = List.of(
            HookResultKind.CANCEL,
            HookResultKind.REPLACE,
            HookResultKind.REDIRECT,
            HookResultKind.FORK,
            HookResultKind.RETRY,
            HookResultKind.MODIFIED,
            HookResultKind.CACHE,
            HookResultKind.CONTINUE,
            HookResultKind.SKIPPED);

    private Ranking() {}

    /** The result of the composite; throws if it failed. */
    static HookResult of(
            CompositionMode.Parallel mode,
            List<CompositeChild> children,
            List<ChildOutcome> outcomes,
            @Nullable Object data) {
        List<HookResult> results = outcomes.stream()
                .map(ChildOutcome::result)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
        HookResult best = best(results);
        boolean vetoed = best != null && best.kind() == HookResultKind.CANCEL;
        if (!vetoed) { // a veto stands, whatever became of the others
            throwFailure(children, outcomes, best == null || !mode.continueOnError());
        }
        if (best instanceof HookResult.Modified first) {
            return HookResult.modified(merged(results, first, data));
        }
        return best == null ? HookResult.proceed() : best;
    }

    private static @Nullable HookResult best(List<HookResult> results) {
        HookResult best = null;
        for (HookResult result : results) {
            if (best == null || rank(result) < rank(best)) {
                best = result;
            }
        }
        return best;
    }

    private static int rank(HookResult result) {
        return RANKS.indexOf(result.kind());
    }

    private static void throwFailure(List<CompositeChild> children, List<ChildOutcome> outcomes, boolean any) {
        for (int i = 0; i < outcomes.size(); i++) {
            LlmSpellException problem = outcomes.get(i).failure();
            if (problem != null && (any || children.get(i).mustNotFail())) {
                throw children.get(i).failure(problem);
            }
        }
    }

    /** All changed objects in one; if one of them is no object there is nothing to merge and the first child wins. */
    private static @Nullable Object merged(
            List<HookResult> results, HookResult.Modified first, @Nullable Object original) {
        Map<String, @Nullable Object> merged = new LinkedHashMap<>();
        Map<?, ?> before = original instanceof Map<?, ?> members ? members : Map.of();
        for (HookResult result : results) {
            if (result instanceof HookResult.Modified modified) {
                if (!(modified.data() instanceof Map<?, ?> members)) {
                    return first.data();
                }
                members.forEach((name, value) -> merge(merged, before, (String) name, value));
            }
        }
        return merged;
    }

    /** A member that a child left as it was does not undo what another child did to it. */
    private static void merge(
            Map<String, @Nullable Object> merged, Map<?, ?> before, String name, @Nullable Object value) {
        boolean untouched = before.containsKey(name) && JsonValues.same(before.get(name), value);
        if (!untouched || !merged.containsKey(name)) {
            merged.put(name, value);
        }
    }
}
