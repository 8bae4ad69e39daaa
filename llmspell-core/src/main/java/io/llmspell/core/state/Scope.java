package io.llmspell.core.state;

import io.llmspell.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whose state it is.
 *
 * <p>As text: {@code global}, {@code agent:x}, {@code workflow:x}, {@code step:workflow:step}, {@code session:x},
 * {@code tool:x}, {@code hook:x}, {@code custom:x}; {@code user:x} and other bare words are custom scopes of that
 * whole text. <b>Threads:</b> immutable.
 *
 * @param kind the kind
 * @param ids its ids, NFC; copied
 */
public record Scope(ScopeKind kind, List<String> ids) {
    /** The scope that all share. */
    public static final Scope GLOBAL = new Scope(ScopeKind.GLOBAL, List.of());

    /**
     * Checks and normalises the ids.
     *
     * @param kind the kind
     * @param ids its ids
     * @throws StateException {@code invalid_scope} if the number of ids is wrong or the workflow of a step has a colon,
     *     which would make its text ambiguous; {@code invalid_key} if an id has characters that no key may have
     */
    public Scope {
        if (ids.size() != kind.ids() || (kind == ScopeKind.STEP && ids.get(0).indexOf(':') >= 0)) {
            throw invalid(kind.id() + ":" + String.join(":", ids));
        }
        List<String> normal = new ArrayList<>(ids.size());
        for (String id : ids) {
            normal.add(KeyRules.normal(id, "id of a scope " + kind.id()));
        }
        ids = List.copyOf(normal);
    }

    /**
     * A scope with one id.
     *
     * @param kind the kind
     * @param id its id
     * @return the scope
     * @throws StateException as the constructor
     */
    public static Scope of(ScopeKind kind, String id) {
        return new Scope(kind, List.of(id));
    }

    /**
     * The scope of an agent.
     *
     * @param id the agent's id or name
     * @return the scope
     * @throws StateException {@code invalid_key}
     */
    public static Scope agent(String id) {
        return of(ScopeKind.AGENT, id);
    }

    /**
     * The scope of a workflow.
     *
     * @param id the workflow's id or name
     * @return the scope
     * @throws StateException {@code invalid_key}
     */
    public static Scope workflow(String id) {
        return of(ScopeKind.WORKFLOW, id);
    }

    /**
     * The scope of a session.
     *
     * @param id the session's id
     * @return the scope
     * @throws StateException {@code invalid_key}
     */
    public static Scope session(String id) {
        return of(ScopeKind.SESSION, id);
    }

    /**
     * A scope of the user's own.
     *
     * @param id its id
     * @return the scope
     * @throws StateException {@code invalid_key}
     */
    public static Scope custom(String id) {
        return of(ScopeKind.CUSTOM, id);
    }

    /**
     * Reads a scope text.
     *
     * @param text the text
     * @return the scope
     * @throws StateException {@code invalid_scope} naming the kinds, or {@code invalid_key} for a bad id
     */
    public static Scope parse(String text) {
        if (text.equalsIgnoreCase("global")) {
            return GLOBAL;
        }
        int colon = text.indexOf(':');
        String head = colon < 0 ? "" : text.substring(0, colon);
        for (ScopeKind kind : ScopeKind.values()) {
            if (kind.id().equals(head) && kind != ScopeKind.GLOBAL) {
                return ofKind(kind, text, text.substring(colon + 1));
            }
        }
        if (text.isEmpty() || colon == 0 || (colon > 0 && !head.equals("user"))) {
            throw invalid(text);
        }
        return custom(text);
    }

    private static Scope ofKind(ScopeKind kind, String text, String rest) {
        if (rest.isEmpty()) {
            throw invalid(text);
        }
        if (kind != ScopeKind.STEP) {
            return of(kind, rest);
        }
        int colon = rest.indexOf(':');
        if (colon <= 0 || colon == rest.length() - 1) {
            throw invalid(text);
        }
        return new Scope(kind, List.of(rest.substring(0, colon), rest.substring(colon + 1)));
    }

    private static StateException invalid(String text) {
        return new StateException(
                ErrorCode.INVALID_SCOPE,
                "\"" + (text.length() > 80 ? text.substring(0, 77) + "..." : text) + "\" is no scope; scopes are"
                        + " global, user:ID, session:ID, agent:ID, workflow:ID, step:WORKFLOW:STEP, tool:ID, hook:ID,"
                        + " custom:ID or a bare word",
                Map.of("scope", text),
                null);
    }

    /**
     * The scope as {@link #parse} reads it.
     *
     * @return the text
     */
    public String text() {
        if (kind == ScopeKind.GLOBAL) {
            return "global";
        }
        String joined = String.join(":", ids);
        boolean bare = kind == ScopeKind.CUSTOM && (joined.indexOf(':') < 0 || joined.startsWith("user:"));
        return bare && !joined.equalsIgnoreCase("global") ? joined : kind.id() + ":" + joined;
    }

    @Override
    public String toString() {
        return text();
    }
}
