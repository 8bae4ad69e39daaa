package io.llmspell.hooks;

import io.llmspell.core.error.ErrorCode;
import io.llmspell.core.error.LlmSpellException;
import io.llmspell.core.hook.HookException;
import io.llmspell.core.hook.HookResult;
import io.llmspell.core.hook.HookResultKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Counts votes by kind of result. */
final class VotingTally extends Tally {
    private final CompositionMode.Voting mode;

    /** By kind, in the order of their first voters. */
    private final List<Party> parties = new ArrayList<>();

    private int votes;
    private @Nullable CompositeChild abstained;
    private @Nullable LlmSpellException firstFailure;

    VotingTally(CompositionMode.Voting mode) {
        this.mode = mode;
    }

    @Override
    void gave(CompositeChild child, HookResult given) {
        if (given.kind() == HookResultKind.SKIPPED) {
            abstains(child);
            return;
        }
        votes++;
        for (Party party : parties) {
            if (party.kind == given.kind()) {
                party.count++;
                party.priority = Math.min(party.priority, child.options().priority());
                return;
            }
        }
        parties.add(new Party(given, child.options().priority()));
    }

    @Override
    void failed(CompositeChild child, LlmSpellException problem) {
        abstains(child);
        if (firstFailure == null) {
            firstFailure = child.failure(problem);
        }
    }

    private void abstains(CompositeChild child) {
        if (abstained == null) {
            abstained = child;
        }
    }

    @Override
    void end() {
        if (abstained != null && mode.requireAll()) {
            fail(firstFailure == null ? abstention(abstained) : firstFailure);
        } else if (votes < mode.minVotes()) {
            if (firstFailure != null) {
                fail(firstFailure);
            }
        } else {
            elect();
        }
    }

    private static HookException abstention(CompositeChild child) {
        return new HookException(
                ErrorCode.HOOK_FAILED,
                "child \"" + child.options().name() + "\" of a voting composite abstained; with require_all every child"
                        + " must give a result other than Skipped",
                Map.of("child", child.options().name()),
                null);
    }

    private void elect() {
        int needed = BigDecimal.valueOf(mode.threshold()) // the decimal that was written, so 0.07 of 100 is 7
                .multiply(BigDecimal.valueOf(votes))
                .setScale(0, RoundingMode.CEILING)
                .intValueExact();
        int most = parties.stream().mapToInt(party -> party.count).max().orElse(0);
        if (most >= needed && most > 0) {
            List<Party> best =
                    parties.stream().filter(party -> party.count == most).toList();
            decide(winner(best).first);
        }
    }

    private Party winner(List<Party> tied) {
        Party first = Objects.requireNonNull(tied.get(0));
        return switch (mode.tieBreaker()) {
            case FIRST_RESULT -> first;
            case PREFER_CONTINUE ->
                tied.stream()
                        .filter(party -> party.kind == HookResultKind.CONTINUE)
                        .findFirst()
                        .orElse(first);
            case PREFER_ACTION ->
                tied.stream()
                        .filter(party -> party.kind != HookResultKind.CONTINUE)
                        .findFirst()
                        .orElse(first);
            case BY_PRIORITY ->
                tied.stream().reduce((a, b) -> b.priority < a.priority ? b : a).orElse(first);
        };
    }

    /** The votes for one kind. */
    private static final class Party {
        final HookResultKind kind;
        final HookResult first;
        int count = 1;

        /** The lowest number among its voters. */
        int priority;

        Party(HookResult first, int priority) {
            this.kind = first.kind();
            this.first = first;
            this.priority = priority;
        }
    }
}
