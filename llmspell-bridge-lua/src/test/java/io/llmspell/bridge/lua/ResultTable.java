package io.llmspell.bridge.lua;

import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.hooks.Firing;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page of the guide that says what each result does at each place where a hook point is fired. */
final class ResultTable {
    private ResultTable() {}

    /** What a result does there, in words. */
    static String effect(Firing firing, HookResultKind kind) {
        if (!firing.results().contains(kind)) {
            return "refused";
        }
        return switch (kind) {
            case CONTINUE, SKIPPED -> "goes on";
            case MODIFIED -> firing.stage() == Step.Stage.BEFORE ? "new input" : "new output";
            case CANCEL -> word(firing, "not run", "withheld", "error goes on");
            case REDIRECT -> word(firing, "peer runs", "peer on output", "peer as fallback");
            case REPLACE -> word(firing, "answers", "answers", "fallback");
            case RETRY -> word(firing, "starts later", "runs again", "runs again");
            case FORK -> word(firing, "beside it", "after it", "compensates");
            case CACHE -> word(firing, "answers or keeps", "keeps", "");
        };
    }

    private static String word(Firing firing, String before, String after, String error) {
        return switch (firing.stage()) {
            case BEFORE -> before;
            case AFTER, LAST -> after;
            case ERROR -> error;
        };
    }

    static String page(List<Firing> firings) {
        StringBuilder page = new StringBuilder();
        page.append("# What each result does at each point\n\n");
        page.append(
                        "Made and proved by `FiringMatrixTest`: each cell with a hook in Java, in reactive Java and in Lua,")
                .append(" in a blocking and in a reactive call. *refused* means `result_not_allowed`, a failure of the")
                .append(" hook. The words are those of [hooks.md](hooks.md). A")
                .append(" point that stands twice for one operation allows less where several keys change as one.\n\n");
        List<String> kinds = Stream.of(HookResultKind.values())
                .map(kind -> kind.name().charAt(0) + kind.id().substring(1))
                .toList();
        page.append("| point | operation | when | ")
                .append(String.join(" | ", kinds))
                .append(" |\n");
        page.append("|---".repeat(3 + kinds.size())).append("|\n");
        firings.forEach(firing -> page.append(row(firing)).append('\n'));
        return page.toString();
    }

    private static String row(Firing firing) {
        String cells = Stream.of(HookResultKind.values())
                .map(kind -> effect(firing, kind))
                .collect(Collectors.joining(" | "));
        return "| " + firing.point() + " | " + firing.kind().id() + " | "
                + firing.stage().name().toLowerCase(Locale.ROOT) + " | " + cells + " |";
    }
}
