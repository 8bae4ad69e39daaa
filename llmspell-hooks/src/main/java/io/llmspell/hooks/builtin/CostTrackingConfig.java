package io.llmspell.hooks.builtin;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.hook.HookPoint;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the hook {@code cost_tracking}, which prices model calls and keeps budgets.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param points where it runs, of {@code agent_model_request} (reserves and refuses) and {@code agent_model_response}
 *     (settles); empty for both
 * @param currency the currency of all amounts that are shown
 * @param exchangeRates by currency what one unit of it is worth in {@code currency}
 * @param aggregationWindow how long costs are added up until budgets begin anew
 * @param history how long the sums of past windows are kept
 * @param trackPerUser whether costs are added up by principal
 * @param trackPerComponent whether costs are added up by agent
 * @param defaultMaxTokens the size of the answer that is reserved for a request without {@code max_tokens}
 * @param pricing by {@code provider/model}, {@code provider/*} or {@code *} how calls are paid
 * @param alerts what is raised, and what is refused, when the costs of a window reach a threshold
 */
public record CostTrackingConfig(
        List<HookPoint> points,
        String currency,
        Map<String, BigDecimal> exchangeRates,
        Duration aggregationWindow,
        Duration history,
        boolean trackPerUser,
        boolean trackPerComponent,
        long defaultMaxTokens,
        Map<String, ModelPrice> pricing,
        List<Alert> alerts)
        implements BuiltinConfig {
    static final String NAME = "cost_tracking";
    static final HookPoint REQUEST = new HookPoint("agent_model_request");
    static final HookPoint RESPONSE = new HookPoint("agent_model_response");
    static final List<Alert> DEFAULT_ALERTS = List.of(
            new Alert(BigDecimal.valueOf(10), Level.INFO, false),
            new Alert(BigDecimal.valueOf(50), Level.WARNING, false),
            new Alert(BigDecimal.valueOf(100), Level.CRITICAL, true));
    private static final long MOST_WINDOWS = 10_000;

    /** How much an alert matters. */
    public enum Level {
        /** To be noted. */
        INFO,
        /** To be looked at. */
        WARNING,
        /** To be acted on. */
        CRITICAL;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The price of a model.
     *
     * @param pricing how its calls are paid
     * @param currency the currency of the amounts, or null for that of the settings
     */
    public record ModelPrice(Pricing pricing, @Nullable String currency) {}

    /**
     * A threshold for the costs of a window.
     *
     * @param threshold the amount, more than 0
     * @param level how much it matters
     * @param block whether calls are refused that would pass it
     */
    public record Alert(BigDecimal threshold, Level level, boolean block) {
        /**
         * Checks the threshold.
         *
         * @param threshold the amount
         * @param level how much it matters
         * @param block whether calls are refused
         * @throws ArgumentException {@code invalid_argument} if the threshold is not more than 0
         */
        public Alert {
            if (threshold.signum() <= 0) {
                throw new ArgumentException("budget", threshold.toString(), "more than 0");
            }
        }
    }

    /**
     * Copies and checks the members.
     *
     * @param points where it runs
     * @param currency the currency of all amounts
     * @param exchangeRates what other currencies are worth
     * @param aggregationWindow how long costs are added up
     * @param history how long past sums are kept
     * @param trackPerUser whether costs are added up by principal
     * @param trackPerComponent whether costs are added up by agent
     * @param defaultMaxTokens what is reserved for a request without {@code max_tokens}
     * @param pricing how calls are paid
     * @param alerts thresholds; sorted
     * @throws ArgumentException {@code invalid_argument} if one is out of range, a price is in a currency without a rate,
     *     or a budget could not be kept because the hook would not run at {@code agent_model_request}
     */
    public CostTrackingConfig {
        points = List.copyOf(points);
        exchangeRates = Collections.unmodifiableMap(new LinkedHashMap<>(exchangeRates));
        pricing = Collections.unmodifiableMap(new LinkedHashMap<>(pricing));
        List<Alert> sorted = new ArrayList<>(alerts);
        sorted.sort((a, b) -> a.threshold().compareTo(b.threshold()));
        alerts = List.copyOf(sorted);
        checkPoints(points, alerts);
        checkRates(currency, exchangeRates);
        checkTimes(aggregationWindow, history);
        if (defaultMaxTokens < 1) {
            throw new ArgumentException("default max tokens", String.valueOf(defaultMaxTokens), "at least 1");
        }
        for (Map.Entry<String, ModelPrice> price : pricing.entrySet()) {
            checkModel(price.getKey());
            checkCurrency(price.getKey(), price.getValue().currency(), currency, exchangeRates);
        }
    }

    private static void checkPoints(List<HookPoint> points, List<Alert> alerts) {
        if (!Set.of(REQUEST, RESPONSE).containsAll(points)) {
            throw new ArgumentException("points of cost_tracking", points.toString(), REQUEST + " and " + RESPONSE);
        }
        boolean budget = alerts.stream().anyMatch(Alert::block);
        if (budget && !points.isEmpty() && points.size() < 2) {
            throw new ArgumentException(
                    "points of cost_tracking",
                    points.toString(),
                    "both, because a budget with block = true needs them");
        }
    }

    private static void checkRates(String currency, Map<String, BigDecimal> rates) {
        checkCode(currency);
        rates.forEach((code, rate) -> {
            checkCode(code);
            if (rate.signum() <= 0) {
                throw new ArgumentException("exchange rate of " + code, rate.toString(), "more than 0");
            }
        });
    }

    private static void checkCode(String currency) {
        if (!currency.matches("[A-Z]{3}")) {
            throw new ArgumentException("currency", currency, "three capital letters, such as USD");
        }
    }

    private static void checkTimes(Duration window, Duration history) {
        if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(Duration.ofDays(366)) > 0) {
            throw new ArgumentException("aggregation window", window.toString(), "1 second to 366 days");
        }
        if (history.isNegative() || history.dividedBy(window) > MOST_WINDOWS) {
            throw new ArgumentException(
                    "history", history.toString(), "0 or more, and at most " + MOST_WINDOWS + " windows");
        }
    }

    private static void checkModel(String model) {
        int slash = model.indexOf('/');
        boolean named = slash > 0 && slash < model.length() - 1;
        if (!named && !model.equals(PriceTable.ANY)) {
            throw new ArgumentException(
                    "model in the price table", model, "\"provider/model\", \"provider/*\" or \"*\"");
        }
    }

    private static void checkCurrency(
            String model, @Nullable String code, String currency, Map<String, BigDecimal> rates) {
        if (code != null && !code.equals(currency) && !rates.containsKey(code)) {
            throw new ArgumentException(
                    "currency of the price of " + model,
                    code,
                    currency + " or one of the exchange rates " + rates.keySet());
        }
    }

    /**
     * Begins with the defaults, and without prices.
     *
     * @return a builder
     */
    public static CostTrackingConfigBuilder builder() {
        return new CostTrackingConfigBuilder();
    }

    /** The budget: the alert with the smallest threshold that refuses calls, null if none does. */
    @Nullable Alert budget() {
        return alerts.stream().filter(Alert::block).findFirst().orElse(null);
    }

    @Override
    public String hook() {
        return NAME;
    }

    @Override
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("currency", currency);
        values.put("exchange_rates", exchangeRates);
        values.put("aggregation_window", Options.text(aggregationWindow));
        values.put("history", Options.text(history));
        values.put("track_per_user", trackPerUser);
        values.put("track_per_component", trackPerComponent);
        values.put("default_max_tokens", defaultMaxTokens);
        values.put("pricing", CostOptions.pricing(pricing));
        values.put("alerts", CostOptions.alerts(alerts));
        return values;
    }
}
