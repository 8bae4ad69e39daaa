package io.llmspell.storage;

import io.llmspell.core.concurrent.Lazy;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.InvalidStateException;
import io.llmspell.core.storage.Sealer;
import io.llmspell.core.storage.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the secrets in a store: the first one seals, all of them open. AES-256-GCM with a fresh random nonce.
 *
 * <p>A ring from a file reads it with the first use and makes it with the first need, readable by its owner alone.
 * {@code keys} is written under this object's lock. <b>Threads:</b> safe. <b>Errors:</b> {@link StorageException},
 * {@code store_key_missing} and {@code store_key_wrong}, whose texts hold ids and never a key.
 */
public final class KeyRing implements Sealer {
    private final KeySource source;
    private final @Nullable String advice;
    private final Lazy<AesGcm> cipher = new Lazy<>(AesGcm::new);
    private volatile @Nullable List<StoreKey> keys;

    private KeyRing(KeySource source, @Nullable String advice) {
        this.source = source;
        this.advice = advice;
    }

    /**
     * Keys in a file.
     *
     * @param file the file, which need not be there yet
     * @return the ring
     */
    public static KeyRing file(Path file) {
        return new KeyRing(new KeyFile(file), null);
    }

    /**
     * The keys beside a store, where they are unless something else is configured.
     *
     * @param folder the data folder
     * @return the ring of the file {@code keys} in the folder, which need not be there yet
     */
    public static KeyRing beside(Path folder) {
        return file(folder.resolve("keys"));
    }

    /**
     * Keys from a text, such as the value of an environment variable. Nothing can be added to them.
     *
     * @param text keys of 32 bytes in base64, the active one first, separated by blanks, commas or line ends
     * @param source what the text is, for messages
     * @return the ring
     * @throws StorageException {@code store_key_wrong} if one is no key, {@code store_key_missing} if there is none
     */
    public static KeyRing of(String text, String source) {
        List<StoreKey> read = KeyTexts.read(text, source);
        if (read.isEmpty()) {
            throw new StorageException(
                    ErrorCode.STORE_KEY_MISSING,
                    source + " holds no key; give 32 random bytes in base64: `openssl rand -base64 32`");
        }
        return new KeyRing(new Fixed(source, read), null);
    }

    /**
     * A random key that goes with the process, for stores that do so too.
     *
     * @return the ring
     */
    public static KeyRing inMemory() {
        return new KeyRing(new InMemory(), null);
    }

    /**
     * No keys: sealing and opening are refused.
     *
     * @param why why there are none and what to do, the end of a sentence
     * @return the ring
     */
    public static KeyRing none(String why) {
        return new KeyRing(new Fixed("", List.of()), why);
    }

    private List<StoreKey> keys() {
        List<StoreKey> known = keys;
        return known != null && !known.isEmpty() ? known : load();
    }

    private synchronized List<StoreKey> load() {
        List<StoreKey> known = keys;
        if (known == null || known.isEmpty()) {
            known = List.copyOf(source.load());
            keys = known;
        }
        return known;
    }

    @Override
    public String activeKey() {
        List<StoreKey> known = keys();
        return known.isEmpty() ? first() : known.get(0).id();
    }

    private synchronized String first() {
        return load().isEmpty() ? add(true) : load().get(0).id();
    }

    /**
     * Makes a new key, which seals from now on; the others go on to open what they have sealed.
     *
     * @return the id of the new key
     * @throws InvalidStateException {@code invalid_state} if the keys come from a text, which nothing can be added to
     * @throws StorageException {@code store_key_missing} if it cannot be kept
     */
    public synchronized String newKey() {
        return add(false);
    }

    private String add(boolean only) {
        if (advice != null) {
            throw missing("a new key");
        }
        List<StoreKey> all = List.copyOf(source.add(load(), only));
        keys = all;
        return all.get(0).id();
    }

    @Override
    public byte[] seal(String keyId, byte[] clear, byte[] around) {
        return cipher.get().seal(key(keyId).key(), clear, around);
    }

    @Override
    public byte[] open(String keyId, byte[] sealed, byte[] around) {
        return cipher.get().open(key(keyId).key(), sealed, around);
    }

    private StoreKey key(String id) {
        List<StoreKey> known = keys();
        for (StoreKey each : known) {
            if (each.id().equals(id)) {
                return each;
            }
        }
        if (known.isEmpty()) {
            throw missing("the key " + id);
        }
        throw new StorageException(
                ErrorCode.STORE_KEY_WRONG,
                "the store has secrets under the key " + id + ", but " + source.name() + " has only "
                        + known.stream().map(StoreKey::id).collect(Collectors.joining(", "))
                        + "; nothing was changed, add the right key",
                Map.of("key_id", id),
                null);
    }

    private StorageException missing(String what) {
        String why = advice == null ? source.name() + " is not there; nothing was changed, put it back" : advice;
        return new StorageException(ErrorCode.STORE_KEY_MISSING, what + " is missing: " + why);
    }

    /** The ids alone. */
    @Override
    public String toString() {
        return "KeyRing" + (keys == null ? "[]" : keys);
    }

    /** Keys that somebody else keeps. */
    private record Fixed(String name, List<StoreKey> load) implements KeySource {
        @Override
        public List<StoreKey> add(List<StoreKey> known, boolean only) {
            throw new InvalidStateException(
                    name + " is not ours to change; put a new key in front of the others there and" + " start again");
        }
    }

    /** Keys that go with the process. */
    private record InMemory() implements KeySource {
        @Override
        public List<StoreKey> load() {
            return List.of();
        }

        @Override
        public List<StoreKey> add(List<StoreKey> known, boolean only) {
            List<StoreKey> all = new ArrayList<>(known);
            all.add(0, StoreKey.random());
            return all;
        }

        @Override
        public String name() {
            return "the memory of the process";
        }
    }
}
