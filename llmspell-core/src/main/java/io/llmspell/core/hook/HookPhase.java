package io.llmspell.core.hook;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * When a hook point is passed, seen from its operation; it decides which results can act there.
 *
 * <p><b>Threads:</b> immutable.
 */
public enum HookPhase {
    /** Before the operation: the input can change, the operation can be refused. */
    BEFORE(EnumSet.allOf(HookResultKind.class)),
    /** After the operation: the output can change or be withheld; effects stand. */
    AFTER(EnumSet.allOf(HookResultKind.class)),
    /** On the operation's error: it can be rescued. */
    ERROR(EnumSet.complementOf(EnumSet.of(HookResultKind.MODIFIED, HookResultKind.CACHE))),
    /** A notice: nothing can be changed. */
    NOTICE(EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED)),
    /** Around the operation: the hook gives an outcome and no result. */
    AROUND(EnumSet.noneOf(HookResultKind.class));

    @SuppressWarnings("ImmutableEnumChecker") // wrapped as unmodifiable below, and nobody keeps the set inside
    private final Set<HookResultKind> results;

    HookPhase(Set<HookResultKind> results) {
        this.results = Collections.unmodifiableSet(results);
    }

    /**
     * The results that act in this phase unless a firing narrows them.
     *
     * @return an unmodifiable set
     */
    public Set<HookResultKind> results() {
        return results;
    }
}
