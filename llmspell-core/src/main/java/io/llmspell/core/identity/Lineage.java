package io.llmspell.core.identity;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a call came about: the hooks, redirects and forks that enclose it; for limits and messages.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param hooks the enclosing hooks as messages name them, outermost first; copied
 * @param redirects the components that handed the call on by Redirect, first one first; copied
 * @param forks how many forks enclose the call
 * @param nested counts the time of operations within the innermost hook, null outside hooks
 * @param inTool whether a call of a tool encloses the call
 */
public record Lineage(
        List<String> hooks,
        List<String> redirects,
        int forks,
        @Nullable NestedTime nested,
        boolean inTool) {
    /** The lineage of a call at the top of a run. */
    public static final Lineage TOP = new Lineage(List.of(), List.of(), 0, null, false);

    /**
     * Copies the lists.
     *
     * @param hooks the enclosing hooks
     * @param redirects the components that handed the call on
     * @param forks how many forks enclose the call
     * @param nested counts the time of operations within the innermost hook, or null
     * @param inTool whether a call of a tool encloses the call
     */
    public Lineage {
        hooks = List.copyOf(hooks);
        redirects = List.copyOf(redirects);
    }

    /**
     * A copy inside one more hook.
     *
     * @param hook the hook and its point, as messages name it
     * @return the copy
     */
    public Lineage hook(String hook) {
        return hook(hook, null);
    }

    /**
     * A copy inside one more hook whose own time is wanted.
     *
     * @param hook the hook and its point, as messages name it
     * @param counter counts the time of operations within the hook, or null
     * @return the copy
     */
    public Lineage hook(String hook, @Nullable NestedTime counter) {
        return new Lineage(append(hooks, hook), redirects, forks, counter, inTool);
    }

    /**
     * A copy after one more redirect.
     *
     * @param component what handed the call on
     * @return the copy
     */
    public Lineage redirect(String component) {
        return new Lineage(hooks, append(redirects, component), forks, nested, inTool);
    }

    /**
     * A copy inside one more fork.
     *
     * @return the copy
     */
    public Lineage fork() {
        return new Lineage(hooks, redirects, forks + 1, nested, inTool);
    }

    /**
     * A copy inside a call of a tool.
     *
     * @return the copy, the same if it is inside one already
     */
    public Lineage tool() {
        return inTool ? this : new Lineage(hooks, redirects, forks, nested, true);
    }

    private static List<String> append(List<String> list, String last) {
        List<String> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
