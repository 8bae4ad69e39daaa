package io.llmspell.state.archfixture.signatures;

import com.github.benmanes.caffeine.cache.Cache;
import java.util.List;

/** Planted: a library's type that users would see. */
public interface ShowsLibrary {
    /** Planted: hidden in a type argument. */
    List<Cache<String, String>> caches();
}
