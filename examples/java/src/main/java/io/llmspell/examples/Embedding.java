package io.llmspell.examples;

import io.llmspell.LlmSpell;
import io.llmspell.core.agent.Agent;
import io.llmspell.core.agent.AgentConfig;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateView;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** LlmSpell as a library: a hook, a tool, an agent, state that lasts, and a Lua script that sees the same. */
public final class Embedding {
    private Embedding() {}

    /**
     * Runs the example.
     *
     * @param arguments the folder of the store; default {@code .llmspell}
     */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments.length > 0 ? arguments[0] : ".llmspell");
        run(folder, new PrintStream(System.out, true, StandardCharsets.UTF_8));
    }

    static void run(Path folder, PrintStream out) {
        try (LlmSpell spell = LlmSpell.builder()
                .storage(RocksDbStorage.at(folder).createIfMissing())
                .scriptOutput(text -> out.print(text.text()))
                .build()) {
            Caller caller = spell.caller();
            spell.events()
                    .subscribe(
                            "tool.*",
                            SubscribeOptions.DEFAULT.onPublisherThread(),
                            (event, again) -> out.println("  event " + event.type() + " of " + event.source()),
                            caller);

            tool(spell, caller, out);
            agent(spell, caller, out);
            state(spell, caller, out);
            spell.lua().eval("print('  Lua sees the same state: ' .. State.get('custom:demo', 'answer'))");
        }
    }

    private static void tool(LlmSpell spell, Caller caller, PrintStream out) {
        out.println("A hook as a lambda, around a tool:");
        HookOptions shout =
                HookOptions.builder("shout").timeout(Duration.ofSeconds(5)).build();
        spell.hooks().register(HookPoint.BEFORE_TOOL_EXECUTION, shout, context -> {
            return context.data() instanceof JsonObject parameters
                    ? HookResult.modified(parameters.with("input", parameters.text("input") + "!"))
                    : HookResult.proceed();
        });
        ToolResult result = spell.toolExecutor()
                .invoke("text_manipulator", JsonObject.of("operation", "uppercase", "input", "hello"), caller);
        out.println("  " + result.result().text("result"));
    }

    private static void agent(LlmSpell spell, Caller caller, PrintStream out) {
        out.println("An agent, driven by the offline provider:");
        AgentConfig config = AgentConfig.builder("writer").model("offline/echo").build();
        Agent agent = spell.agents().create(config, caller);
        out.println("  " + agent.run(JsonObject.of("text", "On tides"), caller).text("text"));
    }

    private static void state(LlmSpell spell, Caller caller, PrintStream out) {
        out.println("State that lasts:");
        StateView state = spell.state().as(caller);
        state.put(StateKey.of(Scope.custom("demo"), "answer"), 42);
        out.println("  keys: " + List.copyOf(state.keys(Scope.custom("demo"))));
    }
}
