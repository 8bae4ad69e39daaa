package io.llmspell.agents.archfixture.libraries;

import com.github.benmanes.caffeine.cache.Cache;

/** Planted: a library outside the modules that own it. */
record HomelessCache(Cache<String, String> cache) {}
