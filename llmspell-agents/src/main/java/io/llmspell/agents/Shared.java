package io.llmspell.agents;

import io.llmspell.core.agent.AgentStore;
import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.time.TimeSource;
import org.jspecify.annotations.Nullable;

/** What all agents of a runtime share. */
record Shared(
        EventReporter events,
        TimeSource time,
        IdGenerator ids,
        Awaiter awaiter,
        Providers providers,
        AgentTools tools,
        Notices notices,
        @Nullable AgentStore store,
        AgentPersistence persistence) {}
