package io.llmspell.events;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.storage.Space;
import io.llmspell.testing.event.BusSettings;
import io.llmspell.testing.event.EventBusContract;

/** The contract on the bus of this module. */
final class EventBusImplTest implements EventBusContract {
    @Override
    public EventBus newBus(BusSettings settings) {
        EventsBuilder builder = Events.builder()
                .time(settings.time())
                .ids(IdGenerator.timeOrdered(settings.time()))
                .gate(settings.gate())
                .awaiter(Awaiter.blocking(settings.time()))
                .settings(EventSettings.DEFAULT.withDrainTimeout(settings.drainTimeout()));
        return settings.store() == null
                ? builder.build()
                : builder.journal(settings.store(), settings.codec(), Space.EVENTS)
                        .build();
    }
}
