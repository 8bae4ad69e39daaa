package io.llmspell.hooks.builtin;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.HookPoint;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and shows the options of {@code [hooks.cost_tracking]}. */
final class CostOptions {
    private static final BigDecimal LARGEST = new BigDecimal("1e12");
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** How a price table names the kinds of pricing; custom pricing exists in Java alone. */
    private enum Type {
        TOKEN,
        REQUEST,
        TIME,
        TIERED,
        CUSTOM
    }

    private CostOptions() {}

    static CostTrackingConfig read(ConfigSection options, List<HookPoint> points) {
        CostTrackingConfigBuilder builder = CostTrackingConfig.builder()
                .points(points)
                .currency(options.text("currency", "USD"))
                .aggregationWindow(options.duration("aggregation_window", Duration.ofHours(1), SECOND, LONGEST))
                .history(options.duration("history", Duration.ofHours(24), Duration.ZERO, LONGEST))
                .trackPerUser(options.flag("track_per_user", true))
                .trackPerComponent(options.flag("track_per_component", true))
                .defaultMaxTokens(options.integer("default_max_tokens", 4096, 1, 1_000_000_000));
        ConfigSection rates = options.section("exchange_rates");
        for (String code : rates.names()) {
            builder.exchangeRate(code, amount(rates, code));
        }
        ConfigSection prices = options.section("pricing");
        for (String model : prices.names()) {
            ConfigSection price = prices.section(model);
            String currency = price.optionalText("currency");
            Pricing pricing = pricing(price);
            price.end();
            if (currency == null) {
                builder.price(model, pricing);
            } else {
                builder.price(model, pricing, currency);
            }
        }
        if (options.raw("alerts") != null) {
            builder.alerts(alerts(options));
        }
        return Options.checked(options, builder::build);
    }

    private static Pricing pricing(ConfigSection price) {
        return switch (price.choice("type", Type.TOKEN)) {
            case TOKEN -> {
                BigDecimal input = required(price, "input");
                yield new Pricing.Token(
                        input, required(price, "output"), price.has("cached") ? amount(price, "cached") : input);
            }
            case REQUEST -> new Pricing.Request(required(price, "price"));
            case TIME ->
                new Pricing.Time(
                        required(price, "per_second"),
                        price.duration("max_time", Duration.ofMinutes(5), Duration.ofMillis(1), Duration.ofDays(1)));
            case TIERED -> tiered(price);
            case CUSTOM ->
                throw price.wrong(
                        "type",
                        "one of token, request, time, tiered; custom pricing is a Java function, set by "
                                + "CostTrackingConfig.builder()");
        };
    }

    private static Pricing tiered(ConfigSection price) {
        List<Pricing.Tier> tiers = new ArrayList<>();
        for (ConfigSection tier : price.sections("tiers")) {
            Long end = tier.has("up_to") ? Long.valueOf(tier.integer("up_to", 1, 1, Long.MAX_VALUE)) : null;
            tiers.add(new Pricing.Tier(end, required(tier, "input"), required(tier, "output")));
            tier.end();
        }
        return Options.checked(price, () -> new Pricing.Tiered(tiers));
    }

    private static List<CostTrackingConfig.Alert> alerts(ConfigSection options) {
        List<CostTrackingConfig.Alert> alerts = new ArrayList<>();
        for (ConfigSection alert : options.sections("alerts")) {
            BigDecimal threshold = required(alert, "threshold");
            if (threshold.signum() == 0) {
                throw alert.wrong("threshold", "more than 0");
            }
            alerts.add(new CostTrackingConfig.Alert(
                    threshold, alert.choice("level", CostTrackingConfig.Level.WARNING), alert.flag("block", false)));
            alert.end();
        }
        return alerts;
    }

    private static BigDecimal required(ConfigSection section, String name) {
        if (!section.has(name)) {
            throw section.wrong(name, "a number of 0 or more, because there is no default for it");
        }
        return amount(section, name);
    }

    private static BigDecimal amount(ConfigSection section, String name) {
        return section.decimal(name, BigDecimal.ZERO, BigDecimal.ZERO, LARGEST);
    }

    static Map<String, @Nullable Object> pricing(Map<String, CostTrackingConfig.ModelPrice> pricing) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        pricing.forEach((model, price) -> {
            Map<String, @Nullable Object> values = shown(price.pricing());
            if (price.currency() != null) {
                values.put("currency", price.currency());
            }
            shown.put(model, values);
        });
        return shown;
    }

    private static Map<String, @Nullable Object> shown(Pricing pricing) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        if (pricing instanceof Pricing.Token token) {
            values.put("type", "token");
            values.put("input", token.input());
            values.put("output", token.output());
            values.put("cached", token.cached());
        } else if (pricing instanceof Pricing.Request request) {
            values.put("type", "request");
            values.put("price", request.price());
        } else if (pricing instanceof Pricing.Time time) {
            values.put("type", "time");
            values.put("per_second", time.perSecond());
            values.put("max_time", Options.text(time.maxTime()));
        } else if (pricing instanceof Pricing.Tiered tiered) {
            values.put("type", "tiered");
            values.put("tiers", tiered.tiers().stream().map(CostOptions::shown).toList());
        } else {
            values.put("type", Type.CUSTOM.name().toLowerCase(Locale.ROOT));
        }
        return values;
    }

    private static Map<String, @Nullable Object> shown(Pricing.Tier tier) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        if (tier.upTo() != null) {
            values.put("up_to", tier.upTo());
        }
        values.put("input", tier.input());
        values.put("output", tier.output());
        return values;
    }

    static List<Map<String, Object>> alerts(List<CostTrackingConfig.Alert> alerts) {
        return alerts.stream()
                .map(alert -> Map.<String, Object>of(
                        "threshold", alert.threshold(), "level", alert.level().id(), "block", alert.block()))
                .toList();
    }
}
