package io.llmspell.hooks;

import io.llmspell.core.config.ConfigSection;
import io.llmspell.core.error.ArgumentException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Composition} asks its children and what it makes of their answers.
 *
 * <p>A child that could not start counts as failed in all of them, so that a tripped guard is never passed over in
 * silence. <b>Threads:</b> immutable.
 */
public sealed interface CompositionMode {
    /**
     * The name as scripts and records show it.
     *
     * @return {@code sequential}, {@code first_match}, {@code parallel} or {@code voting}
     */
    String id();

    /**
     * Reads a mode and its options, as a script or a configuration gives them.
     *
     * @param kind the name of the mode
     * @param options the options of that mode; read to the end
     * @return the mode
     * @throws ArgumentException {@code invalid_argument} if no mode has the name or an option is out of range
     * @throws io.llmspell.core.error.ConfigException {@code invalid_config} if an option is unknown or has another type
     */
    static CompositionMode read(String kind, ConfigSection options) {
        CompositionMode mode = switch (kind) {
            case Sequential.ID ->
                new Sequential(
                        options.flag("stop_on_error", Sequential.DEFAULTS.stopOnError),
                        options.flag("stop_on_modified", Sequential.DEFAULTS.stopOnModified));
            case FirstMatch.ID -> new FirstMatch(options.flag("stop_on_error", FirstMatch.DEFAULTS.stopOnError));
            case Parallel.ID -> Parallel.read(options);
            case Voting.ID -> Voting.read(options);
            default -> throw new ArgumentException("composition", kind, "sequential, parallel, first_match or voting");
        };
        options.end();
        return mode;
    }

    /**
     * One after the other: Continue and Skipped go on, Modified is the data of the next child, any other result ends
     * the chain and is the result.
     *
     * @param stopOnError whether a failed child fails the composite; else it is passed over, unless all fail
     * @param stopOnModified whether Modified ends the chain too
     */
    record Sequential(boolean stopOnError, boolean stopOnModified) implements CompositionMode {
        static final String ID = "sequential";

        /** Stops on a failure and goes on after Modified. */
        public static final Sequential DEFAULTS = new Sequential(true, false);

        @Override
        public String id() {
            return ID;
        }
    }

    /**
     * One after the other until one gives anything but Continue or Skipped, which is the result.
     *
     * @param stopOnError whether a failed child fails the composite; else it is passed over, unless all fail
     */
    record FirstMatch(boolean stopOnError) implements CompositionMode {
        static final String ID = "first_match";

        /** Passes failed children over. */
        public static final FirstMatch DEFAULTS = new FirstMatch(false);

        @Override
        public String id() {
            return ID;
        }
    }

    /**
     * All at once, each on a snapshot of the operation: the result is the one of the highest rank, Cancel, Replace,
     * Redirect, Fork, Retry, Modified, Cache, Continue, Skipped, of equal ones that of the first child. Modified
     * objects are merged: each member is taken from the last child that changed it.
     *
     * @param timeout how long all children together may take, or null for nine tenths of the deadline of the
     *     composite, so that it can still answer
     * @param continueOnError whether failed and late children are passed over, unless all fail; else they fail the
     *     composite, but for a Cancel of another child, which stands
     * @param maxConcurrency how many children run at once, 0 for all
     */
    record Parallel(@Nullable Duration timeout, boolean continueOnError, int maxConcurrency)
            implements CompositionMode {
        static final String ID = "parallel";

        /** All at once, within the deadline of hooks, and none may fail. */
        public static final Parallel DEFAULTS = new Parallel(null, false, 0);

        private static final Duration LONGEST = Duration.ofHours(1);

        /**
         * Checks the members.
         *
         * @param timeout how long all children together may take, or null
         * @param continueOnError whether failed and late children are passed over
         * @param maxConcurrency how many children run at once
         * @throws ArgumentException {@code invalid_argument} if one is out of range
         */
        public Parallel {
            if (timeout != null && (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0)) {
                throw new ArgumentException("timeout of parallel", timeout.toString(), "more than 0, at most 1 hour");
            }
            if (maxConcurrency < 0) {
                throw new ArgumentException(
                        "max_concurrency of parallel", String.valueOf(maxConcurrency), "0 (all children) or more");
            }
        }

        private static Parallel read(ConfigSection options) {
            return new Parallel(
                    options.has("timeout") ? options.duration("timeout", LONGEST, Duration.ofMillis(1), LONGEST) : null,
                    options.flag("continue_on_error", DEFAULTS.continueOnError),
                    (int) options.integer("max_concurrency", DEFAULTS.maxConcurrency, Integer.MIN_VALUE, 1_000_000));
        }

        @Override
        public String id() {
            return ID;
        }
    }

    /**
     * All children vote, one after the other, each on the data as the composite got it; the kind of result with the
     * most votes wins, with the payload of its first voter, if it has {@code ceil(votes x threshold)} of them; else the
     * result is Continue. Skipped and failed children abstain.
     *
     * @param threshold the share of the votes that is needed, more than 0, at most 1
     * @param minVotes how many votes are needed at least; with fewer the result is Continue, but if a child failed the
     *     composite fails
     * @param requireAll whether a child that abstains fails the composite
     * @param tieBreaker decides between kinds with equally many votes
     */
    record Voting(double threshold, int minVotes, boolean requireAll, TieBreaker tieBreaker)
            implements CompositionMode {
        static final String ID = "voting";

        /** Half of the votes, at least one vote; the kind that was voted for first wins a tie. */
        public static final Voting DEFAULTS = new Voting(0.5, 1, false, TieBreaker.FIRST_RESULT);

        /**
         * Checks the members.
         *
         * @param threshold the share of the votes that is needed
         * @param minVotes how many votes are needed at least
         * @param requireAll whether a child that abstains fails the composite
         * @param tieBreaker decides between kinds with equally many votes
         * @throws ArgumentException {@code invalid_argument} if one is out of range
         */
        public Voting {
            if (!(threshold > 0 && threshold <= 1)) { // NaN too
                throw new ArgumentException("threshold of voting", String.valueOf(threshold), "more than 0, at most 1");
            }
            if (minVotes < 1) {
                throw new ArgumentException("min_votes of voting", String.valueOf(minVotes), "1 or more");
            }
            Objects.requireNonNull(tieBreaker, "tieBreaker");
        }

        private static Voting read(ConfigSection options) {
            BigDecimal any = BigDecimal.valueOf(Double.MAX_VALUE);
            return new Voting(
                    options.decimal("threshold", BigDecimal.valueOf(DEFAULTS.threshold), any.negate(), any)
                            .doubleValue(),
                    (int) options.integer("min_votes", DEFAULTS.minVotes, Integer.MIN_VALUE, Integer.MAX_VALUE),
                    options.flag("require_all", DEFAULTS.requireAll),
                    options.choice("tie_breaker", DEFAULTS.tieBreaker));
        }

        @Override
        public String id() {
            return ID;
        }
    }

    /** Decides between kinds of results with equally many votes. */
    enum TieBreaker {
        /** The kind whose first voter stands first. */
        FIRST_RESULT,
        /** Continue if it is among them, else as {@link #FIRST_RESULT}. */
        PREFER_CONTINUE,
        /** The first kind that is not Continue. */
        PREFER_ACTION,
        /** The kind of the voter with the lowest priority number, of equal ones the first. */
        BY_PRIORITY;

        /**
         * The name as scripts and configuration show it.
         *
         * @return the name in lower case
         */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
