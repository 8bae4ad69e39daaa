package io.llmspell.bridge.lua;

import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The functions of {@code string} that take patterns. */
final class PatternLibrary extends LibraryFunction {
    private static final String[] NAMES = {"find", "match", "gmatch", "gsub"};
    private static final String SPECIALS = "^$*+?.([%-";

    private PatternLibrary(LuaMachine machine, String name, int number) {
        super(machine, name, number);
    }

    static void install(LuaMachine machine, ScriptTable library) {
        for (int i = 0; i < NAMES.length; i++) {
            library.rawset(LuaText.of(NAMES[i]), new PatternLibrary(machine, NAMES[i], i));
        }
    }

    @Override
    public Varargs invoke(Varargs args) {
        return switch (number) {
            case 0 -> search(args, true);
            case 1 -> search(args, false);
            case 2 -> new Matches(machine, string(args, 1), string(args, 2));
            default -> replaceAll(args);
        };
    }

    private Varargs search(Varargs args, boolean isFind) {
        LuaString text = string(args, 1);
        LuaString pattern = string(args, 2);
        long init = Math.max(position(optionalInteger(args, 3, 1), text.m_length), 1);
        if (init > text.m_length + 1L) {
            return NIL;
        }
        int from = (int) init - 1;
        if (isFind && (args.arg(4).toboolean() || isPlain(pattern))) {
            int found = indexOf(text, pattern, from);
            return found < 0 ? NIL : varargsOf(valueOf(found + 1), valueOf(found + pattern.m_length));
        }
        LuaPattern search = new LuaPattern(machine, text, pattern);
        boolean isAnchored = isAnchored(pattern);
        for (int start = from; start <= text.m_length; start++) {
            machine.guard.tick();
            int end = search.match(start, isAnchored ? 1 : 0);
            if (end >= 0) {
                return isFind
                        ? varargsOf(valueOf(start + 1), valueOf(end), search.captures(start, end, false))
                        : search.captures(start, end, true);
            }
            if (isAnchored) {
                break;
            }
        }
        return NIL;
    }

    private static boolean isAnchored(LuaString pattern) {
        return pattern.m_length > 0 && pattern.luaByte(0) == '^';
    }

    private static boolean isPlain(LuaString pattern) {
        for (int i = 0; i < pattern.m_length; i++) {
            if (SPECIALS.indexOf(pattern.luaByte(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private int indexOf(LuaString text, LuaString part, int from) {
        int last = text.m_length - part.m_length;
        for (int at = from; at <= last; at++) {
            int same = 0;
            while (same < part.m_length && text.luaByte(at + same) == part.luaByte(same)) {
                same++;
            }
            if (same == part.m_length) {
                return at;
            }
            // A long common beginning at every place makes a plain search quadratic.
            machine.guard.charge(((at & 31) == 0 ? 1 : 0) + (same >> 5));
        }
        return -1;
    }

    private Varargs replaceAll(Varargs args) {
        LuaString text = string(args, 1);
        LuaString pattern = string(args, 2);
        LuaValue replacement = args.arg(3);
        if (!(replacement instanceof LuaString
                || replacement instanceof LuaNumber
                || replacement instanceof LuaTable
                || replacement instanceof LuaFunction)) {
            throw badArgument(3, "string/function/table expected, got " + machine.meta.typeName(replacement));
        }
        long most = optionalInteger(args, 4, Long.MAX_VALUE);
        boolean isAnchored = isAnchored(pattern);
        LuaPattern search = new LuaPattern(machine, text, pattern);
        LuaBuffer result = new LuaBuffer(machine.guard);
        int at = 0;
        int count = 0;
        while (count < most) {
            machine.guard.tick();
            int end = search.match(at, isAnchored ? 1 : 0);
            if (end >= 0) {
                count++;
                addReplacement(result, search, replacement, text, at, end);
            }
            if (end > at) {
                at = end;
            } else if (at < text.m_length) {
                result.add(text.luaByte(at++));
            } else {
                break;
            }
            if (isAnchored) {
                break;
            }
        }
        result.add(text, Math.min(at, text.m_length), text.m_length);
        return varargsOf(result.toText(), valueOf(count));
    }

    private void addReplacement(
            LuaBuffer result, LuaPattern search, LuaValue replacement, LuaString text, int start, int end) {
        LuaValue value;
        if (replacement instanceof LuaTable) {
            value = machine.meta.index(replacement, search.capture(0, start, end));
        } else if (replacement instanceof LuaFunction) {
            value = machine.call(replacement, search.captures(start, end, true)).arg1();
        } else {
            LuaString template = replacement instanceof LuaString given ? given : LuaNumbers.text(replacement);
            addTemplate(result, search, template, text, start, end);
            return;
        }
        if (!value.toboolean()) {
            result.add(text, start, end);
        } else if (value instanceof LuaString part) {
            result.add(part);
        } else if (value instanceof LuaNumber) {
            result.add(LuaNumbers.text(value));
        } else {
            throw machine.error("invalid replacement value (a " + machine.meta.typeName(value) + ")");
        }
    }

    private void addTemplate(
            LuaBuffer result, LuaPattern search, LuaString template, LuaString text, int start, int end) {
        int i = 0;
        while (i < template.m_length) {
            int c = template.luaByte(i++);
            if (c != '%') {
                result.add(c);
                continue;
            }
            int what = i < template.m_length ? template.luaByte(i++) : -1;
            if (what == '%') {
                result.add('%');
            } else if (what == '0') {
                result.add(text, start, end);
            } else if (what >= '1' && what <= '9') {
                LuaValue capture = search.capture(what - '1', start, end);
                result.add(capture instanceof LuaString part ? part : LuaNumbers.text(capture));
            } else {
                throw machine.error("invalid use of '%' in replacement string");
            }
        }
        machine.guard.chargeBytes(template.m_length);
    }

    /** The iterator of {@code gmatch}. */
    private static final class Matches extends LibraryFunction implements LiveSize.HeldValues {
        private final LuaString text;
        private final LuaString pattern;
        private int at;

        Matches(LuaMachine machine, LuaString text, LuaString pattern) {
            super(machine, "gmatch iterator", 0);
            this.text = text;
            this.pattern = pattern;
        }

        @Override
        public Varargs invoke(Varargs args) {
            LuaPattern search = new LuaPattern(machine, text, pattern);
            for (int start = at; start <= text.m_length; start++) {
                machine.guard.tick();
                int end = search.match(start, 0);
                if (end >= 0) {
                    at = end == start ? end + 1 : end;
                    return search.captures(start, end, true);
                }
            }
            at = text.m_length + 1;
            return NIL;
        }

        @Override
        public void visit(LiveSize walk) {
            walk.add(text);
            walk.add(pattern);
        }
    }
}
