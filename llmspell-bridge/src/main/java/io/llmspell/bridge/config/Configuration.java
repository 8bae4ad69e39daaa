package io.llmspell.bridge.config;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ConfigException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code llmspell.toml} under those of the environment.
 *
 * <p>Precedence: builder or command line, environment, file, default. A variable sets an option by its path in upper
 * case with {@code __} between the levels, such as {@code LLMSPELL_HOOKS__DEADLINE}; {@code LLMSPELL_DATA_DIR} and
 * {@code LLMSPELL_ENGINE} are short for {@code runtime.data_dir} and {@code runtime.default_engine}. The value of a
 * variable is a TOML value or, if it looks like none, a text.
 *
 * <p><b>Threads:</b> immutable. <b>Errors:</b> {@link ConfigException} {@code invalid_config}, naming file, line and
 * column, or the variable.
 */
public final class Configuration {
    private static final String FILE = "llmspell.toml";
    private static final String VARIABLE = "LLMSPELL_CONFIG";

    private final @Nullable Path file;
    private final ConfigValues values;

    private Configuration(@Nullable Path file, ConfigValues values) {
        this.file = file;
        this.values = values;
    }

    /**
     * Looks for a configuration: the file that is named, else that of {@code LLMSPELL_CONFIG}, else
     * {@code ./llmspell.toml}, else {@code ~/.llmspell/llmspell.toml}; the first one counts alone.
     *
     * @param named the file, or null to look for one
     * @return the configuration, {@linkplain #isEmpty empty} if there is neither a file nor a variable
     * @throws ConfigException {@code invalid_config} if the file that is named is not there, or is wrong
     */
    public static Configuration find(@Nullable Path named) {
        Path home = Path.of(System.getProperty("user.home", "."));
        return find(named, System.getenv(), Path.of(""), home);
    }

    static Configuration find(@Nullable Path named, Map<String, String> environment, Path folder, Path home) {
        return of(choose(named, environment, folder, home), environment);
    }

    /**
     * Reads one file, under the options of the environment.
     *
     * @param file the file
     * @return the configuration
     * @throws ConfigException {@code invalid_config} if the file is not there, or is wrong
     */
    public static Configuration read(Path file) {
        return of(file, System.getenv());
    }

    static Configuration of(@Nullable Path file, Map<String, String> environment) {
        ConfigValues values = new ConfigValues();
        if (file != null) {
            TomlFile.read(file, values);
        }
        Environment.read(environment, values);
        return new Configuration(file, values);
    }

    private static @Nullable Path choose(
            @Nullable Path named, Map<String, String> environment, Path folder, Path home) {
        if (named != null) {
            return named;
        }
        String variable = environment.getOrDefault(VARIABLE, "");
        if (!variable.isEmpty()) {
            try {
                return folder.resolve(variable);
            } catch (InvalidPathException e) {
                throw new ConfigException(VARIABLE, "is \"" + variable + "\", but must be a path");
            }
        }
        Path here = folder.resolve(FILE);
        if (Files.exists(here)) {
            return here;
        }
        Path users = home.resolve(".llmspell").resolve(FILE);
        return Files.exists(users) ? users : null;
    }

    /**
     * Whether no option is set at all.
     *
     * @return true if there is no file, or an empty one, and no variable
     */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /**
     * The file that was read.
     *
     * @return the file, or empty
     */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    /**
     * All options, to be read by their types.
     *
     * @return a section that was not read yet; its messages name file, line and column, or the variable
     */
    public ConfigSection root() {
        String source = file == null ? "" : file + ": ";
        return ConfigSection.of("", values.all(), option -> values.place(option).orElse(source + option));
    }
}
