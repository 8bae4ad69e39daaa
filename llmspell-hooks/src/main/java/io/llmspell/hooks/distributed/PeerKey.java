package io.llmspell.hooks.distributed;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.InternalException;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that some agents share to sign contexts with.
 *
 * <p>Every agent that holds it can sign in the name of every other one that does, so a key for two agents is best.
 * <b>Threads:</b> immutable; its text does not show the secret.
 */
public final class PeerKey {
    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int SHORTEST = 32;

    private final String id;
    private final SecretKeySpec secret;
    private final Set<String> holders;

    private PeerKey(String id, SecretKeySpec secret, Set<String> holders) {
        this.id = id;
        this.secret = secret;
        this.holders = holders;
    }

    /**
     * Makes a key.
     *
     * @param id its name, which travels in the clear: 1 to 64 letters, digits and {@code _ . -}
     * @param secret at least 32 random bytes; copied
     * @param holders the agents that hold it and may sign with it
     * @return the key
     * @throws ArgumentException {@code invalid_argument} if the id is malformed, the secret short or nobody holds it
     */
    public static PeerKey of(String id, byte[] secret, String... holders) {
        if (!ID.matcher(id).matches()) {
            throw new ArgumentException("key id", id, "1 to 64 letters, digits and _ . -");
        }
        if (secret.length < SHORTEST) {
            throw new ArgumentException(
                    "secret of key \"" + id + "\"", secret.length + " bytes", "at least " + SHORTEST + " bytes");
        }
        if (holders.length == 0) {
            throw new ArgumentException("holders of key \"" + id + "\"", "nobody", "the agents that sign with it");
        }
        return new PeerKey(id, new SecretKeySpec(secret, ALGORITHM), Set.of(holders));
    }

    /**
     * The name.
     *
     * @return the id
     */
    public String id() {
        return id;
    }

    boolean heldBy(String agent) {
        return holders.contains(agent);
    }

    byte[] mac(byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException missing) { // every JDK has it
            throw new InternalException("signing with key \"" + id + "\"", missing);
        }
    }

    @Override
    public String toString() {
        return "PeerKey[" + id + "]";
    }
}
