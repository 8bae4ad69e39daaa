package io.llmspell.storage;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.StorageException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys as people and files write them: one a line or word, in base64, with its id in front or without. */
final class KeyTexts {
    private static final int LONGEST = 64;

    private KeyTexts() {}

    /** Reads keys; no error holds anything of them. */
    static List<StoreKey> read(String text, String source) {
        List<StoreKey> keys = new ArrayList<>();
        String claimed = null;
        for (String line : text.lines().toList()) {
            if (line.strip().startsWith("#")) {
                continue;
            }
            for (String word : line.strip().split("[\\s,]+", -1)) {
                if (word.isEmpty()) {
                    continue;
                }
                if (word.length() == 16 && claimed == null) {
                    claimed = word;
                    continue;
                }
                keys.add(checked(key(word, source, keys.size() + 1), claimed, source));
                claimed = null;
            }
        }
        if (claimed != null) {
            throw wrong(source, "ends with the id of a key, but the key is missing");
        }
        return keys;
    }

    private static StoreKey key(String word, String source, int number) {
        try {
            byte[] bytes = Base64.getDecoder().decode(word.length() <= LONGEST ? word : "");
            if (bytes.length == StoreKey.BYTES) {
                return StoreKey.of(bytes);
            }
        } catch (IllegalArgumentException noBase64) {
            // Refused below, without the text: it may be a key with a slip.
        }
        throw wrong(
                source,
                "has a key (no. " + number
                        + ") that is not 32 bytes in base64 (44 characters); `openssl rand -base64 32`" + " makes one");
    }

    private static StoreKey checked(StoreKey key, @Nullable String claimed, String source) {
        if (claimed != null && !claimed.equals(key.id())) {
            throw wrong(source, "has a key under the id " + claimed + " that is another key or was damaged");
        }
        return key;
    }

    static StorageException wrong(String source, String what) {
        return new StorageException(
                ErrorCode.STORE_KEY_WRONG,
                source + " " + what + "; nothing was changed, put the right keys there",
                Map.of("source", source),
                null);
    }
}
