package io.llmspell.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs the command lines that {@link ServedRunner} sends, one after another, through the entry of the runner. */
final class RunnerServer {
    private RunnerServer() {}

    public static void main(String[] none) throws IOException {
        LogProvider.choose();
        DataInputStream requests = new DataInputStream(System.in);
        try (DataOutputStream answers = new DataOutputStream(new FileOutputStream(FileDescriptor.out))) {
            while (true) {
                answer(requests, answers);
            }
        } catch (EOFException end) {
            System.exit(0); // whatever a script has left running
        }
    }

    private static void answer(DataInputStream requests, DataOutputStream answers) throws IOException {
        String[] arguments = new String[requests.readInt()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = new String(read(requests), StandardCharsets.UTF_8);
        }
        System.setIn(new ByteArrayInputStream(read(requests)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        int exit = Main.run(arguments);
        System.out.flush();
        System.err.flush();
        answers.writeInt(exit);
        write(answers, out.toByteArray());
        write(answers, err.toByteArray());
        answers.flush();
    }

    static byte[] read(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
