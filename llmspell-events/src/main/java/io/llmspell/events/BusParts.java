package io.llmspell.events;

import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.time.TimeSource;
import java.util.concurrent.Executor;

/**
 * What the parts of one bus share.
 *
 * @param time the clock
 * @param ids makes ids
 * @param order the one lock of the bus: it orders events, guards the counters and never covers foreign code
 * @param routes the subscriptions
 * @param threads runs handlers
 * @param failures hears of handlers that failed
 * @param notices publishes events about the bus
 * @param settings what subscriptions get that do not say otherwise
 */
record BusParts(
        TimeSource time,
        IdGenerator ids,
        OrderLock order,
        Routes routes,
        Executor threads,
        HandlerFailures failures,
        Notices notices,
        EventSettings settings) {}
