package io.llmspell.cli;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ConfigException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.event.EventException;
import io.llmspell.core.json.JsonValueException;
import io.llmspell.core.redact.Redactor;
import io.llmspell.core.script.ScriptException;
import io.llmspell.core.state.StateException;
import io.llmspell.core.storage.StorageException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;

/** Shows a failure to the user: one clear message, and the exit code that goes with it. */
final class Failures {
    private static final String STORE = "store_";

    private Failures() {}

    static int report(Exception failed, CommandLine command) {
        PrintWriter err = command.getErr();
        boolean debug = command.getParseResult() != null
                && Arrays.asList(command.getParseResult().originalArgs().toArray())
                        .contains("--debug");
        int code = write(failed, debug, new Lines(err::println));
        err.flush();
        return code;
    }

    static int report(Exception failed, boolean debug, PrintStream err) {
        int code = write(failed, debug, new Lines(err::println));
        err.flush();
        return code;
    }

    private static int write(Exception failed, boolean debug, Lines out) {
        if (failed instanceof LlmSpellException coded) {
            out.add("llmspell: " + coded.text() + " [" + shownCode(coded) + "]");
            if (coded instanceof ScriptException script) {
                script(script, out);
            }
        } else {
            out.add("llmspell: an unexpected " + failed.getClass().getSimpleName()
                    + (debug ? "" : "; run with --debug to see where"));
        }
        if (debug) {
            java.io.StringWriter trace = new java.io.StringWriter();
            failed.printStackTrace(new PrintWriter(trace));
            out.add(trace.toString());
        }
        return code(failed);
    }

    /** The code of the error that the script did not catch says more than that it is an error of the script. */
    private static String shownCode(LlmSpellException failed) {
        Object inner = failed instanceof ScriptException ? failed.details().get("code") : null;
        return inner instanceof String code ? code : failed.code().id();
    }

    private static void script(ScriptException script, Lines out) {
        Object source = script.details().get("source");
        if (source != null) {
            String number = String.valueOf(script.details().get("line"));
            out.add("  " + number + " | " + source);
            if (script.details().get("column") instanceof Long column && column > 0) {
                out.add("  " + " ".repeat(number.length()) + " | " + " ".repeat((int) (column - 1)) + "^");
            }
        }
        script.scriptStack().forEach(line -> out.add("    at " + line));
    }

    static int code(Exception failed) {
        if (failed instanceof ScriptException script) {
            boolean store = script.details().get("code") instanceof String code && code.startsWith(STORE);
            return store ? ExitCode.ENVIRONMENT : ExitCode.SCRIPT;
        }
        if (failed instanceof ConfigException config) {
            boolean wrong = config.code().equals(ErrorCode.INVALID_CONFIG);
            return wrong ? ExitCode.USAGE : ExitCode.ENVIRONMENT;
        }
        if (failed instanceof StorageException || isStorage(failed)) {
            return ExitCode.ENVIRONMENT;
        }
        if (failed instanceof ArgumentException
                || failed instanceof JsonValueException
                || isName(failed)
                || (failed instanceof EventException event && event.code().equals(ErrorCode.INVALID_PATTERN))) {
            return ExitCode.USAGE;
        }
        boolean limit =
                failed instanceof LlmSpellException coded && coded.code().equals(ErrorCode.LIMIT_EXCEEDED);
        return limit ? ExitCode.LIMIT : ExitCode.SCRIPT;
    }

    /** Whether the store failed in the middle of changes, of which the failure tells. */
    private static boolean isStorage(Exception failed) {
        return failed instanceof StateException && failed.getCause() instanceof StorageException;
    }

    /** Whether a scope or a key is malformed, which outside of a script stands on the command line. */
    private static boolean isName(Exception failed) {
        return failed instanceof StateException state
                && (state.code().equals(ErrorCode.INVALID_KEY) || state.code().equals(ErrorCode.INVALID_SCOPE));
    }

    /** Where lines go, without what looks like a secret. */
    private record Lines(java.util.function.Consumer<String> sink) {
        void add(String line) {
            sink.accept(Redactor.create().text(line));
        }
    }
}
