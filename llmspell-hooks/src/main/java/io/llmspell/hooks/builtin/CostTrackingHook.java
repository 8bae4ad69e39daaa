package io.llmspell.hooks.builtin;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.redact.LogText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Prices model calls, raises alerts, and refuses calls that could break a budget.
 *
 * <p>Before a call its largest cost is reserved: the size of the request in bytes, because no tokeniser makes more tokens
 * than bytes, and {@code max_tokens} of output. The reservation is settled by what the provider said it used, before any
 * hook of users can change that, or given back when the operation ends without an answer. {@code calls} holds one entry
 * for each running model call, until its operation ends; what was settled is decided under the lock of the ledger, once.
 * <b>Threads:</b> safe.
 */
final class CostTrackingHook implements RunningBuiltin, CostReports {
    private final CostTrackingConfig config;
    private final BuiltinServices services;
    private final Logger log;
    private final Handle open;
    private final PriceTable prices;
    private final CostTrackingConfig.@Nullable Alert budget;
    private final CostLedger ledger;
    private final ConcurrentMap<String, Call> calls;
    private final LongAdder alertsTriggered;
    private final LongAdder operationsBlocked;
    private final LongAdder unpricedCalls;

    CostTrackingHook(
            CostTrackingConfig config, BuiltinServices services, OutputTap tap, @Nullable CostTrackingHook before) {
        this.config = config;
        this.services = services;
        this.log = services.loggers().apply("io.llmspell.hooks.builtin.cost_tracking");
        this.prices = new PriceTable(config);
        this.budget = config.budget();
        boolean goesOn = before != null
                && before.ledger.fits(config)
                && before.config.currency().equals(config.currency());
        this.ledger = before != null && goesOn
                ? before.ledger
                : new CostLedger(services.time(), config.aggregationWindow(), config.history());
        this.calls = before == null ? new ConcurrentHashMap<>() : before.calls;
        this.alertsTriggered = before == null ? new LongAdder() : before.alertsTriggered;
        this.operationsBlocked = before == null ? new LongAdder() : before.operationsBlocked;
        this.unpricedCalls = before == null ? new LongAdder() : before.unpricedCalls;
        this.open = tap.open(List.of(CostTrackingConfig.REQUEST), this::seen);
    }

    /** One attempt of a model call; its fields are written by the thread that drives it. */
    private static final class Call {
        private final CostLedger ledger;
        private final String model;
        private final PriceTable.Entry price;
        private final ModelUse most;
        private final CostLedger.@Nullable Reservation reservation;
        private final long beganNanos;
        private CostLedger.@Nullable Settled settled;

        private Call(
                CostLedger ledger,
                String model,
                PriceTable.Entry price,
                ModelUse most,
                CostLedger.@Nullable Reservation reservation,
                long beganNanos) {
            this.ledger = ledger;
            this.model = model;
            this.price = price;
            this.most = most;
            this.reservation = reservation;
            this.beganNanos = beganNanos;
        }
    }

    @Override
    public HookResult execute(HookContext context) {
        return context.point().equals(CostTrackingConfig.REQUEST) ? request(context) : response(context);
    }

    // ---- before the call ----

    private HookResult request(HookContext context) {
        if (context.operation().replaced() || !(context.data() instanceof JsonObject request)) {
            return HookResult.proceed(); // a hook has answered: no model is called
        }
        String model = request.text("model", "");
        PriceTable.Entry price = prices.find(model);
        if (price == null) {
            return unpriced(context, model);
        }
        ModelUse most = most(model, request);
        BigDecimal bound =
                Prices.bound(price.pricing(), most).times(price.rate()).total();
        CostLedger.Answer answer = ledger.reserve(bound, budget);
        if (answer instanceof CostLedger.Refused refused) {
            return refused(context, model, refused, bound);
        }
        CostLedger.Reservation reservation = (CostLedger.Reservation) answer;
        Call call = new Call(
                ledger, model, price, most, reservation, services.time().nanos());
        String id = context.operation().id();
        calls.put(id, call);
        context.onEnd(ended -> {
            calls.remove(id);
            call.ledger.release(reservation); // nothing if the answer settled it
        });
        return HookResult.proceed();
    }

    private HookResult unpriced(HookContext context, String model) {
        String problem = prices.missing(model);
        unpricedCalls.increment();
        if (budget != null) {
            operationsBlocked.increment();
            return HookResult.cancel(problem + ", because a budget is set");
        }
        log.warn("{}; its calls are counted and not priced", problem);
        Marks.put(context, "cost_alert_level", CostTrackingConfig.Level.WARNING.id());
        Marks.put(context, "cost_alert_message", cut(problem));
        return HookResult.proceed();
    }

    /** What a request may use at most. */
    private ModelUse most(String model, JsonObject request) {
        long input = JsonValues.bytes(request.get("messages")) + JsonValues.bytes(request.get("tools"));
        long output = request.get("max_tokens") instanceof Number most
                ? Math.max(0, most.longValue())
                : config.defaultMaxTokens();
        return new ModelUse(PriceTable.provider(model), PriceTable.name(model), input, output, 0, Duration.ZERO);
    }

    private HookResult refused(HookContext context, String model, CostLedger.Refused refused, BigDecimal bound) {
        operationsBlocked.increment();
        CostTrackingConfig.Alert limit = budget;
        String message =
                "the budget of " + (limit == null ? "" : limit.threshold().toPlainString()) + " "
                        + config.currency() + " in " + Options.text(config.aggregationWindow())
                        + " leaves no room for a call of "
                        + model + ": " + Cost.text(refused.spent()) + " are spent, " + Cost.text(refused.reserved())
                        + " reserved for running calls, and this one may cost " + Cost.text(bound);
        if (refused.alert() != null) {
            raise(context, model, refused.alert(), refused.spent(), message);
        } else if (limit != null) {
            mark(context, limit, refused.spent(), message);
        }
        return HookResult.cancel(message);
    }

    // ---- after the call ----

    /** The provider's answer, as it came. */
    private void seen(HookContext context) {
        Call call = calls.get(context.operation().id());
        if (call != null && !context.operation().replaced()) {
            settle(call, context);
        }
    }

    private HookResult response(HookContext context) {
        Call call = calls.get(context.operation().id());
        if (call == null) {
            call = observed(context);
        }
        if (call != null && call.settled == null && !context.operation().replaced()) {
            settle(call, context);
        }
        if (call != null && call.settled != null) {
            show(context, call.settled.cost());
        }
        return HookResult.proceed();
    }

    /** A call of a hook that runs at the response alone. */
    private @Nullable Call observed(HookContext context) {
        if (config.points().contains(CostTrackingConfig.RESPONSE)
                && !config.points().contains(CostTrackingConfig.REQUEST)
                && !context.operation().replaced()
                && context.operation().input() instanceof JsonObject request) {
            String model = request.text("model", "");
            PriceTable.Entry price = prices.find(model);
            if (price == null) {
                unpriced(context, model);
                return null;
            }
            long began = services.time().nanos() - context.operation().elapsed().toNanos();
            return new Call(ledger, model, price, most(model, request), null, began);
        }
        return null;
    }

    private void settle(Call call, HookContext context) {
        PriceTable.Entry price = call.price;
        Duration took = Duration.ofNanos(services.time().nanos() - call.beganNanos);
        ModelUse use = used(context.operation().output(), call.most, took);
        boolean tiers = price.pricing() instanceof Pricing.Tiered;
        Cost known = tiers ? Cost.NONE : Prices.cost(price.pricing(), use, BigInteger.ZERO); // foreign code, so no lock
        CostLedger.Settled settled = call.ledger.settle(
                call.reservation,
                use,
                account(call.model, context),
                before -> (tiers ? Prices.cost(price.pricing(), use, before) : known).times(price.rate()),
                config.alerts());
        if (settled == null) {
            return;
        }
        call.settled = settled;
        for (CostTrackingConfig.Alert alert : settled.alerts()) {
            raise(context, call.model, alert, settled.total(), message(alert, settled.total()));
        }
    }

    /** What the provider said; if it said nothing, the most that was possible. */
    private static ModelUse used(@Nullable Object response, ModelUse most, Duration took) {
        if (response instanceof JsonObject object && object.get("token_usage") instanceof JsonObject usage) {
            long input = count(usage.get("input_tokens"));
            return new ModelUse(
                    most.provider(),
                    most.model(),
                    input,
                    count(usage.get("output_tokens")),
                    Math.min(input, count(usage.get("cached_tokens"))),
                    took);
        }
        return new ModelUse(most.provider(), most.model(), most.inputTokens(), most.outputTokens(), 0, took);
    }

    private static long count(@Nullable Object value) {
        return value instanceof Number number ? Math.max(0, number.longValue()) : 0;
    }

    private CostLedger.Account account(String model, HookContext context) {
        return new CostLedger.Account(
                PriceTable.provider(model),
                model,
                config.trackPerComponent() ? context.component().name() : null,
                config.trackPerUser() ? context.caller().principal().text() : null);
    }

    private void show(HookContext context, Cost cost) {
        Marks.put(context, "cost_input", Cost.text(cost.input()));
        Marks.put(context, "cost_output", Cost.text(cost.output()));
        Marks.put(context, "cost_total", Cost.text(cost.total()));
        Marks.put(context, "cost_currency", config.currency());
    }

    // ---- alerts ----

    private String message(CostTrackingConfig.Alert alert, BigDecimal total) {
        return "the costs of " + Options.text(config.aggregationWindow()) + " have reached "
                + alert.threshold().toPlainString() + " " + config.currency() + ": " + Cost.text(total);
    }

    private void raise(
            HookContext context, String model, CostTrackingConfig.Alert alert, BigDecimal total, String message) {
        alertsTriggered.increment();
        mark(context, alert, total, message);
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("level", alert.level().id());
        payload.put("threshold", alert.threshold());
        payload.put("total", Cost.shown(total));
        payload.put("currency", config.currency());
        payload.put("block", alert.block());
        payload.put("message", message);
        payload.put("model", model);
        payload.put("component", context.component().name());
        publish(payload, context.caller());
    }

    private void publish(Map<String, @Nullable Object> payload, Caller caller) {
        try {
            services.alerts().raise("cost.alert", JsonValues.object(payload, JsonLimits.VALUE), caller);
        } catch (RuntimeException failure) { // whoever listens must not decide about the call
            log.warn("the listener of alerts failed", LogText.maskedError(failure));
        }
    }

    private void mark(HookContext context, CostTrackingConfig.Alert alert, BigDecimal total, String message) {
        Marks.put(context, "cost_alert_level", alert.level().id());
        Marks.put(context, "cost_alert_threshold", alert.threshold().toPlainString());
        Marks.put(context, "cost_alert_total", Cost.text(total));
        Marks.put(context, "cost_alert_message", cut(message));
    }

    /** Metadata holds at most 1 KiB in a text. */
    private static String cut(String message) {
        return message.length() <= 240 ? message : message.substring(0, 240) + "...";
    }

    // ---- figures ----

    @Override
    public JsonObject report() {
        return ledger.read(new CostReport(config));
    }

    @Override
    public Map<String, @Nullable Object> statistics() {
        Map<String, @Nullable Object> figures = new LinkedHashMap<>(report());
        figures.put("alerts_triggered", alertsTriggered.sum());
        figures.put("operations_blocked", operationsBlocked.sum());
        figures.put("unpriced_calls", unpricedCalls.sum());
        return figures;
    }

    @Override
    public boolean reserves() {
        return true;
    }

    @Override
    public void close() {
        open.close();
    }
}
