package io.llmspell.tools;

import io.llmspell.core.gate.Gate;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.core.time.TimeSource;
import io.llmspell.core.tool.SecurityLevel;
import io.llmspell.core.tool.ToolResult;
import io.llmspell.state.Schemas;
import io.llmspell.testing.event.RecordingEventBus;
import io.llmspell.testing.gate.PassThroughGate;

/** Tools behind a gate of the test's choice, with a bus that records. */
public final class ToolsFixture {
    public final RecordingEventBus bus = new RecordingEventBus();
    public final Caller caller = Caller.host(new CorrelationId("run-1"));
    public final Tools tools;

    public ToolsFixture() {
        this(new PassThroughGate(), SecurityLevel.RESTRICTED);
    }

    public ToolsFixture(Gate gate, SecurityLevel level) {
        this(gate, level, new SystemTimeSource());
    }

    public ToolsFixture(Gate gate, SecurityLevel level, TimeSource time) {
        tools = Tools.builder()
                .gate(gate)
                .events(bus)
                .schemas(Schemas.compiler())
                .time(time)
                .callerLevel(level)
                .build();
    }

    public ToolResult call(String tool, Object... parameters) {
        return tools.executor().invoke(tool, JsonObject.of(parameters), caller);
    }
}
