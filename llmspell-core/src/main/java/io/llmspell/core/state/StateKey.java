package io.llmspell.core.state;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.storage.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A scope and a key in it, checked and encoded once.
 *
 * <p>The encoding is the number of scope parts (1 byte), each part with its length (2 bytes, big-endian) in front, then
 * the key in UTF-8. No two keys collide, a scope is one contiguous range, and keys are in UTF-8 order within it.
 * <b>Threads:</b> immutable.
 */
public final class StateKey {
    private final Scope scope;
    private final String key;
    private final Bytes encoded;
    private final int hash;

    private StateKey(Scope scope, String key, Bytes encoded) {
        this.scope = scope;
        this.key = key;
        this.encoded = encoded;
        this.hash = encoded.hashCode();
    }

    /**
     * Checks and encodes a key.
     *
     * @param scope the scope
     * @param key the key, 1 to 256 code points after normalisation to NFC
     * @return the key
     * @throws StateException {@code invalid_key} naming the position of what is wrong
     */
    public static StateKey of(Scope scope, String key) {
        String normal = KeyRules.normal(key, "key in scope " + scope.text());
        return new StateKey(scope, normal, prefix(scope).plus(Bytes.utf8(normal)));
    }

    /**
     * What the encoded keys of a scope begin with.
     *
     * @param scope the scope
     * @return the prefix
     */
    public static Bytes prefix(Scope scope) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        out.write(scope.ids().size() + 1);
        part(out, scope.kind().id());
        scope.ids().forEach(id -> part(out, id));
        return Bytes.own(out.toByteArray());
    }

    private static void part(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes.length >>> 8);
        out.write(bytes.length);
        out.write(bytes, 0, bytes.length);
    }

    /**
     * Reads a whole key back.
     *
     * @param encoded an encoded key
     * @return the key
     * @throws StateException {@code invalid_scope} or {@code invalid_key} if it is none
     */
    public static StateKey decode(Bytes encoded) {
        int parts = encoded.length() == 0 ? 0 : encoded.at(0);
        List<String> texts = new ArrayList<>();
        int at = 1;
        for (int i = 0; i < parts && at + 2 <= encoded.length(); i++) {
            int end = at + 2 + (Byte.toUnsignedInt(encoded.at(at)) << 8) + Byte.toUnsignedInt(encoded.at(at + 1));
            if (end > encoded.length()) {
                break;
            }
            texts.add(encoded.slice(at + 2, end).text());
            at = end;
        }
        for (ScopeKind kind : ScopeKind.values()) {
            if (parts > 0 && texts.size() == parts && kind.id().equals(texts.get(0))) {
                return of(
                        new Scope(kind, texts.subList(1, parts)),
                        encoded.slice(at, encoded.length()).text());
            }
        }
        throw new StateException(ErrorCode.INVALID_KEY, "the bytes " + encoded + " are no encoded key of state");
    }

    /**
     * Reads the key text back.
     *
     * @param scope the scope
     * @param encoded an encoded key of that scope
     * @return the key text
     */
    public static String keyOf(Scope scope, Bytes encoded) {
        return encoded.slice(prefix(scope).length(), encoded.length()).text();
    }

    /**
     * The scope.
     *
     * @return the scope
     */
    public Scope scope() {
        return scope;
    }

    /**
     * The key, NFC.
     *
     * @return the text
     */
    public String key() {
        return key;
    }

    /**
     * The key as a store keeps it.
     *
     * @return the bytes
     */
    public Bytes encoded() {
        return encoded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StateKey that && encoded.equals(that.encoded);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return scope.text() + "/" + key;
    }
}
