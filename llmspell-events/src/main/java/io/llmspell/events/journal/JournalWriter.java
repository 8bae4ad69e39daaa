package io.llmspell.events.journal;

import io.llmspell.core.error.InternalException;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.redact.LogText;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.CommitListener;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.storage.WriteMode;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events behind their publishers, many in one batch.
 *
 * <pre>
 * queue     what is to be written, in the order in which it came; at most CAPACITY events, which size counts. Events that
 *           somebody waits for, rows of notes and marks of flushes come on top: their owners wait, or are few.
 * state     IDLE, LINGERING (a timer will start the writer) or RUNNING (it runs or is about to). Who brings something
 *           puts it into the queue first and looks at the state then; the writer does it the other way round.
 * writing   held by the one who writes; nobody waits for it while he holds another lock.
 * </pre>
 */
final class JournalWriter {
    static final int CAPACITY = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final Duration LINGER = Duration.ofMillis(50);
    private static final int MOST_AT_ONCE = 512;
    private static final int IDLE = 0;
    private static final int LINGERING = 1;
    private static final int RUNNING = 2;

    private final StorageBackend store;
    private final EventRecords records;
    private final SequenceNotes notes;
    private final Redactor redactor;
    private final TimeSource time;
    private final Executor executor;
    private final CommitListener written;
    private final IntConsumer rested;
    private final ConcurrentLinkedQueue<Item> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final AtomicLong appended = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean closed;

    /**
     * What is to be written.
     *
     * @param event an event, or null
     * @param row the number of an event that is written already, or null
     * @param done who waits, or null
     * @param durable whether the write must be durable
     */
    private record Item(
            @Nullable UniversalEvent event,
            SequenceNotes.@Nullable Row row,
            @Nullable CompletableFuture<Void> done,
            boolean durable) {
        void end(@Nullable RuntimeException problem) {
            if (done == null) {
                return;
            }
            if (problem == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(InternalException.coded("writing an event", problem));
            }
        }
    }

    JournalWriter(
            StorageBackend store,
            EventRecords records,
            SequenceNotes notes,
            Redactor redactor,
            TimeSource time,
            Executor executor,
            CommitListener written,
            IntConsumer rested) {
        this.store = store;
        this.records = records;
        this.notes = notes;
        this.redactor = redactor;
        this.time = time;
        this.executor = executor;
        this.written = written;
        this.rested = rested;
    }

    long appended() {
        return appended.get();
    }

    long lost() {
        return lost.get();
    }

    long buffered() {
        return size.get();
    }

    /** Takes an event, or counts it as lost if too many wait. */
    void offer(UniversalEvent event) {
        if (closed || !reserved()) {
            lose(event, closed ? "it is closed" : "its queue of " + CAPACITY + " is full");
            return;
        }
        queue.add(new Item(event, null, null, false));
        wake(size.get() >= MOST_AT_ONCE);
    }

    private boolean reserved() {
        if (size.incrementAndGet() <= CAPACITY) {
            return true;
        }
        size.decrementAndGet();
        return false;
    }

    private void lose(UniversalEvent event, String why) {
        if (lost.getAndIncrement() == 0) {
            LOG.warn("the journal lost event {}, because {}; further ones are only counted", event.type(), why);
        }
    }

    /** Takes an event whose publisher waits until it is durable. */
    CompletableFuture<Void> persist(UniversalEvent event) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        size.incrementAndGet();
        add(new Item(event, null, done, true));
        return done;
    }

    /** Takes the number of an event that a change has written. */
    void note(SequenceNotes.Row row) {
        notes.remember(row);
        queue.add(new Item(null, row, null, false));
        wake(false);
    }

    /** Completes when everything before is written. */
    CompletableFuture<Void> flush() {
        if (queue.isEmpty() && state.get() == IDLE) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        add(new Item(null, null, done, false));
        return done;
    }

    /** Begins to write what waits, at once. */
    void hurry() {
        if (!queue.isEmpty() && !closed) {
            wake(true);
        }
    }

    private void add(Item item) {
        queue.add(item);
        if (closed) {
            writeAll(); // nobody else comes any more
        } else {
            wake(true);
        }
    }

    private void wake(boolean now) {
        int present = state.get();
        if (present == RUNNING || (present == LINGERING && !now)) {
            return;
        }
        if (state.compareAndSet(present, now ? RUNNING : LINGERING)) {
            if (now) {
                start();
            } else {
                time.schedule(LINGER, this::lingered);
            }
        } else {
            wake(now);
        }
    }

    private void lingered() {
        if (state.compareAndSet(LINGERING, RUNNING)) {
            start();
        }
    }

    private void start() {
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException closing) {
            LOG.debug("the journal is closing and writes the rest itself");
        }
    }

    private void run() {
        do {
            int written = writeAll();
            rested.accept(written);
            state.set(IDLE);
        } while (!queue.isEmpty() && state.compareAndSet(IDLE, RUNNING));
    }

    /** Writes what is there; gives how many items that was. */
    private int writeAll() {
        int written = 0;
        writing.lock();
        try {
            List<Item> some = some();
            while (!some.isEmpty()) {
                write(some);
                written += some.size();
                some = some();
            }
            return written;
        } finally {
            writing.unlock();
        }
    }

    private List<Item> some() {
        List<Item> some = new ArrayList<>();
        Item item = queue.poll();
        while (item != null) {
            some.add(item);
            item = some.size() < MOST_AT_ONCE ? queue.poll() : null;
        }
        return some;
    }

    private void write(List<Item> items) {
        List<Write> writes = new ArrayList<>();
        List<SequenceNotes.Row> rows = new ArrayList<>();
        List<Item> packed = new ArrayList<>();
        boolean durable = false;
        for (Item item : items) {
            if (item.event != null && pack(item, item.event, writes)) {
                packed.add(item);
            }
            if (item.row != null) {
                rows.add(item.row);
            }
            durable |= item.durable;
        }
        if (!rows.isEmpty()) {
            writes.add(notes.note(rows));
        }
        commit(writes, durable, packed);
        notes.written(rows);
        for (Item item : items) {
            if (item.event == null) {
                item.end(null);
            }
        }
    }

    private boolean pack(Item item, UniversalEvent event, List<Write> writes) {
        try {
            writes.add(records.append(event, event.sequence(), null, redactor));
            return true;
        } catch (RuntimeException unwritable) {
            size.decrementAndGet();
            fail(List.of(item), unwritable);
            return false;
        }
    }

    private void commit(List<Write> writes, boolean durable, List<Item> events) {
        RuntimeException problem = null;
        try {
            if (!writes.isEmpty()) {
                WriteMode mode = durable ? WriteMode.DURABLE : WriteMode.BUFFERED;
                store.commit(new Batch(writes, mode, written)).orThrow();
            }
            appended.addAndGet(events.size());
        } catch (RuntimeException failed) {
            problem = failed;
        }
        size.addAndGet(-events.size());
        if (problem == null) {
            for (Item item : events) {
                item.end(null);
            }
        } else {
            fail(events, problem);
        }
    }

    private void fail(List<Item> items, RuntimeException problem) {
        lost.addAndGet(items.size());
        LOG.warn(
                "{} events could not be written to the journal: {}",
                items.size(),
                LogText.masked(problem.getMessage()));
        items.forEach(item -> item.end(problem));
    }

    /** Writes what is left, on the calling thread, and takes no more. */
    void close() {
        closed = true;
        writeAll();
    }
}
