package io.llmspell.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.HookPhase;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

final class OperationTest {
    private static final View<String, String> VIEW = new View<>() {
        @Override
        public @Nullable Object input(String input) {
            return input;
        }

        @Override
        public @Nullable Object output(String output) {
            return output;
        }

        @Override
        public @Nullable Object data(HookPoint point, String input, @Nullable String output) {
            return input;
        }

        @Override
        public String modified(HookPoint point, String input, @Nullable Object data) {
            return String.valueOf(data);
        }

        @Override
        public String answer(HookPoint point, String input, @Nullable Object value) {
            return "answer " + value;
        }
    };

    @Test
    void builder_steps_standInTheOrderOfTheCalls() {
        Checker<String> checker = (input, caller) -> input;
        Body<String, String> body = (input, caller) -> input;
        AsyncBody<String, String> asyncBody = (input, caller) -> Mono.just(input);

        Operation<String, String> operation = Operation.of(OperationKind.TOOL_CALL, VIEW)
                .before(HookPoint.TOOL_VALIDATION)
                .promise("schema", checker)
                .check("quota", checker)
                .point(HookPoint.BEFORE_TOOL_EXECUTION, Step.Stage.BEFORE, Set.of(HookResultKind.CANCEL))
                .after(HookPoint.AFTER_TOOL_EXECUTION)
                .error(HookPoint.TOOL_ERROR)
                .last(HookPoint.parse("tool_resource_released"))
                .encloses()
                .run(body, asyncBody);

        assertThat(operation.steps())
                .containsExactly(
                        new Step.Point<>(HookPoint.TOOL_VALIDATION, Step.Stage.BEFORE, HookPhase.BEFORE.results()),
                        new Step.Check<>("schema", true, checker),
                        new Step.Check<>("quota", false, checker),
                        new Step.Point<>(
                                HookPoint.BEFORE_TOOL_EXECUTION, Step.Stage.BEFORE, Set.of(HookResultKind.CANCEL)),
                        new Step.Point<>(HookPoint.AFTER_TOOL_EXECUTION, Step.Stage.AFTER, HookPhase.AFTER.results()),
                        new Step.Point<>(HookPoint.TOOL_ERROR, Step.Stage.ERROR, HookPhase.ERROR.results()),
                        new Step.Point<>(
                                HookPoint.parse("tool_resource_released"),
                                Step.Stage.LAST,
                                Set.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED)));
        assertThat(operation.kind()).isEqualTo(OperationKind.TOOL_CALL);
        assertThat(operation.view()).isSameAs(VIEW);
        assertThat(operation.body()).isSameAs(body);
        assertThat(operation.asyncBody()).isSameAs(asyncBody);
        assertThat(operation.encloses()).isTrue();
    }

    @Test
    void builder_withoutMore_givesAPlainOperation() {
        Operation<String, String> operation =
                Operation.of(OperationKind.CUSTOM, VIEW).run((input, caller) -> input);

        assertThat(operation.steps()).isEmpty();
        assertThat(operation.asyncBody()).isNull();
        assertThat(operation.encloses()).isFalse();
    }

    @Test
    void builder_pointTwice_isRefused() {
        Operation.Builder<String, String> builder = Operation.of(OperationKind.TOOL_CALL, VIEW)
                .before(HookPoint.TOOL_VALIDATION)
                .after(HookPoint.TOOL_VALIDATION);

        assertThatThrownBy(() -> builder.run((input, caller) -> input))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("operation is \"tool_call\", but must be defined with each hook point only once");
    }

    @Test
    void operation_stepsAndResults_areCopied() {
        Set<HookResultKind> allowed = new HashSet<>(EnumSet.of(HookResultKind.CANCEL));
        Step.Point<String> point = new Step.Point<>(HookPoint.TOOL_VALIDATION, Step.Stage.BEFORE, allowed);
        List<Step<String>> steps = new ArrayList<>(List.of(point));
        Operation<String, String> operation = new Operation<>(
                OperationKind.TOOL_CALL, steps, (input, caller) -> input, null, VIEW, false, Operation.ALL_HOOKS);

        steps.clear();
        allowed.clear();

        assertThat(operation.steps()).containsExactly(point);
        assertThat(point.allowed()).containsExactly(HookResultKind.CANCEL);
    }

    @Test
    void view_defaults_changeLikeAnAnswerAndHaveNoMetadata() {
        assertThat(VIEW.changed(HookPoint.AFTER_TOOL_EXECUTION, "in", "out", 1L))
                .isEqualTo("answer 1");
        assertThat(VIEW.metadata("in")).isEmpty();
    }

    @Test
    void kinds_haveIdsInLowerCase() {
        assertThat(OperationKind.TOOL_CALL.id()).isEqualTo("tool_call");
        assertThat(OperationKind.AGENT_INIT.id()).isEqualTo("agent_init");
    }

    @Test
    void veto_namesHookPointComponentAndReason() {
        OperationCancelledException veto = new OperationCancelledException(
                "no-rm", HookPoint.BEFORE_TOOL_EXECUTION, "tool/shell", "rm is not allowed", null);

        assertThat(veto)
                .hasMessage("tool/shell was cancelled by hook \"no-rm\" at BeforeToolExecution: rm is not allowed"
                        + " [operation_cancelled]");
        assertThat(veto.code()).isEqualTo(ErrorCode.OPERATION_CANCELLED);
        assertThat(veto.hook()).isEqualTo("no-rm");
        assertThat(veto.reason()).isEqualTo("rm is not allowed");
        assertThat(veto.details())
                .isEqualTo(Map.of(
                        "component", "tool/shell",
                        "hook", "no-rm",
                        "point", "BeforeToolExecution",
                        "reason", "rm is not allowed"));
    }

    @Test
    void veto_afterCommit_saysThatTheChangeStands() {
        ArgumentException cause = new ArgumentException("below");
        OperationCancelledException veto = new OperationCancelledException(
                        "h", HookPoint.AFTER_STATE_WRITE, "system/state", "late", cause)
                .afterCommit(7);

        assertThat(veto)
                .hasMessageContaining("(the change is committed as version 7 and stands) [operation_cancelled]")
                .hasCause(cause);
        assertThat(Objects.requireNonNull(veto.details()))
                .containsEntry("committed", true)
                .containsEntry("version", 7L)
                .containsEntry("hook", "h");
        assertThat(veto.hook()).isEqualTo("h");
        assertThat(veto.reason()).isEqualTo("late");
    }
}
