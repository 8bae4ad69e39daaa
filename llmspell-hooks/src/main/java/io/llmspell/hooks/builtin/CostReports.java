package io.llmspell.hooks.builtin;

import io.llmspell.core.json.JsonObject;

/**
 * The report of the hook {@code cost_tracking}, got by {@link BuiltinHooks#view}.
 *
 * <p><b>Threads:</b> safe.
 */
public interface CostReports {
    /**
     * What the calls of the kept windows cost.
     *
     * @return {@code currency}; {@code window} (the present one) and {@code history} with {@code began}, {@code total},
     *     {@code reserved}, {@code calls}, {@code input_tokens}, {@code output_tokens}; {@code total} over all of them, also
     *     as {@code totals} by currency; {@code by_provider}, {@code by_model}, {@code by_component}, {@code by_user};
     *     {@code alerts}; amounts with 6 decimals
     */
    JsonObject report();
}
