package io.llmspell.hooks.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmspell.core.audit.AuditLog;
import io.llmspell.core.audit.AuditQuery;
import io.llmspell.core.audit.AuditRecord;
import io.llmspell.core.audit.AuditReport;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.hook.FailurePolicy;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.hook.HookFilter;
import io.llmspell.core.hook.HookInfo;
import io.llmspell.core.hook.HookOptions;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.hook.Outcome;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.ComponentType;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonArray;
import io.llmspell.core.json.JsonObject;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.notice.Violation;
import io.llmspell.core.storage.StorageException;
import io.llmspell.core.storage.Write;
import io.llmspell.core.tool.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

final class SecurityHookTest {
    private static final String SECRET = "sk-" + "aB3_".repeat(12);
    private static final String LONG = "x".repeat(10_000);

    private final Kept audit = new Kept();
    private final BuiltinRig rig = new BuiltinRig(Level.TRACE, audit, null);

    @AfterEach
    void close() {
        rig.close();
    }

    /** An audit log in a list. */
    private static final class Kept implements AuditLog {
        final List<AuditRecord> records = new CopyOnWriteArrayList<>();
        volatile boolean full;

        @Override
        public void append(AuditRecord record) {
            if (full) {
                throw new StorageException(ErrorCode.STORE_FULL, "the store has no room left");
            }
            records.add(record);
        }

        @Override
        public Write stage(AuditRecord record) {
            throw new AssertionError("nothing is staged here");
        }

        @Override
        public List<AuditRecord> query(AuditQuery query) {
            return records.stream().filter(query::matches).toList();
        }

        @Override
        public AuditReport verify() {
            return new AuditReport(records.size(), 0, null);
        }
    }

    private List<SecurityEvent> events() {
        return rig.builtins.view(SecurityLog.class).orElseThrow().events();
    }

    private SecurityEvent last(SecurityEventKind kind) {
        return events().stream()
                .filter(event -> event.kind() == kind)
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    private Object statistic(String group, String member) {
        return java.util.Objects.requireNonNull(((Map<?, ?>) java.util.Objects.requireNonNull(
                        rig.builtins.statistics("security").get(group)))
                .get(member));
    }

    // ---- attempts ----

    @Test
    void call_harmless_isAnAttempt() {
        rig.enable("security");
        rig.call(JsonObject.of("a", 1));

        assertThat(events())
                .extracting(SecurityEvent::kind)
                .containsExactly(SecurityEventKind.AUDIT_LOG, SecurityEventKind.ACCESS_ATTEMPT);
        assertThat(last(SecurityEventKind.ACCESS_ATTEMPT))
                .returns(SecuritySeverity.INFO, SecurityEvent::severity)
                .returns("BeforeToolExecution", SecurityEvent::point)
                .returns("tool/calc", SecurityEvent::component)
                .returns("host", SecurityEvent::principal)
                .returns("run-1", SecurityEvent::correlationId)
                .returns("tool_call", SecurityEvent::reason)
                .returns(false, SecurityEvent::blocked);
        assertThat(audit.records).isEmpty();
        assertThat(rig.alerts).isEmpty();
        assertThat(rig.builtins.statistics("security")).containsEntry("total_events", 2L);
    }

    @Test
    void call_atSeveralPointsAndAskedAgain_isOneAttempt() {
        rig.enable("security", "points", List.of("ToolValidation", "BeforeToolExecution"));
        rig.hooks.registry().register(BuiltinRig.BEFORE, "change", context -> HookResult.modified("other"));
        rig.call("x");
        rig.call("x");

        assertThat(statistic("by_type", "access_attempt")).isEqualTo(2L);
    }

    @Test
    void metadata_saysWhenAndWhetherItWasBlocked() {
        rig.enable("security", "block_on_violations", true);
        List<Map<String, String>> seen = new CopyOnWriteArrayList<>();
        rig.look(BuiltinRig.RELEASED, context -> seen.add(Map.copyOf(context.metadata())));
        rig.call("x");
        rig.failure(LONG);

        assertThat(seen.get(0))
                .containsEntry("security_checked_at", "2025-01-01T00:00:00Z")
                .doesNotContainKey("security_blocked");
        assertThat(seen.get(1)).containsEntry("security_blocked", "true");
    }

    // ---- rules ----

    @Test
    void parameterSize_beyondTheLimit_isAViolationThatPasses() {
        rig.enable("security");
        assertThat(rig.call(LONG)).isEqualTo(LONG);

        assertThat(last(SecurityEventKind.SUSPICIOUS_ACTIVITY))
                .returns("parameter_size", SecurityEvent::rule)
                .returns(SecuritySeverity.MEDIUM, SecurityEvent::severity)
                .returns(
                        "the parameters are 10002 bytes long as JSON, at most 10000 are allowed", SecurityEvent::reason)
                .returns(false, SecurityEvent::blocked)
                .returns(null, SecurityEvent::data);
        assertThat(audit.records).singleElement().satisfies(record -> {
            assertThat(record.action()).isEqualTo("suspicious_activity:tool_call");
            assertThat(record.target()).isEqualTo("tool/calc");
            assertThat(record.allowed()).isTrue();
            assertThat(record.principal()).isEqualTo(new Principal.Host());
            assertThat(record.correlation().text()).isEqualTo("run-1");
        });
        assertThat(rig.logger.lines.get(0))
                .isEqualTo("WARN suspicious_activity severity=medium rule=parameter_size point=BeforeToolExecution"
                        + " component=tool/calc principal=host correlation_id=run-1 blocked=false"
                        + " reason=\"the parameters are 10002 bytes long as JSON, at most 10000 are allowed\"");
        assertThat(rig.call("x".repeat(9_998))).isNotNull();
        assertThat(audit.records).hasSize(1);
    }

    @Test
    void parameterSize_blocking_refusesAndIsAudited() {
        rig.enable("security", "block_on_violations", true, "max_parameter_length", 10);
        rig.body = input -> {
            throw new AssertionError("must not run");
        };
        LlmSpellException refusal = rig.failure("12345678901");

        assertThat(refusal)
                .hasMessage("tool/calc was cancelled by hook \"security\" at BeforeToolExecution: security rule"
                        + " parameter_size: the parameters are 13 bytes long as JSON, at most 10 are allowed"
                        + " [operation_cancelled]");
        assertThat(audit.records).singleElement().returns(false, AuditRecord::allowed);
        assertThat(rig.builtins.statistics("security")).containsEntry("blocked_events", 2L);
        assertThat(statistic("by_severity", "medium")).isEqualTo(1L);
        assertThat(statistic("by_severity", "critical"))
                .as("the monitor heard of it")
                .isEqualTo(1L);
        assertThat(rig.alerts)
                .containsExactly(new BuiltinRig.Alert(
                        "security.violation",
                        JsonObject.of(
                                "rule", "violation_monitor",
                                "event_kind", "security_violation",
                                "severity", "critical",
                                "principal", "host",
                                "target", "tool/calc",
                                "blocked", true,
                                "reason", "rule \"parameter_size\" was broken on tool/calc")));
    }

    @Test
    void violation_ofAnotherPart_isMonitored() {
        rig.enable("security");
        Notices notices = new Notices(rig.hooks.gate(), null);
        notices.violated(
                Violation.denied("tool_level", "process_executor"),
                BuiltinRig.CALC,
                BuiltinRig.caller().as(new Principal.Agent("planner")));

        assertThat(last(SecurityEventKind.PERMISSION_DENIED))
                .returns("violation_monitor", SecurityEvent::rule)
                .returns(SecuritySeverity.CRITICAL, SecurityEvent::severity)
                .returns("agent:planner", SecurityEvent::principal)
                .returns("rule \"tool_level\" was broken on process_executor", SecurityEvent::reason)
                .returns(true, SecurityEvent::blocked);
        assertThat(audit.records).singleElement().satisfies(record -> {
            assertThat(record.principal()).isEqualTo(new Principal.Agent("planner"));
            assertThat(record.target()).isEqualTo("process_executor");
            assertThat(record.allowed()).isFalse();
        });
        assertThat(rig.alerts).hasSize(1);
        assertThat(rig.logger.lines).singleElement().asString().startsWith("ERROR permission_denied severity=critical");
    }

    @Test
    void violation_causedWhileAnotherIsReported_isAuditedToo() {
        rig.enable("security");
        Notices notices = new Notices(rig.hooks.gate(), null);
        List<String> once = new CopyOnWriteArrayList<>();
        rig.hooks.registry().register(HookPoint.SECURITY_VIOLATION, "prober", context -> {
            if (once.isEmpty()) {
                once.add("done");
                notices.violated(Violation.denied("state_access", "agent:other"), BuiltinRig.CALC, context.caller());
            }
            return HookResult.proceed();
        });
        rig.call(LONG);

        assertThat(audit.records).extracting(AuditRecord::target).containsExactlyInAnyOrder("tool/calc", "agent:other");
    }

    @Test
    void violation_withForeignData_isMonitoredAllTheSame() {
        rig.enable("security");
        Passage<Outcome, Outcome> odd = rig.passage(
                OperationKind.SYSTEM,
                HookPoint.SYSTEM_STARTUP,
                HookPoint.CONFIGURATION_CHANGE,
                HookPoint.AFTER_AGENT_SHUTDOWN,
                HookPoint.AGENT_ERROR,
                HookPoint.SECURITY_VIOLATION);
        odd.call(BuiltinRig.CALC, new Outcome("text"), BuiltinRig.caller());
        odd.call(BuiltinRig.CALC, new Outcome(JsonObject.of("rule", 7, "event_kind", "nonsense")), BuiltinRig.caller());

        assertThat(statistic("by_type", "security_violation")).isEqualTo(2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dbPassword", "access_token", "apiKey", "Authorization"})
    void sensitiveParameter_byName_isDataAccess(String name) {
        rig.enable("security");
        assertThat(rig.call(JsonObject.of("a", JsonArray.of(1, JsonObject.of(name, "geheim")))))
                .as("the subject stays as it is")
                .isEqualTo(JsonObject.of("a", JsonArray.of(1, JsonObject.of(name, "geheim"))));

        assertThat(last(SecurityEventKind.DATA_ACCESS))
                .returns("sensitive_parameter", SecurityEvent::rule)
                .returns(SecuritySeverity.LOW, SecurityEvent::severity)
                .returns("sensitive data at $.a[1]." + name, SecurityEvent::reason)
                .returns("{\"a\":[1,{\"" + name + "\":\"[REDACTED]\"}]}", SecurityEvent::data);
        assertThat(audit.records).as("no violation").isEmpty();
        assertThat(rig.logger.lines).singleElement().asString().startsWith("INFO data_access severity=low");
    }

    @ParameterizedTest
    @ValueSource(strings = {"author", "total_tokens", "token_count", "key", "secretary", "tokenizer"})
    void harmlessParameter_isNoDataAccess(String name) {
        rig.enable("security");
        rig.call(JsonObject.of(name, "Ada Lovelace"));

        assertThat(statistic("by_type", "data_access")).isEqualTo(0L);
    }

    @Test
    void sensitiveParameter_byValueOrOwnName_isFound() {
        rig.enable("security", "sensitive_parameters", List.of("ssn"));
        rig.call(JsonObject.of("note", "use " + SECRET));
        assertThat(last(SecurityEventKind.DATA_ACCESS).reason()).isEqualTo("sensitive data at $.note");
        rig.call(JsonObject.of("userSsn", 123456789));
        assertThat(last(SecurityEventKind.DATA_ACCESS))
                .returns("sensitive data at $.userSsn", SecurityEvent::reason)
                .returns("{\"userSsn\":\"[REDACTED]\"}", SecurityEvent::data);
        rig.call(JsonObject.of("password", null, "secret", false, "token", "[REDACTED]"));
        assertThat(statistic("by_type", "data_access"))
                .as("what cannot be a secret")
                .isEqualTo(2L);
    }

    @Test
    void sensitiveParameter_ofAStateWrite_goesByTheKeyToo() {
        rig.enable("security");
        Passage<Outcome, Outcome> write = rig.passage(
                OperationKind.STATE_WRITE,
                HookPoint.BEFORE_STATE_READ,
                HookPoint.BEFORE_STATE_WRITE,
                HookPoint.AFTER_STATE_WRITE,
                HookPoint.STATE_CONFLICT,
                HookPoint.AFTER_EVENT_EMIT);
        Component state = Component.named(ComponentType.SYSTEM, "state");
        Object change = JsonObject.of(
                "scope", "global", "key", "api_key", "value", "geheim", "old_value", "alt", "change", "set");
        write.call(state, new Outcome(change), BuiltinRig.caller());

        assertThat(last(SecurityEventKind.DATA_ACCESS))
                .returns("sensitive data at $.value", SecurityEvent::reason)
                .satisfies(event -> assertThat(event.data())
                        .contains("api_key", "[REDACTED]")
                        .doesNotContain("geheim", "alt\""));
    }

    @Test
    void nothing_thatIsKept_holdsASecret() {
        rig.enable("security", "max_parameter_length", 10, "block_on_violations", true);
        Object hostile = JsonObject.of(
                "password",
                "geheim",
                "nested",
                JsonArray.of(JsonObject.of("auth", JsonObject.of("x", "geheim")), SECRET),
                SECRET,
                "value");
        rig.call("short", BuiltinRig.caller().as(new Principal.Agent(SECRET)));
        rig.failure(hostile);

        assertThat(events()).allSatisfy(event -> assertThat(event.toString()).doesNotContain("geheim", SECRET));
        assertThat(audit.records)
                .allSatisfy(
                        record -> assertThat(record.target() + record.reason()).doesNotContain("geheim", SECRET));
        assertThat(rig.alerts).allSatisfy(alert -> assertThat(alert.toString()).doesNotContain("geheim", SECRET));
        assertThat(rig.logger.lines)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).doesNotContain("geheim", SECRET));
    }

    // ---- refusals of others ----

    @Test
    void refusal_byAnotherHook_isRecordedAndAudited() {
        rig.enable("security");
        rig.hooks.registry().register(BuiltinRig.BEFORE, "no-rm", context -> HookResult.cancel("never"));
        rig.failure("x");

        assertThat(last(SecurityEventKind.UNAUTHORIZED_OPERATION))
                .returns("hook \"no-rm\" refused: never", SecurityEvent::reason)
                .returns(true, SecurityEvent::blocked);
        assertThat(audit.records).singleElement().satisfies(record -> {
            assertThat(record.allowed()).isFalse();
            assertThat(record.reason()).isEqualTo("hook \"no-rm\" refused: never");
        });
    }

    @Test
    void refusal_byTheRateLimit_isItsOwnKind() {
        rig.enable("security");
        rig.hooks.registry().register(BuiltinRig.BEFORE, "rate_limit", context -> HookResult.cancel("too many"));
        rig.failure("x");

        assertThat(statistic("by_type", "rate_limit_exceeded")).isEqualTo(1L);
        assertThat(audit.records).hasSize(1);
    }

    @Test
    void refusal_byAFailedGuard_isRecorded() {
        rig.enable("security");
        HookOptions guard = HookOptions.builder("guard")
                .failurePolicy(FailurePolicy.FAIL_CLOSED)
                .build();
        rig.hooks.registry().register(BuiltinRig.BEFORE, guard, context -> {
            throw new IllegalStateException("planted");
        });
        rig.failure("x");

        assertThat(last(SecurityEventKind.UNAUTHORIZED_OPERATION).reason()).contains("guard");
        assertThat(audit.records).hasSize(1);
    }

    @Test
    void refusal_byARight_isRecordedHereAndAuditedByItsNotice() {
        rig.enable("security");
        rig.body = input -> {
            throw new ToolException(ErrorCode.PERMISSION_DENIED, "no level", Map.of(), null);
        };
        rig.failure("x");
        rig.body = input -> {
            throw new ToolException(ErrorCode.PATH_DENIED, "no path", Map.of(), null);
        };
        rig.failure("x");

        assertThat(statistic("by_type", "permission_denied")).isEqualTo(1L);
        assertThat(statistic("by_type", "unauthorized_operation")).isEqualTo(1L);
        assertThat(audit.records)
                .as("the part that refuses gives a notice, which is audited")
                .isEmpty();
    }

    @Test
    void failure_ofTheOperation_isNoRefusal() {
        rig.enable("security");
        rig.failing();
        rig.failure("x");

        assertThat(rig.builtins.statistics("security")).containsEntry("blocked_events", 0L);
    }

    // ---- settings ----

    @Test
    void minSeverity_hidesButStillRefuses() {
        rig.enable("security", "min_severity", "critical", "block_on_violations", true, "max_parameter_length", 10);
        rig.failure("12345678901");

        assertThat(events())
                .extracting(SecurityEvent::kind)
                .as("what the monitor heard")
                .containsExactly(SecurityEventKind.SECURITY_VIOLATION);
        assertThat(events().get(0).rule()).isEqualTo("violation_monitor");
        assertThat(audit.records).hasSize(1);
    }

    @Test
    void auditLogging_off_recordsNothingButCountsAndRefuses() {
        rig.enable("security", "enable_audit_logging", false, "block_on_violations", true);
        rig.failure(LONG);

        assertThat(events()).isEmpty();
        assertThat(audit.records).isEmpty();
        assertThat(statistic("by_type", "suspicious_activity")).isEqualTo(1L);
        assertThat(statistic("by_type", "security_violation")).isEqualTo(1L);
        assertThat(rig.logger.lines).hasSize(2);
    }

    @Test
    void parameterValidation_off_looksAtNoParameters() {
        rig.enable("security", "enable_parameter_validation", false, "block_on_violations", true);
        rig.call(LONG);
        rig.call(JsonObject.of("password", "x"));

        assertThat(statistic("by_type", "access_attempt")).isEqualTo(2L);
    }

    @Test
    void redact_off_keepsNoCopyAtAll() {
        rig.enable("security", "redact", false);
        rig.call(JsonObject.of("password", "geheim"));

        assertThat(last(SecurityEventKind.DATA_ACCESS).data()).isNull();
    }

    @Test
    void points_named_areWhereParametersAreLookedAt() {
        rig.enable("security", "points", List.of("ToolValidation"), "block_on_violations", true);
        assertThat(rig.failure(LONG).getMessage()).contains("at ToolValidation");
        assertThat(rig.hooks.registry().explain(BuiltinRig.BEFORE)).doesNotContain("security");
    }

    @Test
    void rule_ofTheUser_actsLikeOneOfTheHouse() {
        SecurityRule rule = new SecurityRule(
                "no-scripts",
                Set.of(BuiltinRig.AFTER),
                context -> String.valueOf(context.data()).contains("<script") ? "a script in the output" : null,
                SecurityEventKind.PARAMETER_INJECTION,
                SecuritySeverity.HIGH,
                Set.of(SecurityAction.values()));
        rig.builtins.enable(
                SecurityConfig.builder().rule(rule).blockOnViolations(true).build());
        rig.call("fine");
        rig.body = input -> "<script> password=" + "hunter22";

        assertThat(rig.failure("x").getMessage())
                .isEqualTo(
                        "tool/calc was cancelled by hook \"security\" at AfterToolExecution: security rule no-scripts:"
                                + " a script in the output [operation_cancelled]");
        assertThat(events().stream().filter(event -> "no-scripts".equals(event.rule())))
                .singleElement()
                .returns(SecurityEventKind.PARAMETER_INJECTION, SecurityEvent::kind)
                .returns("\"<script> password=[REDACTED]\"", SecurityEvent::data);
        assertThat(rig.alerts).hasSize(2);
        assertThat(java.util.Objects.requireNonNull(
                                rig.builtins.list().get(3).config().get("rules"))
                        .toString())
                .contains("no-scripts", "parameter_size", "sensitive_parameter", "violation_monitor");
    }

    @Test
    void rule_thatFails_refuses() {
        SecurityRule rule = new SecurityRule(
                "broken",
                Set.of(BuiltinRig.BEFORE),
                context -> {
                    throw new IllegalStateException("planted");
                },
                SecurityEventKind.CUSTOM,
                SecuritySeverity.LOW,
                Set.of());
        rig.builtins.enable(SecurityConfig.builder().rule(rule).build());

        assertThat(rig.failure("x").code()).isEqualTo(ErrorCode.HOOK_FAILED);
    }

    @Test
    void auditLog_full_refusesRatherThanForgets() {
        rig.enable("security");
        audit.full = true;
        assertThat(rig.call("harmless")).isEqualTo("harmless");
        assertThat(rig.failure(LONG).code()).isEqualTo(ErrorCode.HOOK_FAILED);
    }

    @Test
    void alert_notTaken_changesNothing() {
        BuiltinHooks builtins = BuiltinHooks.of(
                rig.hooks,
                BuiltinServices.builder(rig.time)
                        .meters(null)
                        .loggers(name -> rig.logger)
                        .alerts((type, payload, caller) -> {
                            throw new IllegalStateException("planted");
                        })
                        .build());
        builtins.enable(SecurityConfig.builder().build());

        assertThat(rig.call(LONG)).isEqualTo(LONG);
        assertThat(rig.logger.lines).anyMatch(line -> line.contains("a security alert was not taken"));
    }

    @Test
    void place_isTheVeryFirstAndFailsClosed() {
        rig.enable("security");
        List<HookInfo> hooks =
                rig.hooks.registry().list(new HookFilter(null, null, null, "security", -1000, 1000, true));

        assertThat(hooks)
                .extracting(hook -> hook.point().name())
                .containsExactlyInAnyOrder(
                        "BeforeToolExecution", "BeforeAgentExecution", "BeforeStateWrite", "SecurityViolation");
        assertThat(hooks).allSatisfy(hook -> {
            assertThat(hook.system()).isTrue();
            assertThat(hook.options().priority()).isEqualTo(HookOptions.HIGHEST);
            assertThat(hook.options().failurePolicy()).isEqualTo(FailurePolicy.FAIL_CLOSED);
        });
    }

    @Test
    void guard_laterChangeOfTheSubject_isJudgedToo() {
        rig.enable("security", "block_on_violations", true, "max_parameter_length", 10);
        rig.hooks.registry().register(BuiltinRig.BEFORE, "grow", context -> HookResult.modified(LONG));

        assertThat(rig.failure("x").getMessage()).contains("cancelled by hook \"security\"");
        assertThat(audit.records).extracting(AuditRecord::allowed).containsExactly(false);
    }

    @Test
    void options_wrong_areRefused() {
        assertThatThrownBy(() -> rig.enable("security", "max_events", 0)).hasMessageContaining("1 to 1000000");
        assertThatThrownBy(() -> rig.enable("security", "min_severity", "severe"))
                .hasMessageContaining("one of info, low, medium, high, critical");
        assertThatThrownBy(() -> rig.enable("security", "sensitive_parameters", List.of("12")))
                .hasMessageStartingWith("hooks.security.sensitive_parameters: is [12], but must be a list of names");
        assertThatThrownBy(() -> SecurityConfig.builder().maxParameterLength(0).build())
                .hasMessageContaining("max_parameter_length");
        assertThatThrownBy(() -> SecurityConfig.builder().maxEvents(0).build()).hasMessageContaining("max_events");
        SecurityRule taken = new SecurityRule(
                "parameter_size",
                Set.of(BuiltinRig.BEFORE),
                context -> null,
                SecurityEventKind.CUSTOM,
                SecuritySeverity.LOW,
                Set.of());
        assertThatThrownBy(() -> SecurityConfig.builder().rule(taken).build())
                .hasMessageContaining("one that no other rule has");
        assertThatThrownBy(() -> new SecurityRule(
                        "x", Set.of(), context -> null, SecurityEventKind.CUSTOM, SecuritySeverity.LOW, Set.of()))
                .hasMessageContaining("at least one point");
    }

    // ---- the chain of events ----

    @Test
    void chain_ofEvents_isVerifiedAndTrimmed() {
        rig.enable("security", "max_events", 5);
        for (int i = 0; i < 20; i++) {
            rig.call(i);
        }
        SecurityLog log = rig.builtins.view(SecurityLog.class).orElseThrow();

        assertThat(log.events()).extracting(SecurityEvent::number).containsExactly(17L, 18L, 19L, 20L, 21L);
        assertThat(log.verify()).isEmpty();
        assertThat(rig.builtins.statistics("security")).containsEntry("total_events", 21L);

        rig.enable("security", "max_events", 3);
        assertThat(events())
                .as("the chain goes on")
                .extracting(SecurityEvent::number)
                .containsExactly(20L, 21L, 22L);
        assertThat(rig.builtins.view(SecurityLog.class).orElseThrow().verify()).isEmpty();
    }

    @Test
    void chain_manyThreads_isWhole() throws Exception {
        rig.enable("security");
        ExecutorService pool = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            pool.execute(() -> {
                for (int i = 0; i < 200; i++) {
                    rig.call(i);
                }
            });
        }
        pool.shutdown();

        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(events()).hasSize(801);
        assertThat(rig.builtins.view(SecurityLog.class).orElseThrow().verify()).isEmpty();
    }

    private List<SecurityEvent> exported() {
        rig.enable("security");
        for (int i = 0; i < 9; i++) {
            rig.call(i);
        }
        return new ArrayList<>(events());
    }

    private static SecurityEvent with(SecurityEvent event, String reason, String previous, @Nullable String hash) {
        SecurityChain.Draft draft = new SecurityChain.Draft(
                event.timestamp(),
                event.kind(),
                event.severity(),
                event.rule(),
                event.point(),
                event.component(),
                event.principal(),
                event.correlationId(),
                event.blocked(),
                reason,
                event.data());
        SecurityEvent changed = draft.at(event.number(), previous, "");
        return draft.at(event.number(), previous, hash == null ? SecurityChain.hash(changed) : hash);
    }

    @Test
    void firstBad_changedDroppedOrMoved_isNamed() {
        List<SecurityEvent> events = exported();
        assertThat(SecurityLog.firstBad(events)).isEmpty();
        SecurityEvent fifth = events.get(4);

        List<SecurityEvent> changed = new ArrayList<>(events);
        changed.set(4, with(fifth, "other", fifth.previous(), fifth.hash()));
        assertThat(SecurityLog.firstBad(changed)).hasValue(5);
        changed.set(4, with(fifth, "other", fifth.previous(), null));
        assertThat(SecurityLog.firstBad(changed)).as("with a new hash").hasValue(5);
        changed.set(4, with(fifth, fifth.reason(), "0".repeat(64), null));
        assertThat(SecurityLog.firstBad(changed)).as("with another predecessor").hasValue(5);

        List<SecurityEvent> dropped = new ArrayList<>(events);
        dropped.remove(4);
        assertThat(SecurityLog.firstBad(dropped)).hasValue(5);

        List<SecurityEvent> swapped = new ArrayList<>(events);
        java.util.Collections.swap(swapped, 4, 6);
        assertThat(SecurityLog.firstBad(swapped)).hasValue(5);
        assertThat(SecurityLog.firstBad(List.of())).isEmpty();
    }

    @Test
    void condition_seesTheContext() {
        List<HookPoint> seen = new CopyOnWriteArrayList<>();
        SecurityCondition look = (HookContext context) -> {
            seen.add(context.point());
            return null;
        };
        rig.builtins.enable(SecurityConfig.builder()
                .rule(new SecurityRule(
                        "look",
                        Set.of(BuiltinRig.AFTER),
                        look,
                        SecurityEventKind.CUSTOM,
                        SecuritySeverity.LOW,
                        Set.of()))
                .build());
        rig.call("x");

        assertThat(seen).containsExactly(BuiltinRig.AFTER);
    }
}
