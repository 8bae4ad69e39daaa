package io.llmspell.testing.event;

import io.llmspell.core.event.EventBus;

/** What every part of the contract needs: a way to make buses. */
interface EventBusFixture {
    /**
     * Makes the bus under test.
     *
     * @param settings with what
     * @return a new bus; the test closes it
     */
    EventBus newBus(BusSettings settings);
}
