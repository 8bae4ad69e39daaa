package io.llmspell.testing.storage;

/**
 * What every {@link io.llmspell.core.storage.StorageBackend} must do; a test class of a back end implements it.
 *
 * <p>The class gives one method, {@code open()}, and, if the store lacks a capability, {@code capabilities()}. Every test
 * opens and closes its own store; {@code open()} must give an empty one to each test (use a temporary folder for each
 * test) and the same data again within a test if the store is persistent. A missing capability turns the tests that need
 * it into tests that the store refuses it with {@code store_unsupported}.
 *
 * <p><b>Threads:</b> tests run one at a time for one instance.
 */
public interface StorageBackendContract
        extends ReadWriteContract,
                CommitContract,
                ScanContract,
                LogContract,
                SnapshotContract,
                WatchContract,
                LifecycleContract {}
