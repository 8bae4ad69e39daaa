package io.llmspell.bridge.globals;

import io.llmspell.core.identity.Caller;
import io.llmspell.core.identity.Principal;

/**
 * Whose rights the functions of scripts have when the host calls them.
 *
 * <p>A function that the code of an agent brought in never has more rights than that agent; one that a script brought in
 * has those of the agent or workflow run that it runs for, or else those of the script.
 */
final class Rights {
    private Rights() {}

    /** Whether a principal is held to its own scopes. */
    static boolean bound(Principal principal) {
        return principal instanceof Principal.Agent || principal instanceof Principal.Workflow;
    }

    /** The caller for a function that somebody brought in and that is called on behalf of somebody. */
    static Caller of(Caller caller, Principal bringer) {
        return bound(caller.principal()) && !bound(bringer) ? caller : caller.as(bringer);
    }
}
