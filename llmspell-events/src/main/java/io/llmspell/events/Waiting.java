package io.llmspell.events;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Handle;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How publishers wait: for numbers, and for room in full queues.
 *
 * <p><b>Threads:</b> safe; blocks only in the awaiter.
 */
final class Waiting {
    private final Awaiter awaiter;
    private final TimeSource time;
    private final Numbers numbers;

    Waiting(Awaiter awaiter, TimeSource time, Numbers numbers) {
        this.awaiter = awaiter;
        this.time = time;
        this.numbers = numbers;
    }

    void forNumbers(Caller caller) {
        CompletionStage<Boolean> wanting = numbers.wanting();
        while (wanting != null) {
            awaiter.await(wanting, caller.deadlineNanos(), caller.token());
            wanting = numbers.wanting();
        }
    }

    Mono<Void> forNumbersAsync() {
        CompletionStage<Boolean> wanting = numbers.wanting();
        return wanting == null
                ? Mono.empty()
                : Mono.fromCompletionStage(wanting).then(Mono.defer(this::forNumbersAsync));
    }

    void forRoom(Emission emission) {
        forRoom(emission.rooms(), emission.caller());
    }

    void forRoom(List<Room> rooms, Caller caller) {
        for (Room room : rooms) {
            try {
                awaiter.await(room.decided(), deadline(room, caller), caller.token());
            } catch (LlmSpellException waitedInVain) {
                room.subscription().giveUp(room); // the refusal goes into the result of the publish
            }
        }
    }

    void forJournal(CompletionStage<Void> kept, Caller caller) {
        awaiter.await(kept, caller.deadlineNanos(), caller.token());
    }

    Mono<Emission> forRoomAsync(Emission emission) {
        List<Room> rooms = emission.rooms();
        return rooms.isEmpty()
                ? Mono.just(emission)
                : Flux.fromIterable(rooms)
                        .flatMap(room -> decidedAsync(room, emission.caller()))
                        .then(Mono.just(emission));
    }

    private Mono<Boolean> decidedAsync(Room room, Caller caller) {
        return Mono.using(
                () -> timer(room, caller),
                timer -> Mono.fromCompletionStage(room.decided())
                        .doOnCancel(() -> room.subscription().giveUp(room)),
                Handle::close);
    }

    private Handle timer(Room room, Caller caller) {
        Duration left = Duration.ofNanos(Math.max(0, deadline(room, caller) - time.nanos()));
        return time.schedule(left, () -> room.subscription().giveUp(room));
    }

    private static long deadline(Room room, Caller caller) {
        return caller.deadlineNanos() == Awaiter.NO_DEADLINE || caller.deadlineNanos() - room.deadline() > 0
                ? room.deadline()
                : caller.deadlineNanos();
    }
}
