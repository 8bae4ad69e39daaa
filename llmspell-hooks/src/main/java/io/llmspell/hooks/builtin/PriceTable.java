package io.llmspell.hooks.builtin;

import io.llmspell.core.text.Nearest;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the price of a model: its own entry {@code provider/model}, else that of its provider {@code provider/*}, else
 * {@code *}.
 *
 * <p><b>Threads:</b> immutable.
 */
final class PriceTable {
    static final String ANY = "*";

    private final Map<String, CostTrackingConfig.ModelPrice> prices;
    private final String currency;
    private final Map<String, BigDecimal> rates;

    PriceTable(CostTrackingConfig config) {
        this.prices = config.pricing();
        this.currency = config.currency();
        this.rates = config.exchangeRates();
    }

    /** A price with what one unit of its currency is worth. */
    record Entry(Pricing pricing, BigDecimal rate) {}

    @Nullable Entry find(String model) {
        CostTrackingConfig.ModelPrice price = prices.get(model);
        if (price == null) {
            price = prices.get(provider(model) + "/" + ANY);
        }
        if (price == null) {
            price = prices.get(ANY);
        }
        return price == null ? null : new Entry(price.pricing(), rate(price.currency()));
    }

    private BigDecimal rate(@Nullable String other) {
        return other == null || other.equals(currency) ? BigDecimal.ONE : rates.getOrDefault(other, BigDecimal.ONE);
    }

    /** What is wrong and what would be right, for a model without a price. */
    String missing(String model) {
        String hint = Nearest.hint(model, prices.keySet());
        String known = prices.isEmpty() ? "there is none at all" : "there are " + String.join(", ", prices.keySet());
        return "no price for model \"" + model + "\" (" + known + ")"
                + (hint.isEmpty() ? "" : ", " + hint)
                + "; add hooks.cost_tracking.pricing.\"" + model + "\"";
    }

    static String provider(String model) {
        int slash = model.indexOf('/');
        return slash < 0 ? "" : model.substring(0, slash);
    }

    static String name(String model) {
        return model.substring(model.indexOf('/') + 1);
    }
}
