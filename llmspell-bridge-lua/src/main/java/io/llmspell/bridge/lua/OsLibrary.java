package io.llmspell.bridge.lua;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Locale;
import org.luaj.vm2.LuaBoolean;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** The table {@code os}: time, and polite refusals for what reaches the machine. */
final class OsLibrary extends LibraryFunction {
    private static final String[] NAMES = {
        "clock", "date", "difftime", "execute", "exit", "getenv", "remove", "rename", "setlocale", "time", "tmpname"
    };
    private static final String[] FIELDS = {"year", "month", "day", "hour", "min", "sec"};
    private static final int NOON = 12;

    private final LuaClock clock;
    private final WarnOnce warnings;
    private final long begin;

    private OsLibrary(LuaMachine machine, int number, LuaClock clock, WarnOnce warnings, long begin) {
        super(machine, NAMES[number], number);
        this.clock = clock;
        this.warnings = warnings;
        this.begin = begin;
    }

    static ScriptTable create(LuaMachine machine, LuaClock clock, WarnOnce warnings) {
        ScriptTable library = new ScriptTable(0, 16);
        long begin = clock.nanos().getAsLong();
        for (int i = 0; i < NAMES.length; i++) {
            library.rawset(LuaText.of(NAMES[i]), new OsLibrary(machine, i, clock, warnings, begin));
        }
        return library;
    }

    @Override
    public Varargs invoke(Varargs args) {
        return switch (number) {
            case 0 -> LuaArithmetic.ofFloat((clock.nanos().getAsLong() - begin) / 1e9);
            case 1 -> date(args);
            case 2 -> LuaArithmetic.ofFloat(number(args, 1) - (args.arg(2).isnil() ? 0 : number(args, 2)));
            case 3 -> refuse("os.execute is not available: use the tool process_executor, or Utils.sleep(seconds)");
            case 4 -> throw new LuaExit(exitCode(args.arg1(), args));
            case 5 -> environment(string(args, 1));
            case 6, 7 -> failure("os." + name + " is not available: use the tool file_operations");
            case 8 -> setLocale(args);
            case 9 -> time(args);
            default -> failure("os.tmpname is not available: use the tool file_operations");
        };
    }

    private Varargs refuse(String message) {
        warnings.warn(message);
        return failure(message);
    }

    private Varargs environment(LuaString variable) {
        warnings.warn("os.getenv gives nil without the grant 'environment' (asked for \""
                + LuaText.toJavaLossy(variable) + "\")");
        return NIL;
    }

    private int exitCode(LuaValue code, Varargs args) {
        if (code.isnil()) {
            return 0;
        }
        if (code instanceof LuaBoolean) {
            return code.toboolean() ? 0 : 1;
        }
        return (int) integer(args, 1);
    }

    /** There is one locale, C's, and it cannot be changed. */
    private Varargs setLocale(Varargs args) {
        LuaString wanted = optionalString(args, 1);
        boolean isKept = wanted == null
                || wanted.m_length == 0
                || LuaText.toJavaLossy(wanted).equals("C")
                || LuaText.toJavaLossy(wanted).equals("POSIX");
        return isKept ? LuaText.of("C") : NIL;
    }

    private Varargs time(Varargs args) {
        if (args.arg1().isnil()) {
            return valueOfLong(clock.now().get().getEpochSecond());
        }
        LuaTable table = table(args, 1);
        long[] fields = new long[FIELDS.length];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = field(table, FIELDS[i], i < 3 ? Long.MIN_VALUE : i == 3 ? NOON : 0);
        }
        try {
            LocalDateTime when = LocalDateTime.of((int) fields[0], 1, 1, 0, 0)
                    .plusMonths(fields[1] - 1)
                    .plusDays(fields[2] - 1)
                    .plusHours(fields[3])
                    .plusMinutes(fields[4])
                    .plusSeconds(fields[5]);
            return valueOfLong(when.atZone(clock.zone().get()).toEpochSecond());
        } catch (DateTimeException | ArithmeticException e) {
            throw machine.error("time result cannot be represented");
        }
    }

    private long field(LuaTable table, String key, long otherwise) {
        LuaValue value = machine.meta.index(table, LuaText.of(key));
        if (value.isnil()) {
            if (otherwise == Long.MIN_VALUE) {
                throw machine.error("field '" + key + "' missing in date table");
            }
            return otherwise;
        }
        var number = machine.meta.number(value);
        double given = number == null ? Double.NaN : number.todouble();
        if (!(Math.abs(given) <= Integer.MAX_VALUE)) {
            throw machine.error("field '" + key + "' is not an integer or out of range");
        }
        return (long) given;
    }

    private Varargs date(Varargs args) {
        LuaString given = optionalString(args, 1);
        String format = given == null ? "%c" : LuaText.toJavaLossy(given);
        boolean isUtc = format.startsWith("!");
        if (isUtc) {
            format = format.substring(1);
        }
        try {
            Instant when = args.arg(2).isnil() ? clock.now().get() : Instant.ofEpochSecond(integer(args, 2));
            ZonedDateTime time =
                    when.atZone(isUtc ? ZoneOffset.UTC : clock.zone().get());
            return format.startsWith("*t") ? fields(time) : LuaText.of(formatted(format, time));
        } catch (DateTimeException e) {
            throw machine.error("date result cannot be represented");
        }
    }

    private static Varargs fields(ZonedDateTime time) {
        ScriptTable table = new ScriptTable(0, 16);
        table.rawset(LuaText.of("year"), valueOf(time.getYear()));
        table.rawset(LuaText.of("month"), valueOf(time.getMonthValue()));
        table.rawset(LuaText.of("day"), valueOf(time.getDayOfMonth()));
        table.rawset(LuaText.of("hour"), valueOf(time.getHour()));
        table.rawset(LuaText.of("min"), valueOf(time.getMinute()));
        table.rawset(LuaText.of("sec"), valueOf(time.getSecond()));
        table.rawset(LuaText.of("wday"), valueOf(time.getDayOfWeek().getValue() % 7 + 1));
        table.rawset(LuaText.of("yday"), valueOf(time.getDayOfYear()));
        table.rawset(LuaText.of("isdst"), valueOf(time.getZone().getRules().isDaylightSavings(time.toInstant())));
        return table;
    }

    private String formatted(String format, ZonedDateTime time) {
        StringBuilder text = new StringBuilder();
        machine.guard.charge(format.length());
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i++);
            if (c != '%') {
                text.append(c);
                continue;
            }
            String part = i < format.length() ? LuaDate.format(format.charAt(i), time) : null;
            if (part == null) {
                throw badArgument(
                        1,
                        String.format(
                                Locale.ROOT,
                                "invalid conversion specifier '%%%s'",
                                i < format.length() ? format.substring(i, i + 1) : ""));
            }
            text.append(part);
            i++;
        }
        return text.toString();
    }
}
