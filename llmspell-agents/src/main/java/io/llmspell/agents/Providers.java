package io.llmspell.agents;

import io.llmspell.core.agent.AgentException;
import io.llmspell.core.agent.ModelProvider;
import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.text.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The providers by name; {@code mock} is another name of {@code offline}. */
final class Providers {
    private static final Map<String, String> ALIASES = Map.of("mock", "offline");

    private final Map<String, ModelProvider> providers = new LinkedHashMap<>();

    Providers(List<ModelProvider> all) {
        for (ModelProvider provider : all) {
            if (providers.putIfAbsent(provider.name(), provider) != null) {
                throw new ArgumentException("provider name", provider.name(), "different from all others");
            }
        }
        if (providers.isEmpty()) {
            throw new ArgumentException("Agents.builder() was built without a model provider; give at least one");
        }
    }

    /**
     * Finds the provider and the model of a text: what stands before the first slash is the provider, without a slash
     * the first provider is meant.
     */
    Model resolve(String text) {
        int slash = text.indexOf('/');
        String name = slash < 0 ? "" : text.substring(0, slash);
        String model = text.substring(slash + 1);
        if (model.isBlank()) {
            throw new ArgumentException("model", text, "\"provider/model\", such as \"offline/echo\"");
        }
        ModelProvider provider =
                slash < 0 ? providers.values().iterator().next() : providers.get(ALIASES.getOrDefault(name, name));
        if (provider == null) {
            throw unknown(name, text);
        }
        return new Model(provider, model);
    }

    private AgentException unknown(String name, String text) {
        String known = String.join(", ", providers.keySet());
        String hint = Nearest.hint(name, providers.keySet());
        return new AgentException(
                ErrorCode.PROVIDER_NOT_CONFIGURED,
                "no provider \"" + name + "\" is configured for model \"" + text + "\"; there are: " + known
                        + (hint.isEmpty() ? "" : "; " + hint),
                Map.of("provider", name, "known", List.copyOf(providers.keySet())),
                null);
    }

    /** A model with its provider. */
    record Model(ModelProvider provider, String name) {
        String text() {
            return provider.name() + "/" + name;
        }
    }
}
