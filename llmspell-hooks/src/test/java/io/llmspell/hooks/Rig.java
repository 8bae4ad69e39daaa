package io.llmspell.hooks;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.AsyncBody;
import io.llmspell.core.gate.Body;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.OperationTargets;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.View;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.hook.ReactiveHook;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One tool-like operation on texts, whose course is written down as words: {@code check=x}, {@code body=x}.
 *
 * <p>The promise refuses the input {@code forbidden}; the body fails on {@code fail} and otherwise gives
 * {@code out(x)}; {@code invalid} is no valid input and no valid output.
 */
final class Rig implements AutoCloseable {
    static final Component PROBE = Component.named(ComponentType.TOOL, "probe");
    static final HookPoint FIRST = HookPoint.TOOL_VALIDATION;
    static final HookPoint BEFORE = HookPoint.BEFORE_TOOL_EXECUTION;
    static final HookPoint AFTER = HookPoint.AFTER_TOOL_EXECUTION;
    static final HookPoint ERROR = HookPoint.TOOL_ERROR;
    static final HookPoint LAST = HookPoint.parse("tool_resource_released");

    /** Deadlines that a busy machine keeps; for tests that are not about them. */
    static final HookSettings PATIENT =
            HookSettings.builder().deadline(Duration.ofSeconds(30)).build();

    /** A text that cannot be mixed up with JSON values. */
    record Text(String text) {}

    final Hooks hooks;
    final List<String> trace = new CopyOnWriteArrayList<>();
    final Passage<Text, Text> passage;

    Rig() {
        this(Hooks.builder().settings(PATIENT).build());
    }

    Rig(Hooks hooks) {
        this(hooks, true);
    }

    Rig(Hooks hooks, boolean withTargets) {
        this.hooks = hooks;
        if (withTargets) {
            hooks.targets(new Targets());
        }
        this.passage = passage(this::body, (input, caller) -> Mono.fromCallable(() -> body(input, caller)));
    }

    Passage<Text, Text> passage(Body<Text, Text> body, @Nullable AsyncBody<Text, Text> asyncBody) {
        Operation<Text, Text> operation = Operation.of(OperationKind.TOOL_CALL, new TextView())
                .before(FIRST)
                .promise("promise", this::check)
                .before(BEFORE)
                .after(AFTER)
                .error(ERROR)
                .last(LAST)
                .run(body, asyncBody);
        return hooks.gate().passage(operation);
    }

    private Text check(Text input, Caller caller) {
        trace.add("check=" + input.text);
        if (input.text.equals("forbidden")) {
            throw new ArgumentException("input", input.text, "something else");
        }
        return input;
    }

    private Text body(Text input, Caller caller) {
        trace.add("body=" + input.text);
        if (input.text.equals("fail")) {
            throw new ArgumentException("input", input.text, "something that works");
        }
        return new Text("out(" + input.text + ")");
    }

    static Caller caller() {
        return Caller.host(new CorrelationId("run-1"));
    }

    /** The output, or the code of the error. */
    String call(String input) {
        try {
            return passage.call(PROBE, new Text(input), caller()).text();
        } catch (LlmSpellException failure) {
            return failure.code().id();
        }
    }

    /** The same through the reactive twin. */
    String callAsync(String input) {
        try {
            return String.valueOf(passage.callAsync(PROBE, new Text(input), caller())
                    .map(Text::text)
                    .block());
        } catch (LlmSpellException failure) {
            return failure.code().id();
        }
    }

    /** The error of a call that must fail. */
    LlmSpellException failure(String input) {
        return failure(input, caller());
    }

    LlmSpellException failure(String input, Caller caller) {
        try {
            Text output = passage.call(PROBE, new Text(input), caller);
            throw new AssertionError("the call gave " + output);
        } catch (LlmSpellException failure) {
            return failure;
        }
    }

    HookHandle open(HookPoint point, String name, Hook hook) {
        return hooks.registry().register(point, HookOptions.named(name), hook);
    }

    HookHandle guard(HookPoint point, String name, Hook hook) {
        return hooks.registry().register(point, closed(name), hook);
    }

    HookHandle reactive(HookPoint point, HookOptions options, ReactiveHook hook) {
        return hooks.registry().registerReactive(point, options, hook);
    }

    static HookOptions closed(String name) {
        return HookOptions.builder(name)
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .build();
    }

    static HookOptions at(String name, int priority) {
        return HookOptions.builder(name).priority(priority).build();
    }

    /** The words written so far, and a clean page. */
    String written() {
        String words = String.join(" ", trace);
        trace.clear();
        return words;
    }

    @Override
    public void close() {
        hooks.close();
    }

    /** Tools by name: {@code other} writes itself down, {@code bad} fails, the others do not. */
    private final class Targets implements OperationTargets {
        @Override
        public Mono<Outcome> start(OperationKind kind, String target, @Nullable Object input, Caller caller) {
            return Mono.fromCallable(() -> {
                if (target.equals("bad")) {
                    throw new ArgumentException("target", target, "one that works");
                }
                if (target.equals("other")) {
                    trace.add("other=" + input);
                }
                return new Outcome(target + "(" + input + ")");
            });
        }

        @Override
        public Set<OperationKind> kinds() {
            return Set.of(OperationKind.TOOL_CALL);
        }
    }

    static final class TextView implements View<Text, Text> {
        @Override
        public Object input(Text input) {
            return input.text;
        }

        @Override
        public Object output(Text output) {
            return output.text;
        }

        @Override
        public Object data(HookPoint point, Text input, @Nullable Text output) {
            return output == null ? input.text : output.text;
        }

        @Override
        public Text modified(HookPoint point, Text input, @Nullable Object data) {
            return valid(data);
        }

        @Override
        public Text answer(HookPoint point, Text input, @Nullable Object value) {
            return valid(value);
        }

        @Override
        public Text forked(Text output, Map<String, @Nullable Object> forks) {
            return new Text(output.text + "+" + String.join(",", forks.keySet()));
        }

        private static Text valid(@Nullable Object json) {
            if (!(json instanceof String text) || text.equals("invalid")) {
                throw new ArgumentException("text", String.valueOf(json), "a valid text");
            }
            return new Text(text);
        }
    }
}
