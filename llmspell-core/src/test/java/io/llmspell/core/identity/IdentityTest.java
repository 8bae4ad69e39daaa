package io.llmspell.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.concurrent.Cancellation;
import io.llmspell.core.concurrent.CancellationSource;
import io.llmspell.core.error.ArgumentException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentityTest {
    private static final CorrelationId RUN = new CorrelationId("run-1");

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "ü", "\u007f", "\uD83D\uDE00"})
    void correlationId_thatIsNotPrintable_isRefused(String text) {
        refused(() -> new CorrelationId(text), "a UUID or 1 to 128 printable ASCII characters");
    }

    @Test
    void correlationId_atItsBorders_isAccepted() {
        assertThat(new CorrelationId("!").text()).isEqualTo("!");
        assertThat(new CorrelationId("~".repeat(128))).hasToString("~".repeat(128));
        assertThat(new CorrelationId("a\"b")).hasToString("a\"b");
        refused(() -> new CorrelationId("x".repeat(129)), "a UUID or 1 to 128");
    }

    @Test
    void componentType_atItsBorders_isChecked() {
        assertThat(new ComponentType("x".repeat(64))).hasToString("x".repeat(64));
        refused(() -> new ComponentType("x".repeat(65)), "1 to 64 characters");
        refused(() -> new ComponentType(" "), "1 to 64 characters");
        assertThat(List.of(
                        ComponentType.AGENT.name(),
                        ComponentType.TOOL.name(),
                        ComponentType.WORKFLOW.name(),
                        ComponentType.SYSTEM.name()))
                .containsExactly("agent", "tool", "workflow", "system");
    }

    @Test
    void component_atItsBorders_isChecked() {
        UUID id = new UUID(1, 2);

        assertThat(new Component(ComponentType.TOOL, "x".repeat(256), id).id()).isEqualTo(id);
        refused(() -> new Component(ComponentType.TOOL, "", id), "1 to 256 characters");
        refused(() -> new Component(ComponentType.TOOL, "x".repeat(257), id), "1 to 256 characters");
    }

    @Test
    void component_named_hasAnIdThatFollowsFromTypeAndName() {
        Component calculator = Component.named(ComponentType.TOOL, "calculator");

        assertThat(calculator).isEqualTo(Component.named(ComponentType.TOOL, "calculator"));
        assertThat(calculator.id())
                .isNotEqualTo(Component.named(ComponentType.AGENT, "calculator").id());
        assertThat(calculator.id())
                .isNotEqualTo(Component.named(ComponentType.TOOL, "calculatoR").id());
        assertThat(calculator).hasToString("tool/calculator");
    }

    @Test
    void principal_eachKind_hasOneLine() {
        List<Principal> all = List.of(
                new Principal.Host(),
                new Principal.RuntimePart("monitor"),
                new Principal.Script("lua", null),
                new Principal.Script("lua", "tour.lua"),
                new Principal.Agent("a-1"),
                new Principal.Workflow("w-1"));

        assertThat(all)
                .extracting(Principal::text)
                .containsExactly(
                        "host", "runtime:monitor", "script:lua", "script:tour.lua", "agent:a-1", "workflow:w-1");
    }

    @Test
    void language_byItsId_isFoundInAnyCase() {
        for (Language language : Language.values()) {
            assertThat(Language.of(language.id())).isEqualTo(language);
        }
        assertThat(Language.of("JavaScript")).isEqualTo(Language.JAVASCRIPT);
        assertThat(Language.of("cobol")).isEqualTo(Language.UNKNOWN);
    }

    @Test
    void caller_copies_changeOneThingEach() {
        CancellationSource stop = new CancellationSource();
        Caller caller = Caller.host(RUN);
        Principal agent = new Principal.Agent("a");
        CorrelationId other = new CorrelationId("run-2");

        assertThat(caller.principal()).isEqualTo(new Principal.Host());
        assertThat(caller.language()).isEqualTo(Language.JAVA);
        assertThat(caller.token()).isSameAs(Cancellation.none());
        assertThat(caller.deadlineNanos()).isEqualTo(Awaiter.NO_DEADLINE);
        assertThat(caller.as(agent)).isEqualTo(Caller.of(agent, Language.JAVA, RUN));
        assertThat(caller.in(Language.LUA)).isEqualTo(Caller.of(new Principal.Host(), Language.LUA, RUN));
        assertThat(caller.correlated(other)).isEqualTo(Caller.host(other));
        assertThat(caller.within("op-1").parentOperation()).isEqualTo("op-1");
        assertThat(caller.limited(stop, 5).token()).isSameAs(stop);
        Caller all = caller.as(agent)
                .within("op")
                .deeper("h1")
                .in(Language.LUA)
                .correlated(other)
                .limited(stop, 7);
        assertThat(all).isEqualTo(new Caller(agent, Language.LUA, other, "op", stop, 7, Lineage.TOP.hook("h1"), null));
    }

    @Test
    void caller_deeper_growsTheChainOutermostFirst() {
        Caller caller = Caller.host(RUN).deeper("a at X").deeper("b at Y");

        assertThat(caller.hookDepth()).isEqualTo(2);
        assertThat(caller.hookChain()).containsExactly("a at X", "b at Y");
        assertThat(Caller.host(RUN).hookDepth()).isZero();
    }

    @Test
    void caller_hookChain_isCopied() {
        List<String> chain = new ArrayList<>(List.of("a"));
        Caller caller = new Caller(
                new Principal.Host(),
                Language.JAVA,
                RUN,
                null,
                Cancellation.none(),
                Awaiter.NO_DEADLINE,
                new Lineage(chain, List.of(), 0, null, false),
                "00-1");
        chain.add("b");

        assertThat(caller.hookChain()).containsExactly("a");
        assertThat(caller.deeper("c").traceparent()).isEqualTo("00-1");
    }

    @ParameterizedTest
    @CsvSource({
        "100, 200, 100",
        "200, 100, 100",
        "9223372036854775807, 100, 100",
        "100, 9223372036854775807, 100",
        "9223372036854775807, 9223372036854775807, 9223372036854775807",
        // ticks have no origin: the smaller number may be the later tick once the counter has run over
        "9223372036854775800, -9223372036854775800, 9223372036854775800",
        "-9223372036854775800, 9223372036854775800, 9223372036854775800",
    })
    void caller_limited_keepsTheEarlierDeadline(long present, long other, long expected) {
        Caller caller = Caller.host(RUN).limited(Cancellation.none(), present);

        assertThat(caller.limited(Cancellation.none(), other).deadlineNanos()).isEqualTo(expected);
    }

    private static void refused(ThrowingCallable call, String wanted) {
        assertThatThrownBy(call)
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining("must be " + wanted)
                .hasMessageEndingWith("[invalid_argument]");
    }
}
