package io.llmspell.state.artifact;

import io.llmspell.core.artifact.ArtifactContent;
import io.llmspell.core.artifact.ArtifactDraft;
import io.llmspell.core.artifact.ArtifactException;
import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.gate.Gate;
import io.llmspell.core.gate.Operation;
import io.llmspell.core.gate.OperationCancelledException;
import io.llmspell.core.gate.Passage;
import io.llmspell.core.gate.Step;
import io.llmspell.core.hook.HookPoint;
import io.llmspell.core.hook.HookResultKind;
import io.llmspell.core.hook.OperationKind;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Component;
import io.llmspell.core.json.JsonLimits;
import io.llmspell.core.json.JsonValues;
import io.llmspell.core.state.StateOperation;
import io.llmspell.core.storage.Commit;
import io.llmspell.state.RecordBatch;
import io.llmspell.state.Sealing;
import io.llmspell.state.session.Sessions;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations that change artifacts, each through its hook points and in one commit. */
final class ArtifactOperations {
    /** None of them can be answered without being done, and there is nothing else that could do it. */
    static final Set<HookResultKind> BEFORE =
            EnumSet.complementOf(EnumSet.of(HookResultKind.REPLACE, HookResultKind.CACHE, HookResultKind.REDIRECT));

    /** What is committed stands. */
    static final Set<HookResultKind> AFTER =
            EnumSet.of(HookResultKind.CONTINUE, HookResultKind.SKIPPED, HookResultKind.CANCEL);

    private final ArtifactHouse house;
    private final ArtifactChecks checks;
    private final Passage<ArtifactView.Subject, Kept> create;
    private final Passage<ArtifactView.Subject, Kept> modify;
    private final Passage<ArtifactView.Subject, Kept> delete;

    /**
     * What was stored or removed.
     *
     * @param info the record
     */
    record Kept(ArtifactInfo info) implements ArtifactView.Output {
        @Override
        public Map<String, @Nullable Object> shown() {
            Map<String, @Nullable Object> shown = new LinkedHashMap<>();
            shown.put("version", info.version());
            shown.put("content_hash", info.contentHash());
            shown.put("size", info.size());
            return shown;
        }
    }

    ArtifactOperations(ArtifactHouse house, Gate gate, ArtifactChecks checks) {
        this.house = house;
        this.checks = checks;
        create = gate.passage(around("create").run(this::commit));
        modify = gate.passage(around("modify").run(this::commit));
        delete = gate.passage(around("delete").run((subject, caller) -> new Kept(remove(subject.id(), caller))));
    }

    private static Operation.Builder<ArtifactView.Subject, Kept> around(String what) {
        return Operation.of(OperationKind.SESSION, new ArtifactView<Kept>())
                .point(new HookPoint("artifact:before_" + what), Step.Stage.BEFORE, BEFORE)
                .point(new HookPoint("artifact:after_" + what), Step.Stage.AFTER, AFTER)
                .encloses();
    }

    static ArtifactContent content(ArtifactView.Subject subject) {
        return Objects.requireNonNull(subject.content(), "content");
    }

    /** Stores a version, or throws {@code state_conflict} if another writer was faster. */
    ArtifactInfo store(Storing wanted, Caller caller) {
        ArtifactDraft draft = wanted.draft();
        Map<String, @Nullable Object> more = new LinkedHashMap<>();
        more.put("permanent", draft.permanent());
        if (draft.sessionId() != null) {
            more.put("session_id", draft.sessionId());
        }
        ArtifactView.Subject subject =
                new ArtifactView.Subject(wanted.id(), draft.name(), draft.type(), draft.content(), more, wanted);
        Component component = ArtifactHouse.component(wanted.id(), draft.name());
        try {
            return (wanted.isNew() ? create : modify)
                    .call(component, subject, caller)
                    .info();
        } catch (OperationCancelledException veto) {
            ArtifactInfo done = wanted.done().get();
            throw done == null ? veto : veto.afterCommit(done.version());
        }
    }

    private Kept commit(ArtifactView.Subject subject, Caller caller) {
        Storing wanted = Objects.requireNonNull(subject.work(), "work");
        ArtifactContent content = checks.checked(subject, caller);
        Packed packed = Packed.of(content);
        ArtifactInfo info = info(wanted, packed, caller);
        RecordBatch batch = house.batch();
        if (info.origin().sessionId() != null) {
            batch.add(Sessions.whileActive(house.sessions(), info.origin().sessionId(), caller));
        }
        Sealing sealing = house.secret(content, info) ? house.scopes().sealing() : null;
        house.store().put(batch, info, packed, wanted.headRevision(), sealing);
        tell(batch, wanted, info, caller);
        if (!(batch.commit() instanceof Commit.Done)) {
            throw ArtifactException.conflict(info.name());
        }
        wanted.done().set(info);
        return new Kept(info);
    }

    private ArtifactInfo info(Storing wanted, Packed content, Caller caller) {
        ArtifactDraft draft = wanted.draft();
        RunTrace trace = RunTrace.of(house.events(), house.time(), caller);
        ArtifactInfo.Origin origin = new ArtifactInfo.Origin(
                draft.sessionId(),
                caller.principal().text(),
                caller.correlation().text(),
                draft.parents(),
                trace.stateKeys(),
                trace.eventIds(),
                trace.hookExecutions(),
                house.time().now().truncatedTo(ChronoUnit.MILLIS));
        return new ArtifactInfo(
                wanted.id(),
                draft.name(),
                draft.type(),
                wanted.version(),
                content.form(),
                content.hash(),
                content.bytes().length(),
                origin,
                draft.permanent(),
                draft.tags(),
                JsonValues.object(
                        (Map<?, ?>) Objects.requireNonNull(house.redactor().value(draft.metadata())),
                        JsonLimits.VALUE));
    }

    private static void tell(RecordBatch batch, Storing wanted, ArtifactInfo info, Caller caller) {
        Component component = ArtifactHouse.component(info.id(), info.name());
        Map<String, @Nullable Object> payload = ArtifactHouse.payload(info);
        batch.event("artifact.validated", payload, component, caller);
        batch.event(wanted.isNew() ? "artifact.created" : "artifact.modified", payload, component, caller);
        for (String parent : info.origin().parents()) {
            Map<String, @Nullable Object> derived = new LinkedHashMap<>(payload);
            derived.put("parent_artifact", parent);
            derived.put("derivation_type", wanted.draft().derivation());
            batch.event("artifact.derived", derived, component, caller);
        }
    }

    void delete(ArtifactInfo newest, Caller caller) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>();
        more.put("permanent", newest.permanent());
        if (newest.origin().sessionId() != null) {
            more.put("session_id", newest.origin().sessionId());
        }
        delete.call(ArtifactHouse.component(newest.id(), newest.name()), ArtifactView.Subject.of(newest, more), caller);
    }

    private ArtifactInfo remove(String id, Caller caller) {
        ArtifactInfo newest = house.store().newest(id).orElseThrow(() -> ArtifactException.conflict(id));
        ArtifactStore.Head head =
                house.store().head(ArtifactHouse.owner(newest), newest.origin().sessionId(), newest.name());
        RecordBatch batch = house.batch();
        house.store().remove(batch, newest, head == null ? 0 : head.revision());
        batch.event(
                "artifact.deleted", ArtifactHouse.payload(newest), ArtifactHouse.component(id, newest.name()), caller);
        if (!(batch.commit() instanceof Commit.Done)) {
            throw ArtifactException.conflict(newest.name());
        }
        return newest;
    }

    /** The parents that a draft names must be there, and the caller must be allowed to use them. */
    void requireParents(ArtifactDraft draft, Caller caller) {
        for (String parent : draft.parents()) {
            ArtifactInfo found =
                    house.store().newest(parent).orElseThrow(() -> ArtifactException.missing(draft.name(), parent));
            house.scopes().require(ArtifactHouse.owner(found), StateOperation.READ, caller);
        }
    }
}
