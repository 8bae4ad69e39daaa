package io.llmspell.core.identity;

import io.llmspell.core.error.ArgumentException;
import java.util.Objects;
import java.util.UUID;

/**
 * The identity of one agent, tool, workflow or part of the runtime.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param type its kind
 * @param name its name, 1 to 256 characters
 * @param id its unique id
 */
public record Component(ComponentType type, String name, UUID id) {
    /**
     * Checks the name.
     *
     * @param type the kind
     * @param name the name
     * @param id the id
     * @throws ArgumentException {@code invalid_argument} if the name is empty or longer than 256 characters
     */
    public Component {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(id, "id");
        if (name.isEmpty() || name.length() > 256) {
            throw new ArgumentException("component name", name, "1 to 256 characters");
        }
    }

    /**
     * A component whose id follows from its type and name, the same in every process.
     *
     * @param type the kind
     * @param name the name
     * @return the component
     */
    public static Component named(ComponentType type, String name) {
        return new Component(type, name, NameId.of(type.name() + "/" + name));
    }

    @Override
    public String toString() {
        return type.name() + "/" + name;
    }
}
