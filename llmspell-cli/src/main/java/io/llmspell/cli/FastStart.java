package io.llmspell.cli;

import io.llmspell.storage.rocksdb.RocksDbStorage;
import java.util.Arrays;
import java.util.List;

/**
 * The common call without options, {@code run FILE ARG...} and {@code exec TEXT ARG...}, without the option parser.
 *
 * <p>Options come before the script, so a command that is followed by no dash has none. The parser takes a quarter of
 * the time from the start to the first line of output; {@code RunnerIT} holds both ways to one behaviour.
 */
final class FastStart {
    private FastStart() {}

    static boolean accepts(String... arguments) {
        return arguments.length >= 2
                && (arguments[0].equals("run") || arguments[0].equals("exec"))
                && !arguments[1].startsWith("-")
                && !arguments[1].startsWith("@");
    }

    static int run(String... arguments) {
        RocksDbStorage.preload();
        List<String> rest = Arrays.asList(arguments).subList(2, arguments.length);
        try {
            RunOptions none = new RunOptions();
            return arguments[0].equals("run")
                    ? RunCommand.run(none, arguments[1], rest)
                    : ExecCommand.run(none, arguments[1], rest);
        } catch (RuntimeException failed) {
            return Failures.report(failed, false, System.err);
        }
    }
}
