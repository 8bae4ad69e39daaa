package io.llmspell.hooks;

import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookPoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The course of one kind of operation with the hooks of one version of the table: points without hooks have vanished.
 *
 * @param version the version of the table
 * @param bare whether no hook runs at all
 * @param checks whether the owner checks the input
 * @param blocks whether a hook may block its thread
 * @param around hooks around it all, outermost first
 * @param before checks and hooks before the body
 * @param after hooks after it
 * @param error hooks on its error
 * @param last hooks at the end
 * @param <I> the type of the operation's input
 */
record Plan<I>(
        long version,
        boolean bare,
        boolean checks,
        boolean blocks,
        List<Slot.HookSlot<I>> around,
        Slots<I> before,
        Slots<I> after,
        Slots<I> error,
        Slots<I> last) {
    private static final long UNREAD = -1;

    static <I> Plan<I> compile(Operation<I, ?> operation, boolean guardsOnly, HookTable table) {
        HookTable.Read<Plan<I>> read = table.read(() -> compiled(operation, guardsOnly, table));
        return read.value().of(read.version());
    }

    private Plan<I> of(long read) {
        return new Plan<>(read, bare, checks, blocks, around, before, after, error, last);
    }

    private static <I> Plan<I> compiled(Operation<I, ?> operation, boolean guardsOnly, HookTable table) {
        Map<Step.Stage, List<Slot<I>>> stages = new EnumMap<>(Step.Stage.class);
        for (Step.Stage stage : Step.Stage.values()) {
            stages.put(stage, new ArrayList<>());
        }
        List<Slot.HookSlot<I>> around = new ArrayList<>();
        for (Registration hook : table.at(HookPoint.around(operation.kind()))) {
            if (runs(hook, guardsOnly)) {
                around.add(Slot.HookSlot.around(hook));
            }
        }
        boolean bare = around.isEmpty();
        boolean checks = false;
        boolean blocks = false;
        for (Step<I> step : operation.steps()) {
            if (step instanceof Step.Check<I> check) {
                stages.getOrDefault(Step.Stage.BEFORE, List.of()).add(new Slot.CheckSlot<>(check));
                checks = true;
            } else if (step instanceof Step.Point<I> firing) {
                for (Registration hook : table.at(firing.point())) {
                    if (runs(hook, guardsOnly)) {
                        stages.getOrDefault(firing.stage(), List.of())
                                .add(Slot.HookSlot.of(operation.kind(), firing, hook));
                        bare = false;
                        blocks |= hook.code() instanceof HookCode.Direct;
                    }
                }
            }
        }
        return new Plan<>(
                UNREAD,
                bare,
                checks,
                blocks,
                List.copyOf(around),
                of(stages, Step.Stage.BEFORE),
                of(stages, Step.Stage.AFTER),
                of(stages, Step.Stage.ERROR),
                of(stages, Step.Stage.LAST));
    }

    /** Whether nothing stands behind the body of an operation that takes no detour. */
    boolean endsWithBody() {
        return after.isEmpty() && last.isEmpty();
    }

    /** How many hooks run at a point. */
    int hooksAt(HookPoint point) {
        return (int) Stream.of(before, after, error, last)
                .flatMap(Slots::stream)
                .filter(slot ->
                        slot instanceof Slot.HookSlot<I> hook && hook.point().equals(point))
                .count();
    }

    private static boolean runs(Registration hook, boolean guardsOnly) {
        boolean closed = hook.guard().policy() == FailurePolicy.FAIL_CLOSED;
        return hook.info().enabled() && (closed || !guardsOnly);
    }

    private static <I> Slots<I> of(Map<Step.Stage, List<Slot<I>>> stages, Step.Stage stage) {
        return Slots.of(stages.getOrDefault(stage, List.of()));
    }
}
