/**
 * Hook contexts that travel to other processes, and the decisions that come back.
 * Not here: a transport, which implements {@link io.llmspell.hooks.distributed.HookPeer}, and rights, which never
 * travel: each process runs its hooks with the principal that it keeps for peers.
 * Start with {@link io.llmspell.hooks.distributed.PeerNode}; what is checked on arrival is in {@code Admission}.
 */
@NullMarked
package io.llmspell.hooks.distributed;

import org.jspecify.annotations.NullMarked;
