package io.llmspell.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.Hook;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookHandle;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookMetrics;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.identity.Language;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private Hook word(String word) {
        return context -> {
            rig.trace.add(word);
            return HookResult.proceed();
        };
    }

    private void word(String name, int priority) {
        rig.hooks.registry().register(Rig.LAST, Rig.at(name, priority), word(name));
    }

    @Test
    void hooks_atOnePoint_runByBandThenPriorityThenName() {
        rig.hooks.systemLast().register(Rig.LAST, Rig.at("late", HookOptions.HIGHEST), word("late"));
        word("zeta", 0);
        word("alpha", 0);
        word("first", -5);
        rig.hooks.systemFirst().register(Rig.LAST, Rig.at("early", HookOptions.LOWEST), word("early"));

        rig.call("in");

        assertThat(rig.written()).isEqualTo("check=in body=in early first alpha zeta late");
    }

    @Test
    void explain_severalHooks_saysOrderAndWhy() {
        word("zeta", 0);
        word("alpha", 0);
        rig.guard(Rig.LAST, "guard", word("guard")).enabled(false);
        rig.hooks.systemFirst().register(Rig.LAST, Rig.at("early", HookOptions.LOWEST), word("early"));
        word("later", 7);

        assertThat(rig.hooks.registry().explain(Rig.LAST))
                .isEqualTo("1. \"early\" runs first (band system-first, priority 1000, fail-open, java)\n"
                        + "2. \"alpha\" runs after \"early\" because band user comes after band system-first"
                        + " (band user, priority 0, fail-open, java)\n"
                        + "3. \"guard\" is disabled; it would run after \"alpha\" because the priorities are equal and"
                        + " the names decide (band user, priority 0, fail-closed, java)\n"
                        + "4. \"zeta\" runs after \"guard\" because the priorities are equal and the names decide"
                        + " (band user, priority 0, fail-open, java)\n"
                        + "5. \"later\" runs after \"zeta\" because priority 7 comes after 0"
                        + " (band user, priority 7, fail-open, java)");
        assertThat(rig.hooks.registry().explain(Rig.BEFORE)).isEqualTo("no hook is registered at BeforeToolExecution");
    }

    @Test
    void register_nameTakenAtThePoint_isRefused() {
        rig.open(Rig.BEFORE, "twin", word("twin"));
        rig.open(Rig.AFTER, "twin", word("twin"));

        assertThatThrownBy(() -> rig.hooks.systemFirst().register(Rig.BEFORE, "twin", word("twin")))
                .hasMessage("a hook named \"twin\" exists at BeforeToolExecution already; choose another name or"
                        + " unregister that one first [hook_exists]");
    }

    @Test
    void unregister_twice_isTrueOnce() {
        HookHandle handle = rig.open(Rig.BEFORE, "gone", word("gone"));

        assertThat(handle.unregister()).isTrue();
        assertThat(handle.unregister()).isFalse();
        handle.close();

        rig.call("in");
        assertThat(rig.written()).isEqualTo("check=in body=in");
        rig.open(Rig.BEFORE, "gone", word("back"));
        assertThat(handle.unregister())
                .as("the new hook of the name is another one")
                .isFalse();
        rig.call("in");
        assertThat(rig.written()).isEqualTo("check=in back body=in");
    }

    @Test
    void enabled_afterUnregister_isRefused() {
        HookHandle handle = rig.open(Rig.BEFORE, "gone", word("gone"));
        handle.close();

        assertThatThrownBy(() -> handle.enabled(true))
                .hasMessage("hook already unregistered: \"gone\" at BeforeToolExecution; register it again"
                        + " [invalid_state]");
    }

    @Test
    void enabled_offAndOn_keepsThePlace() {
        word("a", 0);
        HookHandle handle = rig.hooks.registry().register(Rig.LAST, Rig.at("b", 0), word("b"));
        word("c", 0);

        assertThat(handle.enabled(false)).isTrue();
        rig.call("in");
        assertThat(rig.written()).endsWith("a c");
        assertThat(handle.enabled(true)).isFalse();
        rig.call("in");
        assertThat(rig.written()).endsWith("a b c");
    }

    @Test
    void metricsById_givesTheFiguresOfTheChosenHooks_inTheOrderOfTheList() {
        word("early", -5);
        word("late", 5);
        rig.hooks.registry().register(Rig.AFTER, Rig.at("after", 0), word("after"));
        rig.call("in");
        HookFilter last = HookFilter.at(Rig.LAST);

        Map<String, HookMetrics> figures = rig.hooks.registry().metricsById(last);

        assertThat(figures.keySet())
                .containsExactlyElementsOf(rig.hooks.registry().list(last).stream()
                        .map(HookInfo::id)
                        .toList());
        assertThat(figures.values()).extracting(HookMetrics::count).containsExactly(1L, 1L);
    }

    @Test
    void list_filters_chooseInCatalogueOrder() {
        HookPoint custom = HookPoint.custom("mine");
        rig.open(custom, "c", word("c"));
        rig.hooks
                .registry()
                .register(
                        Rig.AFTER,
                        HookOptions.builder("lua")
                                .language(Language.LUA)
                                .tags("red", "blue")
                                .build(),
                        word("lua"));
        rig.hooks.systemLast().register(Rig.BEFORE, "system", word("system"));
        rig.hooks.registry().register(Rig.BEFORE, Rig.at("low", 50), word("low"));

        assertThat(rig.hooks.registry().list(HookFilter.all()))
                .extracting(HookInfo::name)
                .containsExactly("low", "lua", "c");
        assertThat(rig.hooks.registry().list(HookFilter.at(Rig.AFTER)))
                .extracting(HookInfo::name)
                .containsExactly("lua");
        assertThat(list(null, Language.LUA, null, null, false)).containsExactly("lua");
        assertThat(list(null, null, "blue", null, false)).containsExactly("lua");
        assertThat(list(null, null, null, "low", false)).containsExactly("low");
        assertThat(list(Rig.BEFORE, null, null, null, true)).containsExactly("low", "system");
    }

    private Iterable<String> list(
            @org.jspecify.annotations.Nullable HookPoint point,
            @org.jspecify.annotations.Nullable Language language,
            @org.jspecify.annotations.Nullable String tag,
            @org.jspecify.annotations.Nullable String name,
            boolean system) {
        HookFilter filter = new HookFilter(point, language, tag, name, HookOptions.HIGHEST, HookOptions.LOWEST, system);
        return rig.hooks.registry().list(filter).stream().map(HookInfo::name).toList();
    }

    @Test
    void info_system_isSetByTheBandAlone() {
        HookHandle user = rig.open(Rig.BEFORE, "user", word("user"));
        HookHandle system = rig.hooks.systemFirst().register(Rig.BEFORE, "system", word("system"));

        assertThat(user.info().system()).isFalse();
        assertThat(system.info().system()).isTrue();
        assertThat(user.info().id()).isNotEqualTo(system.info().id());
        assertThat(user).hasToString(user.info().id());
    }

    @Test
    void registration_duringAnOperation_countsFromTheNext() {
        rig.open(Rig.BEFORE, "adder", context -> {
            if (rig.trace.stream().noneMatch("added"::equals)) {
                rig.trace.add("added");
                rig.open(Rig.BEFORE, "later", word("later"));
                rig.open(Rig.AFTER, "after", word("after"));
            }
            return HookResult.proceed();
        });

        rig.call("in");
        assertThat(rig.trace).doesNotContain("later", "after");
        rig.call("in");
        assertThat(rig.trace).contains("later", "after");
    }

    @Test
    void unregistration_duringAnOperation_countsFromTheNext() {
        HookHandle later = rig.open(Rig.AFTER, "later", word("later"));
        rig.open(Rig.BEFORE, "remover", context -> {
            later.unregister();
            return HookResult.proceed();
        });

        rig.call("in");
        assertThat(rig.written()).contains("later");
        rig.call("in");
        assertThat(rig.written()).doesNotContain("later");
    }

    @Test
    void close_registered_stayAndNewOnesAreRefused() {
        rig.open(Rig.BEFORE, "stays", word("stays"));
        rig.hooks.close();
        rig.hooks.close();

        assertThatThrownBy(() -> rig.open(Rig.BEFORE, "new", word("new")))
                .isInstanceOf(LlmSpellException.class)
                .hasMessage("hook \"new\" cannot be registered at BeforeToolExecution: the hooks are closed"
                        + " [invalid_state]");
        rig.call("in");
        assertThat(rig.written()).contains("stays");
    }
}
