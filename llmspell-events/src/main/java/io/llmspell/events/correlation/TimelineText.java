package io.llmspell.events.correlation;

import io.llmspell.core.event.UniversalEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows a timeline as lines of text. */
final class TimelineText {
    private static final int DEEPEST = 12;
    private static final String STEP = "  ";

    private TimelineText() {}

    static String render(Timeline timeline) {
        Timeline.Stats stats = timeline.stats();
        StringBuilder text = new StringBuilder();
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "%s, %s, %s, %.3f ms, longest chain of causes %d%s",
                        count(stats.events(), "event"),
                        count(stats.correlations(), "run"),
                        count(stats.components(), "component"),
                        stats.duration().toNanos() / 1e6,
                        stats.maxDepth(),
                        stats.left() == 0 ? "" : ", " + stats.left() + " more events left out"));
        List<List<String>> rows =
                timeline.entries().stream().map(TimelineText::row).toList();
        int[] widths = new int[3];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        rows.forEach(row -> line(text, joined(row, widths)));
        return text.toString();
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static List<String> row(Timeline.Entry entry) {
        UniversalEvent event = entry.event();
        String link = entry.causes().stream().map(each -> each.kind().id()).collect(Collectors.joining(", "));
        return List.of(
                String.format(Locale.ROOT, "+%.3f ms", entry.millis()),
                STEP.repeat(Math.min(entry.depth(), DEEPEST)) + shown(event.type()),
                shown(event.source().toString()),
                link);
    }

    private static String joined(List<String> row, int[] widths) {
        List<String> cells = new ArrayList<>();
        cells.add(" ".repeat(widths[0] - row.get(0).length()) + row.get(0));
        for (int i = 1; i < widths.length; i++) {
            cells.add(row.get(i) + " ".repeat(widths[i] - row.get(i).length()));
        }
        cells.add(row.get(row.size() - 1));
        return String.join(STEP, cells).stripTrailing();
    }

    /** Names come from outside; what would move the cursor of a terminal does not. */
    private static String shown(String name) {
        StringBuilder text = new StringBuilder(name.length());
        name.codePoints().forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return text.toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }
}
