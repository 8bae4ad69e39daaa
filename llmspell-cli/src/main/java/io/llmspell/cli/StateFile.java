package io.llmspell.cli;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.json.JsonCodec;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of lines as {@code export} writes them, read line by line, so that its size does not matter. */
final class StateFile {
    /** Escapes can make a character six bytes long. */
    private static final int LONGEST = 8 << 20;

    private final Path file;
    private final JsonCodec codec = JsonCodec.create();

    StateFile(Path file) {
        this.file = file;
    }

    /** What is done with each line. */
    interface Action {
        void accept(long number, StateLine line);
    }

    /** Reads all lines; what is wrong with one is told with its number. */
    void each(Action action) {
        if (!Files.isRegularFile(file)) {
            String what = Files.isDirectory(file) ? "is a folder" : "does not exist";
            throw new ArgumentException(
                    "the file \"" + file + "\" " + what + "; name a file that llmspell state export has written");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            long number = 0;
            for (byte[] line = line(in, 1); line != null; line = line(in, number + 1)) {
                number++;
                if (!blank(line)) {
                    action.accept(number, read(number, line));
                }
            }
        } catch (IOException e) {
            throw new ArgumentException(
                    "FILE",
                    file.toString(),
                    "a file that can be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private StateLine read(long number, byte[] text) {
        try {
            return StateLine.read(codec, text);
        } catch (LlmSpellException wrong) {
            // The JSON parser counts lines too; to it each text has one.
            throw at(number, wrong.text().replace("line 1, column", "column"));
        }
    }

    /** The error of a line. */
    ArgumentException at(long number, String problem) {
        return new ArgumentException(file + ", line " + number + ": " + problem);
    }

    private static boolean blank(byte[] line) {
        for (byte each : line) {
            if (each != ' ' && each != '\t' && each != '\r') {
                return false;
            }
        }
        return true;
    }

    private byte @Nullable [] line(InputStream in, long number) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return line.size() == 0 ? null : line.toByteArray();
            }
            if (line.size() == LONGEST) {
                throw at(number, "it is longer than " + LONGEST + " bytes, and no value is");
            }
            line.write(next);
        }
        return line.toByteArray();
    }
}
