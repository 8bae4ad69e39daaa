package io.llmspell.cli.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/** The modules, their package roots and floors: the table of the architecture, as code. */
enum Module {
    CORE("core", 0),
    TESTING("testing", 1),
    HOOKS("hooks", 1),
    EVENTS("events", 1),
    STORAGE("storage", 1),
    STORAGE_ROCKSDB("storage.rocksdb", STORAGE),
    STATE("state", 2),
    TOOLS("tools", 3),
    AGENTS("agents", 4),
    WORKFLOWS("workflows", 5),
    BRIDGE("bridge", 6),
    BRIDGE_LUA("bridge.lua", BRIDGE),
    CLI("cli", 7);

    private static final String ROOT = "io.llmspell";

    private final String packageRoot;
    private final int floor;
    private final Optional<Module> hangsOn;

    Module(String name, int floor) {
        this.packageRoot = ROOT + "." + name;
        this.floor = floor;
        this.hangsOn = Optional.empty();
    }

    Module(String name, Module hangsOn) {
        this.packageRoot = ROOT + "." + name;
        this.floor = hangsOn.floor;
        this.hangsOn = Optional.of(hangsOn);
    }

    /** The module that owns a class, or nothing if the class is not ours. */
    static Optional<Module> of(JavaClass type) {
        return ofPackage(type.getPackageName());
    }

    static Optional<Module> ofPackage(String name) {
        if (name.equals(ROOT)) {
            return Optional.of(BRIDGE);
        }
        return Arrays.stream(values())
                .filter(module -> name.equals(module.packageRoot) || name.startsWith(module.packageRoot + "."))
                .max(Comparator.comparingInt(module -> module.packageRoot.length()));
    }

    boolean isLeaf() {
        return hangsOn.isPresent();
    }

    /** Whether the floors let this module use the other one. */
    boolean mayUse(Module other) {
        if (other == this || other == CORE) {
            return true;
        }
        if (this == TESTING || other == TESTING) {
            return false;
        }
        if (other.isLeaf()) {
            return this == CLI;
        }
        return other.floor < floor || hangsOn.filter(other::equals).isPresent();
    }

    @Override
    public String toString() {
        return "llmspell-" + packageRoot.substring(ROOT.length() + 1).replace('.', '-');
    }
}
