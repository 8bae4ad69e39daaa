package io.llmspell.hooks.distributed;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.storage.Bytes;
import io.llmspell.testing.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The check of contexts that are forged, old, used twice or have come too far: how many of them are taken. It must be
 * none, whatever the seal; with a seal that leaves fields unsigned it must not be none.
 */
final class ContextAttack {
    static final PeerKey KEY = PeerKey.of("k1", secret(1), "alice", "bob");
    static final String POINT = "BeforeToolExecution";

    final ManualTime time = new ManualTime();
    final PeerClock clock = new PeerClock(time);
    final ContextCodec codec;
    final Admission admission;

    ContextAttack(Seal seal) {
        this(seal, new PeerPolicy(Set.of(POINT), Set.of("alice"), Set.of("10.0.0.0/8")), "bob");
    }

    ContextAttack(Seal seal, PeerPolicy policy, String receiver) {
        codec = new ContextCodec(JsonCodec.create(), seal);
        admission = new Admission(receiver, null, policy, clock, new ReplayCache(clock, 1_000));
    }

    static Seal hmac() {
        return new HmacSeal(KEY, List.of());
    }

    static byte[] secret(int of) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) of);
        return secret;
    }

    static HookSnapshot snapshot() {
        return new HookSnapshot(
                new HookPoint(POINT),
                Component.named(ComponentType.TOOL, "calculator"),
                "op-1",
                "host",
                new CorrelationId("run-1"),
                null,
                Language.LUA,
                Instant.parse("2025-01-01T00:00:00Z"),
                JsonObject.of("a", 1, "text", "grüße", "list", List.of(1.5, true)),
                Map.of("note", "x"),
                1);
    }

    DistributedHookContext.Security security(Instant end, String nonce) {
        return new DistributedHookContext.Security(
                Set.of(POINT), Set.of("bob"), Set.of(DistributedHookContext.ALL), end, nonce);
    }

    DistributedHookContext context(Propagation where, Instant end, String nonce) {
        return new DistributedHookContext(
                snapshot(),
                new DistributedHookContext.Source("node-a", "alice", "10.0.0.1", Set.of("math")),
                "bob",
                where,
                security(end, nonce),
                "net-1",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                null,
                List.of(),
                Map.of("k", "v"));
    }

    DistributedHookContext fresh(int nonce) {
        return context(Propagation.to("bob").hop(), time.now().plus(Admission.LIFETIME), "%032x".formatted(nonce));
    }

    /** What comes of a context: null if it is taken, else the code. */
    String verdict(Bytes sealed) {
        try {
            admission.request(codec.read(sealed), "10.1.2.3");
            return null;
        } catch (LlmSpellException refusal) {
            return refusal.code().id();
        }
    }

    /** How many of the attacks succeed. */
    int accepted() {
        return flipped() + cut() + old() + twice() + farTravelled();
    }

    int flipped() {
        int taken = 0;
        byte[] genuine = codec.write(fresh(1)).toArray();
        for (int bit = 0; bit < genuine.length * 8; bit++) {
            byte[] forged = genuine.clone();
            forged[bit / 8] ^= (byte) (1 << (bit % 8));
            taken += verdict(Bytes.own(forged)) == null ? 1 : 0;
        }
        return taken;
    }

    int cut() {
        int taken = 0;
        byte[] genuine = codec.write(fresh(2)).toArray();
        for (int length = 0; length < genuine.length; length++) {
            taken += verdict(Bytes.own(Arrays.copyOf(genuine, length))) == null ? 1 : 0;
        }
        return taken + (verdict(Bytes.own(Arrays.copyOf(genuine, genuine.length + 1))) == null ? 1 : 0);
    }

    int old() {
        Bytes genuine = codec.write(fresh(3));
        time.advance(Admission.LIFETIME);
        int taken = verdict(genuine) == null ? 1 : 0;
        time.setWall(time.now().minus(Duration.ofHours(1)));
        taken += verdict(genuine) == null ? 1 : 0;
        Bytes immortal = codec.write(
                context(Propagation.to("bob").hop(), clock.now().plus(Duration.ofHours(1)), "%032x".formatted(4)));
        return taken + (verdict(immortal) == null ? 1 : 0);
    }

    int twice() {
        Bytes genuine = codec.write(
                context(Propagation.to("bob").hop(), clock.now().plus(Admission.LIFETIME), "%032x".formatted(5)));
        int taken = verdict(genuine) == null ? -1 : 0; // the first time it is right to take it
        for (int i = 0; i < 10; i++) {
            taken += verdict(genuine) == null ? 1 : 0;
            time.advance(Duration.ofSeconds(40));
        }
        return taken + 1;
    }

    int farTravelled() {
        int taken = 0;
        for (int hops : List.of(0, 4, 16)) {
            Propagation where = Propagation.to("bob");
            for (int i = 0; i < hops; i++) {
                where = where.hop();
            }
            taken += verdict(codec.write(context(
                                    where, clock.now().plus(Duration.ofMinutes(1)), "%032x".formatted(100 + hops))))
                            == null
                    ? 1
                    : 0;
        }
        return taken;
    }
}
