package io.llmspell.hooks.distributed;

import io.llmspell.core.storage.Bytes;

/** Signs what travels, and opens what arrives. */
interface Seal {
    /** Signs a payload. */
    Bytes close(byte[] payload);

    /**
     * Checks a signature.
     *
     * @throws io.llmspell.core.hook.HookException {@code context_unsigned} if it is not that of a known key
     */
    Opened open(Bytes sealed);

    /**
     * A payload whose signature is right.
     *
     * @param payload the bytes
     * @param key the key that signed them
     */
    record Opened(Bytes payload, PeerKey key) {}
}
