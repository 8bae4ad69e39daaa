package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The table {@code io}: writing to the script's output, and polite refusals for the rest. */
final class IoLibrary extends LibraryFunction {
    private static final String[] NAMES = {"lines", "open", "popen", "read", "write"};
    private static final int WRITE = 4;
    private static final int STREAM_WRITE = 5;
    private static final int STREAM_OTHER = 6;

    private final LuaOutput output;
    private final WarnOnce warnings;

    private IoLibrary(LuaMachine machine, String name, int number, LuaOutput output, WarnOnce warnings) {
        super(machine, name, number);
        this.output = output;
        this.warnings = warnings;
    }

    static ScriptTable create(LuaMachine machine, LuaSandboxConfig config, WarnOnce warnings) {
        ScriptTable library = new ScriptTable(0, 8);
        for (int i = 0; i < NAMES.length; i++) {
            library.rawset(LuaText.of(NAMES[i]), new IoLibrary(machine, NAMES[i], i, config.output(), warnings));
        }
        library.rawset(LuaText.of("stdout"), stream(machine, config.output(), warnings));
        library.rawset(LuaText.of("stderr"), stream(machine, config.errorOutput(), warnings));
        return library;
    }

    private static LuaTable stream(LuaMachine machine, LuaOutput output, WarnOnce warnings) {
        ScriptTable stream = new ScriptTable(0, 4);
        stream.rawset(LuaText.of("write"), new IoLibrary(machine, "write", STREAM_WRITE, output, warnings));
        for (String other : new String[] {"close", "flush", "setvbuf"}) {
            stream.rawset(LuaText.of(other), new IoLibrary(machine, other, STREAM_OTHER, output, warnings));
        }
        return stream;
    }

    @Override
    public Varargs invoke(Varargs args) {
        return switch (number) {
            case 0, 1 -> failure("io." + name + " is not available: use the tool file_operations");
            case 2 -> {
                String message = "io.popen is not available: use the tool process_executor, or Utils.sleep(seconds)";
                warnings.warn(message);
                yield failure(message);
            }
            case 3 -> NIL;
            case WRITE -> write(args, 1);
            case STREAM_WRITE -> write(args, 2);
            default -> args.arg1();
        };
    }

    private Varargs write(Varargs args, int first) {
        LuaBuffer text = new LuaBuffer(machine.guard);
        for (int i = first; i <= args.narg(); i++) {
            LuaValue value = args.arg(i);
            text.add(value instanceof LuaNumber ? LuaNumbers.text(value) : string(args, i));
        }
        output.write(text.toText());
        return first == 1 ? TRUE : args.arg1();
    }
}
