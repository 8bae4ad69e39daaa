package io.llmspell.hooks.distributed;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.hook.HookException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The errors of contexts that are not taken. */
final class Refusal {
    private Refusal() {}

    static HookException unsigned(String why) {
        return of(ErrorCode.CONTEXT_UNSIGNED, "the context is not signed as it must be: " + why, null);
    }

    static HookException invalid(String why, @Nullable Throwable cause) {
        return of(ErrorCode.INVALID_CONTEXT, "what was received is no hook context: " + why, cause);
    }

    static HookException tooLarge(String what, long size, String limit) {
        return of(ErrorCode.CONTEXT_TOO_LARGE, what + " is " + size + ", at most " + limit + " allowed", null);
    }

    static HookException expired(String why) {
        return of(ErrorCode.CONTEXT_EXPIRED, why, null);
    }

    static HookException replayed(String nonce) {
        return of(
                ErrorCode.CONTEXT_REPLAYED,
                "a context with nonce " + nonce + " was received before; each one is taken once",
                null);
    }

    static HookException refused(String why) {
        return of(ErrorCode.CONTEXT_REFUSED, why, null);
    }

    static HookException unavailable(String agent, String why) {
        return of(ErrorCode.PEER_UNAVAILABLE, "agent \"" + agent + "\" " + why, null);
    }

    private static HookException of(ErrorCode code, String text, @Nullable Throwable cause) {
        return new HookException(code, text, Map.of(), cause);
    }
}
