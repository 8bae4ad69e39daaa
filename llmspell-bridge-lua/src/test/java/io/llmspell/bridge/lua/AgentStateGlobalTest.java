package io.llmspell.bridge.lua;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AgentStateGlobalTest {
    @Test
    void saveLoadDelete_tellWhetherThereWasSomething() {
        try (Scripts scripts = Scripts.open()) {
            assertThat(scripts.run("""
                    local a = Agent.create {name = "a", model = "offline/echo"}
                    local before = a:load_state()
                    a:invoke("one")
                    local saved = a:save_state()
                    a:invoke("two")
                    local loaded = a:loadState()
                    local seen = 0
                    Hook.register("agent_model_request", function(ctx) seen = #ctx.data.messages end)
                    a:invoke("three")
                    local gone = a:delete_state()
                    return table.concat({tostring(before), tostring(saved), tostring(loaded), seen, tostring(gone),
                      tostring(a:delete_state()), tostring(a:load_state())}, " ")
                    """)).isEqualTo("false true true 4 true false false");
        }
    }

    @Test
    void laterAgentOfTheSameName_findsWhatTheFirstOneSaved() {
        try (Scripts scripts = Scripts.open()) {
            scripts.run("""
                    local a = Agent.create {name = "a", model = "offline/echo"}
                    a:invoke("one")
                    a:save_state()
                    a:destroy()
                    """);
            assertThat(scripts.run("""
                    local a = Agent.create {name = "a", model = "offline/echo"}
                    local seen
                    a:load_state()
                    Hook.register("agent_model_request", function(ctx) seen = ctx.data.messages end)
                    a:invoke("two")
                    return seen[2].content .. " / " .. seen[3].content .. " / " .. seen[4].content
                    """)).isEqualTo("one / (offline/echo) one / two");
        }
    }

    @Test
    void saveState_refusedByAHook_saysSo() {
        try (Scripts scripts = Scripts.open()) {
            String script = """
                    local a = Agent.create {name = "a", model = "offline/echo"}
                    Hook.register("agent_state_save", function() return {type = "cancel", reason = "not now"} end)
                    a:save_state()
                    """;
            assertThat(scripts.failure(script, "code")).isEqualTo("operation_cancelled");
        }
    }
}
