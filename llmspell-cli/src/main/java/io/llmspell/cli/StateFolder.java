package io.llmspell.cli;

import io.llmspell.LlmSpell;
import io.llmspell.LlmSpellBuilder;
import io.llmspell.bridge.config.Configuration;
import io.llmspell.bridge.config.RuntimeOptions;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.script.ScriptLimits;
import io.llmspell.core.state.StateManager;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.RecordCodec;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.time.SystemTimeSource;
import io.llmspell.state.StoredState;
import io.llmspell.storage.KeyRing;
import io.llmspell.storage.RecordCodecs;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;

/** The state in a data folder, as a command reaches it: to read beside whoever writes, or alone to write. */
final class StateFolder {
    private static final Set<Space> SPACES =
            Set.of(Space.STATE, Space.EVENTS, Space.HISTORY, Space.AUDIT, Space.SESSIONS, Space.META);

    private final Configuration configuration;
    private final RuntimeOptions configured;
    private final Path folder;

    private StateFolder(Configuration configuration, RuntimeOptions configured, Path folder) {
        this.configuration = configuration;
        this.configured = configured;
        this.folder = folder;
    }

    static StateFolder of(DataOptions data) {
        Configuration configuration = data.configuration();
        RuntimeOptions configured = RuntimeOptions.from(configuration.root(), ScriptLimits.DEFAULT);
        LogProvider.apply(configured.runtime().logLevel(), data.debug());
        if (!configured.storage().persistent()) {
            throw new ArgumentException("the configuration keeps state in memory (storage.backend), so there is none"
                    + " when no runtime runs; remove that option to use a store in a folder");
        }
        return new StateFolder(configuration, configured, data.folder(configured));
    }

    Path path() {
        return folder;
    }

    /** What the rest of an answer is about. */
    String asOf(StoredState state) {
        return "as of commit " + state.commit() + ", " + folder;
    }

    /** Reads the state as it is now, also while another process writes it; changes nothing in the folder. */
    int read(ToIntFunction<StoredState> work) {
        return open(RocksDbStorage.at(folder).readOnly(), Set.of(Space.STATE), store -> state(store, work));
    }

    /** Opens the store alone, without a runtime on it; none is made. */
    <T> T open(RocksDbStorage storage, Function<StorageBackend, T> work) {
        return open(storage, SPACES, work);
    }

    RocksDbStorage storage() {
        return RocksDbStorage.at(folder);
    }

    private static <T> T open(StorageFactory storage, Set<Space> spaces, Function<StorageBackend, T> work) {
        try (SystemTimeSource time = new SystemTimeSource();
                StorageBackend store = storage.open(spaces, time)) {
            return work.apply(store);
        }
    }

    /** With the keys of secrets, which are looked at only if a secret is read. */
    private RecordCodec codec() {
        KeyRing keys = configured.storage().keys().orElseGet(() -> KeyRing.beside(folder));
        return RecordCodecs.create(JsonCodec.create(), keys);
    }

    int state(StorageBackend store, ToIntFunction<StoredState> work) {
        try (SystemTimeSource time = new SystemTimeSource();
                StoredState state = StoredState.of(store, codec(), configured.redactor(), time)) {
            return work.applyAsInt(state);
        }
    }

    /** Changes state the way a script does: through hooks, with events. Needs the store alone; none is made. */
    int write(ToIntFunction<StateView> work) {
        return write((manager, caller) -> work.applyAsInt(manager.as(caller)));
    }

    /** The same for what needs more than a view. */
    int write(ToIntBiFunction<StateManager, Caller> work) {
        StorageFactory storage = configured.storage().isDefault()
                ? storage()
                : configured.storage().at(folder, false);
        LlmSpellBuilder builder = LlmSpell.builder().storage(storage);
        try (LlmSpell spell = (configuration.isEmpty() ? builder : builder.config(configuration.root())).build()) {
            return work.applyAsInt(spell.state(), spell.caller());
        }
    }
}
