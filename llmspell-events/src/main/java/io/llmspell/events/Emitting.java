package io.llmspell.events;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventException;
import io.llmspell.core.gate.AsyncBody;
import io.llmspell.core.gate.Body;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import java.util.Set;

/**
 * The operations of emitting: as a whole, and in two parts for events that are staged into a commit.
 *
 * <p><b>Threads:</b> safe.
 */
final class Emitting {
    /** Events go out once, so that a hook cannot answer them, repeat them or keep them. */
    private static final Set<HookResultKind> STAGED = Set.of(
            HookResultKind.CONTINUE,
            HookResultKind.MODIFIED,
            HookResultKind.CANCEL,
            HookResultKind.FORK,
            HookResultKind.SKIPPED);

    /** Another event may go out in place of one that is not part of a change. */
    private static final Set<HookResultKind> WHOLE = Set.of(
            HookResultKind.CONTINUE,
            HookResultKind.MODIFIED,
            HookResultKind.CANCEL,
            HookResultKind.REDIRECT,
            HookResultKind.FORK,
            HookResultKind.SKIPPED);

    private final Passage<EventDraft, Routed> whole;
    private final Passage<EventDraft, Emission> first;
    private final Passage<Emission, Emission> last;

    Emitting(
            Gate gate,
            Body<EventDraft, Routed> route,
            AsyncBody<EventDraft, Routed> routeAsync,
            Body<EventDraft, Emission> prepare) {
        whole = gate.passage(Operation.of(OperationKind.EVENT_EMIT, new DraftView.Whole())
                .point(HookPoint.BEFORE_EVENT_EMIT, Step.Stage.BEFORE, WHOLE)
                .after(HookPoint.AFTER_EVENT_EMIT)
                .run(route, routeAsync));
        first = gate.passage(Operation.of(OperationKind.EVENT_EMIT, new DraftView.Staging())
                .point(HookPoint.BEFORE_EVENT_EMIT, Step.Stage.BEFORE, STAGED)
                .run(prepare));
        last = gate.passage(Operation.of(OperationKind.EVENT_EMIT, new RoutedView())
                .after(HookPoint.AFTER_EVENT_EMIT)
                .run((emission, caller) -> emission));
    }

    /** All hooks around the routing of an event. */
    Passage<EventDraft, Routed> whole() {
        return whole;
    }

    /** The hooks before an event that will be routed later. */
    Passage<EventDraft, Emission> first() {
        return first;
    }

    /** The hooks after an event that has been routed. */
    Passage<Emission, Emission> last() {
        return last;
    }

    /** Events about hooks and about events have no hooks of their own, or they would never end. */
    static boolean passesHooks(String type) {
        return !about(type, "hook") && !about(type, "event");
    }

    private static boolean about(String type, String word) {
        return type.startsWith(word) && (type.length() == word.length() || type.charAt(word.length()) == '.');
    }

    static EventException notKept(String type) {
        return new EventException(
                ErrorCode.INVALID_EVENT,
                "event \"" + type + "\" asks to be persistent, but the bus has no journal; give it a store, or leave"
                        + " persistent out");
    }

    static EventException closed() {
        return new EventException(
                ErrorCode.BUS_CLOSED, "the event bus is closed; it takes no events and subscriptions");
    }
}
