package io.llmspell.bridge.globals;

import io.llmspell.core.script.ScriptModule;
import java.util.List;

/**
 * All globals of a runtime.
 *
 * <p><b>Threads:</b> safe.
 */
public final class Globals {
    private Globals() {}

    /**
     * Describes all globals.
     *
     * @param services what they speak to
     * @return the descriptions, the same for every engine of the runtime
     */
    public static List<ScriptModule> all(GlobalServices services) {
        ScriptModule tool = ToolGlobal.describe(services);
        return List.of(
                HookGlobal.describe(services),
                EventGlobal.describe(services),
                StateAccessFunctions.addedTo(StateGlobal.describe(services), services),
                SessionGlobal.describe(services),
                ArtifactGlobal.describe(services),
                tool,
                new ScriptModule("Tools", tool.doc(), tool.functions(), tool.children(), tool.member()),
                AgentGlobal.describe(services),
                WorkflowGlobal.describe(services),
                LoggerGlobal.describe(services),
                JsonGlobal.describe(services),
                UtilsGlobal.describe(services));
    }
}
