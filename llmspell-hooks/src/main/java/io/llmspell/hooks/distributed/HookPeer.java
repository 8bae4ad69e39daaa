package io.llmspell.hooks.distributed;

import io.llmspell.core.storage.Bytes;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * A way to another process, as a transport implements it.
 *
 * <p>The transport hands bytes over as they are and need not be safe: contexts are signed as a whole. On the other side
 * it gives what arrives to {@link PeerNode#receive} and sends the answer back. <b>Threads:</b> safe.
 */
public interface HookPeer {
    /**
     * The agent that is reached.
     *
     * @return its name, the same at every call
     */
    String agentId();

    /**
     * The address that is reached.
     *
     * @return an IP address, empty if the transport has none
     */
    Optional<String> address();

    /**
     * Sends a context and gives the answer.
     *
     * @param context the bytes, at most 256 KiB
     * @param priority how urgent it is
     * @return the bytes of the answer, or an error; a subscriber that leaves ends the exchange
     */
    Mono<Bytes> send(Bytes context, NetworkPriority priority);
}
