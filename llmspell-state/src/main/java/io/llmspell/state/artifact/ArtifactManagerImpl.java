package io.llmspell.state.artifact;

import io.llmspell.core.artifact.Artifact;
import io.llmspell.core.artifact.ArtifactDraft;
import io.llmspell.core.artifact.ArtifactException;
import io.llmspell.core.artifact.ArtifactInfo;
import io.llmspell.core.artifact.ArtifactManager;
import io.llmspell.core.artifact.ArtifactQuery;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.identity.Caller;
import io.llmspell.core.state.Scope;
import io.llmspell.core.state.StateOperation;
import io.llmspell.state.session.SessionContents;
import io.llmspell.state.session.Sessions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** Checks rights and sessions, then hands over to the operations. */
final class ArtifactManagerImpl implements ArtifactManager, SessionContents {
    private static final int MOST_TRIES = 10;

    private final ArtifactHouse house;
    private final ArtifactOperations operations;
    private final ArtifactNotices notices;

    ArtifactManagerImpl(ArtifactHouse house, ArtifactOperations operations, ArtifactNotices notices) {
        this.house = house;
        this.operations = operations;
        this.notices = notices;
    }

    @Override
    public ArtifactInfo store(ArtifactDraft draft, Caller caller) {
        Packed.of(draft.content()); // too large a content is refused before a hook sees it
        for (int tries = 1; ; tries++) {
            Storing wanted = wanted(draft, caller);
            try {
                ArtifactInfo stored = operations.store(wanted, caller);
                draft.parents().forEach(parent -> notices.derived(stored, parent, draft.derivation(), caller));
                return stored;
            } catch (ArtifactException lost) {
                if (!lost.code().equals(ErrorCode.STATE_CONFLICT) || tries == MOST_TRIES) {
                    throw lost;
                }
            }
        }
    }

    /** What there is under the name now, as far as the caller may write to it. */
    private Storing wanted(ArtifactDraft draft, Caller caller) {
        String session = draft.sessionId();
        Scope owner = ArtifactHouse.owner(caller.principal().text(), session);
        house.scopes().require(owner, StateOperation.WRITE, caller);
        if (session != null) {
            Sessions.whileActive(house.sessions(), session, caller);
        }
        operations.requireParents(draft, caller);
        ArtifactStore.Head head = house.store().head(owner, session, draft.name());
        if (head == null) {
            return new Storing(draft, house.ids().next().toString(), 0, 1, new AtomicReference<>());
        }
        ArtifactInfo present =
                house.store().newest(head.id()).orElseThrow(() -> ArtifactException.conflict(draft.name()));
        return new Storing(draft, head.id(), head.revision(), present.version() + 1, new AtomicReference<>());
    }

    @Override
    public Optional<Artifact> get(String id, Caller caller) {
        return read(id, 0, caller);
    }

    @Override
    public Optional<Artifact> get(String id, long version, Caller caller) {
        return version < 1 ? Optional.empty() : read(id, version, caller);
    }

    private Optional<Artifact> read(String id, long version, Caller caller) {
        Optional<ArtifactInfo> newest = house.store().newest(id);
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        house.scopes().require(ArtifactHouse.owner(newest.get()), StateOperation.READ, caller);
        Optional<Artifact> found = house.store().read(id, version);
        found.ifPresent(artifact -> {
            house.scopes().require(ArtifactHouse.owner(artifact.info()), StateOperation.READ, caller);
            notices.accessed(artifact.info(), "read", caller);
        });
        return found;
    }

    @Override
    public List<ArtifactInfo> query(ArtifactQuery query, Caller caller) {
        Predicate<ArtifactInfo> wanted =
                info -> query.matches(info) && house.scopes().readable(ArtifactHouse.owner(info), caller);
        if (query.sessionId() != null && query.correlationId() == null) {
            return house.store().ofSession(query.sessionId(), wanted, query.limit());
        }
        return query.correlationId() != null
                ? house.store().ofRun(query.correlationId(), wanted, query.limit())
                : house.store().all(wanted, query.limit());
    }

    @Override
    public boolean delete(String id, Caller caller) {
        Optional<ArtifactInfo> newest = house.store().newest(id);
        if (newest.isEmpty()) {
            return false;
        }
        house.scopes().require(ArtifactHouse.owner(newest.get()), StateOperation.WRITE, caller);
        return remove(newest.get(), caller);
    }

    /** Removes an artifact as it is now, whoever adds versions meanwhile. */
    private boolean remove(ArtifactInfo newest, Caller caller) {
        for (int tries = 1; ; tries++) {
            try {
                operations.delete(newest, caller);
                return true;
            } catch (ArtifactException lost) {
                if (!lost.code().equals(ErrorCode.STATE_CONFLICT) || tries == MOST_TRIES) {
                    throw lost;
                }
                if (house.store().newest(newest.id()).isEmpty()) {
                    return false; // somebody else has removed it
                }
            }
        }
    }

    @Override
    public List<String> ids(String sessionId) {
        return house.store().ofSession(sessionId, info -> !info.permanent(), Integer.MAX_VALUE).stream()
                .map(ArtifactInfo::id)
                .toList();
    }

    /** Who may end the session may remove what belongs to it, whoever made it. */
    @Override
    public void remove(String sessionId, Caller caller) {
        house.scopes().require(Scope.session(sessionId), StateOperation.WRITE, caller);
        house.store()
                .ofSession(sessionId, info -> !info.permanent(), Integer.MAX_VALUE)
                .forEach(info -> remove(info, caller));
    }
}
