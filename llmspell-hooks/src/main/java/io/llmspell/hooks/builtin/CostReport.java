package io.llmspell.hooks.builtin;

import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the windows of a ledger as JSON; called under the ledger's lock. */
final class CostReport implements CostLedger.Reader<JsonObject> {
    private static final int DIGITS = 6;

    private final CostTrackingConfig config;

    CostReport(CostTrackingConfig config) {
        this.config = config;
    }

    @Override
    public JsonObject read(List<CostWindow> past, CostWindow present) {
        List<CostWindow> all = new ArrayList<>(past);
        all.add(present);
        CostWindow.Sum sum = new CostWindow.Sum();
        all.forEach(window -> sum.add(window.sum));
        Map<String, @Nullable Object> report = new LinkedHashMap<>();
        report.put("currency", config.currency());
        report.put("total", Cost.shown(sum.cost));
        report.put("totals", totals(sum.cost));
        report.put("calls", sum.calls);
        report.put("input_tokens", sum.inputTokens);
        report.put("output_tokens", sum.outputTokens);
        report.put("window", window(present));
        report.put("history", past.stream().map(this::window).toList());
        report.putAll(breakdown(all));
        report.put("alerts", alerts(present));
        return JsonValues.object(report, JsonLimits.TOOL);
    }

    private Map<String, @Nullable Object> totals(BigDecimal total) {
        Map<String, @Nullable Object> totals = new LinkedHashMap<>();
        totals.put(config.currency(), Cost.shown(total));
        config.exchangeRates()
                .forEach((code, worth) -> totals.put(code, total.divide(worth, DIGITS, RoundingMode.HALF_UP)));
        return totals;
    }

    private Map<String, @Nullable Object> window(CostWindow window) {
        Map<String, @Nullable Object> shown = sum(window.sum);
        Duration length = config.aggregationWindow();
        shown.put("began", window.began.toString());
        shown.put("ends", window.began.plus(length).toString());
        shown.put("total", Cost.shown(window.spent));
        shown.put("reserved", Cost.shown(window.reserved));
        return shown;
    }

    static Map<String, @Nullable Object> breakdown(List<CostWindow> windows) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("by_provider", merged(windows, window -> window.byProvider));
        members.put("by_model", merged(windows, window -> window.byModel));
        members.put("by_component", merged(windows, window -> window.byComponent));
        members.put("by_user", merged(windows, window -> window.byUser));
        return members;
    }

    private static Map<String, @Nullable Object> merged(
            List<CostWindow> windows, Function<CostWindow, Map<String, CostWindow.Sum>> sums) {
        Map<String, CostWindow.Sum> merged = new LinkedHashMap<>();
        for (CostWindow window : windows) {
            sums.apply(window)
                    .forEach((name, sum) -> CostWindow.in(merged, name).add(sum));
        }
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        merged.forEach((name, sum) -> {
            Map<String, @Nullable Object> members = sum(sum);
            members.put("total", Cost.shown(sum.cost));
            shown.put(name, members);
        });
        return shown;
    }

    private static Map<String, @Nullable Object> sum(CostWindow.Sum sum) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("calls", sum.calls);
        shown.put("input_tokens", sum.inputTokens);
        shown.put("output_tokens", sum.outputTokens);
        return shown;
    }

    private List<Map<String, Object>> alerts(CostWindow present) {
        return config.alerts().stream()
                .map(alert -> Map.<String, Object>of(
                        "threshold", alert.threshold(),
                        "level", alert.level().id(),
                        "block", alert.block(),
                        "raised", present.raised(alert)))
                .toList();
    }
}
