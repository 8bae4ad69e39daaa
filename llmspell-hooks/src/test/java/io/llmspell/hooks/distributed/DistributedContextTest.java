package io.llmspell.hooks.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LimitException;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.HookSnapshot;
import io.llmspell.core.json.JsonCodec;
import io.llmspell.core.storage.Bytes;
import io.llmspell.testing.check.Check;
import io.llmspell.testing.time.ManualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contexts of other processes: nothing forged, old, replayed or far-travelled is taken. */
@Check("A02")
class DistributedContextTest {
    private static final Set<String> ALL = Set.of(DistributedHookContext.ALL);

    private final ContextAttack bench = new ContextAttack(ContextAttack.hmac());

    private static ErrorCode code(Runnable call) {
        try {
            call.run();
            throw new AssertionError("it was taken");
        } catch (LlmSpellException refusal) {
            return refusal.code();
        }
    }

    /** The same payload with one change, signed like a genuine one. */
    private Bytes signed(UnaryOperator<String> change) {
        String line = bench.codec.write(bench.fresh(7)).text();
        String payload = line.substring(line.indexOf('\n') + 1);
        String changed = change.apply(payload);
        assertThat(changed).isNotEqualTo(payload);
        return ContextAttack.hmac().close(changed.getBytes(StandardCharsets.UTF_8));
    }

    // ---- the check ----

    @Test
    void genuineContext_isTakenOnce() {
        Bytes genuine = bench.codec.write(bench.fresh(1));

        assertThat(bench.verdict(genuine)).isNull();
        assertThat(bench.verdict(genuine)).isEqualTo("context_replayed");
    }

    @Test
    void attacks_acceptedNone() {
        assertThat(bench.accepted()).isZero();
    }

    @Test
    void everyFlippedBit_isUnsigned() {
        byte[] genuine = bench.codec.write(bench.fresh(1)).toArray();
        for (int i = 0; i < genuine.length; i++) {
            byte[] forged = genuine.clone();
            forged[i] ^= 1;
            assertThat(bench.verdict(Bytes.own(forged))).isEqualTo("context_unsigned");
        }
    }

    @Test
    void signature_hasOneFormOnly() {
        String genuine = bench.codec.write(bench.fresh(1)).text();
        int end = genuine.indexOf('\n');
        String upper = genuine.substring(0, end - 64)
                + genuine.substring(end - 64, end).toUpperCase(java.util.Locale.ROOT)
                + genuine.substring(end);

        assertThat(bench.verdict(Bytes.utf8(upper))).isEqualTo("context_unsigned");
        assertThat(bench.verdict(Bytes.utf8(genuine.substring(end + 1)))).isEqualTo("context_unsigned");
        assertThat(bench.verdict(Bytes.empty())).isEqualTo("context_unsigned");
    }

    @Test
    void unknownKey_isUnsigned() {
        PeerKey stranger = PeerKey.of("k2", ContextAttack.secret(2), "alice");
        PeerKey impostor = PeerKey.of("k1", ContextAttack.secret(2), "alice");
        for (PeerKey key : List.of(stranger, impostor)) {
            ContextCodec other = new ContextCodec(JsonCodec.create(), new HmacSeal(key, List.of()));
            assertThat(bench.verdict(other.write(bench.fresh(1)))).isEqualTo("context_unsigned");
        }
    }

    @Test
    void keyOfAnotherAgent_doesNotVouchForTheSender() {
        PeerKey carols = PeerKey.of("k2", ContextAttack.secret(2), "carol");
        ContextAttack other = new ContextAttack(new HmacSeal(carols, List.of()));

        assertThat(other.verdict(other.codec.write(other.fresh(1)))).isEqualTo("context_unsigned");
    }

    // ---- time ----

    @Test
    void expiredContext_staysExpiredWhenTheClockIsSetBack() {
        Bytes genuine = bench.codec.write(bench.fresh(1));
        bench.time.advance(Admission.LIFETIME);
        assertThat(bench.verdict(genuine)).isEqualTo("context_expired");
        bench.time.setWall(bench.time.now().minus(Duration.ofHours(1)));

        assertThat(bench.verdict(genuine)).isEqualTo("context_expired");
    }

    @Test
    void clockThatGoesAhead_forgetsNoNonce() {
        Instant right = bench.time.now();
        bench.time.setWall(right.plus(Duration.ofMinutes(10)));
        Bytes fromTheFuture = bench.codec.write(bench.fresh(1));
        assertThat(bench.verdict(fromTheFuture)).isNull();
        bench.time.advance(Duration.ofMinutes(10));
        bench.time.setWall(right.plus(Duration.ofMinutes(10)));

        assertThat(bench.verdict(fromTheFuture)).isEqualTo("context_replayed");
    }

    @Test
    void contextThatWouldLiveTooLong_isRefused() {
        Instant late = bench.time.now().plus(Duration.ofMinutes(6));

        assertThat(bench.verdict(
                        bench.codec.write(bench.context(Propagation.to("bob").hop(), late, "0".repeat(32)))))
                .isEqualTo("context_expired");
    }

    @Test
    void nonces_areForgottenWhenTheirContextsHaveExpired() {
        ReplayCache cache = new ReplayCache(bench.clock, 2);
        Instant end = bench.time.now().plus(Duration.ofMinutes(1));

        assertThat(cache.first("a", end)).isTrue();
        assertThat(cache.first("b", end)).isTrue();
        assertThat(cache.first("a", end)).isFalse();
        assertThatThrownBy(() -> cache.first("c", end)).isInstanceOf(LimitException.class);
        bench.time.advance(Duration.ofMinutes(2));
        assertThat(cache.first("c", end)).isTrue();
        assertThat(cache.size()).isEqualTo(1);
    }

    // ---- who and where ----

    @Test
    void contextForAnother_isRefused() {
        assertThat(bench.verdict(signed(payload -> payload.replace("\"audience\":\"bob\"", "\"audience\":\"carol\""))))
                .isEqualTo("context_refused");
    }

    @Test
    void answer_isNoContext() {
        assertThat(bench.verdict(signed(payload -> payload.replace("\"in_reply_to\":null", "\"in_reply_to\":\"x\""))))
                .isEqualTo("context_refused");
    }

    @Test
    void policy_decidesWhatIsTaken() {
        assertThat(verdict(new PeerPolicy(ALL, ALL, ALL))).isNull();
        assertThat(verdict(PeerPolicy.NOTHING)).isEqualTo("context_refused");
        assertThat(verdict(new PeerPolicy(Set.of(), ALL, ALL))).isEqualTo("context_refused");
        assertThat(verdict(new PeerPolicy(Set.of("BeforeAgentExecution"), ALL, ALL)))
                .isEqualTo("context_refused");
        assertThat(verdict(new PeerPolicy(ALL, Set.of("carol"), ALL))).isEqualTo("context_refused");
        assertThat(verdict(new PeerPolicy(ALL, ALL, Set.of("192.168.0.0/16")))).isEqualTo("context_refused");
        assertThat(verdict(new PeerPolicy(ALL, ALL, Set.of("10.1.2.3")))).isNull();
    }

    private static String verdict(PeerPolicy policy) {
        ContextAttack bench = new ContextAttack(ContextAttack.hmac(), policy, "bob");
        return bench.verdict(bench.codec.write(bench.fresh(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"allowed_points", "trusted_agents", "allowed_ips"})
    void emptyListOfTheSender_allowsNothing(String list) {
        assertThat(bench.verdict(signed(
                        payload -> payload.replaceFirst("\"" + list + "\":\\[[^\\]]*\\]", "\"" + list + "\":[]"))))
                .isEqualTo("context_refused");
    }

    @Test
    void aroundPoint_isRefused() {
        ContextAttack open = new ContextAttack(ContextAttack.hmac(), new PeerPolicy(ALL, ALL, ALL), "bob");
        Bytes around = signed(payload -> payload.replace("\"" + ContextAttack.POINT + "\"", "\"around:tool_call\""));

        assertThat(open.verdict(around)).isEqualTo("context_refused");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.0.0.0/8, ::ffff:10.1.1.1, true",
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.11, false",
        "0.0.0.0/0, 1.2.3.4, true",
        "fe80::/10, fe80::1, true",
        "fe80::/10, 10.0.0.1, false",
        "::1, 0:0:0:0:0:0:0:1, true",
        "*, anything, true",
        "10.0.0.0/8, localhost, false",
        "10.0.0.0/8, 999.0.0.1, false"
    })
    void addresses_areComparedAsAddresses(String entry, String address, boolean covered) {
        assertThat(AllowList.hasAddress(Set.of(entry), address)).isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0", "example.org/8", "", "10.0.0.1/-1", "::1/129"})
    void entryThatIsNoAddress_isRefused(String entry) {
        assertThatThrownBy(() -> new PeerPolicy(ALL, ALL, Set.of(entry))).isInstanceOf(ArgumentException.class);
    }

    @Test
    void transportWithoutAddress_isTakenOnlyIfAllAre() {
        assertThat(AllowList.hasAddress(Set.of("10.0.0.0/8"), null)).isFalse();
        assertThat(AllowList.hasAddress(ALL, null)).isTrue();
    }

    // ---- form ----

    @Test
    void context_comesBackAsItWas() {
        DistributedHookContext sent = bench.fresh(1);
        ContextCodec.Read read = bench.codec.read(bench.codec.write(sent));

        assertThat(read.context()).isEqualTo(sent);
        assertThat(read.key()).isSameAs(ContextAttack.KEY);
        assertThat(bench.codec.write(read.context())).isEqualTo(bench.codec.write(sent));
    }

    @Test
    void answer_comesBackAsItWas() {
        DistributedHookContext plain = bench.fresh(1);
        DistributedHookContext answer = new DistributedHookContext(
                plain.context(),
                plain.source(),
                plain.audience(),
                plain.propagation(),
                plain.security(),
                plain.networkCorrelationId(),
                null,
                "n",
                List.of(
                        new RemoteResult("n", "a", HookResultKind.MODIFIED, null, "data", null, Duration.ofMillis(3)),
                        RemoteResult.failed("n", "b", "hook_failed", "its hooks failed")),
                Map.of());

        assertThat(bench.codec.read(bench.codec.write(answer)).context()).isEqualTo(answer);
    }

    @Test
    void resultsThatNoPeerCanDecide_areRefused() {
        Bytes redirecting = signed(payload -> payload.replace(
                "\"remote_results\":[]",
                "\"remote_results\":[{\"node_id\":\"n\",\"agent_id\":\"a\",\"result\":\"redirect\",\"reason\":null,"
                        + "\"data\":\"x\",\"error\":null,\"took_ms\":1}]"));

        assertThat(bench.verdict(redirecting)).isEqualTo("invalid_context");
    }

    @Test
    void signedNonsense_isInvalid() {
        List<UnaryOperator<String>> changes = List.of(
                payload -> "[]",
                payload -> "not json",
                payload -> payload + " {}",
                payload -> payload.replace("{\"context\":", "{\"admin\":true,\"context\":"),
                payload -> payload.replace("\"audience\":\"bob\",", ""),
                payload -> payload.replace("\"audience\":\"bob\"", "\"audience\":\"bob\",\"audience\":\"bob\""),
                payload -> payload.replace("\"audience\":\"bob\"", "\"audience\":7"),
                payload -> payload.replace(ContextAttack.POINT, "NoSuchPoint"),
                payload -> payload.replace("\"max_hops\":3", "\"max_hops\":17"),
                payload -> payload.replace("\"max_hops\":3", "\"max_hops\":3.5"),
                payload -> payload.replace("\"hops\":1", "\"hops\":-1"),
                payload -> payload.replace("\"network_priority\":\"normal\"", "\"network_priority\":\"NORMAL\""),
                payload -> payload.replace("\"attempt\":1", "\"attempt\":4294967297"),
                payload -> payload.replaceFirst("\"expires_at\":\"[^\"]*\"", "\"expires_at\":\"tomorrow\""),
                payload -> payload.replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"x\""),
                payload -> payload.replace("\"remote_timeout_ms\":30000", "\"remote_timeout_ms\":99999999999999"),
                payload -> payload.replaceFirst("\"nonce\":\"[^\"]*\"", "\"nonce\":\"short\""),
                payload -> payload.replace("\"net-1\"", "\"two words\""),
                payload -> payload.replace("00-4bf92f", "00-XXXXXX"));
        for (UnaryOperator<String> change : changes) {
            assertThat(bench.verdict(signed(change))).isEqualTo("invalid_context");
        }
    }

    @Test
    void largeContext_isRefusedOnBothSides() {
        DistributedHookContext large = withData("x".repeat(ContextCodec.MOST_BYTES));

        assertThat(code(() -> bench.codec.write(large))).isEqualTo(ErrorCode.CONTEXT_TOO_LARGE);
        assertThat(bench.verdict(Bytes.own(new byte[ContextCodec.MOST_BYTES + 1])))
                .isEqualTo("context_too_large");
        assertThat(bench.verdict(bench.codec.write(withData("x".repeat(ContextCodec.MOST_BYTES - 4096)))))
                .isNull();
    }

    private DistributedHookContext withData(Object data) {
        HookSnapshot seen = ContextAttack.snapshot();
        return with(
                new HookSnapshot(
                        seen.point(),
                        seen.component(),
                        seen.operationId(),
                        seen.principal(),
                        seen.correlation(),
                        null,
                        seen.language(),
                        seen.timestamp(),
                        data,
                        Map.of(),
                        1),
                Map.of());
    }

    private DistributedHookContext with(HookSnapshot seen, Map<String, String> metadata) {
        DistributedHookContext plain = bench.fresh(1);
        return new DistributedHookContext(
                seen,
                plain.source(),
                plain.audience(),
                plain.propagation(),
                plain.security(),
                plain.networkCorrelationId(),
                null,
                null,
                List.of(),
                metadata);
    }

    @Test
    void metadata_isLimitedOnBothSides() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i <= ContextCodec.MOST_KEYS; i++) {
            many.put("k" + i, "v");
        }
        assertThat(code(() -> bench.codec.write(with(ContextAttack.snapshot(), many))))
                .isEqualTo(ErrorCode.CONTEXT_TOO_LARGE);
        assertThat(code(() -> bench.codec.write(with(ContextAttack.snapshot(), Map.of("k", "v".repeat(1025))))))
                .isEqualTo(ErrorCode.CONTEXT_TOO_LARGE);
        StringBuilder keys = new StringBuilder();
        many.keySet().forEach(key -> keys.append(",\"").append(key).append("\":\"v\""));
        assertThat(bench.verdict(signed(payload -> payload.replace("{\"k\":\"v\"}", "{" + keys.substring(1) + "}"))))
                .isEqualTo("context_too_large");
    }

    @Test
    void badSettings_areRefused() {
        assertThatThrownBy(() -> PeerKey.of("k", new byte[31], "a")).hasMessageContaining("32");
        assertThatThrownBy(() -> PeerKey.of("k 1", ContextAttack.secret(1), "a"))
                .isInstanceOf(ArgumentException.class);
        assertThatThrownBy(() -> PeerKey.of("k", ContextAttack.secret(1))).isInstanceOf(ArgumentException.class);
        assertThat(PeerKey.of("k", ContextAttack.secret(65), "a").toString()).isEqualTo("PeerKey[k]");
        assertThatThrownBy(
                        () -> new HmacSeal(ContextAttack.KEY, List.of(PeerKey.of("k1", ContextAttack.secret(3), "x"))))
                .hasMessageContaining("k1");
        assertThatThrownBy(() -> Propagation.to("a").within(17)).hasMessageContaining("max_hops");
        assertThatThrownBy(() -> Propagation.to("a").awaiting(Duration.ZERO)).hasMessageContaining("remote_timeout");
    }

    @Test
    void propagation_goesOnWhileHopsAndTargetsAreLeft() {
        assertThat(Propagation.to("a").goesOn()).isTrue();
        assertThat(Propagation.to().goesOn()).isFalse();
        assertThat(Propagation.toAll().goesOn()).isTrue();
        assertThat(Propagation.toAll().within(1).hop().goesOn()).isFalse();
    }

    @Test
    void traceparent_keepsTheTraceAndGetsASpanOfItsOwn() {
        String present = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        String next = Traceparent.next(present, new java.security.SecureRandom());

        assertThat(next)
                .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
                .endsWith("-01")
                .isNotEqualTo(present);
        assertThat(Traceparent.valid(next)).isTrue();
        assertThat(Traceparent.next("nonsense", new java.security.SecureRandom()))
                .isNull();
        assertThat(Traceparent.valid("00-" + "0".repeat(32) + "-00f067aa0ba902b7-01"))
                .isFalse();
    }

    @Test
    void clock_neverFallsBehindItsTicks() {
        ManualTime time = new ManualTime();
        PeerClock clock = new PeerClock(time);
        Instant start = time.now();
        time.setWall(start.minus(Duration.ofDays(1)));
        time.advance(Duration.ofMinutes(1));
        assertThat(clock.now()).isEqualTo(start.plus(Duration.ofMinutes(1)));
        time.setWall(start.plus(Duration.ofDays(1)));
        assertThat(clock.now()).isEqualTo(start.plus(Duration.ofDays(1)));
    }
}
