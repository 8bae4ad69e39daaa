package io.llmspell.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.LlmSpell;
import io.llmspell.LlmSpellBuilder;
import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateKey;
import io.llmspell.core.state.StateValue;
import io.llmspell.core.storage.Capability;
import io.llmspell.core.storage.Space;
import io.llmspell.core.storage.StorageBackend;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.StorageFactory;
import io.llmspell.core.time.TimeSource;
import io.llmspell.storage.KeyRing;
import io.llmspell.storage.MemoryStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the keys of a runtime are, and what it says when they are not there. */
class RuntimeKeysTest {
    private static final StateKey SECRET = StateKey.of(Scope.GLOBAL, "api_key");

    @TempDir
    private Path folder;

    private final StorageBackend kept = MemoryStorage.create(
            Set.of(Space.STATE, Space.EVENTS, Space.HISTORY, Space.AUDIT, Space.AGENTS, Space.SESSIONS, Space.META));

    @AfterEach
    void close() {
        kept.close();
    }

    /** A store that stays when a runtime ends, and says that it lasts. */
    private StorageFactory lasting(@Nullable Path location) {
        return new StorageFactory() {
            @Override
            public StorageBackend open(Set<Space> spaces, TimeSource time) {
                return withoutClose();
            }

            @Override
            public Optional<Path> location() {
                return Optional.ofNullable(location);
            }
        };
    }

    private StorageBackend withoutClose() {
        return (StorageBackend) Proxy.newProxyInstance(
                StorageBackend.class.getClassLoader(), new Class<?>[] {StorageBackend.class}, (proxy, method, args) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    if (method.getName().equals("capabilities")) {
                        return EnumSet.allOf(Capability.class);
                    }
                    try {
                        return method.invoke(kept, args);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static void put(LlmSpell spell, String value) {
        spell.state().as(spell.caller()).put(SECRET, value);
    }

    private static Optional<Object> value(LlmSpell spell) {
        return spell.state().as(spell.caller()).get(SECRET).map(StateValue::json);
    }

    private static void refused(LlmSpellBuilder builder, ErrorCode code) {
        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void memory_secretsWorkWithoutAnyFile() {
        try (LlmSpell spell = LlmSpell.builder().build()) {
            put(spell, "v");

            assertThat(value(spell)).contains("v");
            assertThat(spell.rotateKeys()).isOne();
            assertThat(value(spell)).contains("v");
        }
    }

    @Test
    void storeInAFolder_keysAreBesideIt_andMissedWhenTheyAreGone() throws Exception {
        try (LlmSpell spell = LlmSpell.builder().storage(lasting(folder)).build()) {
            assertThat(folder.resolve("keys")).doesNotExist();
            put(spell, "v");
        }
        byte[] right = Files.readAllBytes(folder.resolve("keys"));
        Files.delete(folder.resolve("keys"));
        refused(LlmSpell.builder().storage(lasting(folder)), ErrorCode.STORE_KEY_MISSING);
        KeyRing.file(folder.resolve("keys")).newKey();
        refused(LlmSpell.builder().storage(lasting(folder)), ErrorCode.STORE_KEY_WRONG);
        Files.write(folder.resolve("keys"), right);
        try (LlmSpell spell = LlmSpell.builder().storage(lasting(folder)).build()) {
            assertThat(value(spell)).contains("v");
        }
    }

    @Test
    void storeThatDoesNotSayWhereItLies_refusesSecretsUntilKeysAreConfigured() {
        try (LlmSpell spell = LlmSpell.builder().storage(lasting(null)).build()) {
            assertThatThrownBy(() -> put(spell, "v")).hasMessageContaining("storage.key_ref");
        }
        ConfigSection config = ConfigSection.of(
                "", Map.of("storage", Map.of("backend", "memory", "key_ref", "file:" + folder.resolve("k"))));
        try (LlmSpell spell =
                LlmSpell.builder().storage(lasting(null)).config(config).build()) {
            put(spell, "v");
            assertThat(value(spell)).contains("v");
        }
        assertThat(folder.resolve("k")).exists();
    }

    @Test
    void newKeyInFront_secretsAreSealedAgainInTheBackground() throws Exception {
        try (LlmSpell spell = LlmSpell.builder().storage(lasting(folder)).build()) {
            put(spell, "v");
        }
        KeyRing ring = KeyRing.file(folder.resolve("keys"));
        String old = ring.activeKey();
        ring.newKey();
        String file = Files.readString(folder.resolve("keys"));
        try (LlmSpell spell = LlmSpell.builder().storage(lasting(folder)).build()) {
            Awaitility.await().until(() -> !holds(old));
            assertThat(value(spell)).contains("v");
        }
        Files.writeString(
                folder.resolve("keys"),
                file.lines().filter(line -> !line.startsWith(old)).reduce("", (a, b) -> a + b + "\n"));
        try (LlmSpell spell = LlmSpell.builder().storage(lasting(folder)).build()) {
            assertThat(value(spell)).contains("v");
        }
    }

    private boolean holds(String keyId) {
        return kept.get(Space.META, io.llmspell.core.storage.Bytes.utf8("state.key/" + keyId))
                .isPresent();
    }
}
