package io.llmspell.core.state;

import io.llmspell.core.storage.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

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
     * Reads a key back from its encoding.
     *
     * @param encoded an encoded key, such as a key of the space {@code state}
     * @return the key that {@link #of} gives for the same scope and text
     * @throws StateException {@code invalid_key} if no key is encoded that way
     */
    public static StateKey decode(Bytes encoded) {
        KeyReader in = new KeyReader(encoded);
        Scope scope = in.scope();
        StateKey key = of(scope, in.rest());
        if (!key.encoded.equals(encoded)) {
            throw KeyReader.foreign(encoded, "it is not normalised");
        }
        return key;
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
