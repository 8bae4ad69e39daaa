package io.llmspell.events.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmspell.core.event.EventDraft;
import io.llmspell.core.event.EventPattern;
import io.llmspell.core.event.EventQuery;
import io.llmspell.core.event.JournaledEvent;
import io.llmspell.core.event.UniversalEvent;
import io.llmspell.core.identity.CorrelationId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QueryTest {
    private static final List<String> TYPES = List.of("a", "a.b", "a.b.c", "x.b");
    private static final List<String> GLOBS = List.of("a", "a.*", "**.b", "*", "nothing");
    private static final List<String> WORDS = List.of("p", "q", "r");

    /** Whatever is asked, the answer is that of a look at every event. */
    @Property(tries = 60)
    void query_anything_givesWhatALookAtEveryEventGives(@ForAll long seed, @ForAll @IntRange(max = 40) int count) {
        Random random = new Random(seed);
        try (House house = new House(House.keeping(100_000))) {
            fill(house, random, count);
            List<JournaledEvent> all = house.read(EventQuery.all());
            assertThat(all).hasSize(count);
            for (int i = 0; i < 12; i++) {
                EventQuery query = any(random, all);
                assertThat(house.read(query)).as("%s", query).isEqualTo(naive(query, all));
            }
        }
    }

    private static void fill(House house, Random random, int count) {
        for (int i = 0; i < count; i++) {
            if (random.nextInt(4) == 0) {
                house.change(one(random, TYPES));
                continue;
            }
            EventDraft draft = House.draft(one(random, TYPES), (long) i, one(random, WORDS))
                    .withTags(Set.of(one(random, WORDS)));
            house.bus.publish(draft, House.CALLER.correlated(new CorrelationId(one(random, WORDS))));
            // the wall clock steps in both directions
            house.time.setWall(house.time.now().plus(Duration.ofMinutes(random.nextInt(120) - 40)));
        }
    }

    private static EventQuery any(Random random, List<JournaledEvent> all) {
        EventQuery query = EventQuery.all();
        query = random.nextBoolean() ? query.types(one(random, GLOBS)) : query;
        query = random.nextInt(4) == 0 ? query.types(one(random, GLOBS), one(random, GLOBS)) : query;
        query = random.nextInt(3) == 0 ? query.run(new CorrelationId(one(random, WORDS))) : query;
        query = random.nextInt(3) == 0 ? query.source(one(random, WORDS)) : query;
        query = random.nextInt(3) == 0 ? query.anyTag(Set.of(one(random, WORDS), "z")) : query;
        query = random.nextInt(3) == 0 ? query.afterPosition(random.nextInt(all.size() + 2)) : query;
        query = random.nextInt(3) == 0 ? query.afterSequence(random.nextInt(all.size() + 2)) : query;
        query = random.nextInt(3) == 0 ? query.most(random.nextInt(5)) : query;
        query = random.nextBoolean() ? query.backwards() : query;
        if (!all.isEmpty() && random.nextBoolean()) {
            Instant first = one(random, all).event().timestamp();
            Instant end = one(random, all).event().timestamp();
            query = query.between(random.nextInt(4) == 0 ? null : first, random.nextInt(4) == 0 ? null : end);
        }
        return query;
    }

    private static List<JournaledEvent> naive(EventQuery query, List<JournaledEvent> all) {
        List<JournaledEvent> ordered = new ArrayList<>(all);
        if (query.newestFirst()) {
            Collections.reverse(ordered);
        }
        return ordered.stream()
                .filter(each -> each.position() > query.afterPosition())
                .filter(each -> wanted(query, each.event()))
                .limit(query.limit())
                .toList();
    }

    private static boolean wanted(EventQuery query, UniversalEvent event) {
        boolean type = query.types().isEmpty()
                || query.types().stream()
                        .anyMatch(glob -> EventPattern.compile(glob).matches(event.type()));
        boolean time = (query.from() == null || event.timestamp().compareTo(query.from()) >= 0)
                && (query.to() == null || event.timestamp().compareTo(query.to()) < 0);
        return type
                && time
                && (query.correlation() == null || event.correlation().equals(query.correlation()))
                && (query.component() == null || event.source().name().equals(query.component()))
                && (query.tags().isEmpty() || !Collections.disjoint(query.tags(), event.tags()))
                && event.sequence() > query.afterSequence() - (query.afterSequence() == 0 ? 1 : 0);
    }

    private static <T> T one(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    @Test
    void query_limitZero_givesNothing() {
        try (House house = new House(JournalSettings.DEFAULT)) {
            house.publish("a", 1);

            assertThat(house.read(EventQuery.all().most(0))).isEmpty();
        }
    }
}
