package io.llmspell.core.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.CorrelationId;
import io.llmspell.core.identity.Language;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.json.JsonValueException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class HookTypesTest {
    private static final HookPoint POINT = HookPoint.BEFORE_TOOL_EXECUTION;

    @Test
    void options_unset_areTheDefaults() {
        HookOptions options = HookOptions.named("guard");

        assertThat(options)
                .isEqualTo(new HookOptions(
                        "guard",
                        "",
                        "1.0.0",
                        0,
                        FailurePolicy.FAIL_OPEN,
                        Language.JAVA,
                        Set.of(),
                        null,
                        false,
                        false,
                        true));
        assertThat(List.of(
                        HookOptions.HIGHEST, HookOptions.HIGH, HookOptions.NORMAL, HookOptions.LOW, HookOptions.LOWEST))
                .containsExactly(-1000, -100, 0, 100, 1000);
    }

    @Test
    void options_eachSetter_setsItsOwn() {
        HookOptions options = HookOptions.builder("guard")
                .description("says no")
                .version("2.1.0")
                .priority(HookOptions.HIGH)
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .timeout(Duration.ofMillis(5))
                .isolated()
                .replayable()
                .enabled(false)
                .language(Language.LUA)
                .tags("b", "a", "b")
                .build();

        assertThat(options)
                .isEqualTo(new HookOptions(
                        "guard",
                        "says no",
                        "2.1.0",
                        -100,
                        FailurePolicy.FAIL_CLOSED,
                        Language.LUA,
                        Set.of("a", "b"),
                        Duration.ofMillis(5),
                        true,
                        true,
                        false));
        assertThat(options.sortedTags()).containsExactly("a", "b");
    }

    @Test
    void options_outOfRange_areRefused() {
        assertThat(HookOptions.named("x".repeat(128)).name()).hasSize(128);
        assertThat(HookOptions.builder("x").priority(-1000).build().priority()).isEqualTo(-1000);
        assertThat(HookOptions.builder("x").priority(1000).build().priority()).isEqualTo(1000);
        refused(() -> HookOptions.named(" "), "hook name is \" \", but must be 1 to 128 characters");
        refused(() -> HookOptions.named("x".repeat(129)), "1 to 128 characters");
        refused(() -> HookOptions.builder("x").priority(-1001).build(), "between -1000 and 1000");
        refused(() -> HookOptions.builder("x").priority(1001).build(), "between -1000 and 1000");
    }

    @Test
    void filter_all_letsUserHooksThroughAndNoSystemHooks() {
        assertThat(HookFilter.all().accepts(hook(0, false))).isTrue();
        assertThat(HookFilter.all().accepts(hook(-1000, false))).isTrue();
        assertThat(HookFilter.all().accepts(hook(1000, false))).isTrue();
        assertThat(HookFilter.all().accepts(hook(0, true))).isFalse();
        assertThat(filter(null, null, null, null, -1000, 1000, true).accepts(hook(0, true)))
                .isTrue();
    }

    @Test
    void filter_eachMember_narrows() {
        HookInfo hook = hook(5, false);

        assertThat(HookFilter.at(POINT).accepts(hook)).isTrue();
        assertThat(HookFilter.at(HookPoint.AGENT_ERROR).accepts(hook)).isFalse();
        assertThat(filter(null, Language.LUA, null, null, -1000, 1000, false).accepts(hook))
                .isTrue();
        assertThat(filter(null, Language.JAVA, null, null, -1000, 1000, false).accepts(hook))
                .isFalse();
        assertThat(filter(null, null, "t", null, -1000, 1000, false).accepts(hook))
                .isTrue();
        assertThat(filter(null, null, "u", null, -1000, 1000, false).accepts(hook))
                .isFalse();
        assertThat(filter(null, null, null, "guard", -1000, 1000, false).accepts(hook))
                .isTrue();
        assertThat(filter(null, null, null, "guar", -1000, 1000, false).accepts(hook))
                .isFalse();
        assertThat(filter(null, null, null, null, 5, 5, false).accepts(hook)).isTrue();
        assertThat(filter(null, null, null, null, 6, 1000, false).accepts(hook)).isFalse();
        assertThat(filter(null, null, null, null, -1000, 4, false).accepts(hook))
                .isFalse();
    }

    private static HookFilter filter(
            @org.jspecify.annotations.Nullable HookPoint point,
            @org.jspecify.annotations.Nullable Language language,
            @org.jspecify.annotations.Nullable String tag,
            @org.jspecify.annotations.Nullable String name,
            int min,
            int max,
            boolean system) {
        return new HookFilter(point, language, tag, name, min, max, system);
    }

    private static HookInfo hook(int priority, boolean system) {
        HookOptions options = HookOptions.builder("guard")
                .priority(priority)
                .language(Language.LUA)
                .tags("t")
                .build();
        return new HookInfo("h-1", POINT, options, true, system);
    }

    @Test
    void info_showsNameAndLanguageOfItsOptions() {
        assertThat(hook(0, false).name()).isEqualTo("guard");
        assertThat(hook(0, false).language()).isEqualTo(Language.LUA);
    }

    @Test
    void results_eachHasItsKind() {
        ForkOperation operation = new ForkOperation("fork-1", OperationKind.TOOL_CALL, "calculator", null);
        List<HookResult> all = List.of(
                HookResult.proceed(),
                HookResult.modified(null),
                HookResult.cancel("no"),
                new HookResult.Redirect("other"),
                HookResult.replace(1L),
                new HookResult.Retry(Duration.ZERO, 1),
                new HookResult.Fork(List.of(operation)),
                new HookResult.Cache("k", Duration.ofSeconds(1), new Outcome(null)),
                HookResult.skipped("off"));

        assertThat(all).extracting(HookResult::kind).containsExactly(HookResultKind.values());
        assertThat(Arrays.stream(HookResultKind.values()).map(HookResultKind::id))
                .containsExactly(
                        "continue", "modified", "cancel", "redirect", "replace", "retry", "fork", "cache", "skipped");
        assertThat(HookResult.proceed()).isSameAs(HookResult.proceed());
    }

    @Test
    void retryAndFork_outOfRange_areRefused() {
        ForkOperation operation = new ForkOperation("f", OperationKind.TOOL_CALL, "t", null);

        assertThat(new HookResult.Fork(Collections.nCopies(16, operation)).operations())
                .hasSize(16);
        refused(() -> new HookResult.Retry(Duration.ofNanos(-1), 1), "a delay of 0 or more and at least 1 attempt");
        refused(() -> new HookResult.Retry(Duration.ZERO, 0), "a delay of 0 or more and at least 1 attempt");
        refused(() -> new HookResult.Fork(List.of()), "1 to 16");
        refused(() -> new HookResult.Fork(Collections.nCopies(17, operation)), "1 to 16");
    }

    @Test
    void snapshot_metadata_isCopied() {
        Map<String, String> metadata = new HashMap<>(Map.of("a", "1"));
        HookSnapshot snapshot = new HookSnapshot(
                POINT,
                Component.named(ComponentType.TOOL, "t"),
                "op",
                "host",
                new CorrelationId("r"),
                null,
                Language.JAVA,
                Instant.EPOCH,
                null,
                metadata,
                1);
        metadata.put("b", "2");

        assertThat(snapshot.metadata()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void handle_close_unregisters() {
        int[] calls = {0};
        HookHandle handle = new HookHandle() {
            @Override
            public HookInfo info() {
                return hook(0, false);
            }

            @Override
            public boolean enabled(boolean on) {
                return on;
            }

            @Override
            public HookMetrics metrics() {
                throw new AssertionError("closing a handle reads no figures");
            }

            @Override
            public boolean unregister() {
                return calls[0]++ == 0;
            }
        };

        handle.close();

        assertThat(calls[0]).isEqualTo(1);
        assertThat(handle.unregister()).isFalse();
    }

    @Test
    void resultNotAllowed_namesHookPointAndResult() {
        HookException error = HookException.resultNotAllowed("h", POINT, HookResultKind.FORK, "continue, cancel");

        assertThat(error)
                .hasMessage("hook \"h\" gave fork at BeforeToolExecution, which can honour only continue, cancel"
                        + " [result_not_allowed]");
        assertThat(error.details()).isEqualTo(Map.of("hook", "h", "point", "BeforeToolExecution", "result", "fork"));
    }

    @Test
    void pointData_replaceableMember_isTakenAndOthersMayBeLeftOut() {
        JsonObject shown = JsonObject.of("scope", "global", "value", 1, "version", 7);

        JsonObject merged = PointData.merged(POINT, shown, JsonObject.of("value", JsonArray.of(2)), List.of("value"));

        assertThat(merged).isEqualTo(JsonObject.of("scope", "global", "value", JsonArray.of(2), "version", 7));
        assertThat(PointData.merged(POINT, shown, JsonObject.of("version", 7.0), List.of()))
                .isSameAs(shown);
    }

    @Test
    void pointData_otherMember_isRefusedByName() {
        JsonObject shown = JsonObject.of("scope", "global", "value", 1);

        assertThatThrownBy(() -> PointData.merged(POINT, shown, JsonObject.of("scope", "x"), List.of("value", "ttl")))
                .isInstanceOfSatisfying(
                        HookException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.RESULT_NOT_ALLOWED))
                .hasMessageContaining(
                        "a hook changed \"scope\" at BeforeToolExecution, where value, ttl can be changed");
        assertThatThrownBy(() -> PointData.merged(POINT, shown, JsonObject.of("new", null), List.of()))
                .isInstanceOf(HookException.class)
                .hasMessageContaining("where nothing can be changed");
        assertThatThrownBy(() -> PointData.merged(POINT, shown, "text", List.of()))
                .isInstanceOf(JsonValueException.class)
                .hasMessageContaining("\"data of BeforeToolExecution\" is a text, but must be a map");
    }

    private static void refused(ThrowingCallable call, String text) {
        assertThatThrownBy(call).isInstanceOf(ArgumentException.class).hasMessageContaining(text);
    }
}
