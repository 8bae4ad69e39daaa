package io.llmspell.bridge.globals;

import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateAccess;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.text.Nearest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the global {@code State} says of rights: {@code grant}, {@code revoke} and {@code audit}. */
final class StateAccessFunctions {
    private static final Set<String> GRANT = Set.of("access", "ttl_seconds");
    private static final Set<String> FILTER = Set.of("agent", "scope", "operation", "allowed", "since", "limit");
    private static final String ACTIONS = "state.";

    /** What the audit log can say beside the operations: changes of rights. */
    private static final List<String> RIGHTS =
            List.of("grant", "revoke", "share", "unshare", "bound", "cut_off", "restore");

    private final GlobalServices services;

    private StateAccessFunctions(GlobalServices services) {
        this.services = services;
    }

    /** The module with these functions too. */
    static ScriptModule addedTo(ScriptModule state, GlobalServices services) {
        List<ScriptFunction> all = new ArrayList<>(state.functions());
        all.addAll(new StateAccessFunctions(services).functions());
        return new ScriptModule(state.name(), state.doc(), all, state.children(), state.member());
    }

    private List<ScriptFunction> functions() {
        return List.of(
                ScriptFunction.waiting(
                        "grant",
                        "scope, agent, {access = read, write or read_write, ttl_seconds}?",
                        "Lets an agent use a scope; without access it may read.",
                        this::grant),
                ScriptFunction.waiting(
                        "revoke",
                        "scope, agent",
                        "Takes a grant back from the agent's next operation on; gives whether there was one.",
                        this::revoke),
                ScriptFunction.waiting(
                        "audit",
                        "{agent, scope, operation, allowed, since, limit}?",
                        "What agents were refused, what they used of others and what rights were changed, newest first.",
                        this::audit));
    }

    private StateAccess access(ScriptCall call) {
        return services.state().access(call.caller());
    }

    private Object grant(ScriptCall call) {
        Scope scope = scope(call);
        OptionReader options = new OptionReader(call.function(), call.map(2, "options"), GRANT);
        double seconds = options.number("ttl_seconds", 0, 0, Integer.MAX_VALUE);
        if (options.has("ttl_seconds") && seconds < 0.001) {
            throw new ArgumentException(
                    call.function() + ": ttl_seconds",
                    String.valueOf(seconds),
                    "0.001 or more; leave it out for a grant without end");
        }
        String named = call.text(1, "agent");
        Optional<String> present = present(named);
        GrantAccess access = GrantAccess.of(options.text("access", GrantAccess.READ.id()));
        Duration ttl = seconds > 0 ? Duration.ofMillis((long) (seconds * 1000)) : null;
        if (present.isPresent()) { // its id is of this process, so nothing of it is stored that no other would use
            access(call).lend(scope, present.get(), access, ttl);
        } else {
            access(call).grant(scope, named, access, ttl);
        }
        return true;
    }

    private Object revoke(ScriptCall call) {
        return access(call).revoke(scope(call), agent(call.text(1, "agent")));
    }

    private Scope scope(ScriptCall call) {
        return services.sessions().scope(call, call.text(0, "scope"));
    }

    /** The id of an agent that goes by a name; an agent that is not there yet can be named by its id. */
    private String agent(String nameOrId) {
        return present(nameOrId).orElse(nameOrId);
    }

    private Optional<String> present(String nameOrId) {
        return services.agents()
                .registry()
                .find(nameOrId)
                .map(agent -> agent.component().id().toString());
    }

    private Object audit(ScriptCall call) {
        OptionReader filter = new OptionReader(call.function(), call.map(0, "filter"), FILTER);
        AuditQuery query = AuditQuery.newest((int) filter.whole("limit", 100, 1, AuditQuery.MOST));
        String agent = filter.optionalText("agent");
        query = agent == null ? query : query.by("agent:" + agent(agent));
        String named = filter.optionalText("scope");
        if (named != null) {
            Optional<Scope> scope = services.sessions().presentScope(call, named);
            if (scope.isEmpty()) {
                return List.of(); // the script has no session, so nobody has tried anything with it
            }
            query = query.on(scope.get().text());
        }
        String operation = filter.optionalText("operation");
        query = operation == null ? query : query.doing(ACTIONS + operation(call, operation));
        query = filter.has("allowed") ? query.allowed(filter.flag("allowed", true)) : query;
        Instant since = EventQueries.time(call, filter, "since");
        query = since == null ? query : query.since(since);
        return access(call).audit(query).stream()
                .map(StateAccessFunctions::shown)
                .toList();
    }

    private static String operation(ScriptCall call, String given) {
        List<String> known = new ArrayList<>(
                Arrays.stream(StateOperation.values()).map(StateOperation::id).toList());
        known.addAll(RIGHTS);
        if (!known.contains(given)) {
            String hint = Nearest.hint(given, known);
            throw new ArgumentException(
                    call.function() + ": operation",
                    given,
                    "one of " + String.join(", ", known) + (hint.isEmpty() ? "" : ", " + hint));
        }
        return given;
    }

    private static Map<String, @Nullable Object> shown(AuditRecord record) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("timestamp", record.timestamp().toString());
        shown.put("agent_id", record.principal() instanceof Principal.Agent agent ? agent.id() : null);
        shown.put("principal", record.principal().text());
        shown.put("target", record.target());
        shown.put("operation", record.action().substring(ACTIONS.length()));
        shown.put("key", record.key());
        shown.put("allowed", record.allowed());
        shown.put("reason", record.reason());
        shown.put("count", record.count());
        return shown;
    }
}
