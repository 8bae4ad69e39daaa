package io.llmspell.testing.event;

import io.llmspell.core.event.EventHandler;
import io.llmspell.core.event.UniversalEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A handler that stops at its first event until it is opened, and keeps what it got. */
final class Valve implements EventHandler {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final List<UniversalEvent> seen = new CopyOnWriteArrayList<>();

    @Override
    public void handle(UniversalEvent event, boolean redelivered) {
        seen.add(event);
        entered.countDown();
        Buses.await(opened);
    }

    /** Waits until the handler is inside its first event. */
    void awaitEntered() {
        Buses.await(entered);
    }

    void open() {
        opened.countDown();
    }

    /** The payloads that came, in order. */
    List<Object> payloads() {
        return seen.stream().map(UniversalEvent::payload).toList();
    }
}
