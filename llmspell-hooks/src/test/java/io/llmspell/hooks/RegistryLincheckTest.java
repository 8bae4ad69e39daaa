package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.testing.check.Check;
import io.llmspell.testing.time.ManualTime;
import java.util.List;
import java.util.UUID;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The registry answers as if its calls came one after another, bulk registrations included. */
@Check("C03")
@EnabledIfSystemProperty(
        named = "llmspell.fuzz",
        matches = "true",
        disabledReason = "minutes, for the sorted sets make many steps; profile fuzz")
class RegistryLincheckTest {
    static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(20)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1);
    }

    @Test
    void registry_isLinearisable() {
        assertThatCode(() -> options().check(Subject.class)).doesNotThrowAnyException();
    }

    /** A table with one hook, {@code kept}; others are registered at two points, one by one or together. */
    public static final class Subject {
        private static final HookPoint[] POINTS = {HookPoint.TOOL_ERROR, HookPoint.AGENT_ERROR};
        private static final HookGuard GUARD =
                HookGuard.of(HookSettings.DEFAULT, POINTS[0], HookOptions.named("any"), Breaker.Listener.NONE, 0);
        private static final HookCode CODE = new HookCode.Direct(context -> HookResult.proceed());

        final HookTable table = new HookTable(() -> new UUID(0, 1), hook -> GUARD, new Listeners(), new ManualTime());
        private final Registration kept = table.addAll(Band.USER, List.of(wanted(POINTS[0], "kept")), null)
                .get(0);

        private static HookTable.Wanted wanted(HookPoint point, String name) {
            return new HookTable.Wanted(point, HookOptions.named(name), CODE);
        }

        private boolean add(List<HookTable.Wanted> wanted) {
            try {
                return table.addAll(Band.USER, wanted, null).size() == wanted.size();
            } catch (HookException taken) {
                return false;
            }
        }

        @Operation
        public boolean addOne() {
            return add(List.of(wanted(POINTS[1], "a")));
        }

        @Operation
        public boolean addBoth() {
            return add(List.of(wanted(POINTS[0], "a"), wanted(POINTS[1], "a")));
        }

        @Operation
        public boolean addTaken() {
            return add(List.of(wanted(POINTS[1], "b"), wanted(POINTS[0], "kept")));
        }

        @Operation
        public boolean remove() {
            return table.remove(kept);
        }

        @Operation
        public String disable() {
            try {
                return String.valueOf(table.enable(kept, false));
            } catch (InvalidStateException gone) {
                return "gone";
            }
        }

        @Operation
        public String list() {
            return table.read(this::names).value();
        }

        final String names() {
            StringBuilder names = new StringBuilder(); // plain loops: each step is an event for the checker
            for (int i = 0; i < 2; i++) {
                for (Registration hook : table.at(POINTS[i])) {
                    HookInfo info = hook.info();
                    names.append(info.name())
                            .append(info.enabled() ? " on " : " off ")
                            .append(i)
                            .append(' ');
                }
            }
            return names.toString();
        }
    }
}
