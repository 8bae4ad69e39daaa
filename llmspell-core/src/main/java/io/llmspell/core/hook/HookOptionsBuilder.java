package io.llmspell.core.hook;

import io.llmspell.core.identity.Language;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link HookOptions}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class HookOptionsBuilder {
    private final String name;
    private String description = "";
    private String version = "1.0.0";
    private int priority = HookOptions.NORMAL;
    private FailurePolicy failurePolicy = FailurePolicy.FAIL_OPEN;
    private Language language = Language.JAVA;
    private Set<String> tags = Set.of();
    private @Nullable Duration timeout;
    private boolean isolated;
    private boolean replayable;
    private boolean enabled = true;

    HookOptionsBuilder(String name) {
        this.name = name;
    }

    /**
     * Says what the hook does.
     *
     * @param text the description
     * @return this builder
     */
    public HookOptionsBuilder description(String text) {
        this.description = text;
        return this;
    }

    /**
     * Sets the version.
     *
     * @param text a semantic version; default {@code 1.0.0}
     * @return this builder
     */
    public HookOptionsBuilder version(String text) {
        this.version = text;
        return this;
    }

    /**
     * Sets the place in the order.
     *
     * @param place -1000 (first) to 1000 (last); default 0
     * @return this builder
     */
    public HookOptionsBuilder priority(int place) {
        this.priority = place;
        return this;
    }

    /**
     * Sets what a failure does.
     *
     * @param policy the policy; default {@link FailurePolicy#FAIL_OPEN}
     * @return this builder
     */
    public HookOptionsBuilder failurePolicy(FailurePolicy policy) {
        this.failurePolicy = policy;
        return this;
    }

    /**
     * Sets the language the hook is written in.
     *
     * @param source the language; default {@link Language#JAVA}
     * @return this builder
     */
    public HookOptionsBuilder language(Language source) {
        this.language = source;
        return this;
    }

    /**
     * Sets the words for filters.
     *
     * @param words the tags
     * @return this builder
     */
    public HookOptionsBuilder tags(String... words) {
        this.tags = Set.copyOf(List.of(words));
        return this;
    }

    /**
     * Sets how long one execution may take.
     *
     * @param limit more than 0, at most an hour; default: the deadline of the point
     * @return this builder
     */
    public HookOptionsBuilder timeout(Duration limit) {
        this.timeout = limit;
        return this;
    }

    /**
     * Runs the hook on a thread of its own, on a snapshot of the operation; it is abandoned if it is late.
     *
     * @return this builder
     */
    public HookOptionsBuilder isolated() {
        this.isolated = true;
        return this;
    }

    /**
     * Keeps the executions of the hook, so that they can be run again.
     *
     * @return this builder
     */
    public HookOptionsBuilder replayable() {
        this.replayable = true;
        return this;
    }

    /**
     * Sets whether the hook runs from the start.
     *
     * @param on false to register it disabled; default true
     * @return this builder
     */
    public HookOptionsBuilder enabled(boolean on) {
        this.enabled = on;
        return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if name, priority or timeout is out of range
     */
    public HookOptions build() {
        return new HookOptions(
                name,
                description,
                version,
                priority,
                failurePolicy,
                language,
                tags,
                timeout,
                isolated,
                replayable,
                enabled);
    }
}
