package io.llmspell.cli;

import io.llmspell.bridge.HookSnapshots;
import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime noted about its hooks in its data folder, as a command shows it.
 *
 * @param folder the data folder
 * @param note the note, or null if no runtime with hooks has used the folder
 * @param point the point that is asked for, or null for all
 */
record HookView(
        Path folder, @Nullable JsonObject note, @Nullable String point) {
    static final List<String> COLUMNS = List.of(
            "POINT",
            "NAME",
            "BAND",
            "PRIORITY",
            "POLICY",
            "LANGUAGE",
            "STATE",
            "BREAKER",
            "COUNT",
            "FAILED",
            "AVG MS",
            "P95 MS");

    static HookView read(DataOptions options) {
        RuntimeOptions configured = RuntimeOptions.from(options.configuration().root(), ScriptLimits.DEFAULT);
        LogProvider.apply(configured.runtime().logLevel(), options.debug());
        Path folder = options.folder(configured);
        try (SystemTimeSource time = new SystemTimeSource();
                StorageBackend store = RocksDbStorage.at(folder).readOnly().open(Set.of(Space.META), time)) {
            return new HookView(folder, HookSnapshots.read(store).orElse(null), null);
        }
    }

    HookView at(String wanted) {
        return new HookView(folder, note, wanted);
    }

    /** What the rest is about: from when, and from which folder. */
    String heading() {
        JsonObject known = note;
        if (known == null) {
            return "no hooks were noted in " + folder
                    + "; a runtime notes its hooks every 10 s and when it ends, if it has any";
        }
        boolean ended = Boolean.TRUE.equals(known.get("closed"));
        String what = hooks().isEmpty() ? ": no hooks" + (point == null ? "" : " at " + point) : "";
        return "as of " + known.text("timestamp") + ", " + folder + ", process " + known.get("pid")
                + (ended ? ", which has ended" : "") + what;
    }

    private List<Map<?, ?>> hooks() {
        Object all = note == null ? null : note.get("hooks");
        return (all instanceof List<?> list ? list : List.of())
                .stream()
                        .<Map<?, ?>>map(row -> row instanceof Map<?, ?> map ? map : Map.of())
                        .filter(row -> point == null || point.equals(row.get("hook_point")))
                        .toList();
    }

    List<List<String>> rows() {
        return hooks().stream().map(HookView::row).toList();
    }

    private static List<String> row(Map<?, ?> hook) {
        String state = Boolean.TRUE.equals(hook.get("enabled")) ? "enabled" : "disabled";
        return List.of(
                cell(hook, "hook_point"),
                cell(hook, "name"),
                cell(hook, "band"),
                cell(hook, "priority"),
                cell(hook, "failure_policy"),
                cell(hook, "language"),
                Boolean.TRUE.equals(hook.get("ended")) ? "ended" : state,
                cell(hook, "breaker"),
                figure(hook, "count"),
                figure(hook, "failures"),
                figure(hook, "avg_ms"),
                figure(hook, "p95_ms"));
    }

    private static String figure(Map<?, ?> hook, String name) {
        Object value = hook.get("metrics") instanceof Map<?, ?> metrics ? metrics.get(name) : null;
        return value instanceof Double number
                ? String.format(Locale.ROOT, "%.3f", number)
                : String.valueOf(value == null ? "-" : value);
    }

    private static String cell(Map<?, ?> hook, String name) {
        Object value = hook.get(name);
        return value == null ? "-" : String.valueOf(value);
    }

    /** The order at the point that is asked for, in words. */
    String text() {
        Object points = note == null ? null : note.get("points");
        Object text = points instanceof Map<?, ?> map ? map.get(point) : null;
        return text == null ? "no hook is registered at " + point : String.valueOf(text);
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("as_of", note == null ? null : note.get("timestamp"));
        answer.put("data_folder", folder.toString());
        answer.put("pid", note == null ? null : note.get("pid"));
        answer.put("closed", note == null ? null : note.get("closed"));
        answer.put("hooks", hooks());
        if (point != null) {
            answer.put("hook_point", point);
            answer.put("text", text());
        }
        return answer;
    }
}
