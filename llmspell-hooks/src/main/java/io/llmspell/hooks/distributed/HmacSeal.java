package io.llmspell.hooks.distributed;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.storage.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Signs with HMAC-SHA256: one line with version, key and signature, then the payload.
 *
 * <p>The signature covers everything else, version and key as well, and is checked before anything is parsed. It is
 * compared as text, so that a signature has one form only. Immutable.
 */
final class HmacSeal implements Seal {
    private static final String VERSION = "llmspell-context/1 ";
    private static final int SIGNATURE_CHARS = 64;

    /** Version, the longest key id, a space, the signature. */
    private static final int LONGEST_LINE = VERSION.length() + 64 + 1 + SIGNATURE_CHARS;

    private final PeerKey own;
    private final Map<String, PeerKey> known = new LinkedHashMap<>();

    HmacSeal(PeerKey own, Collection<PeerKey> others) {
        this.own = own;
        known.put(own.id(), own);
        for (PeerKey key : others) {
            PeerKey present = known.putIfAbsent(key.id(), key);
            if (present != null && present != key) {
                throw new ArgumentException("key id", key.id(), "used by one key only");
            }
        }
    }

    @Override
    public Bytes close(byte[] payload) {
        byte[] head = head(own.id());
        ByteArrayOutputStream out = new ByteArrayOutputStream(LONGEST_LINE + 1 + payload.length);
        out.writeBytes(head);
        out.writeBytes(signature(own, head, payload));
        out.write('\n');
        out.writeBytes(payload);
        return Bytes.own(out.toByteArray());
    }

    private static byte[] head(String keyId) {
        return (VERSION + keyId + " ").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] signature(PeerKey key, byte[] head, byte[] payload) {
        return HexFormat.of().formatHex(key.mac(head, payload)).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Opened open(Bytes sealed) {
        byte[] all = sealed.toArray();
        int end = lineEnd(all);
        String line = new String(all, 0, end, StandardCharsets.ISO_8859_1);
        int signatureAt = end - SIGNATURE_CHARS;
        if (!line.startsWith(VERSION) || signatureAt <= VERSION.length() || line.charAt(signatureAt - 1) != ' ') {
            throw Refusal.unsigned("it must begin with \"" + VERSION + "KEY SIGNATURE\"");
        }
        PeerKey key = known.get(line.substring(VERSION.length(), signatureAt - 1));
        if (key == null) {
            throw Refusal.unsigned("its key is not known here");
        }
        byte[] payload = Arrays.copyOfRange(all, end + 1, all.length);
        byte[] right = signature(key, head(key.id()), payload);
        byte[] given = Arrays.copyOfRange(all, signatureAt, end);
        if (!MessageDigest.isEqual(right, given)) {
            throw Refusal.unsigned("the signature is wrong, or a byte has changed");
        }
        return new Opened(Bytes.own(payload), key);
    }

    private static int lineEnd(byte[] all) {
        for (int i = 0; i < all.length && i <= LONGEST_LINE; i++) {
            if (all[i] == '\n') {
                return i;
            }
        }
        throw Refusal.unsigned("it has no signature line");
    }
}
