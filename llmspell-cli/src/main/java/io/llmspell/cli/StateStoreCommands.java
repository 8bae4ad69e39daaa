package io.llmspell.cli;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.StorageMaintenance;
import io.llmspell.state.StoredState;
import io.llmspell.state.StoredValue;
import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands that look at the store as a whole. */
final class StateStoreCommands {
    private StateStoreCommands() {}

    /** How much there is. */
    @Command(
            name = "stats",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Shows how many values there are, by kind of scope and by class.",
            usageHelpAutoWidth = true)
    static final class Stats implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        private final Map<String, long[]> scopes = new TreeMap<>();
        private final Map<String, long[]> classes = new TreeMap<>();
        private final long[] all = new long[2];
        private @Nullable StoredValue largest;

        @Override
        public Integer call() {
            StateFolder folder = StateFolder.of(data);
            return folder.read(state -> {
                state.each(null, this::add);
                if (json) {
                    EventChoices.print(answer(folder, state));
                } else {
                    show(folder, state);
                }
                return ExitCode.FINE;
            });
        }

        private void add(StoredValue value) {
            count(all, value);
            count(scopes.computeIfAbsent(value.key().scope().kind().id(), kind -> new long[2]), value);
            count(classes.computeIfAbsent(value.stateClass().id(), id -> new long[2]), value);
            StoredValue most = largest;
            if (most == null || value.bytes() > most.bytes()) {
                largest = value;
            }
        }

        private static void count(long[] counts, StoredValue value) {
            counts[0]++;
            counts[1] += value.bytes();
        }

        private Map<String, @Nullable Object> answer(StateFolder folder, StoredState state) {
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("as_of", state.commit());
            answer.put("data_folder", folder.path().toString());
            answer.put("values", all[0]);
            answer.put("bytes", all[1]);
            answer.put("scopes", figures(scopes));
            answer.put("classes", figures(classes));
            StoredValue most = largest;
            answer.put(
                    "largest",
                    most == null
                            ? null
                            : Map.of(
                                    "scope", most.key().scope().text(),
                                    "key", most.key().key(),
                                    "bytes", (long) most.bytes()));
            return answer;
        }

        private static Map<String, Object> figures(Map<String, long[]> counts) {
            Map<String, Object> figures = new LinkedHashMap<>();
            counts.forEach((name, each) -> figures.put(name, Map.of("values", each[0], "bytes", each[1])));
            return figures;
        }

        private void show(StateFolder folder, StoredState state) {
            System.out.println(folder.asOf(state) + ": " + all[0] + " values, " + all[1] + " bytes");
            table("SCOPES", scopes);
            table("CLASS", classes);
            StoredValue most = largest;
            if (most != null) {
                System.out.println("the largest is "
                        + EventChoices.printable(most.key().toString()) + ", " + most.bytes() + " bytes");
            }
        }

        private static void table(String name, Map<String, long[]> counts) {
            List<List<String>> rows = counts.entrySet().stream()
                    .map(row ->
                            List.of(row.getKey(), String.valueOf(row.getValue()[0]), String.valueOf(row.getValue()[1])))
                    .toList();
            new TextTable(List.of(name, "VALUES", "BYTES"), rows).lines().forEach(System.out::println);
        }
    }

    /** Whether it is whole. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Reads every block of the store and every record of state, and compares their checksums.",
            usageHelpAutoWidth = true)
    static final class Verify implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @Option(
                names = "--accept-loss",
                description = "Opens a damaged store with what can be saved, and says how much is lost. It changes the"
                        + " folder for good: copy it before.")
        private boolean acceptLoss;

        @Override
        public Integer call() {
            StateFolder folder = StateFolder.of(data);
            RocksDbStorage storage = acceptLoss ? folder.storage().acceptLoss() : folder.storage();
            return folder.open(storage, store -> {
                tellLoss(store);
                if (!(store instanceof StorageMaintenance maintenance)) {
                    throw new StorageException(ErrorCode.STORE_UNSUPPORTED, "this store cannot be verified");
                }
                maintenance.verify();
                return folder.state(store, state -> {
                    System.out.println(
                            folder.asOf(state) + ": " + state.verify() + " records and all files are as written");
                    return ExitCode.FINE;
                });
            });
        }

        private static void tellLoss(StorageBackend store) {
            long lost = store.statistics().getOrDefault("commits.lost", 0L);
            if (lost != 0) {
                System.out.println("lost: " + (lost < 0 ? "an unknown number of" : String.valueOf(lost)) + " commits");
            }
        }
    }
}
