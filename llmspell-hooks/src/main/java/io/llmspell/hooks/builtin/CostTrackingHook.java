package io.llmspell.hooks.builtin;

import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValues;
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
    private final OutputTap tap;
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
        this.tap = tap;
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
        this.open = tap.open(List.of(CostTrackingConfig.RESPONSE));
    }

    /** One running model call; its fields are written by the thread that drives the operation. */
    private static final class Call {
        private CostLedger ledger;
        private int attempt;
        private String model = "";
        private PriceTable.@Nullable Entry price;
        private CostLedger.@Nullable Reservation reservation;
        private @Nullable ModelUse most;
        private long beganNanos;
        private CostLedger.@Nullable Settled settled;
        private int settledAttempt;

        private Call(CostLedger ledger) {
            this.ledger = ledger;
        }

        /** Gives back what is reserved and not settled. */
        private void release() {
            if (reservation != null) {
                ledger.release(reservation);
                reservation = null;
            }
        }

        /** Asks for room; the settings, and with them the ledger, may have changed since the last run. */
        private CostLedger.Answer reserve(
                CostLedger present, BigDecimal bound, CostTrackingConfig.@Nullable Alert budget) {
            if (ledger != present) {
                release();
                ledger = present;
            }
            CostLedger.Answer answer = ledger.reserve(bound, budget, reservation);
            reservation = answer instanceof CostLedger.Reservation held ? held : null;
            return answer;
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
        Call call = begin(context);
        boolean again = call.attempt == context.attempt(); // a guard is asked again when its subject has changed
        call.attempt = context.attempt();
        call.settled = null;
        call.model = request.text("model", "");
        call.price = prices.find(call.model);
        if (call.price == null) {
            return unpriced(context, call, again);
        }
        ModelUse most = most(call.model, request);
        BigDecimal bound =
                Prices.bound(call.price.pricing(), most).times(call.price.rate()).total();
        if (call.reserve(ledger, bound, budget) instanceof CostLedger.Refused refused) {
            return refused(context, call, refused, bound);
        }
        call.most = most;
        call.beganNanos = services.time().nanos();
        tap.watch(context, seen -> settle(call, seen));
        return HookResult.proceed();
    }

    private Call begin(HookContext context) {
        String id = context.operation().id();
        Call known = calls.get(id);
        if (known != null) {
            return known;
        }
        Call fresh = new Call(ledger);
        calls.put(id, fresh);
        context.onEnd(ended -> {
            calls.remove(id);
            fresh.release();
        });
        return fresh;
    }

    private HookResult unpriced(HookContext context, Call call, boolean again) {
        call.release();
        String problem = prices.missing(call.model);
        if (!again) {
            unpricedCalls.increment();
        }
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

    private HookResult refused(HookContext context, Call call, CostLedger.Refused refused, BigDecimal bound) {
        operationsBlocked.increment();
        CostTrackingConfig.Alert limit = budget;
        String message = "the budget of " + (limit == null ? "" : limit.threshold().toPlainString()) + " "
                + config.currency() + " in " + Options.text(config.aggregationWindow()) + " leaves no room for a call of "
                + call.model + ": " + Cost.text(refused.spent()) + " are spent, " + Cost.text(refused.reserved())
                + " reserved for running calls, and this one may cost " + Cost.text(bound);
        if (refused.alert() != null) {
            raise(context, call, refused.alert(), refused.spent(), message);
        } else if (limit != null) {
            mark(context, limit, refused.spent(), message);
        }
        return HookResult.cancel(message);
    }

    // ---- after the call ----

    private HookResult response(HookContext context) {
        Call call = calls.get(context.operation().id());
        if (call == null) {
            return observed(context);
        }
        if (!context.operation().replaced()) {
            settle(call, context); // nothing if the tap has done it
        }
        CostLedger.Settled settled = call.settled;
        if (settled != null) {
            show(context, settled.cost());
        }
        return HookResult.proceed();
    }

    /** A call whose request was not seen, because the hook runs at the response alone or was enabled meanwhile. */
    private HookResult observed(HookContext context) {
        if (context.operation().replaced() || !(context.operation().input() instanceof JsonObject request)) {
            return HookResult.proceed();
        }
        Call call = new Call(ledger);
        call.model = request.text("model", "");
        call.price = prices.find(call.model);
        call.beganNanos = services.time().nanos() - context.operation().elapsed().toNanos();
        if (call.price == null) {
            return unpriced(context, call, false);
        }
        call.most = most(call.model, request);
        settle(call, context);
        if (call.settled != null) {
            show(context, call.settled.cost());
        }
        return HookResult.proceed();
    }

    private void settle(Call call, HookContext context) {
        PriceTable.Entry price = call.price;
        ModelUse most = call.most;
        boolean earlier = call.settled != null && call.settledAttempt != context.attempt();
        if (price == null || most == null || (call.settled != null && !earlier)) {
            return;
        }
        Duration took = Duration.ofNanos(services.time().nanos() - call.beganNanos);
        ModelUse use = used(context.operation().output(), most, took);
        boolean tiers = price.pricing() instanceof Pricing.Tiered;
        Cost known = tiers ? Cost.NONE : Prices.cost(price.pricing(), use, BigInteger.ZERO); // foreign code, so no lock
        CostLedger.Settled settled = call.ledger.settle(
                earlier ? null : call.reservation, // a further run after an answer has not been reserved
                use,
                account(call, context),
                before -> (tiers ? Prices.cost(price.pricing(), use, before) : known).times(price.rate()),
                config.alerts());
        if (settled == null) {
            return;
        }
        call.settled = settled;
        call.settledAttempt = context.attempt();
        for (CostTrackingConfig.Alert alert : settled.alerts()) {
            raise(context, call, alert, settled.total(), message(alert, settled.total()));
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

    private CostLedger.Account account(Call call, HookContext context) {
        return new CostLedger.Account(
                PriceTable.provider(call.model),
                call.model,
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
            HookContext context, Call call, CostTrackingConfig.Alert alert, BigDecimal total, String message) {
        alertsTriggered.increment();
        mark(context, alert, total, message);
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("level", alert.level().id());
        payload.put("threshold", alert.threshold());
        payload.put("total", Cost.shown(total));
        payload.put("currency", config.currency());
        payload.put("block", alert.block());
        payload.put("message", message);
        payload.put("model", call.model);
        payload.put("component", context.component().name());
        publish(payload, context.caller());
    }

    private void publish(Map<String, @Nullable Object> payload, Caller caller) {
        try {
            services.alerts().raise("cost.alert", JsonValues.object(payload, JsonLimits.VALUE), caller);
        } catch (RuntimeException failure) { // whoever listens must not decide about the call
            log.warn("the listener of alerts failed", failure);
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
    public void close() {
        open.close();
    }
}
