package io.llmspell.workflows;

import io.llmspell.core.agent.Agent;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.text.Nearest;
import io.llmspell.core.workflow.Workflow;
import io.llmspell.core.workflow.WorkflowException;
import io.llmspell.workflows.WorkflowStep.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads definitions in the form of scripts: maps whose leaves may also be functions, agents and workflows. */
final class DefinitionParser {
    private static final Logger LOG = LoggerFactory.getLogger(DefinitionParser.class);

    private static final Set<String> OF_WORKFLOW =
            Set.of("name", "description", "type", "steps", "initial_state", "error_strategy", "checkpoint");
    private static final Set<String> LATER_OF_WORKFLOW = Set.of(
            "pre_condition",
            "setup",
            "timeout_ms",
            "default_step_timeout_ms",
            "on_start",
            "on_step_start",
            "on_step_complete",
            "on_error",
            "on_complete",
            "on_timeout",
            "before_execute",
            "after_execute",
            "branches",
            "iterator",
            "body",
            "condition");
    private static final Set<String> OF_STEP = Set.of(
            "name",
            "type",
            "tool",
            "agent",
            "execute",
            "workflow",
            "steps",
            "input",
            "parameters",
            "prompt",
            "required",
            "compensate",
            "error_strategy",
            "description",
            "initial_state",
            "checkpoint");
    private static final Set<String> LATER_OF_STEP = Set.of(
            "condition",
            "skip_if",
            "skip_condition",
            "timeout_ms",
            "retry",
            "max_attempts",
            "fallback",
            "before_execute",
            "after_execute",
            "on_complete",
            "on_error",
            "on_retry",
            "on_timeout",
            "setup",
            "branches",
            "iterator",
            "body");
    private static final List<String> TARGETS = List.of("tool", "agent", "execute", "workflow", "steps");
    private static final List<String> STEP_TYPES =
            List.of("tool", "agent", "function", "custom", "workflow", "sequential");
    private static final Set<String> LATER_TYPES = Set.of("parallel", "conditional", "loop");

    private final Workflows workflows;

    DefinitionParser(Workflows workflows) {
        this.workflows = workflows;
    }

    SequentialDefinition sequential(Map<?, ?> raw, String unnamed) {
        String where = raw.get("name") instanceof String name ? "workflow \"" + name + "\"" : unnamed;
        Members members = new Members(where, raw);
        members.check(OF_WORKFLOW, LATER_OF_WORKFLOW);
        members.type(List.of("sequential"), LATER_TYPES);
        List<WorkflowStep> steps = new ArrayList<>();
        for (Object step : members.list("steps")) {
            steps.add(step(where, steps.size() + 1, step));
        }
        return new SequentialDefinition(
                members.text("name"),
                members.text("description", ""),
                members.object("initial_state"),
                members.strategy() == null ? ErrorStrategy.FAIL_FAST : members.strategy(),
                members.flag("checkpoint"),
                steps);
    }

    private WorkflowStep step(String workflow, int number, @Nullable Object raw) {
        String place = workflow + ", step " + number;
        if (!(raw instanceof Map<?, ?> map)) {
            throw invalid(place, "steps", "is " + JsonValueException.typeName(raw) + ", but a step must be a map");
        }
        Members members =
                new Members(map.get("name") instanceof String name ? workflow + ", step \"" + name + "\"" : place, map);
        members.check(OF_STEP, LATER_OF_STEP);
        String name = members.text("name");
        Target target = target(members);
        return new WorkflowStep(
                name,
                target,
                input(members, target),
                members.flag("required"),
                members.strategy(),
                compensation(members));
    }

    private static @Nullable WorkflowFunction compensation(Members members) {
        if (!members.has("compensate")) {
            return null;
        }
        if (members.raw.get("compensate") instanceof WorkflowFunction function) {
            return function;
        }
        throw members.wrong("compensate", "a function");
    }

    private Target target(Members members) {
        members.type(STEP_TYPES, LATER_TYPES);
        List<String> given = TARGETS.stream().filter(members::has).toList();
        if (given.size() != 1) {
            throw invalid(
                    members.where,
                    "target",
                    "must be one of tool, agent, execute, workflow and steps, but "
                            + (given.isEmpty() ? "none is given" : String.join(" and ", given) + " are given"));
        }
        String member = given.get(0);
        Object value = members.raw.get(member);
        Target target = target(members, member, value);
        String type = members.text("type", target.type());
        boolean agrees = type.equals(target.type())
                || (type.equals("custom") && target instanceof Target.OfFunction)
                || (type.equals("sequential") && target instanceof Target.OfWorkflow);
        if (!agrees) {
            throw invalid(members.where, "type", "is \"" + type + "\", but the step has the member " + member);
        }
        return target;
    }

    private Target target(Members members, String member, @Nullable Object value) {
        return switch (member) {
            case "tool" -> new Target.OfTool(members.text("tool"));
            case "agent" ->
                value instanceof Agent agent
                        ? new Target.OfAgent(agent)
                        : new Target.OfAgentName(members.textOr("agent", "an agent or its name"));
            case "execute" -> function(members, value);
            case "workflow" -> workflow(members, value);
            default -> new Target.OfWorkflow(workflows.sequential(sequential(nested(members), members.where)));
        };
    }

    private static Target function(Members members, @Nullable Object value) {
        if (value instanceof WorkflowFunction function) {
            return new Target.OfFunction(function);
        }
        throw members.wrong("execute", "a function");
    }

    private Target workflow(Members members, @Nullable Object value) {
        if (value instanceof Workflow workflow) {
            return new Target.OfWorkflow(workflow);
        }
        if (value instanceof Map<?, ?> nested) {
            return new Target.OfWorkflow(workflows.sequential(sequential(named(nested, members), members.where)));
        }
        throw members.wrong("workflow", "a workflow or a definition");
    }

    /** A definition without a name gets that of its step. */
    private static Map<?, ?> named(Map<?, ?> nested, Members step) {
        if (nested.containsKey("name")) {
            return nested;
        }
        Map<Object, @Nullable Object> named = new LinkedHashMap<>(nested);
        named.put("name", step.raw.get("name"));
        return named;
    }

    /** The members of a step that is a definition itself and belong to that definition. */
    private static Map<?, ?> nested(Members step) {
        Map<Object, @Nullable Object> nested = new LinkedHashMap<>(step.raw);
        List.of("type", "input", "parameters", "required", "compensate", "error_strategy")
                .forEach(nested::remove);
        return nested;
    }

    private static @Nullable Object input(Members members, Target target) {
        boolean asksAgent = target.type().equals("agent");
        if (members.has("prompt") && !asksAgent) {
            throw invalid(members.where, "prompt", "belongs to a step with an agent");
        }
        List<String> given = List.of("input", "parameters", "prompt").stream()
                .filter(members::has)
                .toList();
        boolean both = members.has("prompt") && given.size() == 2;
        if (given.size() > 1 && !both) {
            throw invalid(members.where, given.get(1), "is given beside " + given.get(0) + "; give one of them");
        }
        if (!both) {
            return given.isEmpty() ? null : members.json(given.get(0));
        }
        if (!(members.json(given.get(0)) instanceof JsonObject more)) {
            throw members.wrong(given.get(0), "a map when the step has a prompt");
        }
        return more.with("prompt", members.text("prompt"));
    }

    private static WorkflowException invalid(String where, String member, String problem) {
        return new WorkflowException(
                ErrorCode.INVALID_WORKFLOW,
                where + ": " + member + " " + problem,
                Map.of("where", where, "member", member),
                null);
    }

    /** The members of one map, with the place that messages name. */
    private static final class Members {
        private final String where;
        private final Map<?, ?> raw;

        Members(String where, Map<?, ?> raw) {
            this.where = where;
            this.raw = raw;
        }

        boolean has(String member) {
            return raw.get(member) != null;
        }

        void check(Set<String> known, Set<String> later) {
            for (Object key : raw.keySet()) {
                String member = String.valueOf(key);
                if (later.contains(member)) {
                    throw invalid(where, member, "is not available in this release");
                }
                if (!known.contains(member)) {
                    LOG.warn("{}: the member \"{}\" is unknown {}", where, member, Nearest.hint(member, known));
                }
            }
        }

        void type(List<String> known, Set<String> later) {
            String type = text("type", known.get(0));
            if (later.contains(type)) {
                throw invalid(where, "type", "\"" + type + "\" is not available in this release");
            }
            if (!known.contains(type)) {
                String hint = Nearest.hint(type, known);
                throw invalid(
                        where,
                        "type",
                        "is \"" + type + "\", but must be one of " + String.join(", ", known)
                                + (hint.isEmpty() ? "" : "; " + hint));
            }
        }

        String text(String member) {
            return textOr(member, "a text");
        }

        String text(String member, String otherwise) {
            return has(member) ? text(member) : otherwise;
        }

        String textOr(String member, String wanted) {
            if (raw.get(member) instanceof String text && !text.isBlank()) {
                return text;
            }
            throw wrong(member, wanted);
        }

        boolean flag(String member) {
            Object value = raw.get(member);
            if (value == null || value instanceof Boolean) {
                return !Boolean.FALSE.equals(value);
            }
            throw wrong(member, "a boolean");
        }

        List<?> list(String member) {
            if (raw.get(member) instanceof List<?> list) {
                return list;
            }
            throw wrong(member, "an array of steps");
        }

        JsonObject object(String member) {
            if (!has(member)) {
                return JsonObject.empty();
            }
            if (json(member) instanceof JsonObject object) {
                return object;
            }
            throw wrong(member, "a map");
        }

        @Nullable Object json(String member) {
            try {
                return JsonValues.checked(raw.get(member), JsonLimits.TOOL);
            } catch (LlmSpellException wrong) {
                throw invalid(where, member, "is no JSON value: " + wrong.text());
            }
        }

        @Nullable ErrorStrategy strategy() {
            Object value = raw.get("error_strategy");
            if (value == null) {
                return null;
            }
            if ("fail_fast".equals(value) || "stop".equals(value)) {
                return ErrorStrategy.FAIL_FAST;
            }
            if ("continue".equals(value)) {
                return ErrorStrategy.CONTINUE;
            }
            Object name = value instanceof Map<?, ?> map ? map.get("type") : value;
            if ("retry".equals(name) || "fallback".equals(name)) {
                throw invalid(where, "error_strategy", "\"" + name + "\" is not available in this release");
            }
            throw wrong("error_strategy", "\"fail_fast\" or \"continue\"");
        }

        WorkflowException wrong(String member, String wanted) {
            Object value = raw.get(member);
            String found = value instanceof String text ? "\"" + text + "\"" : JsonValueException.typeName(value);
            return invalid(where, member, "is " + found + ", but must be " + wanted);
        }
    }
}
