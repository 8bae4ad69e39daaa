package io.llmspell.bridge.lua;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The conversions of C's {@code strftime} in the C locale. */
final class LuaDate {
    private LuaDate() {}

    /** Returns what {@code conversion} stands for, or null if there is no such conversion. */
    static @Nullable String format(char conversion, ZonedDateTime time) {
        return switch (conversion) {
            case 'a' -> pattern("EEE", time);
            case 'A' -> pattern("EEEE", time);
            case 'b', 'h' -> pattern("MMM", time);
            case 'B' -> pattern("MMMM", time);
            case 'c' ->
                pattern("EEE MMM", time)
                        + String.format(Locale.ROOT, " %2d ", time.getDayOfMonth())
                        + pattern("HH:mm:ss yyyy", time);
            case 'C' -> two(Math.floorDiv(time.getYear(), 100));
            case 'd' -> two(time.getDayOfMonth());
            case 'D', 'x' -> pattern("MM/dd/yy", time);
            case 'e' -> String.format(Locale.ROOT, "%2d", time.getDayOfMonth());
            case 'F' -> time.getYear() + pattern("-MM-dd", time);
            case 'g' -> two(Math.floorMod(time.get(IsoFields.WEEK_BASED_YEAR), 100));
            case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
            case 'V' -> two(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'm' -> two(time.getMonthValue());
            case 'y' -> two(Math.floorMod(time.getYear(), 100));
            case 'Y' -> Integer.toString(time.getYear());
            case 'j' -> String.format(Locale.ROOT, "%03d", time.getDayOfYear());
            case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
            case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
            case 'U' -> two(week(time, time.getDayOfWeek().getValue() % 7));
            case 'W' -> two(week(time, time.getDayOfWeek().getValue() - 1));
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> clock(conversion, time);
        };
    }

    private static @Nullable String clock(char conversion, ZonedDateTime time) {
        return switch (conversion) {
            case 'H' -> two(time.getHour());
            case 'I' -> two(time.get(ChronoField.CLOCK_HOUR_OF_AMPM));
            case 'M' -> two(time.getMinute());
            case 'S' -> two(time.getSecond());
            case 'p' -> time.getHour() < 12 ? "AM" : "PM";
            case 'r' ->
                two(time.get(ChronoField.CLOCK_HOUR_OF_AMPM))
                        + pattern(":mm:ss ", time)
                        + (time.getHour() < 12 ? "AM" : "PM");
            case 'R' -> pattern("HH:mm", time);
            case 's' -> Long.toString(time.toEpochSecond());
            case 'T', 'X' -> pattern("HH:mm:ss", time);
            case 'z' -> pattern("xx", time);
            case 'Z' -> pattern("zzz", time);
            default -> null;
        };
    }

    private static int week(ZonedDateTime time, int dayOfWeek) {
        return (time.getDayOfYear() + 6 - dayOfWeek) / 7;
    }

    private static String two(int number) {
        return String.format(Locale.ROOT, "%02d", number);
    }

    private static String pattern(String pattern, ZonedDateTime time) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    }
}
