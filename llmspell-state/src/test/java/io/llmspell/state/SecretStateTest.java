package io.llmspell.state;

import static io.llmspell.state.Fixture.KEY;
import static io.llmspell.state.Fixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateChange.Put;
import io.llmspell.core.state.StateClass;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.state.StateView;
import io.llmspell.core.storage.Range;
import io.llmspell.core.storage.Space;
import io.llmspell.testing.gate.PassThroughGate;
import io.llmspell.testing.time.ManualTime;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretStateTest {
    private static final String CANARY = "hunter2-canary";

    private final ManualTime time = new ManualTime();
    private final Fixture fixture = new Fixture(new PassThroughGate(), time);
    private final StateView state = fixture.host();

    @AfterEach
    void close() {
        fixture.close();
    }

    private void put(StateKey key, @Nullable Object json, @Nullable StateClass stateClass) {
        state.apply(List.of(new Put(key, json, null, stateClass))).orThrow();
    }

    private @Nullable Object value(StateKey key) {
        return state.get(key).map(StateValue::json).orElse(null);
    }

    /** Everything in the store as text. */
    private String stored() {
        StringBuilder all = new StringBuilder();
        for (Space space : List.of(Space.STATE, Space.META)) {
            try (var cursor = fixture.store.scan(space, Range.all())) {
                while (cursor.next()) {
                    all.append(new String(cursor.entry().stored().value().toArray(), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return all.toString();
    }

    private @Nullable String keyOf(StateKey key) {
        return fixture.store
                .get(Space.STATE, key.encoded())
                .map(found -> Fixture.CODEC.header(found.value()).keyId())
                .orElse(null);
    }

    // ---- what is sealed ----

    @ParameterizedTest
    @ValueSource(strings = {"api_key", "dbPassword", "access_token", "cache:password"})
    void put_keyWithTheNameOfASecret_isSensitiveAndSealed(String name) {
        state.put(key(name), CANARY);

        assertThat(value(key(name))).isEqualTo(CANARY);
        assertThat(stored()).doesNotContain(CANARY).contains("sensitive");
    }

    @ParameterizedTest
    @EnumSource(names = {"STANDARD", "TRUSTED", "EXTERNAL", "SENSITIVE"})
    void put_secretMember_isSealedInEachClass(StateClass stateClass) {
        JsonObject value = JsonObject.of("user", "ada", "deep", JsonArray.of(JsonObject.of("password", CANARY)));
        put(KEY, value, stateClass);

        assertThat(value(KEY)).isEqualTo(value);
        assertThat(stored()).doesNotContain(CANARY);
        assertThat(keyOf(KEY)).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"STANDARD", "TRUSTED", "EXTERNAL"})
    void put_keyWithTheNameOfASecretAndAnotherClass_isSealedAllTheSame(StateClass stateClass) {
        put(key("api_key"), CANARY, stateClass);

        assertThat(stored()).doesNotContain(CANARY).contains(stateClass.id());
    }

    @Test
    void put_secretAmongTheTextsOfAnExternalValue_isSealed() {
        String text = "the page says password=" + CANARY + " and more";
        state.put(key("external:page"), JsonObject.of("body", text));

        assertThat(stored()).doesNotContain(CANARY);
        assertThat(value(key("external:page"))).isEqualTo(JsonObject.of("body", text));
    }

    @Test
    void put_ephemeralSecret_neverReachesTheStore() {
        put(key("api_key"), CANARY, StateClass.EPHEMERAL);

        assertThat(value(key("api_key"))).isEqualTo(CANARY);
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"total_tokens", "author", "secretary", "tokenizer"})
    void put_harmlessNames_areNotSealed(String name) {
        state.put(KEY, JsonObject.of(name, "plain-text"));
        state.put(key(name), "plain-text");

        assertThat(keyOf(KEY)).isNull();
        assertThat(keyOf(key(name))).isNull();
    }

    @Test
    void put_flagUnderASecretName_isNoSecret() {
        state.put(KEY, JsonObject.of("password", true, "token", null));

        assertThat(keyOf(KEY)).isNull();
    }

    @Test
    void all_sealedValues_areGivenAsTheyAre() {
        state.put(key("api_key"), CANARY);
        state.put(KEY, 1);

        assertThat(state.all(Scope.GLOBAL).values())
                .extracting(StateValue::json)
                .containsExactly(CANARY, 1L);
    }

    @Test
    void toString_ofValuesAndChanges_showsNothing() {
        state.put(key("api_key"), CANARY);

        assertThat(state.get(key("api_key")).toString()).doesNotContain(CANARY);
        assertThat(Put.of(KEY, CANARY).toString()).doesNotContain(CANARY);
        assertThat(Wanted.removal(KEY, Change.DELETE).with(CANARY).toString()).doesNotContain(CANARY);
        assertThat(Cell.of(CANARY, 1, StateClass.STANDARD, Cell.NEVER).toString())
                .doesNotContain(CANARY);
    }
}
