package io.llmspell.events;

import io.llmspell.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/**
 * How full a queue is, and what was told of it: warning, critical and recovered once for each crossing, drops at most
 * once a second.
 *
 * <p><b>Threads:</b> under the order lock of the bus, but for {@link #raised}, which is read without it.
 */
final class Level {
    private static final long BETWEEN_DROPS = TimeUnit.SECONDS.toNanos(1);

    private final QueuedSubscription subscription;
    private final Flow flow;
    private final Notices notices;
    private boolean critical;
    private long untold;
    private long toldAt;
    private boolean toldDrops;

    /** Whether the queue was above its high mark and has not recovered since. */
    private volatile boolean raised;

    Level(QueuedSubscription subscription, Flow flow, Notices notices) {
        this.subscription = subscription;
        this.flow = flow;
        this.notices = notices;
    }

    boolean raised() {
        return raised;
    }

    /** From how many events on there may be something to tell. */
    int interesting() {
        return !raised ? flow.high() : critical ? Integer.MAX_VALUE : flow.size();
    }

    /** After an event was taken in. */
    void filled(int size) {
        if (size >= flow.high() && !raised) {
            raised = true;
            tell("event.flow.warning", size, 0);
        }
        if (size >= flow.size() && !critical) {
            critical = true;
            tell("event.flow.critical", size, 0);
        }
    }

    /** After an event was dropped because the queue is full. */
    void dropped(int size, long now) {
        untold++;
        if (!toldDrops || now - toldAt >= BETWEEN_DROPS) {
            toldDrops = true;
            toldAt = now;
            tell("event.flow.dropped", size, untold);
            untold = 0;
        }
    }

    /** After events have left the queue. */
    void emptied(int size) {
        if (raised && size <= flow.low()) {
            raised = false;
            critical = false;
            tell("event.flow.recovered", size, untold);
            untold = 0;
        }
    }

    private void tell(String type, int size, long drops) {
        JsonObject payload = JsonObject.of(
                "subscription_id",
                subscription.id(),
                "pattern",
                subscription.pattern(),
                "buffer_size",
                (long) size,
                "capacity",
                (long) flow.size(),
                "dropped",
                drops);
        notices.add(new Notices.Notice(type, payload, subscription.ownerCaller()));
    }
}
