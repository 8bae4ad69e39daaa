package io.llmspell.agents;

import io.llmspell.core.concurrent.Awaiter;
import io.llmspell.core.event.EventReporter;
import io.llmspell.core.identity.IdGenerator;
import io.llmspell.core.notice.Notices;
import io.llmspell.core.time.TimeSource;

/** What all agents of a runtime share. */
record Shared(
        EventReporter events,
        TimeSource time,
        IdGenerator ids,
        Awaiter awaiter,
        Providers providers,
        AgentTools tools,
        Notices notices) {}
