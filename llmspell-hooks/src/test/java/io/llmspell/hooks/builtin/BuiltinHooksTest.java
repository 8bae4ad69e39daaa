package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BuiltinHooksTest {
    private final BuiltinRig rig = new BuiltinRig();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final ProbeBuiltin probe = new ProbeBuiltin();
    private final BuiltinHooks builtins = new BuiltinHooks(rig.hooks, BuiltinCatalogue.only(probe));

    @AfterEach
    void close() {
        builtins.close();
        rig.close();
    }

    /** Settings of the probe. */
    record ProbeConfig(List<HookPoint> points, String word, boolean closed) implements BuiltinConfig {
        @Override
        public String hook() {
            return "probe";
        }

        @Override
        public Map<String, @Nullable Object> values() {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put("word", word);
            return values;
        }
    }

    /** What users may see of the probe. */
    interface Words {
        String word();
    }

    /** A hook that writes down its word; the words {@code fail} and {@code veto} are taken at their word. */
    private final class ProbeBuiltin implements Builtin<ProbeConfig> {
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public String name() {
            return "probe";
        }

        @Override
        public String version() {
            return "2.1.0";
        }

        @Override
        public String description() {
            return "Writes a word.";
        }

        @Override
        public Place place() {
            return Place.SYSTEM_FIRST;
        }

        @Override
        public int priority() {
            return HookOptions.HIGHEST;
        }

        @Override
        public Class<ProbeConfig> configType() {
            return ProbeConfig.class;
        }

        @Override
        public List<HookPoint> defaultPoints() {
            return List.of(BuiltinRig.BEFORE);
        }

        @Override
        public ProbeConfig read(ConfigSection options, List<HookPoint> points) {
            return new ProbeConfig(points, options.text("word", "default"), options.flag("closed", false));
        }

        @Override
        public FailurePolicy failurePolicy(ProbeConfig config) {
            return config.closed ? FailurePolicy.FAIL_CLOSED : FailurePolicy.FAIL_OPEN;
        }

        @Override
        public RunningBuiltin start(ProbeConfig config, @Nullable RunningBuiltin previous) {
            if (config.word.equals("unstartable")) {
                throw new io.llmspell.core.error.ArgumentException("word", config.word, "startable");
            }
            return new Running(config, previous == null ? 0 : ((Running) previous).generation + 1);
        }
    }

    private final class Running implements RunningBuiltin, Words {
        private final ProbeConfig config;
        final int generation;

        Running(ProbeConfig config, int generation) {
            this.config = config;
            this.generation = generation;
        }

        @Override
        public HookResult execute(HookContext context) {
            seen.add(config.word + "@" + context.point());
            if (config.word.equals("fail")) {
                throw new IllegalStateException("planted");
            }
            return config.word.startsWith("veto") ? HookResult.cancel("no") : HookResult.proceed();
        }

        @Override
        public Map<String, @Nullable Object> statistics() {
            Map<String, @Nullable Object> figures = new LinkedHashMap<>();
            figures.put("generation", generation);
            return figures;
        }

        @Override
        public String word() {
            return config.word;
        }

        @Override
        public void close() {
            probe.closed.incrementAndGet();
        }
    }

    private void enable(@Nullable Object... options) {
        builtins.enable("probe", section(options));
    }

    private static ConfigSection section(@Nullable Object... options) {
        return ConfigSection.of("hooks.probe", JsonObject.of(options));
    }

    private List<HookInfo> registered(HookPoint point) {
        HookFilter all = new HookFilter(point, null, null, null, -1000, 1000, true);
        return rig.hooks.registry().list(all);
    }

    @Test
    void enable_unknownName_suggestsTheNearest() {
        assertThatThrownBy(() -> builtins.enable("prob", section()))
                .hasMessage("no built-in hook is named \"prob\", did you mean \"probe\"? [unknown_builtin]");
        assertThatThrownBy(() -> builtins.isEnabled("something"))
                .hasMessage("no built-in hook is named \"something\"; there are probe [unknown_builtin]");
        assertThatThrownBy(() -> builtins.disable("")).hasMessageContaining("[unknown_builtin]");
        assertThatThrownBy(() -> builtins.statistics("x".repeat(200))).hasMessageContaining("x...");
    }

    @Test
    void enable_default_registersAsTheCatalogueSays() {
        enable();
        rig.call(1);

        assertThat(seen).containsExactly("default@BeforeToolExecution");
        HookInfo info = registered(BuiltinRig.BEFORE).get(0);
        assertThat(info.system()).isTrue();
        assertThat(info.options())
                .returns("probe", HookOptions::name)
                .returns("2.1.0", HookOptions::version)
                .returns(HookOptions.HIGHEST, HookOptions::priority)
                .returns(true, HookOptions::replayable)
                .returns(FailurePolicy.FAIL_OPEN, HookOptions::failurePolicy);
        assertThat(builtins.isEnabled("probe")).isTrue();
    }

    @Test
    void execute_always_leavesTheVersion() {
        enable();
        List<String> versions = new CopyOnWriteArrayList<>();
        rig.look(BuiltinRig.BEFORE, context -> versions.add(context.metadata().get("probe_hook_version")));
        rig.call(1);

        assertThat(versions).containsExactly("2.1.0");
    }

    @Test
    void execute_metadataFull_isNoFailure() {
        enable("points", List.of("AfterToolExecution"), "closed", true);
        rig.look(BuiltinRig.BEFORE, context -> {
            for (int i = 0; context.metadata().size() < 64; i++) {
                context.putMetadata("key" + i, "x");
            }
        });

        assertThat(rig.call(1)).isEqualTo(1L);
        assertThat(seen).containsExactly("default@AfterToolExecution");
    }

    @Test
    void enable_wrongOption_changesNothing() {
        enable("word", "old");
        assertThatThrownBy(() -> enable("wrd", "new"))
                .hasMessage("hooks.probe.wrd: no such option, did you mean \"word\"? [invalid_config]");
        assertThatThrownBy(() -> enable("points", List.of("BeforeToolExecutio")))
                .hasMessageStartingWith(
                        "hooks.probe.points: is [BeforeToolExecutio], but must be a list of hook points: no"
                                + " hook point is named \"BeforeToolExecutio\", did you mean BeforeToolExecution")
                .hasMessageEndingWith("[invalid_config]");
        assertThatThrownBy(() -> enable("points", List.of("around:tool_call")))
                .hasMessageContaining("without the places of around-hooks");
        assertThatThrownBy(() -> enable("word", "unstartable")).hasMessageContaining("[invalid_argument]");
        rig.call(1);

        assertThat(seen).containsExactly("old@BeforeToolExecution");
        assertThat(builtins.statistics("probe")).isEqualTo(JsonObject.of("generation", 0));
        assertThat(probe.closed).hasValue(0);
    }

    @Test
    void enable_takenName_registersNothingAndKeepsTheOld() {
        rig.hooks.registry().register(BuiltinRig.AFTER, "probe", context -> HookResult.proceed());
        assertThatThrownBy(() -> enable("points", List.of("BeforeToolExecution", "AfterToolExecution")))
                .hasMessageContaining("[hook_exists]");
        assertThat(builtins.isEnabled("probe")).isFalse();
        assertThat(registered(BuiltinRig.BEFORE)).isEmpty();

        enable("word", "old");
        assertThatThrownBy(() -> enable("word", "new", "points", List.of("ToolValidation", "AfterToolExecution")))
                .hasMessageContaining("[hook_exists]");
        rig.call(1);
        assertThat(seen).containsExactly("old@BeforeToolExecution");
        assertThat(probe.closed).as("the two that were never used").hasValue(2);
    }

    @Test
    void enableAgain_otherPoints_movesAndHandsOver() {
        enable("word", "one", "points", List.of("ToolValidation", "BeforeToolExecution"));
        enable("word", "two", "points", List.of("before_tool_execution", "AfterToolExecution"));
        rig.call(1);

        assertThat(seen).containsExactly("two@BeforeToolExecution", "two@AfterToolExecution");
        assertThat(builtins.statistics("probe")).isEqualTo(JsonObject.of("generation", 1));
        assertThat(probe.closed).hasValue(1);
    }

    @Test
    void enableAgain_otherFailurePolicy_isRegisteredAnew() {
        enable("word", "fail");
        assertThat(rig.call(1)).isEqualTo(1L);
        enable("word", "fail", "closed", true);
        assertThat(rig.failure(1).code().id()).isEqualTo("hook_failed");
        enable("word", "fail", "closed", false);
        assertThat(rig.call(1)).isEqualTo(1L);
    }

    @Test
    void enableAgain_whileOperationsRun_leavesNoMomentWithoutTheGuard() throws Exception {
        enable("word", "veto", "closed", true);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            AtomicInteger stop = new AtomicInteger();
            Future<Integer> passed = pool.submit(() -> {
                int through = 0;
                while (stop.get() == 0) {
                    try {
                        rig.call(1);
                        through++;
                    } catch (io.llmspell.core.gate.OperationCancelledException vetoed) {
                        continue;
                    }
                }
                return through;
            });
            for (int i = 0; i < 300; i++) {
                List<String> points = i % 2 == 0
                        ? List.of("BeforeToolExecution")
                        : List.of("BeforeToolExecution", "ToolValidation", "AfterToolExecution");
                enable("word", "veto" + i, "closed", true, "points", points);
            }
            stop.set(1);
            assertThat(passed.get(30, TimeUnit.SECONDS)).isZero();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void disable_enabledHook_removesItOnce() {
        enable();
        assertThat(builtins.disable("probe")).isTrue();
        assertThat(builtins.disable("probe")).isFalse();
        rig.call(1);

        assertThat(seen).isEmpty();
        assertThat(probe.closed).hasValue(1);
        assertThat(registered(BuiltinRig.BEFORE)).isEmpty();
        assertThatThrownBy(() -> builtins.statistics("probe"))
                .hasMessage("the built-in hook \"probe\" has no statistics, because it is not enabled; enable it first"
                        + " [invalid_state]");
        assertThat(builtins.view(Words.class)).isEmpty();
    }

    @Test
    void list_showsTheSettingsInEffect() {
        assertThat(builtins.list())
                .containsExactly(new BuiltinInfo(
                        "probe",
                        "2.1.0",
                        "Writes a word.",
                        false,
                        List.of(BuiltinRig.BEFORE),
                        JsonObject.of("word", "default")));
        builtins.enable(new ProbeConfig(List.of(BuiltinRig.AFTER), "typed", false));

        BuiltinInfo info = builtins.list().get(0);
        assertThat(info.enabled()).isTrue();
        assertThat(info.points()).containsExactly(BuiltinRig.AFTER);
        assertThat(info.config()).isEqualTo(JsonObject.of("word", "typed"));
        assertThat(builtins.view(Words.class)).get().returns("typed", Words::word);
    }

    @Test
    void enable_settingsOfAnotherHook_areRefused() {
        BuiltinConfig wrong = new BuiltinConfig() {
            @Override
            public String hook() {
                return "probe";
            }

            @Override
            public List<HookPoint> points() {
                return List.of();
            }

            @Override
            public Map<String, @Nullable Object> values() {
                return Map.of();
            }
        };
        assertThatThrownBy(() -> builtins.enable(wrong))
                .hasMessage("config of \"probe\" is \"\", but must be a ProbeConfig [invalid_argument]");
    }

    @Test
    void configure_section_enablesWhatItSays() {
        ConfigSection hooks = ConfigSection.of(
                "hooks", JsonObject.of("deadline", "1s", "probe", JsonObject.of("enabled", true, "word", "file")));
        builtins.configure(hooks);
        assertThat(builtins.view(Words.class)).get().returns("file", Words::word);

        builtins.configure(ConfigSection.of("hooks", JsonObject.of("probe", JsonObject.of("word", "other"))));
        assertThat(builtins.view(Words.class))
                .as("a section that does not say it")
                .get()
                .returns("file", Words::word);

        builtins.configure(ConfigSection.of("hooks", JsonObject.of("probe", JsonObject.of("enabled", false))));
        assertThat(builtins.isEnabled("probe")).isFalse();
        builtins.configure(ConfigSection.of("hooks", JsonObject.empty()));
        assertThat(builtins.isEnabled("probe")).isFalse();
    }

    @Test
    void configure_wrongOptionOfADisabledHook_isRefused() {
        assertThatThrownBy(() -> builtins.configure(
                        ConfigSection.of("hooks", JsonObject.of("probe", JsonObject.of("enabled", false, "x", 1)))))
                .hasMessage("hooks.probe.x: no such option; known are closed, enabled, points, word [invalid_config]");
    }

    @Test
    void close_keepsTheHooks() {
        enable();
        builtins.close();
        builtins.close();
        rig.call(1);

        assertThat(seen).hasSize(1);
    }
}
