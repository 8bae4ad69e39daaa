package io.llmspell.bridge.lua;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * {@code require} and {@code dofile}: text files in the module folder and below, nothing else.
 *
 * <p>The folder is taken by its real path, and so is each file before it is read: neither {@code ..}
 * nor a link leads out.
 */
final class ModuleLibrary extends LibraryFunction {
    private static final int REQUIRE = 0;
    private static final int DOFILE = 1;
    private static final int MAX_FILE_BYTES = 16 << 20;
    private static final String GRANT = " (grant 'modules')";

    private final LuaChunks chunks;
    private final @Nullable Path root;
    private final ScriptTable loaded;

    private ModuleLibrary(
            LuaMachine machine, String name, int number, LuaChunks chunks, @Nullable Path root, ScriptTable loaded) {
        super(machine, name, number);
        this.chunks = chunks;
        this.root = root;
        this.loaded = loaded;
    }

    static void install(LuaMachine machine, LuaChunks chunks, @Nullable Path root, ScriptTable loaded) {
        ScriptTable globals = chunks.globals();
        globals.rawset(LuaText.of("require"), new ModuleLibrary(machine, "require", REQUIRE, chunks, root, loaded));
        globals.rawset(LuaText.of("dofile"), new ModuleLibrary(machine, "dofile", DOFILE, chunks, root, loaded));
    }

    @Override
    public Varargs invoke(Varargs args) {
        return number == REQUIRE ? require(string(args, 1)) : doFile(string(args, 1));
    }

    private Varargs require(LuaString module) {
        LuaValue known = loaded.rawget(module);
        if (!known.isnil()) {
            return known;
        }
        String wanted = LuaText.toJavaLossy(module);
        List<String> tried = new ArrayList<>();
        String path = wanted.replace('.', '/');
        for (String file : new String[] {path + ".lua", path + "/init.lua"}) {
            Path found = find(file);
            if (found != null) {
                return run(module, found);
            }
            tried.add(file);
        }
        throw machine.error("module '" + wanted + "' not found: no file " + String.join(" and no file ", tried)
                + " in the script's folder; Lua files there and below can be required, other folders need a"
                + " grant" + GRANT);
    }

    private Varargs run(LuaString module, Path file) {
        Varargs results = load(file).invoke(module);
        LuaValue result = results.arg1();
        if (!result.isnil()) {
            loaded.rawset(module, result);
        } else if (loaded.rawget(module).isnil()) {
            loaded.rawset(module, TRUE);
        }
        return loaded.rawget(module);
    }

    private Varargs doFile(LuaString file) {
        String wanted = LuaText.toJavaLossy(file);
        Path found = find(wanted);
        if (found == null) {
            throw machine.error("cannot open '" + wanted
                    + "': no such file in the script's folder; other folders need a grant" + GRANT);
        }
        return load(found).invoke(NONE);
    }

    /** Returns the real path of {@code file} below the root, or null; a file outside is refused. */
    private @Nullable Path find(String file) {
        if (root == null) {
            throw machine.error("'" + name + "' is not permitted: this script has no folder of modules" + GRANT);
        }
        try {
            Path base = root.toRealPath();
            Path wanted = base.resolve(file).normalize();
            if (!wanted.startsWith(base)) {
                throw outside(file);
            }
            if (!Files.isRegularFile(wanted)) {
                return null;
            }
            Path real = wanted.toRealPath();
            if (!real.startsWith(base)) {
                throw outside(file);
            }
            return real;
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    private ScriptError outside(String file) {
        return machine.error("'" + file + "' is outside the script's folder" + GRANT);
    }

    private LuaValue load(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = in.readNBytes(MAX_FILE_BYTES + 1);
            if (text.length > MAX_FILE_BYTES) {
                throw machine.error("'" + file.getFileName() + "' is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return chunks.load(text, "@" + shown(file), chunks.globals());
        } catch (LuaSyntaxException e) {
            throw new ScriptError(LuaText.of(e.located()));
        } catch (IOException e) {
            throw machine.error("cannot read '" + file.getFileName() + "'");
        }
    }

    private String shown(Path file) {
        if (root == null) {
            return String.valueOf(file.getFileName());
        }
        try {
            return root.toRealPath().relativize(file).toString().replace('\\', '/');
        } catch (IOException e) {
            return String.valueOf(file.getFileName());
        }
    }
}
