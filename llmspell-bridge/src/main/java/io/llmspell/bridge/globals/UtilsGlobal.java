package io.llmspell.bridge.globals;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.script.ScriptCall;
import io.llmspell.core.script.ScriptFunction;
import io.llmspell.core.script.ScriptModule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The global {@code Utils}: ids, the time, checksums and waiting. */
final class UtilsGlobal {
    private static final double LONGEST_SLEEP_SECONDS = 86_400;
    private static final String SHA_256 = "sha256";

    private final GlobalServices services;

    private UtilsGlobal(GlobalServices services) {
        this.services = services;
    }

    static ScriptModule describe(GlobalServices services) {
        UtilsGlobal utils = new UtilsGlobal(services);
        return ScriptModule.of(
                "Utils",
                "Ids, the time, checksums and waiting.",
                List.of(
                        ScriptFunction.plain(
                                "uuid",
                                "",
                                "Makes a new id.",
                                call -> services.ids().next().toString()),
                        ScriptFunction.plain(
                                "timestamp",
                                "",
                                "The seconds since 1970.",
                                call -> services.time().now().getEpochSecond()),
                        ScriptFunction.plain(
                                "hash",
                                "text, algorithm = sha256",
                                "The checksum of a text in hexadecimal digits.",
                                UtilsGlobal::hash),
                        ScriptFunction.waiting(
                                "sleep", "seconds", "Waits, serving callbacks meanwhile.", utils::sleep)));
    }

    private static Object hash(ScriptCall call) {
        String text = call.text(0, "text");
        String algorithm = call.text(1, "algorithm", SHA_256);
        if (!algorithm.equals(SHA_256)) {
            throw new ArgumentException(call.function() + ": algorithm", algorithm, SHA_256);
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            // every Java platform has SHA-256
            throw new AssertionError(e);
        }
    }

    private @Nullable Object sleep(ScriptCall call) {
        double seconds = call.number(0, "seconds", -1).doubleValue();
        if (!(seconds >= 0 && seconds <= LONGEST_SLEEP_SECONDS)) {
            throw call.wrong(0, "seconds", "a number between 0 and " + (long) LONGEST_SLEEP_SECONDS, call.raw(0));
        }
        long deadline = services.time().nanos() + (long) (seconds * 1e9);
        try {
            call.session()
                    .awaiter()
                    .await(
                            new CompletableFuture<Void>(),
                            deadline,
                            call.caller().token());
        } catch (LimitException timeIsOver) {
            if (deadline - services.time().nanos() > 0) {
                throw timeIsOver; // a deadline around it
            }
        }
        return null;
    }
}
