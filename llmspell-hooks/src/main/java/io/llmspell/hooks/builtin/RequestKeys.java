package io.llmspell.hooks.builtin;

import io.llmspell.core.hook.HookContext;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes keys that are equal for operations that may share an output.
 *
 * <p>Always part of a key: the principal as a whole, of which rights are granted to each engine, agent and run, and the
 * kind of the operation, so that an answer is of the right form. <b>Threads:</b> safe.
 */
final class RequestKeys {
    private final CanonicalJson canonical;
    private final boolean full;

    /**
     * Makes keys.
     *
     * @param full whether point, component and language are part of them
     */
    RequestKeys(JsonCodec codec, boolean full) {
        this.canonical = new CanonicalJson(codec);
        this.full = full;
    }

    /** A key; the digest stands for everything but the principal. */
    record Key(Principal principal, String digest) {}

    Key of(HookContext context) {
        List<@Nullable Object> parts = new ArrayList<>();
        parts.add(context.operation().kind().id());
        if (full) {
            Component component = context.component();
            parts.add(context.point().name());
            parts.add(component.type().name());
            parts.add(component.name());
            parts.add(component.id().toString());
            parts.add(context.language().name());
        }
        parts.add(context.data());
        return new Key(context.caller().principal(), canonical.digest(parts));
    }
}
