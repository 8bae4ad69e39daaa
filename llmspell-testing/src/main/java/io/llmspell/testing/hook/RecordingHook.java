package io.llmspell.testing.hook;

import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.hook.ReactiveHook;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;

/**
 * A hook that records what it sees and always decides the same.
 *
 * <p><b>Threads:</b> safe.
 */
public final class RecordingHook implements Hook {
    private final HookResult answer;
    private final List<HookSnapshot> seen = new CopyOnWriteArrayList<>();

    private RecordingHook(HookResult answer) {
        this.answer = answer;
    }

    /**
     * A hook that goes on.
     *
     * @return the hook
     */
    public static RecordingHook create() {
        return answering(HookResult.proceed());
    }

    /**
     * A hook with a given decision.
     *
     * @param answer what it decides
     * @return the hook
     */
    public static RecordingHook answering(HookResult answer) {
        return new RecordingHook(answer);
    }

    /**
     * The same hook for {@code registerReactive}; it records when it is subscribed to.
     *
     * @return the reactive form, which records here
     */
    public ReactiveHook reactive() {
        return context -> Mono.fromCallable(() -> execute(context));
    }

    @Override
    public HookResult execute(HookContext context) {
        seen.add(context.snapshot());
        return answer;
    }

    /**
     * What the hook saw, in order.
     *
     * @return an unmodifiable copy
     */
    public List<HookSnapshot> seen() {
        return List.copyOf(seen);
    }

    /**
     * How often the hook ran.
     *
     * @return the number of executions
     */
    public int count() {
        return seen.size();
    }
}
