package io.llmspell.examples;

import io.llmspell.LlmSpell;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.json.JsonObject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Registers {@link LengthGuard} as a guard, shows its veto, and unregisters it. */
public final class CustomHook {
    private CustomHook() {}

    /**
     * Runs the example.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        run(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    }

    static void run(PrintStream out) {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            HookOptions options = HookOptions.builder("length-guard")
                    .description("Refuses long inputs")
                    .priority(HookOptions.HIGH)
                    .failurePolicy(FailurePolicy.FAIL_CLOSED)
                    .timeout(Duration.ofSeconds(5))
                    .tags("guard")
                    .build();
            HookHandle guard = spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, options, new LengthGuard(5));

            call(spell, "short", out);
            call(spell, "much too long", out);
            guard.unregister();
            call(spell, "much too long", out);
        }
    }

    private static void call(LlmSpell spell, String input, PrintStream out) {
        try {
            JsonObject parameters = JsonObject.of("operation", "uppercase", "input", input);
            out.println(spell.toolExecutor()
                    .invoke("text_manipulator", parameters, spell.caller())
                    .result()
                    .text("result"));
        } catch (OperationCancelledException veto) {
            out.println("refused by " + veto.hook() + ": " + veto.reason());
        }
    }
}
