package io.llmspell.events;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A publisher's place in the line before a full queue, or the refusal of one.
 *
 * <p><b>Threads:</b> the verdict is written under the order lock; the stage is completed outside it.
 */
final class Room {
    private final QueuedSubscription subscription;
    private final Object item;
    private final long deadline;
    private final CompletableFuture<Boolean> decided = new CompletableFuture<>();
    private @Nullable String refusal;
    private boolean waiting;

    private Room(QueuedSubscription subscription, Object item, long deadline, @Nullable String refusal) {
        this.subscription = subscription;
        this.item = item;
        this.deadline = deadline;
        this.refusal = refusal;
        this.waiting = refusal == null;
    }

    static Room waiting(QueuedSubscription subscription, Object item, long deadline) {
        return new Room(subscription, item, deadline, null);
    }

    static Room refused(QueuedSubscription subscription, Object item, String why) {
        Room room = new Room(subscription, item, 0, why);
        room.tell();
        return room;
    }

    QueuedSubscription subscription() {
        return subscription;
    }

    Object item() {
        return item;
    }

    /** Until when the publisher waits, a reading of {@code TimeSource.nanos()}. */
    long deadline() {
        return deadline;
    }

    /** Under the order lock: ends the wait; null means that the event was taken. */
    void decide(@Nullable String why) {
        refusal = why;
        waiting = false;
    }

    boolean isWaiting() {
        return waiting;
    }

    /** Outside the order lock: wakes the publisher. */
    void tell() {
        decided.complete(true);
    }

    CompletionStage<Boolean> decided() {
        return decided;
    }

    /** Why the event was refused, or null if it was taken; after {@link #decided} only. */
    @Nullable String refusal() {
        return refusal;
    }
}
