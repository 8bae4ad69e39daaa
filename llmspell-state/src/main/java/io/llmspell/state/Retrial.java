package io.llmspell.state;

import io.llmspell.core.state.StateException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A conflict as the operation that tells hooks of it: its first run fails with the conflict, each further one, which a hook
 * asked for by Retry, tries the change again.
 *
 * <p>Its fields are written by the thread that drives the operation.
 */
final class Retrial {
    private final @Nullable Supplier<StateWrites.Outcome> again;
    private final @Nullable Mono<StateWrites.Outcome> againLater;
    private volatile Clash clash;
    private volatile StateException error;
    private volatile boolean told;

    private Retrial(
            Clash clash,
            @Nullable Supplier<StateWrites.Outcome> again,
            @Nullable Mono<StateWrites.Outcome> againLater) {
        this.clash = clash;
        this.error = clash.error();
        this.again = again;
        this.againLater = againLater;
    }

    /** For a call that blocks; {@code again} tells nobody of a conflict. */
    static Retrial of(Clash clash, Supplier<StateWrites.Outcome> again) {
        return new Retrial(clash, again, null);
    }

    /** For a reactive call; {@code again} tells nobody of a conflict. */
    static Retrial later(Clash clash, Mono<StateWrites.Outcome> again) {
        return new Retrial(clash, null, again);
    }

    /** The last conflict. */
    Clash clash() {
        return clash;
    }

    /** Whether an error is the last conflict itself. */
    boolean is(@Nullable Throwable failure) {
        return failure == error;
    }

    /** Fails with the conflict if it is not told yet, else tries again. */
    StateWrites.Outcome run() {
        if (told) {
            return won(Objects.requireNonNull(again).get());
        }
        told = true;
        throw error;
    }

    /** The same without blocking. */
    Mono<StateWrites.Outcome> runLater() {
        if (told) {
            return Objects.requireNonNull(againLater).map(this::won);
        }
        told = true;
        return Mono.error(error);
    }

    private StateWrites.Outcome won(StateWrites.Outcome outcome) {
        Clash next = outcome.clash();
        if (next != null) {
            clash = next;
            error = next.error();
            throw error;
        }
        return outcome;
    }
}
