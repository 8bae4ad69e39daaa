package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Step.Stage;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.ForkOperation;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.OperationView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Every stage with every result and every way to fail, from every kind of hook, through both calls. */
class ResultMatrixTest {
    private enum Style {
        DIRECT,
        REACTIVE_AT_ONCE,
        REACTIVE_LATER
    }

    /** What the hook does: gives a result, or fails in its own way. */
    private enum Act {
        CONTINUE,
        MODIFIED,
        CANCEL,
        REDIRECT,
        REPLACE,
        RETRY,
        FORK,
        CACHE,
        SKIPPED,
        MODIFIED_TO_INVALID,
        MODIFIED_TO_FORBIDDEN,
        REPLACE_BY_INVALID,
        THROW,
        THROW_CHECKED,
        OVERFLOW,
        LINKAGE,
        ASSERTION,
        OUT_OF_MEMORY,
        NOTHING
    }

    private record Cell(Stage stage, Act act, FailurePolicy policy) {}

    @TestFactory
    Stream<DynamicTest> cell_inEveryStyle_actsAsTheTableSays() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            for (Act act : Act.values()) {
                for (FailurePolicy policy : FailurePolicy.values()) {
                    Cell cell = new Cell(stage, act, policy);
                    for (Style style : Style.values()) {
                        tests.add(dynamicTest(cell + " " + style, () -> run(cell, style)));
                    }
                }
            }
        }
        return tests.stream();
    }

    private static void run(Cell cell, Style style) {
        String expected = expected(cell);
        try (Rig rig = rig(cell, style)) {
            String output = rig.call(input(cell));
            assertThat(rig.written() + " => " + output).as("call").isEqualTo(expected);
        }
        try (Rig rig = rig(cell, style)) {
            String output = rig.callAsync(input(cell));
            assertThat(rig.written() + " => " + output).as("callAsync").isEqualTo(expected);
        }
    }

    private static String input(Cell cell) {
        return cell.stage == Stage.ERROR ? "fail" : "in";
    }

    // ---- the table, written out ----

    private static String expected(Cell cell) {
        boolean closed = cell.policy == FailurePolicy.FAIL_CLOSED;
        return switch (cell.stage) {
            case BEFORE -> before(cell.act, closed);
            case AFTER -> after(cell.act, closed);
            case ERROR -> "check=fail before=fail body=fail " + error(cell.act);
            case LAST -> "check=in before=in body=in after=out(in) last end=out(in) => out(in)";
        };
    }

    private static String before(Act act, boolean closed) {
        String on = "check=in before=in body=in after=out(in) last end=out(in) => out(in)";
        return switch (act) {
            case CONTINUE, SKIPPED -> on;
            case MODIFIED -> "check=in check=new before=new body=new after=out(new) last end=out(new) => out(new)";
            case CANCEL -> "check=in " + refused("operation_cancelled");
            case REPLACE -> "check=in after=ans! last end=ans => ans";
            case REDIRECT -> "check=in other=in after=other(in)! last end=other(in) => other(in)";
            case RETRY -> "check=in last end=null check=in " + refused("retry_exhausted");
            case FORK -> "check=in before=in body=in after=out(in)+f last end=out(in)+f => out(in)+f";
            case CACHE -> on;
            case MODIFIED_TO_FORBIDDEN ->
                closed
                        ? "check=in check=forbidden " + refused("invalid_argument")
                        : "check=in check=forbidden before=in body=in after=out(in) last end=out(in) => out(in)";
            default -> closed ? "check=in " + refused(code(act)) : on;
        };
    }

    private static String after(Act act, boolean closed) {
        String body = "check=in before=in body=in ";
        String on = body + "after=out(in) last end=out(in) => out(in)";
        return switch (act) {
            case CONTINUE, SKIPPED -> on;
            case MODIFIED -> body + "after=new last end=new => new";
            case MODIFIED_TO_FORBIDDEN -> body + "after=forbidden last end=forbidden => forbidden";
            case CANCEL -> body + refused("operation_cancelled");
            case REPLACE -> body + "last end=ans => ans";
            case REDIRECT -> body + "other=out(in) last end=other(out(in)) => other(out(in))";
            case RETRY -> body + "last end=out(in) " + body + refused("retry_exhausted");
            case FORK -> body + "after=out(in) last end=out(in)+f => out(in)+f";
            case CACHE -> on;
            default -> closed ? body + refused(code(act)) : on;
        };
    }

    private static String error(Act act) {
        String on = "error=invalid_argument last end=invalid_argument => invalid_argument";
        return switch (act) {
            case REPLACE -> "after=ans! last end=ans => ans";
            case REDIRECT -> "other=fail after=other(fail)! last end=other(fail) => other(fail)";
            case RETRY -> "last end=invalid_argument check=fail before=fail body=fail " + on;
            default -> on;
        };
    }

    private static String refused(String code) {
        return "error=" + code + " last end=" + code + " => " + code;
    }

    private static String code(Act act) {
        return switch (act) {
            case NOTHING -> "invalid_hook_result";
            default -> "hook_failed";
        };
    }

    // ---- the hooks ----

    private static Rig rig(Cell cell, Style style) {
        Rig rig = new Rig();
        HookOptions options = HookOptions.builder("subject")
                .failurePolicy(cell.policy)
                .priority(HookOptions.HIGH)
                .build();
        HookPoint point = switch (cell.stage) {
            case BEFORE -> Rig.BEFORE;
            case AFTER -> Rig.AFTER;
            case ERROR -> Rig.ERROR;
            case LAST -> Rig.LAST;
        };
        switch (style) {
            case DIRECT -> rig.hooks.registry().register(point, options, context -> act(cell.act));
            case REACTIVE_AT_ONCE -> rig.reactive(point, options, context -> atOnce(cell.act));
            case REACTIVE_LATER ->
                rig.reactive(
                        point,
                        options,
                        context -> Mono.defer(() -> atOnce(cell.act)).subscribeOn(Schedulers.boundedElastic()));
        }
        observe(rig);
        return rig;
    }

    private static void observe(Rig rig) {
        HookOptions late =
                HookOptions.builder("observer").priority(HookOptions.LOW).build();
        rig.hooks.registry().register(Rig.BEFORE, late, context -> note(rig, "before=" + context.data()));
        rig.hooks.registry().register(Rig.AFTER, late, context -> {
            return note(rig, "after=" + context.data() + (context.operation().replaced() ? "!" : ""));
        });
        rig.hooks.registry().register(Rig.ERROR, late, context -> note(rig, "error=" + code(context.operation())));
        rig.hooks.registry().register(Rig.LAST, late, context -> note(rig, "last"));
        rig.hooks.systemFirst().register(Rig.FIRST, HookOptions.named("end"), context -> {
            context.onEnd(view -> rig.trace.add("end=" + code(view)));
            return HookResult.proceed();
        });
    }

    private static HookResult note(Rig rig, String word) {
        rig.trace.add(word);
        return HookResult.proceed();
    }

    private static String code(OperationView view) {
        LlmSpellException error = view.error();
        return error == null ? String.valueOf(view.output()) : error.code().id();
    }

    private static Mono<HookResult> atOnce(Act act) {
        if (act == Act.NOTHING) {
            return Mono.empty();
        }
        try {
            return Mono.just(act(act));
        } catch (Throwable failure) {
            return Mono.error(failure);
        }
    }

    @SuppressWarnings("NullAway") // a hook that gives null is the case under test
    private static HookResult act(Act act) throws Exception {
        return switch (act) {
            case CONTINUE -> HookResult.proceed();
            case MODIFIED -> HookResult.modified("new");
            case CANCEL -> HookResult.cancel("no");
            case REDIRECT -> HookResult.redirect("other");
            case REPLACE -> HookResult.replace("ans");
            case RETRY -> HookResult.retry(Duration.ZERO, 2);
            case FORK -> HookResult.fork(List.of(new ForkOperation("f", OperationKind.TOOL_CALL, "beside", null)));
            case CACHE -> HookResult.cache("key", Duration.ofSeconds(1));
            case SKIPPED -> HookResult.skipped("not mine");
            case MODIFIED_TO_INVALID -> HookResult.modified("invalid");
            case MODIFIED_TO_FORBIDDEN -> HookResult.modified("forbidden");
            case REPLACE_BY_INVALID -> HookResult.replace("invalid");
            case THROW -> throw new UnsupportedOperationException("planted");
            case THROW_CHECKED -> throw new java.io.IOException("planted");
            case OVERFLOW -> throw new StackOverflowError("planted");
            case LINKAGE -> throw new NoClassDefFoundError("planted");
            case ASSERTION -> throw new AssertionError("planted");
            case OUT_OF_MEMORY -> throw new OutOfMemoryError("planted");
            case NOTHING -> null;
        };
    }

    @Test
    void resultKinds_areAllInTheMatrix() {
        assertThat(Stream.of(Act.values()).map(Enum::name))
                .containsAll(Stream.of(HookResultKind.values()).map(Enum::name).toList());
    }
}
