package io.llmspell.examples;

import io.llmspell.LlmSpell;
import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateView;
import io.llmspell.hooks.builtin.StateAuditConfig;
import io.llmspell.hooks.builtin.StateValidationConfig;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lets values of state fit a schema, and writes down who changed what. */
public final class GuardedState {
    private static final JsonObject PERSON = JsonObject.of(
            "type", "object",
            "required", List.of("name"),
            "properties",
                    JsonObject.of("name", JsonObject.of("type", "string"), "age", JsonObject.of("type", "integer")));

    private GuardedState() {}

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
            spell.builtins().enable(new StateAuditConfig(false));
            spell.builtins()
                    .enable(StateValidationConfig.builder()
                            .schema("agent:*", "profile", PERSON)
                            .maxBytes("agent:*", "*", 1_000)
                            .build());
            StateView state = spell.state().as(spell.caller());
            StateKey profile = StateKey.of(Scope.agent("ann"), "profile");

            state.put(profile, JsonObject.of("name", "Ann", "age", 30L));
            try {
                state.put(profile, JsonObject.of("age", "thirty"));
            } catch (OperationCancelledException refused) {
                out.println(refused.reason());
            }
            state.delete(profile);

            spell.audit()
                    .query(AuditQuery.newest(10).doing("state."))
                    .forEach(record -> out.println(record.action() + " " + record.target() + "/" + record.key() + " "
                            + (record.allowed() ? "done" : "refused")));
        }
    }
}
