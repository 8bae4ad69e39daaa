package io.llmspell.hooks.distributed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object that was received; a member that nobody asks for, or that is missing, is refused. */
final class Fields {
    private final String path;
    private final Map<?, ?> members;
    private final Set<String> asked = new LinkedHashSet<>();

    private Fields(String path, Map<?, ?> members) {
        this.path = path;
        this.members = members;
    }

    static Fields of(String path, @Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return new Fields(path, members);
        }
        throw Refusal.invalid(path + " is no object", null);
    }

    @Nullable Object any(String name) {
        asked.add(name);
        if (!members.containsKey(name)) {
            throw Refusal.invalid(path + "." + name + " is missing", null);
        }
        return members.get(name);
    }

    String text(String name) {
        if (any(name) instanceof String text) {
            return text;
        }
        throw wrong(name, "text");
    }

    @Nullable String textOrNull(String name) {
        return any(name) == null ? null : text(name);
    }

    boolean flag(String name) {
        if (any(name) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "truth value");
    }

    long integer(String name) {
        if (any(name) instanceof Long number) {
            return number;
        }
        throw wrong(name, "integer");
    }

    int small(String name) {
        long number = integer(name);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw wrong(name, "small number");
        }
        return (int) number;
    }

    Fields object(String name) {
        return of(path + "." + name, any(name));
    }

    List<Fields> objects(String name) {
        List<Fields> all = new ArrayList<>();
        for (Object each : list(name)) {
            all.add(of(path + "." + name, each));
        }
        return all;
    }

    Set<String> texts(String name) {
        Set<String> all = new LinkedHashSet<>();
        for (Object each : list(name)) {
            if (!(each instanceof String text) || !all.add(text)) {
                throw wrong(name, "list of different texts");
            }
        }
        return all;
    }

    private List<?> list(String name) {
        if (any(name) instanceof List<?> list) {
            return list;
        }
        throw wrong(name, "list");
    }

    Map<String, String> textMap(String name) {
        Map<String, String> all = new LinkedHashMap<>();
        object(name).members.forEach((key, value) -> {
            if (!(value instanceof String text)) {
                throw wrong(name, "object of texts");
            }
            all.put((String) key, text);
        });
        return all;
    }

    /** Refuses members that nobody has asked for. */
    void end() {
        for (Object name : members.keySet()) {
            if (!asked.contains((String) name)) {
                throw Refusal.invalid(path + " has a member that is not known", null);
            }
        }
    }

    private RuntimeException wrong(String name, String wanted) {
        return Refusal.invalid(path + "." + name + " is no " + wanted, null);
    }
}
