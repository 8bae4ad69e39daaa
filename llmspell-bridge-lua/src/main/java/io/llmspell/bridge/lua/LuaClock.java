package io.llmspell.bridge.lua;

import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The time a sandbox sees.
 *
 * @param nanos the tick source of deadlines and {@code os.clock}, in nanoseconds
 * @param now the wall clock of {@code os.time} and {@code os.date}
 * @param zone gives the local zone of {@code os.date} without {@code !}
 */
record LuaClock(LongSupplier nanos, Supplier<Instant> now, Supplier<ZoneId> zone) {}
