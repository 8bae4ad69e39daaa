package io.llmspell.hooks.builtin;

import io.llmspell.core.error.InternalException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The newest security events, each with the hash of the one before.
 *
 * <p>Everything is guarded by the monitor of the chain; no foreign code runs under it. <b>Threads:</b> safe.
 */
final class SecurityChain {
    private static final String START = "0".repeat(64);

    private final Deque<SecurityEvent> events = new ArrayDeque<>();
    private int limit;
    private long number;
    private String head = START;

    /** The hash of the last event that was trimmed. */
    private String anchor = START;

    SecurityChain(int limit) {
        this.limit = limit;
    }

    /** An event before it has a place in the chain. */
    record Draft(
            Instant timestamp,
            SecurityEventKind kind,
            SecuritySeverity severity,
            @Nullable String rule,
            String point,
            String component,
            String principal,
            String correlationId,
            boolean blocked,
            String reason,
            @Nullable String data) {
        SecurityEvent at(long number, String previous, String hash) {
            return new SecurityEvent(
                    number,
                    timestamp,
                    kind,
                    severity,
                    rule,
                    point,
                    component,
                    principal,
                    correlationId,
                    blocked,
                    reason,
                    data,
                    previous,
                    hash);
        }
    }

    /** Sets how many events are kept from now on. */
    synchronized void limit(int most) {
        limit = most;
        trim();
    }

    /** Called under the monitor. */
    private void trim() {
        while (events.size() > limit) {
            anchor = events.removeFirst().hash();
        }
    }

    synchronized SecurityEvent add(Draft draft) {
        number++;
        String hash = hash(draft.at(number, head, ""));
        SecurityEvent event = draft.at(number, head, hash);
        head = hash;
        events.addLast(event);
        trim();
        return event;
    }

    synchronized List<SecurityEvent> events() {
        return List.copyOf(events);
    }

    /** The first bad event of those that are kept; seen from what was trimmed before them to the head. */
    OptionalLong verify() {
        List<SecurityEvent> kept;
        String first;
        String last;
        synchronized (this) {
            kept = List.copyOf(events);
            first = anchor;
            last = head;
        }
        if (!kept.isEmpty() && !kept.get(0).previous().equals(first)) {
            return OptionalLong.of(kept.get(0).number());
        }
        return firstBad(kept, last);
    }

    /**
     * An event is bad if its hash is not its own. If it does not hold the hash of the one before, one of the two was
     * changed and given a new hash: the earlier one, if the later one has the hash that its own successor holds. A gap in
     * the numbers is named by what is missing.
     *
     * @param head the hash that the last event must have, or null if it is not known
     */
    static OptionalLong firstBad(List<SecurityEvent> events, @Nullable String head) {
        for (int i = 0; i < events.size(); i++) {
            SecurityEvent event = events.get(i);
            SecurityEvent before = i == 0 ? null : events.get(i - 1);
            if (before != null && event.number() != before.number() + 1) {
                return OptionalLong.of(before.number() + 1);
            }
            if (!event.hash().equals(hash(event))) {
                return OptionalLong.of(event.number());
            }
            String successor = i + 1 < events.size() ? events.get(i + 1).previous() : head;
            if (before != null && !event.previous().equals(before.hash())) {
                boolean intact = successor == null || successor.equals(event.hash());
                return OptionalLong.of(intact ? before.number() : event.number());
            }
            if (i + 1 == events.size() && head != null && !head.equals(event.hash())) {
                return OptionalLong.of(event.number());
            }
        }
        return OptionalLong.empty();
    }

    static String hash(SecurityEvent event) {
        MessageDigest digest = sha256();
        for (Object part : new @Nullable Object[] {
            event.number(),
            event.timestamp(),
            event.kind().id(),
            event.severity().id(),
            event.rule(),
            event.point(),
            event.component(),
            event.principal(),
            event.correlationId(),
            event.blocked(),
            event.reason(),
            event.data(),
            event.previous()
        }) {
            // with lengths, so that no two events have the same bytes
            byte[] bytes = part == null ? new byte[0] : part.toString().getBytes(StandardCharsets.UTF_8);
            String length = (part == null ? -1 : bytes.length) + ":";
            digest.update(length.getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            // every Java platform has SHA-256
            throw InternalException.coded("chaining a security event", missing);
        }
    }
}
