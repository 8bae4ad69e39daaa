package io.llmspell.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.CloseReport;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventInbox;
import io.llmspell.core.event.Overflow;
import io.llmspell.core.event.PublishResult;
import io.llmspell.core.event.SubscribeOptions;
import io.llmspell.core.event.Subscription;
import io.llmspell.core.event.SubscriptionStats;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.testing.gate.PassThroughGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;

/**
 * One history of a bus: publishers, subscriptions of all kinds, strategies, pauses and unsubscribes, all drawn from a seed.
 * However the threads come to run, no subscription gets an event twice, in the wrong order or one that nobody published,
 * and what it misses is what was counted.
 */
final class HistoryCheck {
    private static final Caller CALLER = Caller.host(new CorrelationId("history"));
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> TYPES = List.of("check.a", "check.b", "other.c");
    private static final List<String> PATTERNS = List.of("**", "check.*", "check.a", "other.c");

    private final long seed;
    private final Random random;
    private final SystemTimeSource time = new SystemTimeSource();
    private final EventBus bus;
    private final List<Reader> readers = new ArrayList<>();
    private final AtomicLong[] published = {new AtomicLong(), new AtomicLong(), new AtomicLong()};
    private final AtomicInteger refusals = new AtomicInteger();

    private HistoryCheck(UnaryOperator<EventBus> plant, long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.bus = plant.apply(Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(new PassThroughGate())
                .awaiter(Awaiter.blocking(time))
                .build());
    }

    /** Plays the history of a seed, and judges it when its publishers are through and its readers at rest. */
    static void play(UnaryOperator<EventBus> plant, long seed) {
        HistoryCheck check = new HistoryCheck(plant, seed);
        try {
            check.play();
        } finally {
            check.bus.close(Duration.ZERO);
            check.time.close();
        }
    }

    /** A subscription of the history. */
    private abstract class Reader {
        final EventRecord record;
        final String pattern;
        private final long[] before = new long[TYPES.size()];
        private final long slow = random.nextInt(3) == 0 ? 1 + random.nextInt(30) : 0;

        /** After so many events it is closed; never for 0. */
        private final int leaves;

        private final AtomicInteger got = new AtomicInteger();
        Subscription subscription;

        @Nullable SubscriptionStats atClose;

        Reader(String pattern, boolean ordered, int leaves) {
            this.pattern = pattern;
            this.leaves = leaves;
            this.record = new EventRecord(ordered, pattern.replace("*", ""));
        }

        /** Handles an event, slowly if it is a slow one. */
        final void got(UniversalEvent event) {
            record.add(event);
            if (got.incrementAndGet() == leaves) {
                CompletableFuture<Void> unused = elsewhere(this::leave);
            }
            pause(slow);
        }

        final void leave() {
            subscription.close();
            SubscriptionStats present = subscription.stats();
            atClose = present;
        }

        final boolean left() {
            return leaves > 0;
        }

        /** Called once, when all publishers are through. */
        void end() {}

        final long wanted() {
            long sum = 0;
            for (int i = 0; i < TYPES.size(); i++) {
                sum += TYPES.get(i).startsWith(pattern.replace("*", "")) ? published[i].get() : 0;
            }
            return sum;
        }

        @Override
        public String toString() {
            return getClass().getSimpleName() + " of " + pattern + (left() ? " that leaves after " + leaves : "");
        }
    }

    private final class Handler extends Reader {
        Handler(String pattern, SubscribeOptions options, boolean ordered, int leaves) {
            super(pattern, ordered, leaves);
            subscription = bus.subscribe(pattern, options, (event, again) -> got(event), CALLER);
        }
    }

    private final class Stream extends Reader {
        private final int batch = 1 + random.nextInt(20);

        Stream(String pattern, SubscribeOptions options, int leaves) {
            super(pattern, true, leaves);
            Set<String> others = new HashSet<>();
            bus.subscriptions().forEach(each -> others.add(each.id()));
            Publisher<UniversalEvent> flux = bus.stream(pattern, options, CALLER);
            BaseSubscriber<UniversalEvent> subscriber = new BaseSubscriber<>() {
                private int left = batch;

                @Override
                protected void hookOnSubscribe(org.reactivestreams.Subscription link) {
                    link.request(batch);
                }

                @Override
                protected void hookOnNext(UniversalEvent event) {
                    got(event);
                    if (--left == 0) {
                        left = batch;
                        request(batch);
                    }
                }
            };
            flux.subscribe(subscriber);
            subscription = bus.subscriptions().stream()
                    .filter(each -> !others.contains(each.id()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private final class Box extends Reader {
        private final CompletableFuture<Void> polling;
        private volatile boolean ends;

        Box(String pattern, SubscribeOptions options, int leaves) {
            super(pattern, true, leaves);
            EventInbox inbox = bus.inbox(pattern, options, CALLER);
            subscription = inbox;
            polling = elsewhere(() -> {
                boolean last = false;
                while (!last) {
                    last = ends;
                    for (var event = inbox.poll(); event.isPresent(); event = inbox.poll()) {
                        got(event.get());
                    }
                    LockSupport.parkNanos(20_000);
                }
            });
        }

        @Override
        void end() {
            ends = true;
            polling.join();
        }
    }

    private static CompletableFuture<Void> elsewhere(Runnable work) {
        return CompletableFuture.runAsync(work, task -> {
            Thread thread = new Thread(task, "history");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static void pause(long micros) {
        if (micros > 0) {
            LockSupport.parkNanos(micros * 1_000);
        }
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private Reader reader() {
        String pattern = any(PATTERNS);
        int leaves = random.nextInt(3) == 0 ? 1 + random.nextInt(100) : 0;
        SubscribeOptions options = SubscribeOptions.DEFAULT
                .withOverflow(any(List.of(Overflow.values())))
                .withBufferSize(1 + random.nextInt(random.nextBoolean() ? 4 : 200))
                .withBlockTimeout(Duration.ofMinutes(5))
                .withNotices(false)
                .withHandlerTimeout(Duration.ZERO);
        return switch (random.nextInt(5)) {
            case 0 -> new Handler(pattern, options, true, leaves);
            case 1 -> new Handler(pattern, options.withConcurrency(2 + random.nextInt(3)), false, leaves);
            case 2 -> new Handler(pattern, SubscribeOptions.DEFAULT.onPublisherThread(), true, leaves);
            case 3 -> new Stream(pattern, options, leaves);
            default -> new Box(pattern, options, leaves);
        };
    }

    private void play() {
        SubscribeOptions whole = SubscribeOptions.DEFAULT
                .withOverflow(Overflow.BLOCK)
                .withBlockTimeout(Duration.ofMinutes(5))
                .withNotices(false)
                .withHandlerTimeout(Duration.ZERO);
        readers.add(new Handler("**", whole, true, 0));
        for (int i = random.nextInt(6); i >= 0; i--) {
            readers.add(reader());
        }
        List<CompletableFuture<Void>> publishers = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            int publisher = i;
            Random own = new Random(random.nextLong());
            publishers.add(elsewhere(() -> publish(publisher, own)));
        }
        publishers.forEach(CompletableFuture::join);
        readers.forEach(this::judge);
        CloseReport report = bus.close(PATIENCE);
        assertThat(report.drained()).as("seed %d: %s", seed, report).isTrue();
        readers.forEach(reader -> assertThat(reader.record.count())
                .as("seed %d: %s after the close", seed, reader)
                .isEqualTo((int) reader.subscription.stats().delivered()));
        assertThat(bus.stats().accepted())
                .as("seed %d", seed)
                .isEqualTo(readers.get(0).wanted());
    }

    private void publish(int publisher, Random own) {
        int events = 50 + own.nextInt(250);
        int slow = own.nextInt(4) == 0 ? 1 + own.nextInt(20) : 0;
        for (int number = 0; number < events; number++) {
            int type = own.nextInt(TYPES.size());
            var draft = EventRecord.draft(TYPES.get(type), publisher, number);
            PublishResult result =
                    own.nextInt(4) == 0 ? bus.publishAsync(draft, CALLER).block(PATIENCE) : bus.publish(draft, CALLER);
            published[type].incrementAndGet();
            refusals.addAndGet(
                    result instanceof PublishResult.Rejected refused
                            ? refused.subscriptions().size()
                            : 0);
            pause(own.nextInt(8) == 0 ? slow : 0);
        }
    }

    private void judge(Reader reader) {
        reader.end();
        Awaitility.await("seed " + seed + ": rest of " + reader)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    SubscriptionStats stats = reader.subscription.stats();
                    return stats.buffered() + stats.running() == 0;
                });
        accountsAgree(reader);
    }

    private void accountsAgree(Reader reader) {
        SubscriptionStats stats = reader.subscription.stats();
        String who = "seed " + seed + ": " + reader + " with " + stats;
        assertThat(reader.record.fault()).as(who).isNull();
        assertThat(stats.failed() + stats.expired()).as(who).isZero();
        assertThat(stats.offered()).as(who).isEqualTo(stats.accepted() + stats.rejected());
        assertThat(stats.accepted()).as(who).isEqualTo(stats.delivered() + stats.dropped());
        assertThat((long) reader.record.count()).as(who + " has got").isEqualTo(stats.delivered());
        SubscriptionStats atClose = reader.atClose;
        if (atClose != null) {
            assertThat(stats.delivered()).as(who + ", closed at " + atClose).isEqualTo(atClose.delivered());
        }
        if (!reader.left()) {
            assertThat(stats.offered()).as(who + " is to have been offered").isEqualTo(reader.wanted());
        }
    }
}
