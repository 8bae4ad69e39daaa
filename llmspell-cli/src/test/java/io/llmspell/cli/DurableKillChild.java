package io.llmspell.cli;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.DurableOptions;
import io.llmspell.core.event.EventBus;
import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.storage.Batch;
import io.llmspell.core.storage.Bytes;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.Write;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.events.Events;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import io.llmspell.testing.gate.PassThroughGate;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes numbers and follows them with a durable subscription until it is killed; tells each on its standard output,
 * {@code B} first: {@code P number} when the publish has returned, {@code H number again} when the handler has done its work.
 */
final class DurableKillChild {
    private static final Caller CALLER = Caller.host(new CorrelationId("kills"));
    private static final Component SOURCE = Component.named(ComponentType.SYSTEM, "kills");
    private static final Bytes PLACES = Bytes.utf8("events.cursor:");

    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private DurableKillChild() {}

    /** Arguments: folder, first number, how many numbers, {@code right} or {@code early}. */
    public static void main(String[] arguments) {
        SystemTimeSource time = new SystemTimeSource();
        StorageBackend store =
                RocksDbStorage.at(Path.of(arguments[0])).createIfMissing().open(Set.of(Space.META, Space.EVENTS), time);
        EventBus bus = Events.builder()
                .time(time)
                .ids(IdGenerator.timeOrdered(time))
                .gate(new PassThroughGate())
                .awaiter(Awaiter.blocking(time))
                .journal(
                        arguments[3].equals("early") ? early(store) : store,
                        RecordCodecs.create(JsonCodec.create()),
                        Space.EVENTS)
                .build();
        new DurableKillChild().run(bus, Long.parseLong(arguments[1]), Long.parseLong(arguments[2]));
        while (true) { // the threads of the bus would not keep the process, which is to be killed
            LockSupport.park();
        }
    }

    private void run(EventBus bus, long first, long count) {
        tell("B");
        bus.journal()
                .orElseThrow()
                .subscribe("n", DurableOptions.named("kills"), (event, again) -> handle(event, again), CALLER);
        for (long n = first; n < first + count; n++) {
            EventDraft draft = EventDraft.of("n", n, SOURCE);
            bus.publish(n % 4 == 0 ? draft.withPersistent(true) : draft, CALLER).orThrow();
            if (n % 4 == 0) {
                tell("P " + n);
            }
        }
    }

    private void handle(UniversalEvent event, boolean again) {
        tell("H " + event.payload() + " " + again);
    }

    private void tell(String line) {
        synchronized (out) {
            out.println(line);
        }
    }

    /** The planted fault: the place of a subscription moves when events are claimed, before they are handled. */
    private static StorageBackend early(StorageBackend store) {
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(),
                new Class<?>[] {StorageBackend.class},
                (proxy, method, given) -> {
                    try {
                        return method.getName().equals("commit") && given[0] instanceof Batch batch
                                ? store.commit(moved(batch))
                                : method.invoke(store, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Batch moved(Batch batch) {
        List<Write> writes =
                batch.writes().stream().map(DurableKillChild::moved).toList();
        return new Batch(writes, batch.mode(), batch.listener());
    }

    private static Write moved(Write write) {
        if (write instanceof Write.Put put && put.key().startsWith(PLACES)) {
            Bytes claimed = put.value().slice(Long.BYTES, 2 * Long.BYTES);
            return new Write.Put(put.space(), put.key(), claimed.plus(claimed));
        }
        return write;
    }
}
