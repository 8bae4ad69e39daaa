package io.llmspell.cli;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.state.StateChange;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateCommit;
import io.llmspell.core.state.StateKey;
import io.llmspell.state.StateScopes;
import io.llmspell.state.StoredValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows and changes the state in a data folder. */
@Command(
        name = "state",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        description = {
            "Shows and changes state.",
            "get, list, export and stats read, also while a script runs on the folder;"
                    + " set, delete, import and verify need the store alone."
        },
        subcommands = {
            StateCommand.Get.class,
            StateCommand.Put.class,
            StateCommand.Delete.class,
            StateCommand.ListKeys.class,
            StateFileCommands.Export.class,
            StateFileCommands.Import.class,
            StateStoreCommands.Stats.class,
            StateStoreCommands.Verify.class
        },
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true)
final class StateCommand implements Callable<Integer> {
    private static final JsonCodec CODEC = JsonCodec.create();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec own = Objects.requireNonNull(spec);
        throw new ParameterException(
                own.commandLine(), "say what to do: get, set, delete, list, export, import, stats or verify");
    }

    static void line(Map<String, ? extends @Nullable Object> members) {
        System.out.println(CODEC.text(members));
    }

    /** One value. */
    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Prints a value as JSON; secrets are masked. Exit code 1 if there is none.",
            usageHelpAutoWidth = true)
    static final class Get implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @Option(names = "--scope", paramLabel = "SCOPE", description = "The scope; default: global.")
        private String scope = "global";

        @Option(names = "--json", description = "Prints scope, key, class, version and value as one JSON object.")
        private boolean json;

        @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
        private String key = "";

        @Override
        public Integer call() {
            StateKey wanted = StateChoices.key(scope, key);
            StateFolder folder = StateFolder.of(data);
            return folder.read(state -> {
                System.err.println(folder.asOf(state));
                Optional<StoredValue> found = state.get(wanted);
                if (found.isEmpty()) {
                    System.err.println("llmspell: there is no " + EventChoices.printable(wanted.toString())
                            + "; llmspell state list shows what there is");
                    return ExitCode.SCRIPT;
                }
                if (json) {
                    line(StateLine.write(found.get()));
                } else {
                    System.out.println(CODEC.text(found.get().json()));
                }
                return ExitCode.FINE;
            });
        }
    }

    /** Stores a value. */
    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Stores a value. A value that begins with a dash goes behind --, as in: set -- n -5",
            usageHelpAutoWidth = true)
    static final class Put implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @Option(names = "--scope", paramLabel = "SCOPE", description = "The scope; default: global.")
        private String scope = "global";

        @Option(names = "--class", paramLabel = "CLASS", description = "The class; default: as the key implies.")
        private @Nullable String stateClass;

        @Option(names = "--ttl", paramLabel = "TIME", description = "How long it counts, such as 10m; default: always.")
        private @Nullable String ttl;

        @Option(names = "--text", description = "Takes VALUE as a text and not as JSON.")
        private boolean text;

        @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
        private String key = "";

        @Parameters(
                index = "1",
                paramLabel = "VALUE",
                description = "The value as JSON, such as 5 or '\"text\"'; - reads it from standard input.")
        private String value = "";

        @Override
        public Integer call() {
            StateKey wanted = StateChoices.key(scope, key);
            StateClass chosen = stateClass == null ? null : StateLine.stateClass("--class", stateClass);
            Duration counts = ttl == null ? null : EventChoices.duration("--ttl", ttl);
            StateChange.Put change = new StateChange.Put(wanted, json(), counts, chosen);
            return StateFolder.of(data).write((manager, caller) -> {
                // Before it is written: it would take the place of a value that is stored.
                if (chosen == null && StateScopes.of(manager).classOf(wanted, caller) == StateClass.EPHEMERAL) {
                    throw new ArgumentException(wanted + " is of class ephemeral, as its key says, and such values end"
                            + " with the process, here this command; give --class standard, or use another key");
                }
                StateCommit.Done done =
                        manager.as(caller).apply(List.of(change)).orThrow();
                System.out.println(EventChoices.printable(wanted.toString()) + " has version " + done.version());
                return ExitCode.FINE;
            });
        }

        private @Nullable Object json() {
            String given = value.equals("-") ? input() : value;
            if (text) {
                return given;
            }
            try {
                return CODEC.parse(given, JsonLimits.VALUE);
            } catch (JsonValueException wrong) {
                if (!wrong.code().equals(ErrorCode.JSON_ERROR)) {
                    throw new ArgumentException(wrong.text());
                }
                throw new ArgumentException("VALUE is no JSON: " + wrong.text()
                        + "; a text needs quotes, such as '\"text\"', or the option --text");
            }
        }

        private static String input() {
            int most = 8 << 20;
            try {
                byte[] bytes = System.in.readNBytes(most + 1);
                if (bytes.length > most) {
                    throw new ArgumentException("standard input is longer than " + most + " bytes, and no value is");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Removes a value, or the values of a scope. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Removes a value, or with --all those of a whole scope.",
            usageHelpAutoWidth = true)
    static final class Delete implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @Option(names = "--scope", paramLabel = "SCOPE", description = "The scope; default: global.")
        private String scope = "global";

        @Option(names = "--all", description = "Removes all keys of the scope.")
        private boolean all;

        @Parameters(index = "0", paramLabel = "KEY", arity = "0..1", description = "The key.")
        private @Nullable String key;

        @Override
        public Integer call() {
            if (all == (key != null)) {
                throw new ArgumentException("give a key, or --all to remove all keys of a scope");
            }
            StateKey wanted = StateChoices.key(scope, key == null ? "all" : key);
            return StateFolder.of(data).write(state -> {
                if (all) {
                    System.out.println("removed " + state.clear(wanted.scope()) + " values of " + wanted.scope());
                } else {
                    String shown = EventChoices.printable(wanted.toString());
                    System.out.println(state.delete(wanted) ? "removed " + shown : "there was no " + shown);
                }
                return ExitCode.FINE;
            });
        }
    }

    /** What there is. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            versionProvider = VersionCommand.Provider.class,
            description = "Lists keys, in the order of scopes and keys.",
            usageHelpAutoWidth = true)
    static final class ListKeys implements Callable<Integer> {
        @CommandLine.Mixin
        private DataOptions data = new DataOptions();

        @CommandLine.Mixin
        private StateChoices choices = new StateChoices();

        @Option(names = "--limit", paramLabel = "N", description = "At most so many; default: 1000.")
        private long limit = 1_000;

        @Option(names = "--json", description = "Prints one JSON object for each key, without its value.")
        private boolean json;

        @Override
        public Integer call() {
            if (limit < 1) {
                throw new ArgumentException("--limit", String.valueOf(limit), "1 or more");
            }
            choices.checked();
            StateFolder folder = StateFolder.of(data);
            return folder.read(state -> {
                List<StoredValue> found = new ArrayList<>();
                long[] more = new long[1];
                choices.each(state, value -> {
                    if (found.size() < limit) {
                        found.add(value);
                    } else {
                        more[0]++;
                    }
                });
                (json ? System.err : System.out).println(folder.asOf(state) + (found.isEmpty() ? ": no values" : ""));
                show(found);
                if (more[0] > 0) {
                    System.err.println(more[0] + " more; --limit shows more");
                }
                return ExitCode.FINE;
            });
        }

        private void show(List<StoredValue> found) {
            if (json) {
                found.forEach(value -> {
                    Map<String, @Nullable Object> members = StateLine.write(value);
                    members.remove("value");
                    members.remove("masked");
                    members.put("bytes", (long) value.bytes());
                    line(members);
                });
                return;
            }
            List<List<String>> rows = found.stream().map(ListKeys::row).toList();
            new TextTable(List.of("SCOPE", "KEY", "CLASS", "VERSION", "BYTES", "EXPIRES"), rows)
                    .lines()
                    .forEach(System.out::println);
        }

        private static List<String> row(StoredValue value) {
            return List.of(
                    EventChoices.printable(value.key().scope().text()),
                    EventChoices.printable(value.key().key()),
                    value.stateClass().id(),
                    String.valueOf(value.version()),
                    String.valueOf(value.bytes()),
                    value.expiresAt() == null ? "-" : value.expiresAt().toString());
        }
    }
}
