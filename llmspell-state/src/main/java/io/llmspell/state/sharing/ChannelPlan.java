package io.llmspell.state.sharing;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.GrantAccess;
import io.llmspell.core.state.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a channel is to be: its id, its kind, its members and who sends to whom.
 *
 * <p>An id has 1 to 64 letters, digits and {@code _ . -}; members are ids of agents of at most 128 characters, 2 to 64 of
 * them. <b>Threads:</b> immutable.
 */
public final class ChannelPlan {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int MOST_MEMBERS = 64;
    private static final int LONGEST_MEMBER = 128;

    private final String id;
    private final ChannelKind kind;

    /** For each member, in the order of the plan, those that it may send to. */
    private final Map<String, List<String>> routes;

    private ChannelPlan(String id, ChannelKind kind, Map<String, List<String>> routes) {
        this.id = id;
        this.kind = kind;
        this.routes = routes;
    }

    private static ChannelPlan checked(String id, ChannelKind kind, Map<String, List<String>> routes) {
        if (!ID.matcher(id).matches()) {
            throw new ArgumentException("id of a channel", id, "1 to 64 letters, digits and _ . -");
        }
        if (routes.size() < 2 || routes.size() > MOST_MEMBERS) {
            throw new ArgumentException(
                    "members of channel " + id, String.valueOf(routes.size()), "2 to " + MOST_MEMBERS);
        }
        Map<String, List<String>> normal = new LinkedHashMap<>();
        routes.forEach((member, to) -> normal.put(
                member(member), to.stream().map(ChannelPlan::member).distinct().toList()));
        if (normal.size() != routes.size()) {
            throw new ArgumentException("channel " + id + " has a member twice");
        }
        return new ChannelPlan(id, kind, normal);
    }

    static String member(String agent) {
        if (agent.length() > LONGEST_MEMBER) {
            throw new ArgumentException("member of a channel", agent, "an agent's id of at most 128 characters");
        }
        String id = Scope.agent(agent).ids().get(0);
        if (id.equals(Channel.HOST)) {
            throw new ArgumentException("member of a channel", id, "another id; this one stands for the host");
        }
        return id;
    }

    /** The members once each, in their order. */
    @SafeVarargs
    private static Map<String, List<String>> members(List<String>... groups) {
        Map<String, List<String>> routes = new LinkedHashMap<>();
        for (List<String> group : groups) {
            group.forEach(member -> routes.put(member, new ArrayList<>()));
        }
        return routes;
    }

    private static List<String> without(List<String> all, String one) {
        return all.stream().filter(each -> !each.equals(one)).toList();
    }

    /**
     * A channel in which senders tell all receivers.
     *
     * @param id its id
     * @param senders who sends; may receive too
     * @param receivers who receives
     * @return the plan
     * @throws ArgumentException {@code invalid_argument} if id or members are out of range, or there is no sender or no
     *     receiver
     */
    public static ChannelPlan broadcast(String id, List<String> senders, List<String> receivers) {
        some("senders", senders);
        some("receivers", receivers);
        Map<String, List<String>> routes = members(senders, receivers);
        senders.forEach(sender -> routes.put(sender, without(receivers, sender)));
        return checked(id, ChannelKind.BROADCAST, routes);
    }

    /**
     * A channel in which requesters ask responders.
     *
     * @param id its id
     * @param requesters who asks
     * @param responders who answers; nobody is both
     * @return the plan
     * @throws ArgumentException {@code invalid_argument} if id or members are out of range, or somebody is both
     */
    public static ChannelPlan requestResponse(String id, List<String> requesters, List<String> responders) {
        some("requesters", requesters);
        some("responders", responders);
        Set<String> both = new LinkedHashSet<>(requesters);
        both.retainAll(responders);
        if (!both.isEmpty()) {
            throw new ArgumentException("requesters and responders of channel " + id, both.toString(), "different");
        }
        Map<String, List<String>> routes = members(requesters, responders);
        requesters.forEach(requester -> routes.put(requester, responders));
        return checked(id, ChannelKind.REQUEST_RESPONSE, routes);
    }

    /**
     * A channel in which all members tell all others.
     *
     * @param id its id
     * @param members the members
     * @return the plan
     * @throws ArgumentException {@code invalid_argument} if id or members are out of range
     */
    public static ChannelPlan collaborative(String id, List<String> members) {
        Map<String, List<String>> routes = members(members);
        members.forEach(member -> routes.put(member, without(members, member)));
        return checked(id, ChannelKind.COLLABORATIVE, routes);
    }

    /**
     * A channel in which each stage hands on to the next; the host feeds the first.
     *
     * @param id its id
     * @param stages the stages in order, each once
     * @return the plan
     * @throws ArgumentException {@code invalid_argument} if id or members are out of range, or a stage is there twice
     */
    public static ChannelPlan pipeline(String id, List<String> stages) {
        Map<String, List<String>> routes = members(stages);
        if (routes.size() != stages.size()) {
            throw new ArgumentException("stages of channel " + id, stages.toString(), "each once");
        }
        for (int i = 0; i + 1 < stages.size(); i++) {
            routes.put(stages.get(i), List.of(stages.get(i + 1)));
        }
        return checked(id, ChannelKind.PIPELINE, routes);
    }

    /**
     * A channel in which members tell those below them and the one above.
     *
     * @param id its id
     * @param root who is above all
     * @param parents who is above each of the others
     * @return the plan
     * @throws ArgumentException {@code invalid_argument} if id or members are out of range, or somebody is not below the
     *     root
     */
    public static ChannelPlan hierarchical(String id, String root, Map<String, String> parents) {
        Map<String, List<String>> routes = members(List.of(root), List.copyOf(parents.keySet()));
        parents.forEach((child, parent) -> {
            List<String> below = routes.get(parent);
            if (below == null || child.equals(root) || !reaches(root, child, parents)) {
                throw new ArgumentException("member above " + child + " in channel " + id, parent, "below " + root);
            }
            below.add(child);
        });
        return checked(id, ChannelKind.HIERARCHICAL, routes);
    }

    private static boolean reaches(String root, String child, Map<String, String> parents) {
        String at = child;
        for (int steps = 0; steps <= parents.size(); steps++) {
            if (at.equals(root)) {
                return true;
            }
            String above = parents.get(at);
            if (above == null) {
                return false;
            }
            at = above;
        }
        return false;
    }

    private static void some(String what, List<String> members) {
        if (members.isEmpty()) {
            throw new ArgumentException(what, "empty", "at least one");
        }
    }

    /**
     * The id of the channel.
     *
     * @return the id
     */
    public String id() {
        return id;
    }

    /**
     * Who sends to whom.
     *
     * @return the kind
     */
    public ChannelKind kind() {
        return kind;
    }

    /**
     * All members.
     *
     * @return their ids in the order of the plan
     */
    public List<String> members() {
        return List.copyOf(routes.keySet());
    }

    boolean has(String member) {
        return routes.containsKey(member);
    }

    /** Who gets what a member sends without naming anybody; for a sender that is no member, the host, all or the first. */
    List<String> usual(String from) {
        List<String> below = routes.get(from);
        if (below != null) {
            return below;
        }
        Set<String> receivers = new LinkedHashSet<>();
        routes.values().forEach(receivers::addAll);
        return switch (kind) {
            case PIPELINE, HIERARCHICAL -> members().subList(0, 1);
            case BROADCAST, REQUEST_RESPONSE -> List.copyOf(receivers);
            case COLLABORATIVE -> members();
        };
    }

    /** All that a member may send to; the host may to everybody. */
    List<String> reachable(String from) {
        if (!has(from)) {
            return members();
        }
        List<String> all = new ArrayList<>(usual(from));
        if (kind == ChannelKind.HIERARCHICAL) {
            routes.forEach((parent, below) -> {
                if (below.contains(from)) {
                    all.add(parent);
                }
            });
        }
        return all;
    }

    /** What a member's grant of the channel allows: to send, to receive or both. */
    GrantAccess access(String member) {
        boolean answers = kind == ChannelKind.REQUEST_RESPONSE;
        boolean sends = answers || !reachable(member).isEmpty();
        boolean receives = answers
                || routes.keySet().stream().anyMatch(other -> reachable(other).contains(member))
                || kind == ChannelKind.PIPELINE;
        return sends && receives ? GrantAccess.READ_WRITE : sends ? GrantAccess.WRITE : GrantAccess.READ;
    }

    JsonObject json() {
        return JsonObject.of("kind", kind.id(), "routes", routes);
    }

    static ChannelPlan read(String id, @Nullable Object json) {
        if (json instanceof JsonObject told && told.get("routes") instanceof Map<?, ?> stored) {
            Map<String, List<String>> routes = new LinkedHashMap<>();
            stored.forEach((member, to) -> routes.put(
                    (String) member,
                    ((List<?>) to).stream().map(String::valueOf).toList()));
            return new ChannelPlan(id, ChannelKind.of(told.text("kind")), routes);
        }
        throw Channel.foreign(id);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelPlan that
                && id.equals(that.id)
                && kind == that.kind
                && routes.equals(that.routes);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return kind.id() + " channel " + id;
    }
}
