package io.llmspell.hooks.builtin;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The costs of one window. Guarded by the lock of its {@link CostLedger}.
 */
final class CostWindow {
    /** Names beyond this number are added up under one. */
    private static final int MOST_NAMES = 1_000;

    private static final String OTHERS = "(others)";

    /** Which window it is, counted from the start of the ledger. */
    final long index;

    final Instant began;

    /** What was paid. */
    BigDecimal spent = BigDecimal.ZERO;

    /** What running calls may still cost. */
    BigDecimal reserved = BigDecimal.ZERO;

    final Sum sum = new Sum();
    final Map<String, Sum> byProvider = new LinkedHashMap<>();
    final Map<String, Sum> byModel = new LinkedHashMap<>();
    final Map<String, Sum> byComponent = new LinkedHashMap<>();
    final Map<String, Sum> byUser = new LinkedHashMap<>();

    /** The alerts that were raised. */
    private final Set<CostTrackingConfig.Alert> raised = new HashSet<>();

    CostWindow(long index, Instant began) {
        this.index = index;
        this.began = began;
    }

    /** Notes that an alert is raised; false if it was already. */
    boolean raise(CostTrackingConfig.Alert alert) {
        return raised.add(alert);
    }

    boolean raised(CostTrackingConfig.Alert alert) {
        return raised.contains(alert);
    }

    static Sum in(Map<String, Sum> sums, String name) {
        String kept = sums.containsKey(name) || sums.size() < MOST_NAMES ? name : OTHERS;
        return sums.computeIfAbsent(kept, ignored -> new Sum());
    }

    /** What some calls used and cost. */
    static final class Sum {
        BigDecimal cost = BigDecimal.ZERO;
        BigInteger inputTokens = BigInteger.ZERO;
        BigInteger outputTokens = BigInteger.ZERO;
        long calls;

        void add(ModelUse use, BigDecimal amount) {
            cost = cost.add(amount);
            inputTokens = inputTokens.add(BigInteger.valueOf(use.inputTokens()));
            outputTokens = outputTokens.add(BigInteger.valueOf(use.outputTokens()));
            calls++;
        }

        void add(Sum other) {
            cost = cost.add(other.cost);
            inputTokens = inputTokens.add(other.inputTokens);
            outputTokens = outputTokens.add(other.outputTokens);
            calls += other.calls;
        }

        BigInteger tokens() {
            return inputTokens.add(outputTokens);
        }
    }
}
