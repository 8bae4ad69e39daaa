package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookPoint;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds {@link CostTrackingConfig}.
 *
 * <p><b>Threads:</b> for one thread.
 */
public final class CostTrackingConfigBuilder {
    private List<HookPoint> points = List.of();
    private String currency = "USD";
    private final Map<String, BigDecimal> exchangeRates = new LinkedHashMap<>();
    private Duration aggregationWindow = Duration.ofHours(1);
    private Duration history = Duration.ofHours(24);
    private boolean trackPerUser = true;
    private boolean trackPerComponent = true;
    private long defaultMaxTokens = 4096;
    private final Map<String, CostTrackingConfig.ModelPrice> pricing = new LinkedHashMap<>();
    private @Nullable List<CostTrackingConfig.Alert> alerts;

    CostTrackingConfigBuilder() {}

    /**
     * Sets where the hook runs.
     *
     * @param where the points; default: {@code agent_model_request} and {@code agent_model_response}
     * @return this builder
     */
    public CostTrackingConfigBuilder points(List<HookPoint> where) {
        this.points = where;
        return this;
    }

    /**
     * Sets the currency of all amounts that are shown.
     *
     * @param code three capital letters; default {@code USD}
     * @return this builder
     */
    public CostTrackingConfigBuilder currency(String code) {
        this.currency = code;
        return this;
    }

    /**
     * Adds another currency.
     *
     * @param code three capital letters
     * @param worth what one unit of it is worth in the currency of the settings, more than 0
     * @return this builder
     */
    public CostTrackingConfigBuilder exchangeRate(String code, BigDecimal worth) {
        exchangeRates.put(code, worth);
        return this;
    }

    /**
     * Sets how long costs are added up until budgets begin anew.
     *
     * @param window 1 second to 366 days; default 1 hour
     * @return this builder
     */
    public CostTrackingConfigBuilder aggregationWindow(Duration window) {
        this.aggregationWindow = window;
        return this;
    }

    /**
     * Sets how long the sums of past windows are kept.
     *
     * @param time 0 or more, at most 10,000 windows; default 24 hours
     * @return this builder
     */
    public CostTrackingConfigBuilder history(Duration time) {
        this.history = time;
        return this;
    }

    /**
     * Sets whether costs are added up by principal.
     *
     * @param on default true
     * @return this builder
     */
    public CostTrackingConfigBuilder trackPerUser(boolean on) {
        this.trackPerUser = on;
        return this;
    }

    /**
     * Sets whether costs are added up by agent.
     *
     * @param on default true
     * @return this builder
     */
    public CostTrackingConfigBuilder trackPerComponent(boolean on) {
        this.trackPerComponent = on;
        return this;
    }

    /**
     * Sets the size of the answer that is reserved for a request without {@code max_tokens}.
     *
     * @param tokens at least 1; default 4096
     * @return this builder
     */
    public CostTrackingConfigBuilder defaultMaxTokens(long tokens) {
        this.defaultMaxTokens = tokens;
        return this;
    }

    /**
     * Adds a price in the currency of the settings.
     *
     * @param model {@code provider/model}, {@code provider/*} or {@code *}
     * @param price how its calls are paid
     * @return this builder
     */
    public CostTrackingConfigBuilder price(String model, Pricing price) {
        pricing.put(model, new CostTrackingConfig.ModelPrice(price, null));
        return this;
    }

    /**
     * Adds a price in another currency.
     *
     * @param model {@code provider/model}, {@code provider/*} or {@code *}
     * @param price how its calls are paid
     * @param in the currency; its exchange rate must be given
     * @return this builder
     */
    public CostTrackingConfigBuilder price(String model, Pricing price, String in) {
        pricing.put(model, new CostTrackingConfig.ModelPrice(price, in));
        return this;
    }

    /**
     * Sets the alerts.
     *
     * @param all the alerts; default: info at 10, warning at 50, critical at 100 where calls are refused, but none if there
     *     is no price at all, because a budget without prices could only refuse everything
     * @return this builder
     */
    public CostTrackingConfigBuilder alerts(List<CostTrackingConfig.Alert> all) {
        this.alerts = List.copyOf(all);
        return this;
    }

    /**
     * Adds an alert to those that were set.
     *
     * @param threshold the amount, more than 0
     * @param level how much it matters
     * @param block whether calls are refused that would pass the threshold
     * @return this builder
     */
    public CostTrackingConfigBuilder alert(String threshold, CostTrackingConfig.Level level, boolean block) {
        List<CostTrackingConfig.Alert> more = new ArrayList<>(alerts == null ? List.of() : alerts);
        more.add(new CostTrackingConfig.Alert(new BigDecimal(threshold), level, block));
        this.alerts = more;
        return this;
    }

    /**
     * Makes the settings.
     *
     * @return the settings
     * @throws io.llmspell.core.error.ArgumentException {@code invalid_argument} if a member is out of range
     */
    public CostTrackingConfig build() {
        List<CostTrackingConfig.Alert> all = alerts;
        if (all == null) {
            all = pricing.isEmpty() ? List.of() : CostTrackingConfig.DEFAULT_ALERTS;
        }
        return new CostTrackingConfig(
                points,
                currency,
                exchangeRates,
                aggregationWindow,
                history,
                trackPerUser,
                trackPerComponent,
                defaultMaxTokens,
                pricing,
                all);
    }
}
