package io.llmspell.hooks.builtin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmspell.core.hook.HookContext;
import io.llmspell.core.identity.Component;
import io.llmspell.core.identity.Principal;
import io.llmspell.core.time.TimeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The limits by key, bounded in number and time.
 *
 * <p>Caffeine keeps what is used often, so a flood of new keys does not push out the exhausted bucket of a busy one.
 * <b>Threads:</b> safe.
 */
final class TokenBuckets {
    private static final String GLOBAL = "global";

    private final RateLimitConfig config;
    private final TimeSource time;
    private final Cache<Object, TokenBucket> buckets;

    TokenBuckets(RateLimitConfig config, TimeSource time) {
        this.config = config;
        this.time = time;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(config.maxBuckets())
                .expireAfterAccess(config.bucketTtl())
                .ticker(time::nanos)
                .executor(Runnable::run)
                .build();
    }

    /** The key under which an operation is counted: a component, or a text. */
    Object key(RateLimitConfig settings, HookContext context) {
        return switch (settings.strategy()) {
            case PER_COMPONENT -> context.component();
            case GLOBAL -> GLOBAL;
            case PER_USER -> context.caller().principal();
            case PER_KEY ->
                Objects.requireNonNull(settings.keyPattern())
                        .replace("{component}", context.component().name())
                        .replace("{hook_point}", context.point().name())
                        .replace("{user}", context.caller().principal().text());
            case CUSTOM ->
                Objects.requireNonNull(
                        Objects.requireNonNull(settings.keyFunction()).apply(context), "the key function gave null");
        };
    }

    TokenBucket bucket(Object key) {
        TokenBucket present = buckets.getIfPresent(key);
        return present != null ? present : buckets.get(key, fresh -> new TokenBucket(limit(fresh), time));
    }

    private RateLimitConfig.Limit limit(Object key) {
        RateLimitConfig.Limit special = config.customLimits().get(text(key));
        if (special == null && key instanceof Component component) {
            special = config.customLimits().get(component.name());
        }
        return special == null ? config.limit() : special;
    }

    /** A key as messages and statistics show it. */
    static String text(Object key) {
        if (key instanceof Component component) {
            return component.type().name() + ":" + component.name();
        }
        return key instanceof Principal principal ? principal.text() : key.toString();
    }

    /** The remembered limits by their text; keys with the same text are numbered. */
    Map<String, TokenBucket> all() {
        Map<String, TokenBucket> all = new LinkedHashMap<>();
        buckets.asMap().forEach((key, bucket) -> {
            String text = text(key);
            String unique = text;
            for (int i = 2; all.containsKey(unique); i++) {
                unique = text + "#" + i;
            }
            all.put(unique, bucket);
        });
        return all;
    }
}
