package io.llmspell.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyFilterTest {
    private final KeyFilter filter = new KeyFilter(1_000);

    @Test
    void mayHold_ofAKeyThatIsThere_isTrue_andMostOthersAreTold() {
        for (int i = 0; i < 1_000; i++) {
            filter.counted(Fixture.key("in" + i), 1);
        }
        int through = 0;
        for (int i = 0; i < 1_000; i++) {
            assertThat(filter.mayHold(Fixture.key("in" + i))).isTrue();
            through += filter.mayHold(Fixture.key("out" + i)) ? 1 : 0;
        }

        assertThat(through).isLessThan(250);
    }

    @Test
    void counted_backToNothing_isToldAgain_whileAnotherWithTheHashStays() {
        filter.counted(Fixture.KEY, 1);
        filter.counted(Fixture.KEY, 1);
        filter.counted(Fixture.KEY, -1);
        assertThat(filter.mayHold(Fixture.KEY)).isTrue();
        filter.counted(Fixture.KEY, -1);

        assertThat(filter.mayHold(Fixture.KEY)).isFalse();
    }

    @Test
    void counted_moreThanItCanCount_staysTrue() {
        for (int i = 0; i < 500; i++) {
            filter.counted(Fixture.KEY, 1);
        }
        for (int i = 0; i < 499; i++) {
            filter.counted(Fixture.KEY, -1);
        }

        assertThat(filter.mayHold(Fixture.KEY)).isTrue();
    }
}
