package io.llmspell.core.tool;

import io.llmspell.core.error.ArgumentException;
import io.llmspell.core.json.JsonLimits;
import java.time.Duration;

/**
 * How much one call of a tool may use; hooks can lower it for a call.
 *
 * <p><b>Threads:</b> immutable.
 *
 * @param time how long the tool may run, more than 0
 * @param outputBytes how large its result may be, in bytes of JSON, 1 to 10 MiB
 * @param operations how much work it may count by {@link Tool.ToolRun#work}, at least 1
 */
public record ToolLimits(Duration time, long outputBytes, long operations) {
    /** What a tool gets unless something else is said: 30 s, 10 MiB, 1,000,000 operations. */
    public static final ToolLimits DEFAULT = new ToolLimits(Duration.ofSeconds(30), JsonLimits.TOOL.bytes(), 1_000_000);

    /**
     * Checks the limits.
     *
     * @param time how long the tool may run
     * @param outputBytes how large its result may be
     * @param operations how much work it may count
     * @throws ArgumentException {@code invalid_argument} if one is out of range
     */
    public ToolLimits {
        if (time.isNegative() || time.isZero()) {
            throw new ArgumentException("time limit of a tool", time.toString(), "more than 0");
        }
        if (outputBytes < 1 || outputBytes > JsonLimits.TOOL.bytes()) {
            throw new ArgumentException(
                    "output limit of a tool", outputBytes + " bytes", "1 to " + JsonLimits.TOOL.bytes() + " bytes");
        }
        if (operations < 1) {
            throw new ArgumentException("operation limit of a tool", String.valueOf(operations), "at least 1");
        }
    }

    /**
     * A copy with another time.
     *
     * @param other how long the tool may run
     * @return the copy
     * @throws ArgumentException {@code invalid_argument} if it is not more than 0
     */
    public ToolLimits withTime(Duration other) {
        return new ToolLimits(other, outputBytes, operations);
    }

    /**
     * A copy with another size of the output.
     *
     * @param bytes how large the result may be
     * @return the copy
     * @throws ArgumentException {@code invalid_argument} if it is out of range
     */
    public ToolLimits withOutputBytes(long bytes) {
        return new ToolLimits(time, bytes, operations);
    }

    /**
     * A copy with another number of operations.
     *
     * @param most how much work the tool may count
     * @return the copy
     * @throws ArgumentException {@code invalid_argument} if it is less than 1
     */
    public ToolLimits withOperations(long most) {
        return new ToolLimits(time, outputBytes, most);
    }
}
