package io.llmspell.hooks.coordination;

import io.llmspell.core.identity.Component;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The places of each component, so that one that is slow or stuck takes no threads from the others.
 *
 * <p>A step that was cut off keeps its place until it really ends; if all places of a component are kept so, it takes
 * no more steps. Everything is under one lock, without foreign code.
 */
final class Lanes {
    /** How many steps of one component run at once. */
    static final int PLACES = 8;

    private final Object lock = new Object();
    private final Map<Component, Lane> lanes = new HashMap<>();

    /** The steps of one component; kept as long as it has any that run. */
    private static final class Lane {
        final ArrayDeque<StepRun> waiting = new ArrayDeque<>();
        final Set<StepRun> running = new HashSet<>();
        final Set<StepRun> overdue = new HashSet<>();
    }

    /** What a step may do. */
    enum Verdict {
        /** It has a place. */
        START,
        /** It is started when a place is free. */
        WAIT,
        /** Its component takes no more. */
        STUCK
    }

    Verdict enter(StepRun run) {
        synchronized (lock) {
            Lane lane = lanes.computeIfAbsent(run.component(), first -> new Lane());
            if (lane.overdue.size() >= PLACES) {
                return Verdict.STUCK;
            }
            if (lane.running.size() >= PLACES) {
                lane.waiting.addLast(run);
                return Verdict.WAIT;
            }
            lane.running.add(run);
            return Verdict.START;
        }
    }

    /** Gives the place back, or on to the step that is returned. */
    @Nullable StepRun leave(StepRun run) {
        synchronized (lock) {
            Lane lane = lanes.get(run.component());
            if (lane == null || !lane.running.remove(run)) {
                return null;
            }
            lane.overdue.remove(run);
            StepRun next = lane.waiting.pollFirst();
            if (next != null) {
                lane.running.add(next);
            } else if (lane.running.isEmpty()) {
                lanes.remove(run.component());
            }
            return next;
        }
    }

    /** A step was cut off; gives the steps that can no longer hope for a place. */
    List<StepRun> overdue(StepRun run) {
        synchronized (lock) {
            Lane lane = lanes.get(run.component());
            if (lane == null || !lane.running.contains(run)) {
                return List.of();
            }
            lane.overdue.add(run);
            if (lane.overdue.size() < PLACES) {
                return List.of();
            }
            List<StepRun> hopeless = new ArrayList<>(lane.waiting);
            lane.waiting.clear();
            return hopeless;
        }
    }

    /** A step that waits for a place needs it no more. */
    void forget(StepRun run) {
        synchronized (lock) {
            Lane lane = lanes.get(run.component());
            if (lane != null) {
                lane.waiting.remove(run);
            }
        }
    }

    /** How many steps were cut off and still run. */
    int overdue() {
        synchronized (lock) {
            return lanes.values().stream().mapToInt(lane -> lane.overdue.size()).sum();
        }
    }
}
