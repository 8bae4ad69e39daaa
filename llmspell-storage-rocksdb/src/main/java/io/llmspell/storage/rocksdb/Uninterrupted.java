package io.llmspell.storage.rocksdb;

import java.util.function.Supplier;

/** Runs work with the interrupt flag held back: an interrupt would close a file channel for everybody. */
final class Uninterrupted {
    private Uninterrupted() {}

    static <T> T call(Supplier<T> work) {
        boolean interrupted = Thread.interrupted();
        try {
            return work.get();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
