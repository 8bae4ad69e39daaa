package io.llmspell.tools;

import io.llmspell.core.gate.ComponentBreaker;
import io.llmspell.core.identity.Component;
import io.llmspell.core.tool.Tool;
import io.llmspell.core.tool.ToolInfo;

/**
 * A registered tool with what is made of its description once.
 *
 * @param number of its registration, which no other one of the registry has
 */
record ToolEntry(
        Tool tool, ToolInfo info, Component component, ParameterRules rules, ComponentBreaker breaker, long number) {}
