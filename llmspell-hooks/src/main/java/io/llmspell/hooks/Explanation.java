package io.llmspell.hooks;

import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookPoint;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says in words which hooks run at a point, and why in this order. */
final class Explanation {
    private Explanation() {}

    static String of(HookPoint point, List<Registration> hooks) {
        if (hooks.isEmpty()) {
            return "no hook is registered at " + point;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < hooks.size(); i++) {
            line(text, i + 1, hooks.get(i), i == 0 ? null : hooks.get(i - 1));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, int number, Registration hook, @Nullable Registration before) {
        HookInfo info = hook.info();
        if (number > 1) {
            text.append('\n');
        }
        text.append(number).append(". \"").append(info.name()).append("\" ");
        text.append(info.enabled() ? "runs " : "is disabled; it would run ");
        text.append(before == null ? "first" : "after \"" + before.info().name() + "\" because " + why(hook, before));
        text.append(" (band ").append(hook.band());
        text.append(", priority ").append(info.options().priority());
        text.append(", ")
                .append(info.options()
                        .failurePolicy()
                        .name()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-'));
        text.append(", ").append(info.language().id()).append(')');
    }

    private static String why(Registration hook, Registration before) {
        if (hook.band() != before.band()) {
            return "band " + hook.band() + " comes after band " + before.band();
        }
        int priority = hook.info().options().priority();
        int other = before.info().options().priority();
        return priority == other
                ? "the priorities are equal and the names decide"
                : "priority " + priority + " comes after " + other;
    }
}
